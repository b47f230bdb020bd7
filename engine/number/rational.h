// Exact fractions. Private to engine/number (it brings heavy templates).
#pragma once

#include <atomic>
#include <boost/multiprecision/cpp_int.hpp>
#include <optional>

#include "engine/number/decimal128.h"
#include "engine/number/number.h"

namespace kaogong::number {

using Integer = boost::multiprecision::cpp_int;
using Fraction = boost::multiprecision::cpp_rational;

/// The shared payload of a Number that is no decimal.
class Rational {
 public:
  explicit Rational(Fraction value) : value_(std::move(value)) {}
  const Fraction& value() const { return value_; }
  void acquire() const { references_.fetch_add(1, std::memory_order_relaxed); }
  void release() const {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

 private:
  ~Rational() = default;
  Fraction value_;
  mutable std::atomic<uint32_t> references_{1};
};

/// What number.cpp and its sisters need of Number's inside.
struct Access {
  static Number from(Decimal128 decimal);
  static Number from(const Rational* adopted);
  static Decimal128 decimal(const Number& a) { return {a.low_, a.high_}; }
  static const Fraction& fraction(const Number& a) { return a.fraction()->value(); }
};

Integer to_integer(uint128 value);
/// value must fit.
uint128 to_uint128(const Integer& value);
/// 10^n, n >= 0.
Integer pow10(unsigned n);
unsigned bits(const Integer& value);

/// The number as a fraction. Empty: its exponent is too large to be written out (beyond kFractionBitsMax bits).
std::optional<Fraction> to_fraction(const Number& a);
/// The fraction as a number: a decimal if it is one. Errors: kOutOfRange.
NumberResult from_fraction(const Fraction& value);
/// Rounded half-even to 34 digits. Errors: kOutOfRange.
NumberResult to_decimal(const Fraction& value);

/// Rounds numerator / denominator (denominator > 0) to an integer.
Integer round_quotient(const Integer& numerator, const Integer& denominator, Rounding mode);

}  // namespace kaogong::number
