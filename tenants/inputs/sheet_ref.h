// Which sheet of which scheme and period something is entered in.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/scheme/document.h"
#include "engine/scheme/period.h"
#include "tenants/folder/file_spec.h"
#include "tenants/registry/tenant_database.h"

namespace kaogong::tenants {

/// The inputs of one calculation: a scheme and a period.
struct InputSet {
  std::string scheme_id;
  scheme::Period period;
};

/// One entry: what a data folder has for one employee, or one form of one rater. `employee` is empty for lookups and
/// parameters, which are one entry each.
struct EntryKey {
  std::string sheet;  // "population", a child table, "history", a lookup, "parameters"
  std::string employee;
  std::string part;  // empty: loaded in bulk; else the rater or source of one form
  friend auto operator<=>(const EntryKey&, const EntryKey&) = default;
};

inline constexpr size_t kPartBytesMax = 200;
inline constexpr size_t kReasonBytesMax = 4'000;
inline constexpr size_t kPayloadBytesMax = size_t{64} << 20;  // of one entry

/// The sheets that a scheme reads.
class SheetList {
 public:
  explicit SheetList(const scheme::Document& document);

  /// In the order of a data folder: population, child tables, history, lookups that are not inline, parameters.
  const std::vector<folder::FileSpec>& sheets() const { return sheets_; }
  /// Failure kNotFound, with the names that there are.
  Result<const folder::FileSpec*> find(std::string_view name) const;

 private:
  std::vector<folder::FileSpec> sheets_;
};

/// Whether the rows of a sheet belong to employees.
bool is_by_employee(const folder::FileSpec& sheet);

/// The document that says what is entered: of the newest published version. Failures: kNotFound; kInvalid: the scheme
/// does not run for such a period.
Result<scheme::Document> document_for_entry(TenantTransaction& transaction, const InputSet& set);

/// The value of the counter that gives the change ids of a set (watermark_counter): it names everything that was
/// committed up to it and nothing that comes later.
int64_t watermark(TenantTransaction& transaction, const InputSet& set);

}  // namespace kaogong::tenants
