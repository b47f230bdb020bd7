// Strings end to end, and columns of ids with what they have in common written once.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/column/column.h"
#include "tenants/snapshot/bytes.h"

namespace kaogong::snapshot {

void append_strings(const std::vector<std::string_view>& values, ByteWriter* out);

/// A view of strings.
struct PackedStrings {
  std::string_view prefix;     // of every one
  std::vector<uint32_t> ends;  // of what follows the prefix, in `bytes`
  const char* bytes = nullptr;
  size_t size() const { return ends.size(); }
  /// The string without the prefix.
  std::string_view rest(size_t i) const {
    const uint32_t begin = i == 0 ? 0 : ends[i - 1];
    return {bytes + begin, ends[i] - begin};
  }
  /// Bytes of all strings, their prefixes with them.
  uint64_t bytes_total() const { return ends.empty() ? 0 : ends.back() + prefix.size() * ends.size(); }
};
/// Takes what append_strings wrote; each of at most `bytes_max` bytes.
PackedStrings take_strings(ByteReader* in, uint64_t count_max, uint32_t bytes_max);

/// Sorted ids, `at(i)` for i below `count`: all have the prefix that the first and the last have.
template <class At>
void append_ids(size_t count, const At& at, ByteWriter* out);
/// The reader fails if they are not sorted.
PackedStrings take_ids(ByteReader* in, size_t count, uint32_t bytes_max);
/// Writes ids to rows from `row` on, whose bytes begin at `byte`; there is room for them.
void write_ids(const PackedStrings& ids, size_t row, uint64_t byte, column::StringRows* out);
/// The place of an id among sorted ones; size(): it is not there.
size_t find_id(const PackedStrings& ids, std::string_view id);

// ---------------------------------------------------------------------------------------------------------------------

void append_sized(const std::vector<std::string_view>& values, ByteWriter* out);

template <class At>
void append_ids(size_t count, const At& at, ByteWriter* out) {
  std::string_view prefix;
  if (count != 0) {
    const std::string_view first = at(0), last = at(count - 1);
    size_t same = 0;
    while (same < first.size() && same < last.size() && first[same] == last[same]) ++same;
    prefix = first.substr(0, same);
  }
  out->text(prefix);
  std::vector<std::string_view> rests;
  rests.reserve(count);
  for (size_t i = 0; i < count; ++i) rests.push_back(at(i).substr(prefix.size()));
  append_sized(rests, out);
}

}  // namespace kaogong::snapshot
