// The operations of Number in both arithmetics.
#include <utility>

#include "engine/number/rational.h"

namespace kaogong::number {
namespace {

using Operation = Outcome (*)(Decimal128, Decimal128);

/// Runs the operation on decimals; on fractions where the arithmetic is exact and decimals would round.
template <class OnFractions>
NumberResult run(const Number& a, const Number& b, Arithmetic arithmetic, Operation on_decimals,
                 OnFractions on_fractions) {
  if (arithmetic == Arithmetic::kDecimal128) {
    const Outcome outcome = on_decimals(Access::decimal(to_decimal(a)), Access::decimal(to_decimal(b)));
    if (!outcome.ok) return NumberError::kOutOfRange;
    return Access::from(outcome.value);
  }
  if (a.is_decimal() && b.is_decimal()) {
    const Outcome outcome = on_decimals(Access::decimal(a), Access::decimal(b));
    if (outcome.ok && !outcome.inexact) return Access::from(outcome.value);
  }
  const std::optional<Fraction> left = to_fraction(a);
  const std::optional<Fraction> right = to_fraction(b);
  if (!left || !right) return NumberError::kOutOfRange;
  return from_fraction(on_fractions(*left, *right));
}

/// base^exponent as a fraction; empty if it would grow beyond `bits_max` bits.
std::optional<Fraction> whole_power(const Fraction& base, uint64_t exponent, uint64_t bits_max) {
  const Integer& top = boost::multiprecision::numerator(base);
  const Integer& bottom = boost::multiprecision::denominator(base);
  const uint64_t base_bits = std::max(bits(top), bits(bottom));
  if (base_bits > 1 && exponent > bits_max / (base_bits - 1)) return std::nullopt;
  if (base_bits <= 1) exponent = exponent % 2 == 0 ? 2 : 1;  // 0, 1, -1
  const auto n = static_cast<unsigned>(exponent);
  return Fraction(boost::multiprecision::pow(top, n), boost::multiprecision::pow(bottom, n));
}

NumberResult checked(const Outcome& outcome) {
  if (!outcome.ok) return NumberError::kOutOfRange;
  return Access::from(outcome.value);
}

}  // namespace

NumberResult add(const Number& a, const Number& b, Arithmetic arithmetic) {
  return run(a, b, arithmetic, add, [](const Fraction& x, const Fraction& y) { return Fraction(x + y); });
}

NumberResult subtract(const Number& a, const Number& b, Arithmetic arithmetic) {
  return run(a, b, arithmetic, subtract, [](const Fraction& x, const Fraction& y) { return Fraction(x - y); });
}

NumberResult multiply(const Number& a, const Number& b, Arithmetic arithmetic) {
  return run(a, b, arithmetic, multiply, [](const Fraction& x, const Fraction& y) { return Fraction(x * y); });
}

NumberResult divide(const Number& a, const Number& b, Arithmetic arithmetic) {
  if (b.is_zero()) return NumberError::kDivisionByZero;
  return run(a, b, arithmetic, divide, [](const Fraction& x, const Fraction& y) { return Fraction(x / y); });
}

NumberResult power(const Number& a, const Number& b, Arithmetic arithmetic) {
  if (a.is_zero()) {
    if (b.is_zero()) return Number(1);
    return b.is_negative() ? NumberResult(NumberError::kDivisionByZero) : NumberResult(Number());
  }
  if (const std::optional<int64_t> exponent = b.to_int64()) {
    const bool inverse = *exponent < 0;
    const uint64_t times = inverse ? 0 - static_cast<uint64_t>(*exponent) : static_cast<uint64_t>(*exponent);
    if (const std::optional<Fraction> base = to_fraction(a)) {
      // Exactly, if the result may stay a fraction or is small enough to be rounded only once.
      const uint64_t bits_max = arithmetic == Arithmetic::kExact ? kFractionBitsMax : 4 * kFractionBitsMax;
      if (std::optional<Fraction> result = whole_power(*base, times, bits_max)) {
        if (inverse) result = Fraction(1) / *result;
        return arithmetic == Arithmetic::kExact ? from_fraction(*result) : to_decimal(*result);
      }
    }
    if (arithmetic == Arithmetic::kExact) return NumberError::kOutOfRange;
  }
  if (a.is_negative() && !b.is_integer()) return NumberError::kDomain;
  return checked(power(Access::decimal(to_decimal(a)), Access::decimal(to_decimal(b))));
}

NumberResult modulo(const Number& a, const Number& b, Arithmetic arithmetic) {
  if (b.is_zero()) return NumberError::kDivisionByZero;
  const std::optional<Fraction> dividend = to_fraction(a);
  const std::optional<Fraction> divisor = to_fraction(b);
  if (!dividend || !divisor) return NumberError::kOutOfRange;
  const Fraction quotient = *dividend / *divisor;
  const Integer whole = round_quotient(boost::multiprecision::numerator(quotient),
                                       boost::multiprecision::denominator(quotient), Rounding::kFloor);
  const Fraction rest = *dividend - *divisor * whole;
  return arithmetic == Arithmetic::kExact ? from_fraction(rest) : to_decimal(rest);
}

NumberResult square_root(const Number& a) {
  if (a.is_negative()) return NumberError::kDomain;
  return checked(square_root(Access::decimal(to_decimal(a))));
}

NumberResult exponential(const Number& a) { return checked(exponential(Access::decimal(to_decimal(a)))); }

NumberResult logarithm(const Number& a) {
  if (a.is_negative() || a.is_zero()) return NumberError::kDomain;
  return checked(logarithm(Access::decimal(to_decimal(a))));
}

}  // namespace kaogong::number
