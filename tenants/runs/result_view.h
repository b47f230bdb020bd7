// Results as columns, wherever they stand: just computed, or read from pages.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/column/column.h"

namespace kaogong::runs {

inline constexpr uint32_t kNoRow = 0xFFFFFFFF;

/// Rows by employee, ascending by the bytes of the id, each id once. Owns nothing: what it points to must outlive it.
struct ResultView {
  const column::StringRows* employees = nullptr;
  const std::vector<std::string>* names = nullptr;
  const std::vector<column::Column>* columns = nullptr;  // one a name, one row an employee
  const std::vector<uint8_t>* refused = nullptr;         // 1: no results in this row; null: none is refused

  size_t rows() const { return employees->size(); }
  bool has_row(size_t row) const { return refused == nullptr || (*refused)[row] == 0; }
  /// Null: there is no output of this name.
  const column::Column* find(std::string_view name) const {
    for (size_t i = 0; i < names->size(); ++i)
      if ((*names)[i] == name) return &(*columns)[i];
    return nullptr;
  }
};

/// Results that own their columns.
struct ResultSet {
  column::StringRows employees;
  std::vector<std::string> names;
  std::vector<column::Column> columns;
  std::vector<uint8_t> refused;  // empty: none

  ResultView view() const { return {&employees, &names, &columns, refused.empty() ? nullptr : &refused}; }
};

/// The first row whose employee is not before `employee`; the number of rows: there is none. `employees` ascend.
size_t first_row_from(const column::StringRows& employees, std::string_view employee);
/// For each employee of `wanted` its row in `results`, or kNoRow where it has none or was refused. Both ascend.
/// Cost: one walk over both.
std::vector<uint32_t> rows_in(const ResultView& results, const column::StringRows& wanted);

}  // namespace kaogong::runs
