// Which row of the population an employee id has.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/column/column.h"

namespace kaogong::folder {

uint64_t hash_of(std::string_view text);

/// A compact open-addressing table of 32-bit row numbers and 8-bit tags over ids that live elsewhere. find() may be
/// called by many threads while nothing is inserted.
class EmployeeIndex {
 public:
  explicit EmployeeIndex(const column::StringRows& ids) : ids_(ids) {}

  /// Makes room for so many ids.
  void reserve(size_t count);
  /// Enters row `row`; the row that has the same id already, or `row` itself.
  uint32_t insert(uint32_t row, uint64_t hash);
  /// The row with the id; kAbsent if there is none.
  uint32_t find(std::string_view id, uint64_t hash) const;
  void prefetch(uint64_t hash) const {
    if (slots_.empty()) return;
    __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]);
    __builtin_prefetch(&tags_[hash & (slots_.size() - 1)]);
  }
  size_t size() const { return size_; }

  static constexpr uint32_t kAbsent = 0xFFFFFFFF;

 private:
  void rehash(size_t slots);

  const column::StringRows& ids_;
  std::vector<uint32_t> slots_;  // row + 1; 0: free
  std::vector<uint8_t> tags_;
  size_t size_ = 0;
};

}  // namespace kaogong::folder
