// What is to be generated for a scheme: files, columns, how many rows, how the values are drawn.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/scheme/document.h"
#include "engine/scheme/period.h"
#include "tenants/generate/draw.h"
#include "tenants/generate/expression.h"

namespace kaogong::generate {

/// The rows of one employee in one file, end to end.
struct Rows {
  size_t columns = 0;
  std::vector<Cell> cells;

  size_t count() const { return columns == 0 ? 0 : cells.size() / columns; }
  Cell* row(size_t i) { return &cells[i * columns]; }
  const Cell* row(size_t i) const { return &cells[i * columns]; }
  Cell* add() {
    cells.resize(cells.size() + columns, kNull);
    return &cells[cells.size() - columns];
  }
};

class ColumnPlan {
 public:
  std::string name;
  Format format;
  scheme::TypeDecl type;
  Draw draw;
  std::optional<Bounds> bounds;  // of a check

  /// From low to high in units of 10^-decimals, in steps of `step` such units. Precondition: decimals are within the
  /// type's.
  ColumnPlan& range(int64_t low, int64_t high, int decimals = 0, int64_t step = 1);
  ColumnPlan& even() { return shaped(Draw::Shape::kEven); }
  ColumnPlan& tail() { return shaped(Draw::Shape::kTail); }
  /// Mean and deviation in permille of the range.
  ColumnPlan& normal(int32_t mean = 500, int32_t deviation = 160);
  ColumnPlan& by_skill(int32_t mean = 780, int32_t deviation = 110);
  ColumnPlan& reversed();
  /// Figures of one person differ more from each other: half of the deviation is chance.
  ColumnPlan& unsteady();
  ColumnPlan& zero(uint32_t permille);
  ColumnPlan& null(uint32_t permille);
  /// Weights of the closed values in their order; best_first: the first are for the able.
  ColumnPlan& weights(const std::vector<uint32_t>& weights, bool best_first = false);

 private:
  ColumnPlan& shaped(Draw::Shape shape);
};

/// Sets cells of a row that follow from others.
using Adjust = std::function<void(const Person&, Random&, Cell* row)>;
/// Makes all rows of an employee in a table.
using MakeRows = std::function<void(const Person&, Random&, Rows*)>;

struct FilePlan {
  std::string name;  // without .csv
  std::vector<ColumnPlan> columns;
  Adjust adjust;

  ColumnPlan& column(std::string_view column_name) { return columns[place(column_name)]; }
  /// The number of a column. Precondition: there is one of that name.
  size_t place(std::string_view column_name) const;
  std::vector<ColumnRef> refs() const;
};

struct TablePlan : FilePlan {
  struct Each {
    size_t column = 0;
    std::vector<Cell> all;     // all values, or
    std::optional<Node> list;  // these
  };
  std::vector<size_t> key;
  std::optional<Node> refuse_when, complete_when;
  bool has_complete = false;
  std::vector<size_t> per;
  std::vector<Each> each;
  uint32_t rows_min = 0, rows_max = 0;  // rows, or with `per` distinct tuples
  MakeRows make_rows;                   // in place of all that
};

/// The recorded periods of one kind.
struct HistoryPlan {
  scheme::PeriodKind kind = scheme::PeriodKind::kMonth;
  int32_t newest = 0;
  uint32_t periods = 0;
  bool whole = false;               // every period is needed
  uint32_t present_permille = 985;  // of each period, if not whole
  std::vector<size_t> columns;      // of the history file
};

struct LookupPlan : FilePlan {
  size_t rows = 0;  // in LookupRows
};

struct ParameterPlan {
  std::string name, value;
};

struct Plan {
  scheme::Period period;
  uint64_t employees = 0, seed = 0;
  uint32_t departments = 1;
  Symbols symbols;
  FilePlan population;
  bool names_departments = false;  // an input `department` that is numbered
  std::vector<TablePlan> tables;
  FilePlan history;
  std::vector<HistoryPlan> recorded;
  std::vector<LookupPlan> lookups;  // files; `lookup_rows` has their rows and the inline ones'
  std::vector<LookupRows> lookup_rows;
  std::vector<ParameterPlan> parameters;

  TablePlan& table(std::string_view name);
  LookupRows& lookup(std::string_view name);
  void parameter(std::string_view name, std::string value);
  Cell symbol(std::string_view text) { return symbols.of(text); }
};

/// Reads a plan off the document; a template's plan has its profile applied (profile.h).
std::unique_ptr<Plan> make_plan(const scheme::Document& document, scheme::Period period, uint64_t employees,
                                uint64_t seed);

}  // namespace kaogong::generate
