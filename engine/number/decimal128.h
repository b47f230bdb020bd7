// IEEE 754 decimal128 (34 digits, half-even) by the Intel decimal floating-point library. Private to engine/number.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace kaogong::number {

using int128 = __int128;
using uint128 = unsigned __int128;

inline constexpr int kDigitsMax = 34;
inline constexpr int kExponentMin = -6176;
inline constexpr int kExponentMax = 6111;
inline constexpr uint128 kCoefficientMax = [] {
  uint128 power = 1;
  for (int i = 0; i < kDigitsMax; ++i) power *= 10;
  return power - 1;
}();

/// The binary encoding. Only finite canonical values are kept.
struct Decimal128 {
  uint64_t low = 0;
  uint64_t high = 0;
};

/// A finite decimal taken apart: (-1)^negative * coefficient * 10^exponent.
struct Parts {
  bool negative = false;
  uint128 coefficient = 0;
  int exponent = 0;
};

Parts unpack(Decimal128 value);
/// Empty if the coefficient has more than 34 digits or the exponent cannot be brought into range without loss.
std::optional<Decimal128> pack(Parts parts);

/// The result of an operation. `ok` is false for NaN and infinity.
struct Outcome {
  Decimal128 value;
  bool ok = false;
  bool inexact = false;
};
Outcome add(Decimal128 a, Decimal128 b);
Outcome subtract(Decimal128 a, Decimal128 b);
Outcome multiply(Decimal128 a, Decimal128 b);
Outcome divide(Decimal128 a, Decimal128 b);
Outcome square_root(Decimal128 a);
Outcome exponential(Decimal128 a);
Outcome logarithm(Decimal128 a);
Outcome power(Decimal128 a, Decimal128 b);
/// Parses well-formed decimal text, rounding half-even.
Outcome from_text(std::string_view text);
/// -1, 0, 1.
int compare(Decimal128 a, Decimal128 b);

}  // namespace kaogong::number
