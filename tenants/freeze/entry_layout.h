// How the rows of an entry stand to the header of the sheet that is read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tenants/folder/file_spec.h"

namespace kaogong::freeze {

/// The fields of a header or row as they are written, with their quotes; nothing: malformed. `row` ends with a line
/// feed.
std::optional<std::vector<std::string_view>> split_row(std::string_view row);

/// A sheet's header: the columns that its rows are brought into.
class SheetHeader {
 public:
  /// `first_layout`: the columns of the first entry, whose rows can mostly be taken as they are; where it lacks a
  /// column of the sheet, the header is that of the scheme instead.
  SheetHeader(const folder::FileSpec& sheet, std::string_view first_layout);

  /// With its line feed.
  std::string line() const;
  const std::vector<std::string>& columns() const { return columns_; }
  /// Whether rows begin with an employee.
  bool of_employees() const { return of_employees_; }

 private:
  std::vector<std::string> columns_;
  bool of_employees_ = false;
};

/// Rows of one layout into those of a header. A column that the layout does not have becomes an empty field; what is no
/// row of the layout becomes one with the employee alone, which the reader of the sheet refuses.
class EntryLayout {
 public:
  /// `layout`: its columns, as a CSV header without a line end.
  EntryLayout(const SheetHeader& header, std::string_view layout);

  /// Appends an entry's rows; `payload`: each ended by a line feed.
  void append(std::string_view employee, std::string_view payload, std::string* out) const;

 private:
  void append_row(std::string_view employee_field, std::string_view row, std::string* out) const;

  enum class Way : uint8_t { kAsItIs, kBehindEmployee, kByColumn };
  Way way_ = Way::kByColumn;
  bool of_employees_ = false;
  size_t fields_ = 0;           // of the layout
  std::vector<int32_t> field_;  // of each column of the header: the layout's field; kEmployee, kMissing
  static constexpr int32_t kMissing = -1, kEmployee = -2;
};

}  // namespace kaogong::freeze
