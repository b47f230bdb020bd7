#include "tenants/folder/growing_column.h"

#include <algorithm>
#include <cstring>

namespace kaogong::folder {

namespace {

/// Calls `body` with a value of the integer type that a physical type is stored as.
template <class Body>
void with_type(column::Physical physical, Body body) {
  switch (physical) {
    case column::Physical::kI8:
      return body(int8_t{});
    case column::Physical::kI16:
      return body(int16_t{});
    case column::Physical::kI32:
      return body(int32_t{});
    case column::Physical::kI64:
      return body(int64_t{});
    case column::Physical::kI128:
      return body(static_cast<__int128>(0));
  }
}

column::Column like(const column::Column& from) {
  column::Column to;
  to.type = from.type;
  to.scale = from.scale;
  to.physical = from.physical;
  to.dictionary = from.dictionary;
  to.low = from.low;
  to.high = from.high;
  return to;
}

}  // namespace

column::Column empty_column(const scheme::TypeDecl& type) {
  column::Column column;
  column.type = type.name;
  column.scale = type.scale;
  column.physical = column::physical_for(type);
  if (type.name == scheme::TypeName::kString) column.dictionary = std::make_shared<column::Dictionary>(type.values);
  return column;
}

std::vector<int32_t> merged_codes(const ChunkColumn& chunk, column::Dictionary* dictionary) {
  std::vector<int32_t> codes(static_cast<size_t>(chunk.dictionary.size()) + 1);  // one more: a fault's 0 of nothing
  for (int32_t code = 0; code < chunk.dictionary.size(); ++code)
    codes[static_cast<size_t>(code)] = dictionary->insert(chunk.dictionary.at(code));
  return codes;
}

void GrowingColumn::append(const ChunkColumn& chunk, size_t rows, const std::vector<uint32_t>* selection) {
  const size_t before = column_.rows, added = selection == nullptr ? rows : selection->size();
  const size_t width = column::width_of(column_.physical);
  column_.rows += added;
  column_.data.resize(column_.rows * width);
  const bool remap = column_.type == scheme::TypeName::kString && open_;
  if (selection == nullptr && !remap) {
    if (added != 0) std::memcpy(column_.data.data() + before * width, chunk.data.data(), added * width);
  } else {
    const std::vector<int32_t> codes = remap ? merged_codes(chunk, column_.dictionary.get()) : std::vector<int32_t>{};
    with_type(column_.physical, [&](auto zero) {
      using T = decltype(zero);
      T* to = column_.as<T>() + before;
      const T* from = reinterpret_cast<const T*>(chunk.data.data());
      for (size_t i = 0; i < added; ++i) {
        const T value = from[selection == nullptr ? i : (*selection)[i]];
        to[i] = remap ? static_cast<T>(codes[static_cast<size_t>(value)]) : value;
      }
    });
  }
  if (chunk.low <= chunk.high) {
    column_.low = before == 0 ? chunk.low : std::min(column_.low, chunk.low);
    column_.high = before == 0 ? chunk.high : std::max(column_.high, chunk.high);
  }
  if (chunk.valid.empty() && column_.valid.bytes() == 0) return;
  if (column_.valid.bytes() == 0) {
    column_.valid.reserve(column_.data.capacity() / width);
    column_.valid.resize(before);
    if (before != 0) std::memset(column_.valid.data(), 1, before);
  }
  column_.valid.resize(column_.rows);
  for (size_t i = 0; i < added; ++i) {
    const size_t row = selection == nullptr ? i : (*selection)[i];
    column_.valid.data()[before + i] = std::byte{chunk.valid.empty() ? uint8_t{1} : chunk.valid[row]};
  }
}

column::Column GrowingColumn::finish() {
  if (open_ && column_.dictionary != nullptr && column_.rows != 0 && column_.dictionary->size() == 0)
    column_.dictionary->insert("");
  return std::move(column_);
}

column::Column reordered(const column::Column& from, const std::vector<uint32_t>& order) {
  column::Column to = like(from);
  to.allocate(order.size(), from.valid.bytes() != 0);
  with_type(from.physical, [&](auto zero) {
    using T = decltype(zero);
    for (size_t i = 0; i < order.size(); ++i) to.as<T>()[i] = from.as<T>()[order[i]];
  });
  if (from.valid.bytes() != 0)
    for (size_t i = 0; i < order.size(); ++i) to.valid.data()[i] = from.valid.data()[order[i]];
  return to;
}

column::Column sliced(const column::Column& from, size_t begin, size_t end) {
  column::Column to = like(from);
  if (from.rows == 0) return to;
  to.allocate(end - begin, from.valid.bytes() != 0);
  const size_t width = column::width_of(from.physical);
  if (end != begin) {
    std::memcpy(to.data.data(), from.data.data() + begin * width, (end - begin) * width);
    if (from.valid.bytes() != 0) std::memcpy(to.valid.data(), from.valid.data() + begin, end - begin);
  }
  return to;
}

}  // namespace kaogong::folder
