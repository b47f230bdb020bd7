#include "engine/number/rational.h"

namespace kaogong::number {
namespace {

using boost::multiprecision::denominator;
using boost::multiprecision::numerator;

// Digits of an exponent that kFractionBitsMax bits can hold: 4096 * log10(2), rounded up.
constexpr int kFractionDigitsMax = 1234;

}  // namespace

Integer to_integer(uint128 value) {
  Integer result = static_cast<uint64_t>(value >> 64);
  result <<= 64;
  result += static_cast<uint64_t>(value);
  return result;
}

uint128 to_uint128(const Integer& value) {
  const Integer mask = ~uint64_t{0};
  const auto low = static_cast<uint64_t>(value & mask);
  const auto high = static_cast<uint64_t>(value >> 64);
  return static_cast<uint128>(high) << 64 | low;
}

Integer pow10(unsigned n) { return boost::multiprecision::pow(Integer(10), n); }

unsigned bits(const Integer& value) {
  return value == 0 ? 0 : static_cast<unsigned>(boost::multiprecision::msb(boost::multiprecision::abs(value))) + 1;
}

std::optional<Fraction> to_fraction(const Number& a) {
  if (!a.is_decimal()) return Access::fraction(a);
  const Parts parts = unpack(Access::decimal(a));
  Integer coefficient = to_integer(parts.coefficient);
  if (parts.negative) coefficient = -coefficient;
  if (coefficient == 0 || parts.exponent == 0) return Fraction(coefficient);
  if (parts.exponent > kFractionDigitsMax || parts.exponent < -kFractionDigitsMax - kDigitsMax) return std::nullopt;
  if (parts.exponent > 0) return Fraction(coefficient * pow10(static_cast<unsigned>(parts.exponent)));
  return Fraction(coefficient, pow10(static_cast<unsigned>(-parts.exponent)));
}

NumberResult from_fraction(const Fraction& value) {
  const Integer& top = numerator(value);
  const Integer& bottom = denominator(value);
  if (bits(top) > kFractionBitsMax || bits(bottom) > kFractionBitsMax) return NumberError::kOutOfRange;
  // A finite decimal has a denominator of twos and fives only.
  Integer rest = bottom;
  const auto twos = static_cast<unsigned>(boost::multiprecision::lsb(rest));
  rest >>= twos;
  unsigned fives = 0;
  while (rest != 1 && rest % 5 == 0) {
    rest /= 5;
    ++fives;
  }
  if (rest == 1) {
    const unsigned scale = std::max(twos, fives);
    Integer coefficient = boost::multiprecision::abs(top) * pow10(scale) / bottom;
    int exponent = -static_cast<int>(scale);
    while (bits(coefficient) > 127 && coefficient % 10 == 0) {
      coefficient /= 10;
      ++exponent;
    }
    if (bits(coefficient) <= 127) {
      if (const auto packed = pack({top < 0, to_uint128(coefficient), exponent})) return Access::from(*packed);
    }
  }
  return Access::from(new Rational(value));
}

Integer round_quotient(const Integer& numerator_value, const Integer& denominator_value, Rounding mode) {
  const bool negative = numerator_value < 0;
  const Integer magnitude = boost::multiprecision::abs(numerator_value);
  Integer quotient;
  Integer rest;
  boost::multiprecision::divide_qr(magnitude, denominator_value, quotient, rest);
  bool away = false;
  if (rest != 0) {
    const int half = Integer(rest * 2).compare(denominator_value);
    switch (mode) {
      case Rounding::kHalfUp:
        away = half >= 0;
        break;
      case Rounding::kHalfDown:
        away = half > 0;
        break;
      case Rounding::kHalfEven:
        away = half > 0 || (half == 0 && bit_test(quotient, 0));
        break;
      case Rounding::kUp:
        away = true;
        break;
      case Rounding::kDown:
        break;
      case Rounding::kFloor:
        away = negative;
        break;
      case Rounding::kCeiling:
        away = !negative;
        break;
    }
  }
  if (away) ++quotient;
  return negative ? Integer(-quotient) : quotient;
}

NumberResult to_decimal(const Fraction& value) {
  const Integer& top = numerator(value);
  const Integer& bottom = denominator(value);
  if (top == 0) return Number();
  // First guess at the exponent that leaves 34 digits, then correct it: 0.30103 = log10(2).
  const int64_t magnitude_bits = static_cast<int64_t>(bits(top)) - static_cast<int64_t>(bits(bottom));
  int exponent = static_cast<int>(magnitude_bits * 30103 / 100000) - kDigitsMax - 1;
  const Integer limit = pow10(kDigitsMax);
  for (;; ++exponent) {
    if (exponent < kExponentMin) exponent = kExponentMin;
    const Integer scaled_top = exponent < 0 ? Integer(top * pow10(static_cast<unsigned>(-exponent))) : top;
    const Integer scaled_bottom = exponent > 0 ? Integer(bottom * pow10(static_cast<unsigned>(exponent))) : bottom;
    const Integer rounded = boost::multiprecision::abs(round_quotient(scaled_top, scaled_bottom, Rounding::kHalfEven));
    if (rounded >= limit) continue;
    const auto packed = pack({top < 0, to_uint128(rounded), exponent});
    if (!packed) return NumberError::kOutOfRange;
    return Access::from(*packed);
  }
}

}  // namespace kaogong::number
