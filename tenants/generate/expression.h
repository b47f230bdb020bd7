// The conditions, lists and bounds that a scheme's tables ask for, as far as a generator needs to understand them:
// comparisons, and, or, not, if, arithmetic, lookups. What it does not understand it leaves alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/scheme/document.h"
#include "tenants/generate/cell.h"

namespace kaogong::generate {

/// A lookup's rows. Numbers among the cells are scaled as the columns' formats say.
struct LookupRows {
  std::string name;
  std::vector<std::string> columns;
  std::vector<Format> formats;
  std::vector<size_t> key;
  std::vector<std::vector<Cell>> rows;
  std::vector<int32_t> row_of_symbol;  // where the key is one string column: row + 1 by symbol

  void index();
  /// The row whose key columns have these cells; null pointer: none.
  const std::vector<Cell>* find(const Cell* key_cells) const;
};

/// Where a column's value stands and what it is.
struct ColumnRef {
  std::string name;
  Format format;
};

enum class Meaning : uint8_t { kNumber, kSymbol, kNumbered, kBoolean, kDate, kNothing, kList };

struct Node {
  enum class Op : uint8_t {
    kConstant,
    kInput,
    kColumn,
    kLookupColumn,  // cell: the constant, or which column
    kEqual,
    kUnequal,
    kLess,
    kLessEqual,
    kAnd,
    kOr,
    kNot,
    kIf,
    kIn,
    kAdd,
    kSubtract,
    kMultiply,
    kFind,    // a field of the lookup row with the key that the children give
    kList,    // the children's values
    kFilter,  // a column of the lookup rows for which the child holds (all, without a child)
  } op = Op::kConstant;
  Meaning meaning = Meaning::kNumber;
  Cell cell = 0;
  int64_t factor = 1;  // columns: makes a number of 6 decimals
  const LookupRows* lookup = nullptr;
  std::vector<Node> children;
};

/// What a name may mean while an expression is compiled. All must outlive the nodes.
struct Names {
  const std::vector<ColumnRef>* inputs = nullptr;
  const std::vector<ColumnRef>* columns = nullptr;          // of the child row; may be null
  const std::vector<scheme::Decision>* computed = nullptr;  // of the child row; may be null
  const std::vector<LookupRows>* lookups = nullptr;
  const LookupRows* filtered = nullptr;  // inside a filter
  Symbols* symbols = nullptr;
  int32_t period_start = 0, period_end = 0, year = 0;
};

/// The cells that an evaluation reads.
struct Scope {
  const Cell* inputs = nullptr;
  const Cell* columns = nullptr;
  const Cell* lookup_row = nullptr;
};

/// Nothing where the expression has something that is not known here.
std::optional<Node> compile(const feel::Expr& expression, const Names& names);
/// Numbers have 6 decimals. Precondition: not a list.
Cell evaluate(const Node& node, const Scope& scope);
bool holds(const Node& node, const Scope& scope);
/// Appends the symbols of a list.
void evaluate_list(const Node& node, const Scope& scope, std::vector<Cell>* out);

inline constexpr int kDecimals = 6;

/// A way in which a condition on one column can hold: all these bounds, inclusive.
struct Alternative {
  std::vector<Node> lows, highs;
};
/// `a <= c and c <= b or …`: the ways in which a check on column `column` can hold, read from its text.
struct Bounds {
  size_t column = 0;
  std::vector<Alternative> alternatives;
};
/// Nothing where the check is of another form. The column is one of `names.columns` or, without them, of the inputs.
std::optional<Bounds> bounds_of(const feel::Expr& require, const Names& names);

}  // namespace kaogong::generate
