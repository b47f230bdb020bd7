// A scheme document as written: what the loader makes from YAML or JSON, and what everything else reads.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/feel/ast.h"

namespace kaogong::scheme {

/// Where something stands in the document; both count from 1; 0: nowhere (built in).
struct Position {
  uint32_t line = 0;
  uint32_t column = 0;
};

struct Labels {
  std::string zh, en;
};

enum class TypeName : uint8_t { kMoney, kScore, kRate, kFactor, kCount, kNumber, kExact, kString, kBoolean, kDate };

/// True for the types that are decimals with a fixed scale (not kExact).
constexpr bool is_decimal(TypeName t) { return t <= TypeName::kNumber; }
constexpr bool is_numeric(TypeName t) { return t <= TypeName::kExact; }

/// How a named value is rounded when it is defined. All are symmetric about zero.
enum class Rounding : uint8_t {
  kHalfUp,  // ties away from zero
  kUp,      // away from zero
  kDown,    // towards zero
};

/// A declared type. `scale`: decimals of a numeric type (0 otherwise). Bounds are integers scaled by 10^scale.
struct TypeDecl {
  TypeName name = TypeName::kNumber;
  uint8_t scale = 0;
  bool nullable = false;
  std::optional<int64_t> min, max;  // inclusive; `above`/`below` are turned into these by one unit of the scale
  bool min_exclusive = false;       // written as `above` (for the wording of errors only; `min` is already one unit up)
  bool max_exclusive = false;
  std::vector<std::string> values;  // closed list of a string; empty: open
  Rounding rounding = Rounding::kHalfUp;
  std::optional<uint8_t> rounded_to;  // decimals that rounding keeps, at most the scale; nothing: all of the scale
  int kept_decimals() const { return rounded_to.value_or(scale); }
};

/// An expression: its text, where the text begins in the document, and its tree.
struct Expression {
  std::string text;
  Position at;
  std::shared_ptr<const feel::Expr> tree;  // never null in a loaded document
  explicit operator bool() const { return tree != nullptr; }
};

/// Where byte `offset` of an expression's text stands in the document. Exact for texts on one line and for literal
/// blocks, a good guess for folded ones and for quoted ones with escapes before it.
Position position_in(const Expression& expression, uint32_t offset);

/// A named, typed thing with what is said about it.
struct Named {
  std::string name;
  TypeDecl type;
  Labels labels;
  std::string source, remark;
  std::optional<bool> fixed;  // inputs: declared to be a fixed wage or not; nothing: judged by its name and labels
  Position at;
};

using Input = Named;
using Column = Named;

struct HistoryColumn : Named {
  std::string every;  // "month", "quarter", "half_year", "year", or empty: the kind of the run's own period
};

struct Parameter : Named {
  std::optional<std::string> default_value;  // literal text; empty string: null
  Expression default_expression;             // `default: {expr: …}`; empty otherwise
};

/// `bands`: literals only. Bounds in the written order.
struct Bands {
  enum class Kind : uint8_t { kAtLeast, kAbove, kUpTo, kBelow } kind = Kind::kAtLeast;
  Expression of;
  struct Row {
    std::string bound;  // decimal or date text
    std::string value;  // literal text of the decision's type; empty string: null
    Position at;
  };
  std::vector<Row> rows;
  std::optional<std::string> otherwise;  // like a row's value
  Position at;
};

/// A decision table; shared by the decisions that are its outputs.
struct DecisionTable {
  std::string name;
  std::string hit = "U";  // U A P F C C+ C< C> C# R O
  std::vector<Expression> inputs;
  struct Rule {
    std::vector<std::shared_ptr<const feel::UnaryTests>> tests;  // one an input
    std::vector<std::string> test_texts;
    std::vector<Expression> results;  // one an output
    Position at;
  };
  std::vector<std::string> output_names;
  std::vector<Rule> rules;
  std::vector<Expression> defaults;  // one an output, or empty
  Position at;
};

/// A decision or a computed column: exactly one of expr, bands, table is set.
struct Decision : Named {
  Expression expr;
  std::optional<Bands> bands;
  std::shared_ptr<const DecisionTable> table;
  uint32_t table_output = 0;  // which output of `table` this decision is
};

struct Check {
  Expression require;
  Expression when;     // empty: always
  std::string column;  // may be empty
  Labels message;
  Position at;
};

/// `complete`: see docs/scheme-language.md.
struct Complete {
  Expression when;
  std::vector<std::string> per;
  struct Each {
    std::string column;
    bool all = false;  // the column's `values`
    Expression of;     // otherwise: gives a list of strings
  };
  std::vector<Each> each;
  Position at;
};

struct Table {
  std::string name;
  std::vector<Column> columns;
  std::vector<std::string> key;
  uint32_t min_rows = 0;
  std::optional<uint32_t> max_rows;
  std::vector<Complete> complete;
  Expression refuse_when;
  std::vector<Decision> computed;
  std::vector<Check> checks;
  Labels labels;
  std::string source, remark;
  Position at;
};

struct Lookup {
  std::string name;
  std::vector<Column> columns;  // the key columns among them
  std::vector<std::string> key;
  bool is_inline = false;
  std::vector<std::vector<std::string>> rows;  // literal texts in the order of columns; empty string: null
  std::vector<Position> row_positions;
  std::vector<Decision> computed;
  std::vector<Check> checks;
  Labels labels;
  std::string source, remark;
  Position at;
};

struct Group {
  std::string name;
  std::string of;
  std::vector<std::string> by;
  std::vector<Decision> computed;
  Labels labels;
  std::string source, remark;
  Position at;
};

struct Assertion {
  enum class Kind : uint8_t { kAddUp, kDescend, kReach } kind = Kind::kAddUp;
  std::vector<std::string> of;  // parameters or columns
  std::string in;               // lookup; empty: parameters
  std::vector<std::string> per;
  std::string to;  // a decimal or a column; for kReach: the maximum's column
  Position at;
};

enum class PeriodKind : uint8_t { kMonth, kQuarter, kHalfYear, kYear };

struct Pack;  // engine/scheme/pack.h

/// A pack that a scheme names.
struct PackUse {
  std::string id;
  std::optional<uint32_t> version;  // nothing: the one that is there
  Position at;
};

/// A function of one of a document's packs.
struct PackFunctionId {
  uint32_t pack = 0, function = 0;
  friend auto operator<=>(const PackFunctionId&, const PackFunctionId&) = default;
};

struct Document {
  std::string id;
  uint32_t version = 1;
  Labels labels;
  std::string source_part, source_title;
  std::vector<Labels> notes;  // reference text
  std::vector<PackUse> uses;
  std::vector<std::shared_ptr<const Pack>> packs;  // beside `uses`: what they name
  std::vector<PackFunctionId> called;              // pack functions that can be called, directly or by others
  std::vector<PeriodKind> periods;
  std::vector<Input> inputs;
  std::vector<Table> tables;
  std::vector<Lookup> lookups;
  std::vector<Group> groups;
  std::vector<HistoryColumn> history;
  std::vector<Parameter> parameters;
  std::vector<Decision> decisions;
  std::vector<Check> checks;
  std::vector<Assertion> assertions;
  std::vector<std::string> outputs;  // names of decisions, in order
};

enum class Severity : uint8_t { kError, kWarning, kNote };

/// One finding about a document: what is wrong and what to do, with a stable code ("unknown-name").
struct Finding {
  Severity severity = Severity::kError;
  std::string code;
  Position at;
  std::string message;  // what is wrong, with the name and value
  std::string remedy;   // what to do
};

}  // namespace kaogong::scheme
