// Columns in memory: narrow integers, one layout for files, database chunks, the plan and the reference evaluator.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/scheme/document.h"

namespace kaogong::column {

/// How a value is stored. Decimals: integers scaled by the type's scale. Booleans: kI8, 0 or 1. Dates: kI32 days since
/// 1970-01-01. Strings: codes into a dictionary (any width).
enum class Physical : uint8_t { kI8, kI16, kI32, kI64, kI128 };
constexpr size_t width_of(Physical p) { return size_t{1} << static_cast<uint8_t>(p); }

/// A growable block of bytes, aligned to 64, with 64 spare bytes behind its end that may be read (never written).
/// Starts are staggered by the allocator so that many columns do not share cache sets.
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(size_t bytes) { resize(bytes); }
  Buffer(Buffer&&) noexcept;
  Buffer& operator=(Buffer&&) noexcept;
  ~Buffer();
  void resize(size_t bytes);  // keeps content; new bytes are uninitialised; throws std::bad_alloc
  /// Makes room for so many bytes at once: what is never written costs no memory, only address space.
  void reserve(size_t bytes);
  /// The bytes of `owner`, which must outlive it: they are read in place, and copied if it grows; never write to them.
  static Buffer borrowed(const Buffer& owner);
  size_t bytes() const { return bytes_; }
  size_t capacity() const { return capacity_; }
  std::byte* data() { return data_; }
  const std::byte* data() const { return data_; }

 private:
  std::byte* base_ = nullptr;
  std::byte* data_ = nullptr;
  size_t bytes_ = 0, capacity_ = 0, alignment_ = 64;
};

/// The distinct strings of a column. Codes count from 0 in the order of first insertion (for a closed list: its order).
/// What at() gives stays valid as long as the dictionary lives. Not thread-safe while it grows.
class Dictionary {
 public:
  Dictionary() = default;
  explicit Dictionary(const std::vector<std::string>& closed_values);
  Dictionary(const Dictionary&) = delete;
  Dictionary& operator=(const Dictionary&) = delete;
  Dictionary(Dictionary&&) = default;
  Dictionary& operator=(Dictionary&&) = default;
  int32_t insert(std::string_view value);      // finds or adds
  int32_t find(std::string_view value) const;  // -1: not there
  std::string_view at(int32_t code) const { return values_[static_cast<size_t>(code)]; }
  int32_t size() const { return static_cast<int32_t>(values_.size()); }

 private:
  size_t slot_of(std::string_view value) const;
  void grow();

  std::vector<int32_t> slots_;            // open addressing: code + 1, 0: free
  std::vector<std::string_view> values_;  // into blocks_ and large_
  std::vector<std::unique_ptr<char[]>> blocks_, large_;
  size_t block_left_ = 0;  // of the last block
};

/// One column. `valid` is empty where every row has a value; else one byte a row: 1 value, 0 null.
struct Column {
  scheme::TypeName type = scheme::TypeName::kNumber;
  uint8_t scale = 0;
  Physical physical = Physical::kI64;
  size_t rows = 0;
  Buffer data;
  Buffer valid;
  std::shared_ptr<Dictionary> dictionary;  // strings only
  // What the stored values lie between, where the maker of the column knows; low > high: unknown. Narrow sums follow
  // from it.
  int64_t low = 1, high = 0;

  void allocate(size_t row_count, bool with_nulls);
  bool is_null(size_t row) const { return valid.bytes() != 0 && valid.data()[row] == std::byte{0}; }
  /// The stored integer (code, day, scaled decimal). Precondition: row < rows.
  __int128 get(size_t row) const;
  /// Precondition: the value fits the physical type.
  void set(size_t row, __int128 value);
  void set_null(size_t row);  // allocates `valid` when it is missing
  template <class T>
  const T* as() const {
    return reinterpret_cast<const T*>(data.data());
  }
  template <class T>
  T* as() {
    return reinterpret_cast<T*>(data.data());
  }
};

/// A column over the same memory, only to be read; `owner` must outlive it. The dictionary is shared.
Column borrowed(const Column& owner);
/// A column with memory of its own, to be written: what its values lie between is not known. The dictionary is shared.
Column copied(const Column& from);

/// The narrowest physical type for a declared type: its bounds where it has them (money without bounds: kI64, which
/// holds ±9.2e16 yuan in fen), codes of closed lists by their number.
Physical physical_for(const scheme::TypeDecl& type);

/// Text of a value: decimals with all decimals of the type, dates YYYY-MM-DD, true/false, null as "".
std::string format_value(const Column& column, size_t row);

/// Blocks of memory kept between runs: first touch of fresh memory costs more than a run's arithmetic. Not thread-safe.
class Workspace {
 public:
  /// A block of at least `bytes`: a kept one that is not much larger, or a new one.
  Buffer take(size_t bytes);
  void give(Buffer buffer);

 private:
  std::vector<Buffer> free_;
};

/// Many strings end to end: employee ids. 32-bit row numbers, 64-bit bytes.
class StringRows {
 public:
  void push_back(std::string_view s) {
    bytes_.append(s);
    ends_.push_back(bytes_.size());
  }
  std::string_view operator[](size_t row) const {
    const size_t begin = row == 0 ? 0 : ends_[row - 1];
    return std::string_view(bytes_).substr(begin, ends_[row] - begin);
  }
  size_t size() const { return ends_.size(); }
  void reserve(size_t rows, size_t bytes) {
    ends_.reserve(rows);
    bytes_.reserve(bytes);
  }
  /// Becomes so many rows of so many bytes together, for the caller to write: ends()[i] is the number of bytes up to
  /// the end of row i.
  void resize(size_t rows, size_t bytes) {
    ends_.resize(rows);
    bytes_.resize(bytes);
  }
  uint64_t* ends() { return ends_.data(); }
  char* bytes() { return bytes_.data(); }
  size_t bytes_total() const { return bytes_.size(); }

 private:
  std::string bytes_;
  std::vector<uint64_t> ends_;
};

}  // namespace kaogong::column
