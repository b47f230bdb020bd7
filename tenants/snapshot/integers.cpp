#include "tenants/snapshot/integers.h"

#include <algorithm>
#include <limits>
#include <type_traits>

namespace kaogong::snapshot {

namespace {

using column::Physical;
using U128 = unsigned __int128;

template <class Body>
void with_physical(Physical physical, Body body) {
  switch (physical) {
    case Physical::kI8:
      return body(int8_t{});
    case Physical::kI16:
      return body(int16_t{});
    case Physical::kI32:
      return body(int32_t{});
    case Physical::kI64:
      return body(int64_t{});
    case Physical::kI128:
      return body(static_cast<__int128>(0));
  }
}

// make_unsigned does not know __int128 everywhere.
template <class T>
struct Unsigned {
  using type = std::make_unsigned_t<T>;
};
template <>
struct Unsigned<__int128> {
  using type = U128;
};

template <class Stored, class T>
void narrow_to(const T* values, size_t count, T low, char* out) {
  using U = typename Unsigned<T>::type;
  for (size_t i = 0; i < count; ++i) {
    const auto distance = static_cast<Stored>(static_cast<U>(static_cast<U>(values[i]) - static_cast<U>(low)));
    std::memcpy(out + i * sizeof(Stored), &distance, sizeof(Stored));
  }
}

template <unsigned kBits, class T>
void narrow_bits(const T* values, size_t count, T low, char* out) {
  constexpr size_t kEach = 8 / kBits;
  using U = typename Unsigned<T>::type;
  for (size_t i = 0; i < count; i += kEach) {
    unsigned byte = 0;
    for (size_t k = 0; k < kEach && i + k < count; ++k)
      byte |= static_cast<unsigned>(static_cast<U>(values[i + k]) - static_cast<U>(low)) << (k * kBits);
    out[i / kEach] = static_cast<char>(byte);
  }
}

/// Returns the greatest distance.
template <class Stored, class T>
Stored widen_from(const char* in, size_t count, T low, T* out) {
  using U = typename Unsigned<T>::type;
  Stored most = 0;
  for (size_t i = 0; i < count; ++i) {
    Stored distance;
    std::memcpy(&distance, in + i * sizeof(Stored), sizeof(Stored));
    most = std::max(most, distance);
    out[i] = static_cast<T>(static_cast<U>(static_cast<U>(low) + static_cast<U>(distance)));
  }
  return most;
}

template <unsigned kBits, class T>
uint8_t widen_bits(const char* in, size_t count, T low, T* out) {
  constexpr size_t kEach = 8 / kBits;
  constexpr size_t kBatch = 1024;
  uint8_t distances[kBatch];
  uint8_t most = 0;
  for (size_t begin = 0; begin < count; begin += kBatch) {
    const size_t size = std::min(kBatch, count - begin);
    const auto* bytes = reinterpret_cast<const uint8_t*>(in) + begin / kEach;
    const size_t whole = size / kEach;
    for (size_t i = 0; i < whole; ++i)
      for (size_t k = 0; k < kEach; ++k)
        distances[i * kEach + k] = static_cast<uint8_t>(bytes[i] >> (k * kBits) & ((1U << kBits) - 1));
    for (size_t i = whole * kEach; i < size; ++i)
      distances[i] = static_cast<uint8_t>(bytes[whole] >> ((i % kEach) * kBits) & ((1U << kBits) - 1));
    most = std::max(most, widen_from<uint8_t>(reinterpret_cast<const char*>(distances), size, low, out + begin));
  }
  return most;
}

}  // namespace

unsigned width_for(U128 span) {
  unsigned width = 0;
  while (kBitWidths[width] < 128 && (span >> kBitWidths[width]) != 0) ++width;
  return width;
}

Extent range_of(Physical physical) {
  Extent range;
  with_physical(physical, [&](auto zero) {
    using T = decltype(zero);
    if constexpr (sizeof(T) == 16) {
      range.high = static_cast<__int128>(~U128{0} >> 1);
      range.low = -range.high - 1;
    } else {
      range = {std::numeric_limits<T>::min(), std::numeric_limits<T>::max()};
    }
  });
  return range;
}

Extent extent_of(const void* values, Physical physical, size_t count) {
  if (count == 0) return {};
  Extent extent;
  with_physical(physical, [&](auto zero) {
    using T = decltype(zero);
    const T* typed = static_cast<const T*>(values);
    T low = typed[0], high = typed[0];
    for (size_t i = 1; i < count; ++i) {
      low = std::min(low, typed[i]);
      high = std::max(high, typed[i]);
    }
    extent = {low, high};
  });
  return extent;
}

void narrow(const void* values, Physical physical, size_t count, __int128 low, unsigned width, char* out) {
  with_physical(physical, [&](auto zero) {
    using T = decltype(zero);
    const T* typed = static_cast<const T*>(values);
    const T base = static_cast<T>(low);
    switch (kBitWidths[width]) {
      case 0:
        return;
      case 1:
        return narrow_bits<1>(typed, count, base, out);
      case 2:
        return narrow_bits<2>(typed, count, base, out);
      case 4:
        return narrow_bits<4>(typed, count, base, out);
      case 8:
        return narrow_to<uint8_t>(typed, count, base, out);
      case 16:
        return narrow_to<uint16_t>(typed, count, base, out);
      case 32:
        return narrow_to<uint32_t>(typed, count, base, out);
      case 64:
        return narrow_to<uint64_t>(typed, count, base, out);
      default:
        return narrow_to<U128>(typed, count, base, out);
    }
  });
}

bool widen(const char* in, unsigned width, size_t count, __int128 low, U128 span, Physical physical, void* out) {
  U128 most = 0;
  with_physical(physical, [&](auto zero) {
    using T = decltype(zero);
    T* typed = static_cast<T*>(out);
    const T base = static_cast<T>(low);
    switch (kBitWidths[width]) {
      case 0:
        std::fill_n(typed, count, base);
        break;
      case 1:
        most = widen_bits<1>(in, count, base, typed);
        break;
      case 2:
        most = widen_bits<2>(in, count, base, typed);
        break;
      case 4:
        most = widen_bits<4>(in, count, base, typed);
        break;
      case 8:
        most = widen_from<uint8_t>(in, count, base, typed);
        break;
      case 16:
        most = widen_from<uint16_t>(in, count, base, typed);
        break;
      case 32:
        most = widen_from<uint32_t>(in, count, base, typed);
        break;
      case 64:
        most = widen_from<uint64_t>(in, count, base, typed);
        break;
      default:
        most = widen_from<U128>(in, count, base, typed);
    }
  });
  return most <= span;
}

U128 distance_at(const char* in, unsigned width, size_t index) {
  const unsigned bits = kBitWidths[width];
  if (bits == 0) return 0;
  if (bits < 8) {
    const size_t each = 8 / bits;
    return static_cast<uint8_t>(in[index / each]) >> (index % each * bits) & ((1U << bits) - 1);
  }
  U128 distance = 0;
  std::memcpy(&distance, in + index * (bits / 8), bits / 8);
  return distance;
}

void append_counts(const uint32_t* values, size_t count, ByteWriter* out) {
  uint32_t low = count == 0 ? 0 : values[0], high = low;
  for (size_t i = 0; i < count; ++i) {
    low = std::min(low, values[i]);
    high = std::max(high, values[i]);
  }
  const unsigned width = width_for(high - low);
  out->u8(static_cast<uint8_t>(width));
  out->varint(low);
  out->varint(high - low);
  // Distances wrap, so that the sign of the 32 bits does not matter.
  narrow(values, Physical::kI32, count, static_cast<int32_t>(low), width, out->grow(packed_bytes(count, width)));
}

Counts take_counts(ByteReader* in, size_t count, uint32_t most) {
  Counts counts;
  counts.count = count;
  counts.width = in->u8();
  counts.low = static_cast<uint32_t>(in->varint(most));
  counts.span = static_cast<uint32_t>(in->varint(most - counts.low));
  if (counts.width >= kBitWidthCount || counts.width != width_for(counts.span)) {
    in->fail();
    return {};
  }
  counts.data = in->take(packed_bytes(count, counts.width)).data();
  if (!in->ok()) return {};
  return counts;
}

}  // namespace kaogong::snapshot
