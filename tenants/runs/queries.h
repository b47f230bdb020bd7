// Questions about results: one employee's, the best, how an output is spread, what differs, what was refused.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tenants/registry/tenant_database.h"
#include "tenants/runs/diff.h"
#include "tenants/runs/reject_list.h"
#include "tenants/runs/result_pages.h"
#include "tenants/runs/run.h"

namespace kaogong::runs {

/// One employee's outputs as they count: of a correction's run those that it corrects where it says nothing of him.
struct EffectiveResult {
  RunId from{};  // the run that says so
  std::vector<std::string> outputs;
  EmployeeResult result;
};
/// A correction's row as it is of the whole: without the columns that only corrections have.
EffectiveResult of_correction(RunId run, const std::vector<std::string>& outputs, const EmployeeResult& row);

/// Nothing: the employee has none. One probe of an index for the run and for each run below it.
tenants::Result<std::optional<EffectiveResult>> effective_result(tenants::TenantTransaction& transaction, RunId run,
                                                                 std::string_view employee);

/// Rejects of a run, those behind the given place, at most `limit` (1 to kRejectsPageMax). `employee`: only his.
struct RejectPlace {
  int64_t chunk = -1, seq = -1;
};
struct PlacedReject {
  RejectPlace place;
  RejectRow reject;
};
std::vector<PlacedReject> rejects_of(tenants::TenantTransaction& transaction, RunId run, RejectPlace after,
                                     int64_t limit, std::string_view employee = {});
inline constexpr int64_t kRejectsPageMax = 10'000;

/// Who has the most of an output, the most first; equal ones by employee. Refused ones and nulls are left out.
struct Leader {
  std::string employee;
  std::string value;
  int64_t place = 0;  // equal values share one; the next has as many before it as there are
};
tenants::Result<std::vector<Leader>> leaders(const ResultView& results, std::string_view output, size_t count);
inline constexpr size_t kLeadersMax = 10'000;

/// How an output is spread over the employees who have one.
struct Distribution {
  uint64_t rows = 0, nulls = 0;
  bool numeric = false;
  std::string least, most, sum;                             // of numbers; empty without rows
  std::vector<std::pair<int, std::string>> percentiles;     // of numbers: 5, 25, 50, 75, 95, the nearest rank
  std::vector<std::pair<std::string, uint64_t>> frequency;  // of texts and truths: the commonest first, kValuesMax
};
inline constexpr size_t kValuesMax = 100;
tenants::Result<Distribution> distribution(const ResultView& results, std::string_view output);

}  // namespace kaogong::runs
