// Results as they stand in the table: whole, page by page, or of one employee.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tenants/runs/result_view.h"
#include "tenants/runs/run.h"

namespace kaogong::runs {

/// Reads all pages of a run: what it wrote itself (of a correction: the differences). Error kInternal: a page is
/// damaged.
tenants::Result<ResultSet> read_results(tenants::TenantTransaction& transaction, const Run& run);

/// Reads pages in order, so that a population of any size can be walked in bounded memory.
class ResultPages {
 public:
  /// Transaction and run outlive it.
  ResultPages(tenants::TenantTransaction& transaction, const Run& run) : transaction_(transaction), run_(run) {}

  /// The next pages' rows; null: the end, or damage, which failure() then names. Valid until the next call.
  const ResultSet* next();
  const std::optional<tenants::Failure>& failure() const { return failure_; }

 private:
  tenants::TenantTransaction& transaction_;
  const Run& run_;
  std::optional<std::string> after_;
  bool at_end_ = false;
  ResultSet block_;
  std::optional<tenants::Failure> failure_;
};
inline constexpr int64_t kPagesAtOnce = 64;

/// One employee's outputs as text, null as nothing.
struct EmployeeResult {
  bool refused = false;
  std::vector<std::optional<std::string>> values;  // beside the run's outputs; empty if refused
  std::vector<scheme::TypeName> types;             // of the values
};
/// Nothing: the employee is not in the run. One probe of an index.
tenants::Result<std::optional<EmployeeResult>> read_employee(tenants::TenantTransaction& transaction, const Run& run,
                                                             std::string_view employee);

/// The same from the rows of page_sql().
tenants::Result<std::optional<EmployeeResult>> employee_in(const postgres::Rows& rows, RunId run,
                                                           const std::vector<std::string>& outputs,
                                                           std::string_view employee);

}  // namespace kaogong::runs
