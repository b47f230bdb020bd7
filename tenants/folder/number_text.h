// Decimal text to scaled integers, eight digits at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace kaogong::folder {

namespace detail {

constexpr uint64_t kZeros = 0x3030303030303030ULL;

inline uint64_t load8(const char* p) {
  uint64_t word = 0;
  std::memcpy(&word, p, 8);
  return word;
}
inline bool all_digits(uint64_t word) {
  return (((word & 0xF0F0F0F0F0F0F0F0ULL) | (((word + 0x0606060606060606ULL) & 0xF0F0F0F0F0F0F0F0ULL) >> 4)) ==
          0x3333333333333333ULL);
}
inline uint64_t eight_digits(uint64_t word) {
  word -= kZeros;
  word = (word * 10) + (word >> 8);
  return (((word & 0x000000FF000000FFULL) * 0x000F424000000064ULL) +
          (((word >> 16) & 0x000000FF000000FFULL) * 0x0000271000000001ULL)) >>
         32;
}
/// The lowest byte that is a point, as 0..7; 8: none.
inline unsigned point_in(uint64_t word) {
  const uint64_t x = word ^ 0x2E2E2E2E2E2E2E2EULL;
  const uint64_t zero = (x - 0x0101010101010101ULL) & ~x & 0x8080808080808080ULL;
  return zero == 0 ? 8 : static_cast<unsigned>(__builtin_ctzll(zero)) >> 3;
}
inline uint64_t low_bytes(unsigned count) { return count == 0 ? 0 : ~uint64_t{0} >> (64 - 8 * count); }

/// The bytes of a word that lie before a text of 1..8 bytes at its end.
inline constexpr uint64_t kBefore[9] = {
    ~uint64_t{0}, 0xFFFFFFFFFFFFFF, 0xFFFFFFFFFFFF, 0xFFFFFFFFFF, 0xFFFFFFFF, 0xFFFFFF, 0xFFFF, 0xFF, 0};
inline uint64_t low_bytes_table(size_t size) { return kBefore[size]; }

}  // namespace detail

/// The commonest form of a column's numbers, with everything that does not depend on the text worked out before the
/// loop: up to eight bytes, no sign, and all the decimals of the scale (or none of them and no point, where the scale
/// is 0).
class UsualDecimal {
 public:
  explicit UsualDecimal(unsigned scale)
      : size_min_(scale == 0 ? 1 : scale + 2),
        point_shift_(8 * (7 - scale)),
        above_(scale == 0 ? ~uint64_t{0} : ~detail::low_bytes(8 - scale)),
        below_(scale == 0 ? 0 : detail::low_bytes(7 - scale)),
        has_point_(scale != 0) {}

  /// False where the text has another form. Reads eight bytes before its end.
  bool parse(const char* text, size_t size, int64_t* out) const {
    if (size < size_min_ || size > 8) return false;
    uint64_t word = detail::load8(text + size - 8);
    if (has_point_ && static_cast<char>(word >> point_shift_) != '.') return false;
    const uint64_t before = detail::low_bytes_table(size);
    word = (word & ~before) | (detail::kZeros & before);
    if (has_point_) word = (word & above_) | ((word & below_) << 8) | '0';
    if (!detail::all_digits(word)) return false;
    *out = static_cast<int64_t>(detail::eight_digits(word));
    return true;
  }

 private:
  const size_t size_min_;
  const unsigned point_shift_;
  const uint64_t above_, below_;  // the decimals; what stands before the point
  const bool has_point_;
};

/// Reads `-?digits(.digits)?` of up to 16 bytes (without the sign) with at most `scale` (0..7) decimals. False where it
/// is anything else: then look closer. Reads up to 16 bytes before the text. Little-endian machines only.
inline bool parse_short_decimal(const char* text, size_t size, unsigned scale, const int64_t* pow10, int64_t* out) {
  const bool negative = size != 0 && *text == '-';
  const char* const end = text + size;
  size -= negative;
  if (size - 1 >= 16) return false;
  uint64_t low = detail::load8(end - 8), high = detail::kZeros;
  unsigned digits_low = 8;  // bytes of `low` that belong to the text
  if (size <= 8) {
    digits_low = static_cast<unsigned>(size);
    const uint64_t before = detail::low_bytes(8 - digits_low);
    low = (low & ~before) | (detail::kZeros & before);
  } else {
    const uint64_t before = detail::low_bytes(static_cast<unsigned>(16 - size));
    high = (detail::load8(end - 16) & ~before) | (detail::kZeros & before);
  }
  const unsigned point = detail::point_in(low);
  unsigned decimals = 0;
  if (point != 8) {
    decimals = 7 - point;
    if (decimals == 0 || decimals > scale || (size <= 8 && point == 8 - digits_low)) return false;
    low = (low & ~detail::low_bytes(point + 1)) | ((low & detail::low_bytes(point)) << 8) | (high >> 56);
    high = (high << 8) | '0';
  }
  if (!detail::all_digits(low)) return false;
  uint64_t units = detail::eight_digits(low);
  if (size > 8) {
    if (!detail::all_digits(high)) return false;
    units += detail::eight_digits(high) * 100'000'000;
  }
  int64_t scaled = 0;
  if (__builtin_mul_overflow(static_cast<int64_t>(units), pow10[scale - decimals], &scaled)) return false;
  *out = negative ? -scaled : scaled;
  return true;
}

}  // namespace kaogong::folder
