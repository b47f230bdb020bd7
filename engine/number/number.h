// Exact decimal numbers for FEEL. No binary floating point, no global rounding mode.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kaogong::number {

class Rational;  // engine/number/rational.h

/// How an operation treats what 34 digits cannot hold.
enum class Arithmetic : uint8_t {
  kDecimal128,  ///< IEEE 754 decimal128: rounds half-even to 34 digits; FEEL's own numbers
  kExact,       ///< never rounds: goes on with an exact fraction
};

enum class Rounding : uint8_t {
  kHalfUp,    ///< ties away from zero
  kHalfEven,  ///< ties to the even digit
  kHalfDown,  ///< ties toward zero
  kUp,        ///< away from zero
  kDown,      ///< toward zero
  kFloor,     ///< toward minus infinity
  kCeiling,   ///< toward plus infinity
};

enum class NumberError : uint8_t {
  kNone,
  kDivisionByZero,
  kOutOfRange,  ///< beyond decimal128's exponents, or an exact fraction of more than kFractionBitsMax bits
  kDomain,      ///< square root or logarithm of a negative number, 0 ** -1, …
};
/// "division by zero", "number out of range", "not defined for this number".
std::string_view to_string(NumberError error);

/// The bound on numerator and denominator of an exact fraction, in bits.
inline constexpr unsigned kFractionBitsMax = 4096;

/// An immutable number: a finite decimal of at most 34 digits, or an exact fraction that is not one. 16 bytes, cheap to
/// copy; copies may be read from any thread. Equality and order are by value (1.0 == 1.00), exact in any mix.
class Number {
 public:
  Number() = default;     ///< zero
  Number(int64_t value);  // NOLINT(google-explicit-constructor): whole numbers are numbers
  Number(const Number& other);
  Number(Number&& other) noexcept;
  Number& operator=(const Number& other);
  Number& operator=(Number&& other) noexcept;
  ~Number();

  /// Parses `[+-]digits[.digits][(e|E)[+-]digits]`, also ".5" and "5."; nothing else. kDecimal128 rounds to 34 digits.
  /// Empty: malformed, out of range.
  static std::optional<Number> parse(std::string_view text, Arithmetic arithmetic = Arithmetic::kDecimal128);
  /// units / 10^scale, exactly; any scale within ±6000.
  static Number from_scaled(__int128 units, int scale);

  /// The units of 10^-scale. Empty if that is not a whole number of them or does not fit.
  std::optional<__int128> to_scaled(int scale) const;
  /// Empty if not a whole number or out of range.
  std::optional<int64_t> to_int64() const;

  /// Plain decimal text without exponent or trailing zeros: "1000", "0.05", "-3.5". A fraction that is no finite
  /// decimal is shown rounded half-even to 34 digits.
  std::string to_text() const;
  /// Plain decimal text with exactly `scale` decimals (0..6176), rounded half-up if there are more.
  std::string to_text(int scale) const;
  /// The digits after the point, without trailing zeros; empty for a fraction that is no finite decimal.
  std::optional<int> decimals() const;

  bool is_zero() const;
  bool is_negative() const;  ///< below zero
  bool is_integer() const;
  /// False for an exact fraction that no decimal of 34 digits equals.
  bool is_decimal() const { return high_ != kFractionTag; }
  size_t hash() const;

  friend bool operator==(const Number& a, const Number& b) { return (a <=> b) == std::strong_ordering::equal; }
  friend std::strong_ordering operator<=>(const Number& a, const Number& b);

 private:
  friend struct Access;                                            // engine/number/rational.h
  static constexpr uint64_t kFractionTag = 0x7C00000000000001ULL;  // a NaN in decimal128, so never a decimal's bits

  const Rational* fraction() const { return reinterpret_cast<const Rational*>(low_); }

  uint64_t low_ = 0;
  uint64_t high_ = 0x3040000000000000ULL;  // exponent 0
};

/// A number or why there is none.
struct NumberResult {
  Number value;
  NumberError error = NumberError::kNone;
  NumberResult(Number v) : value(std::move(v)) {}  // NOLINT(google-explicit-constructor)
  NumberResult(NumberError e) : error(e) {}        // NOLINT(google-explicit-constructor)
  explicit operator bool() const { return error == NumberError::kNone; }
};

NumberResult add(const Number& a, const Number& b, Arithmetic arithmetic);
NumberResult subtract(const Number& a, const Number& b, Arithmetic arithmetic);
NumberResult multiply(const Number& a, const Number& b, Arithmetic arithmetic);
/// Errors: kDivisionByZero.
NumberResult divide(const Number& a, const Number& b, Arithmetic arithmetic);
/// a ** b. Exact for whole exponents within the bounds; else to 34 digits. Errors: kDomain, kDivisionByZero (0 ** -1).
NumberResult power(const Number& a, const Number& b, Arithmetic arithmetic);
/// a - b * floor(a / b): the sign is b's. Errors: kDivisionByZero.
NumberResult modulo(const Number& a, const Number& b, Arithmetic arithmetic);
Number negate(const Number& a);
Number absolute(const Number& a);

/// Rounds to `scale` decimals (negative: tens, hundreds …). Errors: kOutOfRange if the result has more than 34 digits
/// and the arithmetic cannot hold it.
NumberResult round(const Number& a, int scale, Rounding mode);
/// Rounds an exact fraction half-even to 34 digits; a decimal stays.
Number to_decimal(const Number& a);

/// To 34 digits, in either arithmetic (these have no exact results). Errors: kDomain, kOutOfRange.
NumberResult square_root(const Number& a);
NumberResult exponential(const Number& a);
NumberResult logarithm(const Number& a);

}  // namespace kaogong::number
