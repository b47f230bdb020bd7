// Blocks of integers, narrow: the least value once, and each value's distance from it in 0 to 128 bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/column/column.h"
#include "tenants/snapshot/bytes.h"

namespace kaogong::snapshot {

/// The widths that a block may have, in bits: powers of two, and 0 for equal values.
inline constexpr unsigned kBitWidths[] = {0, 1, 2, 4, 8, 16, 32, 64, 128};
inline constexpr unsigned kBitWidthCount = 9;

/// The place in kBitWidths of the narrowest width for distances up to `span`.
unsigned width_for(unsigned __int128 span);
/// Bytes of `count` distances. Precondition: count below 2^40.
constexpr uint64_t packed_bytes(uint64_t count, unsigned width) { return (count * kBitWidths[width] + 7) / 8; }

/// What values lie between; of no values: 0 and 0.
struct Extent {
  __int128 low = 0, high = 0;
};
Extent extent_of(const void* values, column::Physical physical, size_t count);
/// Writes the distances of values from `low`.
void narrow(const void* values, column::Physical physical, size_t count, __int128 low, unsigned width, char* out);
/// Reads them back. False: a distance is greater than `span`. Precondition: low and low + span fit the physical type;
/// `in` has packed_bytes(count, width) bytes.
bool widen(const char* in, unsigned width, size_t count, __int128 low, unsigned __int128 span,
           column::Physical physical, void* out);
/// One value of a block, not checked against the span.
unsigned __int128 distance_at(const char* in, unsigned width, size_t index);

/// What an integer type can hold.
Extent range_of(column::Physical physical);

/// Appends a block with its own head, for counts, sizes and lines.
void append_counts(const uint32_t* values, size_t count, ByteWriter* out);
/// A view of such a block.
struct Counts {
  const char* data = nullptr;
  unsigned width = 0;
  uint32_t low = 0, span = 0;
  size_t count = 0;
  uint32_t at(size_t index) const { return low + static_cast<uint32_t>(distance_at(data, width, index)); }
  /// All of them; false: one is greater than the block says.
  bool read(uint32_t* out) const {
    return widen(data, width, count, static_cast<int32_t>(low), span, column::Physical::kI32, out);
  }
};
/// Takes one of `count` values. The reader fails if it is malformed or says that it has values above `most`.
Counts take_counts(ByteReader* in, size_t count, uint32_t most = UINT32_MAX);

}  // namespace kaogong::snapshot
