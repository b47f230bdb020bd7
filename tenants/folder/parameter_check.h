// What may be given for a scheme's parameters, name by name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/column/column.h"
#include "engine/scheme/document.h"
#include "tenants/folder/column_parser.h"

namespace kaogong::folder {

/// Immutable; keeps nothing of the document.
class ParameterCheck {
 public:
  explicit ParameterCheck(const scheme::Document& document);

  /// The place of a parameter in the document; nothing: there is none of this name.
  std::optional<size_t> find(std::string_view name) const;
  /// That there is no parameter of this name, and which one may have been meant or which there are.
  scheme::Labels unknown(std::string_view name) const;
  /// Reads a value of a parameter; `out` (which may be null) becomes a column of one row. What is wrong with it, and
  /// then `out` is as it was; nothing: it is good.
  std::optional<scheme::Labels> read(size_t parameter, std::string_view value, column::Column* out) const;

 private:
  std::vector<ColumnSpec> specs_;
  std::vector<ColumnParser> parsers_;
};

}  // namespace kaogong::folder
