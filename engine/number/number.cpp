#include "engine/number/number.h"

#include <utility>

#include "engine/number/rational.h"

namespace kaogong::number {
namespace {

int digits_of(uint128 value) {
  int digits = 0;
  for (; value != 0; value /= 10) ++digits;
  return digits;
}

}  // namespace

std::string_view to_string(NumberError error) {
  switch (error) {
    case NumberError::kNone:
      return "";
    case NumberError::kDivisionByZero:
      return "division by zero";
    case NumberError::kOutOfRange:
      return "number out of range";
    case NumberError::kDomain:
      return "not defined for this number";
  }
  return "";
}

Number Access::from(Decimal128 decimal) {
  Number number;
  number.low_ = decimal.low;
  number.high_ = decimal.high;
  return number;
}

Number Access::from(const Rational* adopted) {
  Number number;
  number.low_ = reinterpret_cast<uint64_t>(adopted);
  number.high_ = Number::kFractionTag;
  return number;
}

Number::Number(int64_t value) {
  const bool negative = value < 0;
  low_ = negative ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  if (negative) high_ |= 0x8000000000000000ULL;
}

Number::Number(const Number& other) : low_(other.low_), high_(other.high_) {
  if (!is_decimal()) fraction()->acquire();
}

Number::Number(Number&& other) noexcept
    : low_(std::exchange(other.low_, 0)), high_(std::exchange(other.high_, Number().high_)) {}

Number& Number::operator=(const Number& other) {
  Number copy(other);
  std::swap(low_, copy.low_);
  std::swap(high_, copy.high_);
  return *this;
}

Number& Number::operator=(Number&& other) noexcept {
  std::swap(low_, other.low_);
  std::swap(high_, other.high_);
  return *this;
}

Number::~Number() {
  if (!is_decimal()) fraction()->release();
}

Number Number::from_scaled(__int128 units, int scale) {
  const bool negative = units < 0;
  const uint128 magnitude = negative ? ~static_cast<uint128>(units) + 1 : static_cast<uint128>(units);
  if (const auto packed = pack({negative, magnitude, -scale})) return Access::from(*packed);
  Integer top = to_integer(magnitude);
  if (negative) top = -top;
  const Fraction value = scale >= 0 ? Fraction(top, pow10(static_cast<unsigned>(scale)))
                                    : Fraction(top * pow10(static_cast<unsigned>(-scale)));
  return Access::from(new Rational(value));
}

std::optional<__int128> Number::to_scaled(int scale) const {
  if (!is_decimal()) {
    const Fraction& value = fraction()->value();
    if (scale < 0 || scale > 200) return std::nullopt;
    const Fraction scaled = value * pow10(static_cast<unsigned>(scale));
    const Integer& top = boost::multiprecision::numerator(scaled);
    if (boost::multiprecision::denominator(scaled) != 1 || bits(top) > 126) return std::nullopt;
    const auto units = static_cast<int128>(to_uint128(boost::multiprecision::abs(top)));
    return top < 0 ? -units : units;
  }
  const Parts parts = unpack(Access::decimal(*this));
  uint128 units = parts.coefficient;
  if (units == 0) return 0;
  int shift = parts.exponent + scale;
  if (shift > 38) return std::nullopt;
  constexpr uint128 kMax = ~static_cast<uint128>(0) >> 1;
  for (; shift > 0; --shift) {
    if (units > kMax / 10) return std::nullopt;
    units *= 10;
  }
  for (; shift < 0; ++shift) {
    if (units % 10 != 0) return std::nullopt;
    units /= 10;
  }
  return parts.negative ? -static_cast<int128>(units) : static_cast<int128>(units);
}

std::optional<int64_t> Number::to_int64() const {
  const std::optional<__int128> units = to_scaled(0);
  if (!units || *units > INT64_MAX || *units < INT64_MIN) return std::nullopt;
  return static_cast<int64_t>(*units);
}

std::optional<int> Number::decimals() const {
  if (!is_decimal()) return std::nullopt;
  Parts parts = unpack(Access::decimal(*this));
  if (parts.coefficient == 0) return 0;
  while (parts.exponent < 0 && parts.coefficient % 10 == 0) {
    parts.coefficient /= 10;
    ++parts.exponent;
  }
  return parts.exponent < 0 ? -parts.exponent : 0;
}

bool Number::is_zero() const { return is_decimal() && unpack(Access::decimal(*this)).coefficient == 0; }

bool Number::is_negative() const {
  if (!is_decimal()) return fraction()->value() < 0;
  const Parts parts = unpack(Access::decimal(*this));
  return parts.negative && parts.coefficient != 0;
}

bool Number::is_integer() const {
  if (is_decimal()) return decimals() == 0;
  return boost::multiprecision::denominator(fraction()->value()) == 1;
}

size_t Number::hash() const {
  if (!is_decimal()) {
    const Fraction& value = fraction()->value();
    return hash_value(boost::multiprecision::numerator(value)) * 31 +
           hash_value(boost::multiprecision::denominator(value));
  }
  Parts parts = unpack(Access::decimal(*this));
  if (parts.coefficient == 0) return 0;
  while (parts.coefficient % 10 == 0) {
    parts.coefficient /= 10;
    ++parts.exponent;
  }
  uint64_t hash = static_cast<uint64_t>(parts.coefficient) ^ (static_cast<uint64_t>(parts.coefficient >> 64) * 31);
  hash = (hash ^ static_cast<uint64_t>(parts.exponent + 10000)) * 0x9E3779B97F4A7C15ULL;
  return hash ^ (hash >> 32) ^ (parts.negative ? 1 : 0);
}

std::strong_ordering operator<=>(const Number& a, const Number& b) {
  const auto order = [](int sign) {
    return sign < 0 ? std::strong_ordering::less
                    : (sign > 0 ? std::strong_ordering::greater : std::strong_ordering::equal);
  };
  if (a.is_decimal() && b.is_decimal()) return order(compare(Access::decimal(a), Access::decimal(b)));
  const std::optional<Fraction> left = to_fraction(a);
  const std::optional<Fraction> right = to_fraction(b);
  if (left && right) return order(left->compare(*right));
  // One is a decimal whose exponent is beyond every fraction's: huge, or nearer to zero than any.
  const bool left_is_extreme = !left;
  const Number& extreme = left_is_extreme ? a : b;
  const Number& other = left_is_extreme ? b : a;
  const bool huge = unpack(Access::decimal(extreme)).exponent > 0;
  const bool extreme_is_less = huge ? extreme.is_negative() : !other.is_negative();
  return order(extreme_is_less == left_is_extreme ? -1 : 1);
}

Number negate(const Number& a) {
  if (!a.is_decimal()) return Access::from(new Rational(-Access::fraction(a)));
  Parts parts = unpack(Access::decimal(a));
  parts.negative = !parts.negative && parts.coefficient != 0;
  return Access::from(*pack(parts));
}

Number absolute(const Number& a) { return a.is_negative() ? negate(a) : a; }

Number to_decimal(const Number& a) {
  if (a.is_decimal()) return a;
  return to_decimal(Access::fraction(a)).value;  // a fraction of 4096 bits is within decimal128's range
}

NumberResult round(const Number& a, int scale, Rounding mode) {
  if (scale > -kExponentMin || scale < -kExponentMax) return NumberError::kOutOfRange;
  if (!a.is_decimal()) {
    const Fraction& value = Access::fraction(a);
    Integer top = boost::multiprecision::numerator(value);
    Integer bottom = boost::multiprecision::denominator(value);
    (scale >= 0 ? top : bottom) *= pow10(static_cast<unsigned>(scale >= 0 ? scale : -scale));
    const Integer units = round_quotient(top, bottom, mode);
    if (scale >= 0) return from_fraction(Fraction(units, pow10(static_cast<unsigned>(scale))));
    return from_fraction(Fraction(units * pow10(static_cast<unsigned>(-scale))));
  }
  Parts parts = unpack(Access::decimal(a));
  const int drop = -scale - parts.exponent;
  if (drop <= 0 || parts.coefficient == 0) return a;
  uint128 unit = 1;  // 10^drop, or more than any coefficient
  const int shown = drop > kDigitsMax + 1 ? kDigitsMax + 1 : drop;
  for (int i = 0; i < shown; ++i) unit *= 10;
  uint128 quotient = parts.coefficient / unit;
  const uint128 rest = parts.coefficient % unit;
  bool away = false;
  if (rest != 0) {
    const int half = rest > unit - rest ? 1 : (rest == unit - rest ? 0 : -1);
    switch (mode) {
      case Rounding::kHalfUp:
        away = half >= 0;
        break;
      case Rounding::kHalfDown:
        away = half > 0;
        break;
      case Rounding::kHalfEven:
        away = half > 0 || (half == 0 && quotient % 2 == 1);
        break;
      case Rounding::kUp:
        away = true;
        break;
      case Rounding::kDown:
        break;
      case Rounding::kFloor:
        away = parts.negative;
        break;
      case Rounding::kCeiling:
        away = !parts.negative;
        break;
    }
  }
  if (away) ++quotient;
  if (quotient == 0) return Number();
  const auto packed = pack({parts.negative, quotient, -scale});
  if (!packed) return NumberError::kOutOfRange;
  return Access::from(*packed);
}

// ---- Text
// ------------------------------------------------------------------------------------------------------------

std::optional<Number> Number::parse(std::string_view text, Arithmetic arithmetic) {
  size_t i = 0;
  bool negative = false;
  if (i < text.size() && (text[i] == '+' || text[i] == '-')) negative = text[i++] == '-';
  uint128 coefficient = 0;
  int significant = 0;
  int64_t exponent = 0;
  bool any_digit = false;
  bool after_point = false;
  const size_t digits_begin = i;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.' && !after_point) {
      after_point = true;
      continue;
    }
    if (c < '0' || c > '9') break;
    any_digit = true;
    if (significant < kDigitsMax) {
      coefficient = coefficient * 10 + static_cast<unsigned>(c - '0');
      if (coefficient != 0) ++significant;
      if (after_point) --exponent;
    } else {
      ++significant;
    }
  }
  if (!any_digit) return std::nullopt;
  const size_t digits_end = i;
  int64_t written_exponent = 0;
  if (i < text.size()) {
    if (text[i] != 'e' && text[i] != 'E') return std::nullopt;
    ++i;
    bool exponent_negative = false;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) exponent_negative = text[i++] == '-';
    if (i == text.size()) return std::nullopt;
    for (; i < text.size(); ++i) {
      if (text[i] < '0' || text[i] > '9') return std::nullopt;
      if (written_exponent < 1'000'000) written_exponent = written_exponent * 10 + (text[i] - '0');
    }
    if (exponent_negative) written_exponent = -written_exponent;
  }
  if (significant <= kDigitsMax) {
    if (coefficient == 0) return Number();
    exponent += written_exponent;
    if (exponent < -20000 || exponent > 20000) return std::nullopt;
    if (const auto packed = pack({negative, coefficient, static_cast<int>(exponent)})) return Access::from(*packed);
  }
  if (arithmetic == Arithmetic::kDecimal128) {
    const Outcome outcome = from_text(text);
    if (!outcome.ok) return std::nullopt;
    return Access::from(outcome.value);
  }
  if (significant > 2000 || written_exponent > 2000 || written_exponent < -2000) return std::nullopt;
  std::string digits;
  int64_t scale = -written_exponent;
  after_point = false;
  for (const char c : text.substr(digits_begin, digits_end - digits_begin)) {
    if (c == '.') {
      after_point = true;
    } else {
      if (!digits.empty() || c != '0') digits += c;
      if (after_point) ++scale;
    }
  }
  if (scale > 4000 || scale < -4000) return std::nullopt;
  Integer top(digits);
  if (negative) top = -top;
  NumberResult result = scale >= 0 ? from_fraction(Fraction(top, pow10(static_cast<unsigned>(scale))))
                                   : from_fraction(Fraction(top * pow10(static_cast<unsigned>(-scale))));
  if (!result) return std::nullopt;
  return std::move(result.value);
}

