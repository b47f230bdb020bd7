// A column of numbers that is made value by value, as wide as its largest value needs.
#pragma once

#include <optional>
#include <vector>

#include "engine/column/column.h"

namespace kaogong::runs {

class NumberColumn {
 public:
  /// All rows begin as null. `scale`: decimals of the values given.
  NumberColumn(scheme::TypeName type, uint8_t scale, size_t rows) : type_(type), scale_(scale), values_(rows) {}
  void set(size_t row, std::optional<__int128> value) { values_[row] = value; }
  void push_back(std::optional<__int128> value) { values_.push_back(value); }
  column::Column take() const;

 private:
  scheme::TypeName type_;
  uint8_t scale_;
  std::vector<std::optional<__int128>> values_;
};

}  // namespace kaogong::runs
