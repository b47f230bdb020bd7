// Columns' values as FEEL's, and back.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/column/column.h"
#include "engine/feel/value.h"
#include "engine/scheme/document.h"

namespace kaogong::reference {

/// A column that is read row by row; strings are made once for each entry of a dictionary that is not large. Immutable.
class ColumnReader {
 public:
  ColumnReader() = default;
  /// The column must outlive the reader.
  explicit ColumnReader(const column::Column& column);
  /// Precondition: row < rows of the column.
  feel::Value at(size_t row) const;
  const column::Column* column() const { return column_; }

 private:
  const column::Column* column_ = nullptr;
  std::vector<feel::Value> strings_;
};

/// The value of one row.
feel::Value to_value(const column::Column& column, size_t row);
/// Stores a value that conforms to the column's type (see conform).
void store(const feel::Value& value, column::Column* column, size_t row);

/// Rounds a value to its declared type, as the type says. Throws Refusal: another kind, null where the type has none,
/// overflow, outside the declared bounds or values.
feel::Value conform(const feel::Value& value, const scheme::TypeDecl& type);

/// Reads a literal of the document ("" and "null": null) as a value of the type; numbers keep their own decimals.
feel::Value literal(const scheme::TypeDecl& type, const std::string& text);

/// How a value is shown in a fault: decimals with all of the type's, null as "".
std::string shown(const feel::Value& value, const scheme::TypeDecl& type);
std::string shown(const feel::Value& value);

/// A text that equals another's exactly if the values are equal: for keys and groups.
void append_key(const feel::Value& value, std::string* key);

}  // namespace kaogong::reference
