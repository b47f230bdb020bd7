#include "tenants/snapshot/strings.h"

#include <algorithm>

#include "tenants/snapshot/integers.h"
#include "tenants/snapshot/limits.h"

namespace kaogong::snapshot {

namespace {

void take_sized(ByteReader* in, size_t count, uint32_t bytes_max, PackedStrings* strings) {
  // A block of equal sizes has no bytes of its own: nothing is made before what it stands for is known to be there.
  const Counts sizes = take_counts(in, count, bytes_max);
  if (!in->ok() || (sizes.low != 0 && count > in->left() / sizes.low)) return in->fail();
  if (sizes.low == 0 && sizes.span == 0 && count > kEmptyStringsMax) return in->fail();
  strings->ends.resize(count);
  if (count != 0 && !sizes.read(strings->ends.data())) return in->fail();
  uint64_t end = 0;
  for (uint32_t& size : strings->ends) {
    end += size;
    if (end > in->left()) return in->fail();
    size = static_cast<uint32_t>(end);
  }
  strings->bytes = in->take(end).data();
}

}  // namespace

void append_sized(const std::vector<std::string_view>& values, ByteWriter* out) {
  std::vector<uint32_t> sizes;
  sizes.reserve(values.size());
  size_t total = 0;
  for (const auto value : values) {
    sizes.push_back(static_cast<uint32_t>(value.size()));
    total += value.size();
  }
  append_counts(sizes.data(), sizes.size(), out);
  char* to = out->grow(total);
  for (const auto value : values) {
    if (!value.empty()) std::memcpy(to, value.data(), value.size());
    to += value.size();
  }
}

void append_strings(const std::vector<std::string_view>& values, ByteWriter* out) {
  out->varint(values.size());
  append_sized(values, out);
}

PackedStrings take_strings(ByteReader* in, uint64_t count_max, uint32_t bytes_max) {
  PackedStrings strings;
  take_sized(in, in->varint(count_max), bytes_max, &strings);
  return strings;
}

PackedStrings take_ids(ByteReader* in, size_t count, uint32_t bytes_max) {
  PackedStrings ids;
  ids.prefix = in->text(bytes_max);
  take_sized(in, count, bytes_max - static_cast<uint32_t>(ids.prefix.size()), &ids);
  for (size_t i = 1; i < ids.size() && in->ok(); ++i)
    if (ids.rest(i) < ids.rest(i - 1)) in->fail();
  return ids;
}

void write_ids(const PackedStrings& ids, size_t row, uint64_t byte, column::StringRows* out) {
  const std::string_view prefix = ids.prefix;
  for (size_t i = 0; i < ids.size(); ++i) {
    const std::string_view rest = ids.rest(i);
    char* to = out->bytes() + byte;
    if (!prefix.empty()) std::memcpy(to, prefix.data(), prefix.size());
    if (!rest.empty()) std::memcpy(to + prefix.size(), rest.data(), rest.size());
    byte += prefix.size() + rest.size();
    out->ends()[row + i] = byte;
  }
}

size_t find_id(const PackedStrings& ids, std::string_view id) {
  if (!id.starts_with(ids.prefix)) return ids.size();
  const std::string_view rest = id.substr(ids.prefix.size());
  size_t begin = 0, end = ids.size();
  while (begin < end) {
    const size_t middle = (begin + end) / 2;
    if (ids.rest(middle) < rest) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin < ids.size() && ids.rest(begin) == rest ? begin : ids.size();
}

}  // namespace kaogong::snapshot
