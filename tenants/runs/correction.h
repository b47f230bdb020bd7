// Corrections: the rows that differ from what they correct, with the new values and the signed differences.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tenants/runs/diff.h"
#include "tenants/runs/result_view.h"

namespace kaogong::runs {

/// Outputs of a correction beside the scheme's own: what happened to the employee, and for each number its difference.
/// No output of a scheme has a colon in its name.
inline constexpr std::string_view kChangeOutput = ":change";  // changed, added, removed
inline constexpr std::string_view kDeltaSuffix = ":delta";    // gross_pay:delta
/// Whether a correction's output is one of those.
bool is_marginal(std::string_view output);

/// The rows of `after` that differ from `before`, and those of `before` that are gone: `:change`, the outputs as they
/// are now (null for those who are gone), then the difference of every numeric output, a null counting as 0.
ResultSet correction_of(const ResultView& before, const ResultView& after);

/// What counts once a correction is applied to what it corrects: `correction_of(a, b)` applied to `a` is `b` without
/// its refused rows. Nothing, and why in `error`: an output is a number in one and a text in the other.
std::optional<ResultSet> applied(const ResultView& base, const ResultView& correction, std::string* error);

}  // namespace kaogong::runs
