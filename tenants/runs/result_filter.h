// Which results somebody wants to see: `grade=E,pay>=10000`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tenants/registry/result.h"
#include "tenants/runs/result_view.h"

namespace kaogong::runs {

/// One condition on an output.
struct Condition {
  enum class Is : uint8_t { kEqual, kNotEqual, kBelow, kAtMost, kAbove, kAtLeast };
  std::string output;
  Is is = Is::kEqual;
  std::string value;  // empty: null, of kEqual and kNotEqual only
};
inline constexpr size_t kConditionsMax = 20;

/// Reads conditions with commas between them: an output, one of `=`, `!=`, `<`, `<=`, `>`, `>=`, and a value. Failure
/// kInvalid.
tenants::Result<std::vector<Condition>> parse_conditions(std::string_view text);

/// Conditions bound to results. Numbers are compared by their exact value, everything else as text, and only for
/// equality.
class ResultFilter {
 public:
  /// Failures: kInvalid: no such output; a value that is no number, or an order of texts. `results` outlives it.
  static tenants::Result<ResultFilter> bind(const ResultView& results, const std::vector<Condition>& conditions);
  /// Whether a row with results has all that is asked. Precondition: view.has_row(row).
  bool takes(size_t row) const;

 private:
  struct Bound {
    const column::Column* column = nullptr;
    Condition::Is is = Condition::Is::kEqual;
    bool null = false, numeric = false;
    __int128 value = 0;   // at the larger scale of both
    __int128 factor = 1;  // brings the column's values to it
    std::string text;
  };
  std::vector<Bound> bound_;
};

}  // namespace kaogong::runs
