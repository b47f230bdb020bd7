// Fixed-point arithmetic on scaled integers: a value is `units` / 10^scale. Header-only; nothing here rounds or wraps
// unless its name says so.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

namespace kaogong::fixed {

using int128 = __int128;
using uint128 = unsigned __int128;

inline constexpr int kInt64DigitsMax = 18;   // every number of so many digits fits int64_t
inline constexpr int kInt128DigitsMax = 38;  // … fits int128
inline constexpr int128 kInt128Max = static_cast<int128>(~static_cast<uint128>(0) >> 1);
inline constexpr int128 kInt128Min = -kInt128Max - 1;

inline constexpr std::array<int128, kInt128DigitsMax + 1> kPow10 = [] {
  std::array<int128, kInt128DigitsMax + 1> table{};
  int128 power = 1;
  for (int i = 0; i <= kInt128DigitsMax; ++i) {
    table[static_cast<size_t>(i)] = power;
    if (i < kInt128DigitsMax) power *= 10;
  }
  return table;
}();
inline constexpr std::array<int64_t, kInt64DigitsMax + 1> kPow10Int64 = [] {
  std::array<int64_t, kInt64DigitsMax + 1> table{};
  for (int i = 0; i <= kInt64DigitsMax; ++i)
    table[static_cast<size_t>(i)] = static_cast<int64_t>(kPow10[static_cast<size_t>(i)]);
  return table;
}();

/// 10^digits, 0 <= digits <= kInt128DigitsMax.
constexpr int128 pow10(int digits) { return kPow10[static_cast<size_t>(digits)]; }

// ---- Checked arithmetic: false on overflow, *out is then unspecified. For int64_t and int128.
// -------------------------

template <class T>
constexpr bool add_checked(T a, T b, T* out) {
  return !__builtin_add_overflow(a, b, out);
}
template <class T>
constexpr bool sub_checked(T a, T b, T* out) {
  return !__builtin_sub_overflow(a, b, out);
}
template <class T>
constexpr bool mul_checked(T a, T b, T* out) {
  return !__builtin_mul_overflow(a, b, out);
}
/// False for the most negative value.
template <class T>
constexpr bool negate_checked(T a, T* out) {
  return !__builtin_sub_overflow(static_cast<T>(0), a, out);
}

/// The exact product of two int64_t; cannot overflow.
constexpr int128 mul_wide(int64_t a, int64_t b) { return static_cast<int128>(a) * b; }

/// False if the value does not fit.
constexpr bool narrow_checked(int128 value, int64_t* out) {
  if (value > std::numeric_limits<int64_t>::max() || value < std::numeric_limits<int64_t>::min()) return false;
  *out = static_cast<int64_t>(value);
  return true;
}

constexpr uint128 magnitude(int128 value) {
  return value < 0 ? ~static_cast<uint128>(value) + 1 : static_cast<uint128>(value);
}

// ---- Division
// --------------------------------------------------------------------------------------------------------

/// numerator / denominator to the nearest integer, ties away from zero. False: denominator 0, or the one quotient that
/// overflows (the most negative value / -1).
constexpr bool divide_half_up(int128 numerator, int128 denominator, int128* out) {
  if (denominator == 0 || (denominator == -1 && numerator == kInt128Min)) return false;
  const int128 quotient = numerator / denominator;
  const int128 rest = numerator % denominator;
  const uint128 twice_at_least = magnitude(denominator) - magnitude(rest);  // rest >= half, without doubling it
  const bool away = rest != 0 && magnitude(rest) >= twice_at_least;
  const bool negative = (numerator < 0) != (denominator < 0);
  *out = quotient + (away ? (negative ? -1 : 1) : 0);
  return true;
}

/// numerator / denominator rounded toward minus infinity. False as for divide_half_up.
constexpr bool divide_floor(int128 numerator, int128 denominator, int128* out) {
  if (denominator == 0 || (denominator == -1 && numerator == kInt128Min)) return false;
  const int128 quotient = numerator / denominator;
  const bool inexact = numerator % denominator != 0;
  *out = quotient - (inexact && (numerator < 0) != (denominator < 0) ? 1 : 0);
  return true;
}

/// numerator / denominator rounded toward plus infinity. False as for divide_half_up.
constexpr bool divide_ceiling(int128 numerator, int128 denominator, int128* out) {
  if (denominator == 0 || (denominator == -1 && numerator == kInt128Min)) return false;
  const int128 quotient = numerator / denominator;
  const bool inexact = numerator % denominator != 0;
  *out = quotient + (inexact && (numerator < 0) == (denominator < 0) ? 1 : 0);
  return true;
}

/// Changes the scale; to a smaller one rounds half-up. Scales 0..38. False on overflow.
constexpr bool rescale_half_up(int128 units, int from_scale, int to_scale, int128* out) {
  if (to_scale >= from_scale) return mul_checked(units, pow10(to_scale - from_scale), out);
  return divide_half_up(units, pow10(from_scale - to_scale), out);
}

/// Changes the scale; false if that would lose digits or overflow.
constexpr bool rescale_exact(int128 units, int from_scale, int to_scale, int128* out) {
  if (to_scale >= from_scale) return mul_checked(units, pow10(to_scale - from_scale), out);
  const int128 divisor = pow10(from_scale - to_scale);
  if (units % divisor != 0) return false;
  *out = units / divisor;
  return true;
}

// ---- Text
// ------------------------------------------------------------------------------------------------------------

enum class ParseStatus : uint8_t { kOk, kMalformed, kTooManyDecimals, kOutOfRange };

/// Parses `-?digits(.digits)?` ("12", "-0.50", "007"; no plus sign, exponent, space or grouping) into units of
/// 10^-scale, 0 <= scale <= 18. More decimals written than `scale` are kTooManyDecimals, zeros too unless
/// `zeros_may_follow`. When several statuses apply the one first in this order is given: malformed, too many decimals,
/// out of range.
constexpr ParseStatus parse(std::string_view text, int scale, int64_t* out, bool zeros_may_follow = false) {
  size_t i = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) ++i;
  uint64_t units = 0;  // saturates above the limit
  bool overflow = false;
  constexpr uint64_t kLimit = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
  const auto push = [&](unsigned digit) {
    if (overflow || units > (kLimit + 1 - digit) / 10) {
      overflow = true;
    } else {
      units = units * 10 + digit;
    }
  };
  const size_t whole_begin = i;
  for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) push(static_cast<unsigned>(text[i] - '0'));
  if (i == whole_begin) return ParseStatus::kMalformed;
  int decimals = 0;
  bool too_many = false;
  if (i < text.size()) {
    if (text[i] != '.') return ParseStatus::kMalformed;
    const size_t fraction_begin = ++i;
    for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) {
      if (decimals < scale) {
        push(static_cast<unsigned>(text[i] - '0'));
        ++decimals;
      } else {
        too_many = too_many || !zeros_may_follow || text[i] != '0';
      }
    }
    if (i == fraction_begin || i != text.size()) return ParseStatus::kMalformed;
  }
  if (too_many) return ParseStatus::kTooManyDecimals;
  for (; decimals < scale; ++decimals) push(0);
  if (overflow || (units > kLimit && !(negative && units == kLimit + 1))) return ParseStatus::kOutOfRange;
  *out = negative ? static_cast<int64_t>(0 - units) : static_cast<int64_t>(units);
  return ParseStatus::kOk;
}

/// Bytes that format() may write.
inline constexpr size_t kFormatBytesMax = 48;

/// Writes units / 10^scale with all `scale` decimals (0 <= scale <= 38): (-5, 2) is "-0.05". Returns the bytes written,
/// at most kFormatBytesMax; adds no terminator. Zero has no sign.
constexpr size_t format(int128 units, int scale, char* out) {
  std::array<char, kFormatBytesMax> reversed{};
  uint128 rest = magnitude(units);
  size_t n = 0;
  int digits = 0;
  while (rest > std::numeric_limits<uint64_t>::max()) {  // 128-bit division is slow
    reversed[n++] = static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
    if (++digits == scale) reversed[n++] = '.';
  }
  auto low = static_cast<uint64_t>(rest);
  while (low != 0 || digits <= scale) {
    reversed[n++] = static_cast<char>('0' + static_cast<int>(low % 10));
    low /= 10;
    if (++digits == scale) reversed[n++] = '.';
  }
  size_t written = 0;
  if (units < 0) out[written++] = '-';
  while (n > 0) out[written++] = reversed[--n];
  return written;
}

}  // namespace kaogong::fixed
