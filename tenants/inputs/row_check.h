// Whether a value can be in a column of a sheet: what freezing would say of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tenants/folder/column_parser.h"
#include "tenants/folder/file_spec.h"

namespace kaogong::tenants {

/// Checks single values; what depends on other rows (keys that are there twice, employees that are not) is found when
/// the period is frozen. Immutable.
class RowCheck {
 public:
  explicit RowCheck(folder::FileSpec sheet);

  const folder::FileSpec& sheet() const { return sheet_; }
  /// The column with the employee; nothing: the sheet is nobody's in particular.
  std::optional<size_t> employee_column() const { return employee_; }
  /// What is wrong with a value of a column; nothing: it is good. Empty is null.
  std::optional<scheme::Labels> fault(size_t column, std::string_view value) const;

 private:
  folder::FileSpec sheet_;
  std::vector<folder::ColumnParser> parsers_;
  std::optional<size_t> employee_;
};

}  // namespace kaogong::tenants