std::string Number::to_text() const {
  if (!is_decimal()) return to_decimal(*this).to_text();
  Parts parts = unpack(Access::decimal(*this));
  if (parts.coefficient == 0) return "0";
  while (parts.exponent < 0 && parts.coefficient % 10 == 0) {
    parts.coefficient /= 10;
    ++parts.exponent;
  }
  std::string digits;
  for (uint128 rest = parts.coefficient; rest != 0; rest /= 10) {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
  }
  if (parts.exponent >= 0) {
    digits.append(static_cast<size_t>(parts.exponent), '0');
  } else {
    const int decimal_count = -parts.exponent;
    const int missing = decimal_count + 1 - digits_of(parts.coefficient);
    if (missing > 0) digits.insert(0, static_cast<size_t>(missing), '0');
    digits.insert(digits.size() - static_cast<size_t>(decimal_count), 1, '.');
  }
  if (parts.negative) digits.insert(digits.begin(), '-');
  return digits;
}

std::string Number::to_text(int scale) const {
  const NumberResult rounded = round(*this, scale, Rounding::kHalfUp);
  std::string text = rounded ? rounded.value.to_text() : to_text();
  if (scale <= 0) return text;
  const size_t point = text.find('.');
  const size_t have = point == std::string::npos ? 0 : text.size() - point - 1;
  if (point == std::string::npos) text += '.';
  if (have < static_cast<size_t>(scale)) text.append(static_cast<size_t>(scale) - have, '0');
  return text;
}

}  // namespace kaogong::number
