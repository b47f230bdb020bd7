// Whether a value can be in a column of a sheet: what freezing would say of it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tenants/folder/column_parser.h"
#include "tenants/folder/file_spec.h"
#include "tenants/folder/parameter_check.h"

namespace kaogong::tenants {

/// Checks single values; what depends on other rows (keys that are there twice, employees that are not) is found when
/// the period is frozen. Immutable.
class RowCheck {
 public:
  /// For a sheet of the document.
  RowCheck(const scheme::Document& document, folder::FileSpec sheet);

  const folder::FileSpec& sheet() const { return sheet_; }
  /// The column with the employee; nothing: the sheet is nobody's in particular.
  std::optional<size_t> employee_column() const { return employee_; }
  /// What is wrong with a value of a column; nothing: it is good. Empty is null.
  std::optional<scheme::Labels> fault(size_t column, std::string_view value) const;

  struct CellFault {
    size_t column = 0;
    scheme::Labels error;
  };
  /// What is wrong with values together, each of which is good: of `parameters`, that there is none of this name, or
  /// that it cannot have this value. `values`: one a column.
  std::optional<CellFault> fault_of_row(std::span<const std::string_view> values) const;

 private:
  folder::FileSpec sheet_;
  std::vector<folder::ColumnParser> parsers_;
  std::optional<size_t> employee_;
  std::optional<folder::ParameterCheck> parameters_;  // of the sheet of that name
};

}  // namespace kaogong::tenants
