// The values that a decision table's input can have, cut at the bounds that its rules mention: within a cell every rule
// answers alike, so that a table's rules can be compared cell by cell.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/scheme/check/exact.h"
#include "engine/scheme/check/references.h"
#include "engine/scheme/document.h"

namespace kaogong::scheme {

/// One cell: an interval of numbers or dates, a text, a truth value, or null.
struct Cell {
  enum class Kind : uint8_t { kInterval, kText, kOtherText, kBoolean, kNull } kind = Kind::kInterval;
  std::optional<Exact> low, high;  // of an interval; nothing: unbounded
  bool low_closed = false, high_closed = false;
  std::string text;
  bool value = false;  // of a boolean

  bool is_point() const { return low && high && *low == *high; }
  /// At the edge of what is known: an unbounded interval, or a text that no rule names.
  bool is_open_ended() const { return kind == Kind::kOtherText || (kind == Kind::kInterval && (!low || !high)); }
};

/// A set of cells, as bits.
class CellSet {
 public:
  CellSet() = default;
  CellSet(size_t size, bool full);
  bool has(size_t cell) const { return (words_[cell / 64] >> (cell % 64)) & 1; }
  void add(size_t cell) {
    words_[cell / 64] |= uint64_t{1} << (cell % 64);
    first_ = std::min(first_, cell / 64);
    end_ = std::max(end_, cell / 64 + 1);
  }
  bool empty() const;
  bool full(size_t size) const;
  bool intersects(const CellSet& other) const;
  bool covers(const CellSet& other) const;

 private:
  std::vector<uint64_t> words_;
  size_t first_ = SIZE_MAX, end_ = 0;  // the words outside of these are 0: most rules match few values of many
};

/// One input of a decision table.
struct TableInput {
  enum class Kind : uint8_t { kNumber, kDate, kText, kBoolean, kOpaque } kind = Kind::kOpaque;
  std::string text;          // the expression, as it is shown
  bool is_declared = false;  // a plain name with a declared type: its cells are all that it can be
  Exact step = 0;            // the distance of neighbouring values; 0: dense
  std::vector<Cell> cells;

  /// A cell's value to show, such as `30`, `"leader"`, `null`.
  std::string witness(size_t cell) const;
  /// Cells as a condition: `30 < m <= 35`, `position in ("a", "b")`; of intervals only the first run.
  std::string describe(const std::vector<uint32_t>& which) const;
};

/// What a rule's test means for one input.
struct RuleCells {
  CellSet cells;
  bool opaque = false;  // cannot be judged: may match any or none of the cells
};

/// A table's inputs with their cells, and each rule's cells in each input.
struct TableCells {
  std::vector<TableInput> inputs;
  std::vector<std::vector<RuleCells>> rules;  // by rule, then input
  bool too_large = false;
};
TableCells cells_of(const Names& names, const DecisionTable& table, const RowSource* row);

}  // namespace kaogong::scheme
