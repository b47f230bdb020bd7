// A column that grows chunk by chunk.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/column/column.h"
#include "tenants/folder/chunk.h"

namespace kaogong::folder {

/// An empty column of a declared type, with its dictionary.
column::Column empty_column(const scheme::TypeDecl& type);

class GrowingColumn {
 public:
  explicit GrowingColumn(const scheme::TypeDecl& type) : column_(empty_column(type)), open_(type.values.empty()) {}

  void reserve(size_t rows) { column_.data.reserve(rows * column::width_of(column_.physical)); }
  /// Appends a chunk's column of `rows` rows; with `selection` only those of its rows, in its order.
  void append(const ChunkColumn& chunk, size_t rows, const std::vector<uint32_t>* selection);
  size_t rows() const { return column_.rows; }
  /// The column as the engine takes it. An open dictionary is never empty where there are rows.
  column::Column finish();

 private:
  column::Column column_;
  bool open_;
};

/// The codes that a chunk's strings have in the whole column; enters what is new.
std::vector<int32_t> merged_codes(const ChunkColumn& chunk, column::Dictionary* dictionary);

/// A column's rows in another order: row i is what row `order[i]` was.
column::Column reordered(const column::Column& from, const std::vector<uint32_t>& order);

/// Rows [begin, end) as a column of their own; dictionaries are shared.
column::Column sliced(const column::Column& from, size_t begin, size_t end);

}  // namespace kaogong::folder
