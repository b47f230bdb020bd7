#include "engine/column/column.h"

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <functional>
#include <new>
#include <utility>

#include "engine/scheme/literal.h"

namespace kaogong::column {

namespace {
constexpr size_t kAlignment = 64;
constexpr size_t kSpare = 64;
constexpr size_t kHugePage = size_t{2} << 20;
constexpr size_t kStaggerSlots = 61;

// Columns that all begin at the same offset of a page compete for the same cache sets; the stagger has no influence on
// any value.
size_t next_stagger() {
  static std::atomic<size_t> counter{0};
  return (counter.fetch_add(1, std::memory_order_relaxed) % kStaggerSlots) * 17 * kAlignment;
}
}  // namespace

Buffer::Buffer(Buffer&& other) noexcept
    : base_(std::exchange(other.base_, nullptr)),
      data_(std::exchange(other.data_, nullptr)),
      bytes_(std::exchange(other.bytes_, 0)),
      capacity_(std::exchange(other.capacity_, 0)),
      alignment_(other.alignment_) {}

Buffer& Buffer::operator=(Buffer&& other) noexcept {
  std::swap(base_, other.base_);
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
  std::swap(capacity_, other.capacity_);
  std::swap(alignment_, other.alignment_);
  return *this;
}

Buffer::~Buffer() { ::operator delete (base_, std::align_val_t{alignment_}); }

void Buffer::reserve(size_t bytes) {
  if (bytes <= capacity_) return;
  // Small blocks do not need the stagger.
  const bool large = bytes >= 2 * kHugePage;
  const size_t stagger = bytes >= (size_t{1} << 16) ? next_stagger() : 0;
  const size_t alignment = large ? kHugePage : kAlignment;
  const size_t total = (bytes + stagger + kSpare + alignment - 1) / alignment * alignment;
  auto* base = static_cast<std::byte*>(::operator new (total, std::align_val_t{alignment}));
  if (large) madvise(base, total, MADV_HUGEPAGE);  // a wish: fewer faults at first touch
  if (bytes_ != 0) std::memcpy(base + stagger, data_, bytes_);
  std::memset(base + stagger + bytes, 0, kSpare);
  ::operator delete (base_, std::align_val_t{alignment_});
  base_ = base;
  data_ = base + stagger;
  capacity_ = bytes;
  alignment_ = alignment;
}

Buffer Buffer::borrowed(const Buffer& owner) {
  Buffer buffer;
  buffer.data_ = owner.data_;
  buffer.bytes_ = buffer.capacity_ = owner.bytes_;
  return buffer;
}

void Buffer::resize(size_t bytes) {
  // Grows by half, so that appending stays linear.
  if (bytes > capacity_) reserve(capacity_ == 0 ? bytes : std::max(bytes, capacity_ + capacity_ / 2));
  bytes_ = bytes;
}

Buffer Workspace::take(size_t bytes) {
  for (size_t i = free_.size(); i-- > 0;) {
    if (free_[i].capacity() < bytes || free_[i].capacity() > 2 * bytes + 4096) continue;
    Buffer buffer = std::move(free_[i]);
    free_.erase(free_.begin() + static_cast<ptrdiff_t>(i));
    buffer.resize(bytes);
    return buffer;
  }
  return Buffer(bytes);
}

void Workspace::give(Buffer buffer) {
  if (buffer.capacity() != 0) free_.push_back(std::move(buffer));
}

Dictionary::Dictionary(const std::vector<std::string>& closed_values) {
  for (const auto& value : closed_values) insert(value);
}

/// Where the value is, or the free slot where it would be.
size_t Dictionary::slot_of(std::string_view value) const {
  const size_t mask = slots_.size() - 1;
  size_t slot = std::hash<std::string_view>{}(value)&mask;
  while (slots_[slot] != 0 && values_[static_cast<size_t>(slots_[slot] - 1)] != value) slot = (slot + 1) & mask;
  return slot;
}

void Dictionary::grow() {
  slots_.assign(std::max<size_t>(16, 2 * slots_.size()), 0);
  for (size_t i = 0; i < values_.size(); ++i) slots_[slot_of(values_[i])] = static_cast<int32_t>(i) + 1;
}

int32_t Dictionary::insert(std::string_view value) {
  if (10 * (values_.size() + 1) > 6 * slots_.size()) grow();
  const size_t slot = slot_of(value);
  if (slots_[slot] != 0) return slots_[slot] - 1;
  constexpr size_t kBlockBytes = 4096;
  char* to = nullptr;
  if (value.size() > kBlockBytes / 4) {
    large_.push_back(std::make_unique<char[]>(value.size()));
    to = large_.back().get();
  } else if (!value.empty()) {
    if (value.size() > block_left_) {
      blocks_.push_back(std::make_unique<char[]>(kBlockBytes));
      block_left_ = kBlockBytes;
    }
    to = blocks_.back().get() + (kBlockBytes - block_left_);
    block_left_ -= value.size();
  }
  if (!value.empty()) std::memcpy(to, value.data(), value.size());
  values_.emplace_back(to, value.size());
  slots_[slot] = size();
  return size() - 1;
}

int32_t Dictionary::find(std::string_view value) const { return slots_.empty() ? -1 : slots_[slot_of(value)] - 1; }

void Column::allocate(size_t row_count, bool with_nulls) {
  rows = row_count;
  data.resize(row_count * width_of(physical));
  if (with_nulls) {
    valid.resize(row_count);
    if (row_count != 0) std::memset(valid.data(), 1, row_count);
  }
}

__int128 Column::get(size_t row) const {
  switch (physical) {
    case Physical::kI8:
      return as<int8_t>()[row];
    case Physical::kI16:
      return as<int16_t>()[row];
    case Physical::kI32:
      return as<int32_t>()[row];
    case Physical::kI64:
      return as<int64_t>()[row];
    case Physical::kI128:
      return as<__int128>()[row];
  }
  return 0;
}

void Column::set(size_t row, __int128 value) {
  switch (physical) {
    case Physical::kI8:
      as<int8_t>()[row] = static_cast<int8_t>(value);
      break;
    case Physical::kI16:
      as<int16_t>()[row] = static_cast<int16_t>(value);
      break;
    case Physical::kI32:
      as<int32_t>()[row] = static_cast<int32_t>(value);
      break;
    case Physical::kI64:
      as<int64_t>()[row] = static_cast<int64_t>(value);
      break;
    case Physical::kI128:
      as<__int128>()[row] = value;
      break;
  }
}

void Column::set_null(size_t row) {
  if (valid.bytes() == 0) {
    valid.resize(rows);
    std::memset(valid.data(), 1, rows);
  }
  valid.data()[row] = std::byte{0};
  set(row, 0);
}

Column borrowed(const Column& owner) {
  Column column;
  column.type = owner.type;
  column.scale = owner.scale;
  column.physical = owner.physical;
  column.rows = owner.rows;
  column.data = Buffer::borrowed(owner.data);
  column.valid = Buffer::borrowed(owner.valid);
  column.dictionary = owner.dictionary;
  column.low = owner.low;
  column.high = owner.high;
  return column;
}

Column copied(const Column& from) {
  Column to;
  to.type = from.type;
  to.scale = from.scale;
  to.physical = from.physical;
  to.rows = from.rows;
  to.dictionary = from.dictionary;
  to.data.resize(from.data.bytes());
  if (from.data.bytes() != 0) std::memcpy(to.data.data(), from.data.data(), from.data.bytes());
  to.valid.resize(from.valid.bytes());
  if (from.valid.bytes() != 0) std::memcpy(to.valid.data(), from.valid.data(), from.valid.bytes());
  return to;
}

Physical physical_for(const scheme::TypeDecl& type) {
  using scheme::TypeName;
  const auto holding = [](int64_t low, int64_t high) {
    if (low >= INT8_MIN && high <= INT8_MAX) return Physical::kI8;
    if (low >= INT16_MIN && high <= INT16_MAX) return Physical::kI16;
    if (low >= INT32_MIN && high <= INT32_MAX) return Physical::kI32;
    return Physical::kI64;
  };
  switch (type.name) {
    case TypeName::kBoolean:
      return Physical::kI8;
    case TypeName::kDate:
      return Physical::kI32;
    case TypeName::kString:
      return type.values.empty() ? Physical::kI32 : holding(0, static_cast<int64_t>(type.values.size()));
    default:
      return type.min && type.max ? holding(*type.min, *type.max) : Physical::kI64;
  }
}

std::string format_value(const Column& column, size_t row) {
  using scheme::TypeName;
  if (column.is_null(row)) return {};
  const __int128 value = column.get(row);
  switch (column.type) {
    case TypeName::kBoolean:
      return value != 0 ? "true" : "false";
    case TypeName::kString:
      return std::string(column.dictionary->at(static_cast<int32_t>(value)));
    case TypeName::kDate: {
      return scheme::date_to_text(static_cast<int32_t>(value));
    }
    default: {
      unsigned __int128 magnitude =
          value < 0 ? -static_cast<unsigned __int128>(value) : static_cast<unsigned __int128>(value);
      std::string digits;
      while (magnitude != 0 || digits.size() <= column.scale) {
        digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(magnitude % 10)));
        magnitude /= 10;
      }
      if (column.scale != 0) digits.insert(digits.size() - column.scale, ".");
      return value < 0 ? '-' + digits : digits;
    }
  }
}

}  // namespace kaogong::column
