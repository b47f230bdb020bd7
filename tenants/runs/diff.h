// What differs between two results, employee by employee.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tenants/runs/result_view.h"

namespace kaogong::runs {

/// Results block by block, ascending by employee; nothing: the end. What a view points to must live until the next
/// call.
using ResultSource = std::function<std::optional<ResultView>()>;

/// One block: the whole of a view.
ResultSource source_of(const ResultView& view);

/// A pay change that somebody should look at: more than `percent_hundredths` / 100 % up or down, or from 0 to anything.
struct VarianceRule {
  std::string output;
  int64_t percent_hundredths = 0;
};

enum class ChangeKind : uint8_t { kChanged, kAdded, kRemoved };
std::string_view to_text(ChangeKind kind);  // "changed", "added", "removed"

/// One output of one employee. A side that is null (or whose employee is not there) has has_… false.
struct OutputChange {
  uint32_t output = 0;  // of DiffSummary::outputs
  bool has_before = false, has_after = false;
  __int128 before = 0, after = 0;  // scaled by the output's scale in the summary; codes have no meaning here
  std::string before_text, after_text;
  bool has_delta = false;  // numeric outputs: after - before, nothing counting as 0
  __int128 delta = 0;
  bool warned = false;  // by a variance rule
};

struct EmployeeChange {
  std::string_view employee;
  ChangeKind kind = ChangeKind::kChanged;
  std::vector<OutputChange> outputs;  // those that differ; of added and removed ones all that are not null
};

struct OutputSummary {
  std::string name;
  bool numeric = false;
  uint8_t scale = 0;        // the larger one of both sides
  uint64_t changed = 0;     // employees whose output differs, added and removed ones included
  __int128 delta_sum = 0;   // of numeric ones
  bool overflowed = false;  // the sum is not to be believed
  uint64_t warnings = 0;
};

struct DiffSummary {
  uint64_t before = 0, after = 0;  // employees with results
  uint64_t equal = 0, changed = 0, added = 0, removed = 0;
  uint64_t warned = 0;                 // employees with at least one warning
  std::vector<OutputSummary> outputs;  // of the later side in its order, then those of the earlier side alone
};

/// Compares two results; calls `each` for every employee who differs, ascending; `each` may be empty. Outputs are
/// matched by name, numbers by their value at the larger scale, everything else by its text. An output that only one
/// side has counts as null on the other. Memory: one block of each side. A name of a rule that no side has is ignored:
/// check before. Types that clash (a number against a text) differ wherever both are there.
DiffSummary diff(const ResultSource& before, const ResultSource& after, const std::vector<VarianceRule>& rules,
                 const std::function<void(const EmployeeChange&)>& each);

/// Text of an amount with its sign: "+12.00", "-0.50", "0".
std::string signed_text(__int128 value, uint8_t scale);

}  // namespace kaogong::runs
