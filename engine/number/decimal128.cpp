#include "engine/number/decimal128.h"

#include <string>

#define DECIMAL_CALL_BY_REFERENCE 0
#define DECIMAL_GLOBAL_ROUNDING 0
#define DECIMAL_GLOBAL_EXCEPTION_FLAGS 0
#include <bid_conf.h>
#include <bid_functions.h>

namespace kaogong::number {
namespace {

constexpr uint64_t kSign = 0x8000000000000000ULL;
constexpr uint64_t kSpecial = 0x7800000000000000ULL;  // infinity or NaN
constexpr int kBias = 6176;

BID_UINT128 raw(Decimal128 value) {
  BID_UINT128 bits;
  bits.w[0] = value.low;
  bits.w[1] = value.high;
  return bits;
}

Outcome outcome(BID_UINT128 bits, unsigned flags) {
  Outcome result;
  result.value = {bits.w[0], bits.w[1]};
  result.ok = (bits.w[1] & kSpecial) != kSpecial;
  result.inexact = (flags & (DEC_FE_INEXACT | DEC_FE_UNDERFLOW | DEC_FE_OVERFLOW)) != 0;
  return result;
}

}  // namespace

Parts unpack(Decimal128 value) {
  // The other form of the encoding (top bits 11) holds only coefficients above 34 digits, which count as zero.
  Parts parts;
  parts.negative = (value.high & kSign) != 0;
  parts.exponent = static_cast<int>((value.high >> 49) & 0x3FFF) - kBias;
  parts.coefficient = static_cast<uint128>(value.high & 0x1FFFFFFFFFFFFULL) << 64 | value.low;
  return parts;
}

std::optional<Decimal128> pack(Parts parts) {
  if (parts.coefficient == 0) parts.exponent = parts.exponent < kExponentMin ? kExponentMin : parts.exponent;
  while (parts.exponent > kExponentMax && parts.coefficient != 0 && parts.coefficient <= kCoefficientMax / 10) {
    parts.coefficient *= 10;
    --parts.exponent;
  }
  if (parts.coefficient == 0 && parts.exponent > kExponentMax) parts.exponent = kExponentMax;
  while ((parts.coefficient > kCoefficientMax || parts.exponent < kExponentMin) && parts.coefficient % 10 == 0) {
    parts.coefficient /= 10;
    ++parts.exponent;
  }
  if (parts.coefficient > kCoefficientMax || parts.exponent < kExponentMin || parts.exponent > kExponentMax) {
    return std::nullopt;
  }
  Decimal128 value;
  value.low = static_cast<uint64_t>(parts.coefficient);
  value.high = static_cast<uint64_t>(parts.coefficient >> 64) | static_cast<uint64_t>(parts.exponent + kBias) << 49 |
               (parts.negative ? kSign : 0);
  return value;
}

Outcome add(Decimal128 a, Decimal128 b) {
  unsigned flags = 0;
  const BID_UINT128 r = bid128_add(raw(a), raw(b), BID_ROUNDING_TO_NEAREST, &flags);
  return outcome(r, flags);
}
Outcome subtract(Decimal128 a, Decimal128 b) {
  unsigned flags = 0;
  const BID_UINT128 r = bid128_sub(raw(a), raw(b), BID_ROUNDING_TO_NEAREST, &flags);
  return outcome(r, flags);
}
Outcome multiply(Decimal128 a, Decimal128 b) {
  unsigned flags = 0;
  const BID_UINT128 r = bid128_mul(raw(a), raw(b), BID_ROUNDING_TO_NEAREST, &flags);
  return outcome(r, flags);
}
Outcome divide(Decimal128 a, Decimal128 b) {
  unsigned flags = 0;
  const BID_UINT128 r = bid128_div(raw(a), raw(b), BID_ROUNDING_TO_NEAREST, &flags);
  return outcome(r, flags);
}
Outcome square_root(Decimal128 a) {
  unsigned flags = 0;
  const BID_UINT128 r = bid128_sqrt(raw(a), BID_ROUNDING_TO_NEAREST, &flags);
  return outcome(r, flags);
}
Outcome exponential(Decimal128 a) {
  unsigned flags = 0;
  const BID_UINT128 r = bid128_exp(raw(a), BID_ROUNDING_TO_NEAREST, &flags);
  return outcome(r, flags);
}
Outcome logarithm(Decimal128 a) {
  unsigned flags = 0;
  const BID_UINT128 r = bid128_log(raw(a), BID_ROUNDING_TO_NEAREST, &flags);
  return outcome(r, flags);
}
Outcome power(Decimal128 a, Decimal128 b) {
  unsigned flags = 0;
  const BID_UINT128 r = bid128_pow(raw(a), raw(b), BID_ROUNDING_TO_NEAREST, &flags);
  return outcome(r, flags);
}

Outcome from_text(std::string_view text) {
  std::string copy(text);
  unsigned flags = 0;
  const BID_UINT128 r = bid128_from_string(copy.data(), BID_ROUNDING_TO_NEAREST, &flags);
  return outcome(r, flags);
}

int compare(Decimal128 a, Decimal128 b) {
  unsigned flags = 0;
  if (bid128_quiet_equal(raw(a), raw(b), &flags) != 0) return 0;
  return bid128_quiet_less(raw(a), raw(b), &flags) != 0 ? -1 : 1;
}

}  // namespace kaogong::number
