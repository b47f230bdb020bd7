// Numbers of the checks: decimals as integers scaled by 10^12, wide enough for every literal of a scheme.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/feel/ast.h"

namespace kaogong::scheme {

using Exact = __int128;
inline constexpr int kExactScale = 12;
inline constexpr Exact kOne = 1'000'000'000'000;

/// Nothing for what is no plain decimal, has more than 12 decimals, or more than 20 digits before the point.
std::optional<Exact> parse_exact(std::string_view text);
/// Without trailing zeros: "0.9", "30".
std::string exact_to_text(Exact value);
/// From an integer scaled by 10^scale (scale at most 12).
Exact exact_from_scaled(int64_t value, int scale);

/// A literal of an expression. Dates are days; nothing for anything that is not a literal.
struct Literal {
  enum class Kind : uint8_t { kNumber, kDate, kText, kBoolean, kNull } kind = Kind::kNull;
  Exact number = 0;  // a date's days, a boolean's 0 or 1
  std::string text;
};
/// Reads numbers (negative ones, and sums, differences and products of them too: 170 * 3), texts, true and false, null,
/// @"2026-10-31" and date("2026-10-31").
std::optional<Literal> literal_of(const feel::Expr& expression);

}  // namespace kaogong::scheme
