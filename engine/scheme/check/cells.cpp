#include "engine/scheme/check/cells.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "engine/feel/parser.h"
#include "engine/scheme/literal.h"

namespace kaogong::scheme {

CellSet::CellSet(size_t size, bool full) : words_((size + 63) / 64, full ? ~uint64_t{0} : 0) {
  if (full && size % 64 != 0) words_.back() = (uint64_t{1} << (size % 64)) - 1;
  if (full && size != 0) first_ = 0, end_ = words_.size();
}

bool CellSet::empty() const {
  for (size_t i = first_; i < end_; ++i) {
    if (words_[i] != 0) return false;
  }
  return true;
}

bool CellSet::full(size_t size) const { return covers(CellSet(size, true)); }

bool CellSet::intersects(const CellSet& other) const {
  for (size_t i = std::max(first_, other.first_); i < std::min(end_, other.end_); ++i) {
    if (words_[i] & other.words_[i]) return true;
  }
  return false;
}

bool CellSet::covers(const CellSet& other) const {
  for (size_t i = other.first_; i < other.end_; ++i) {
    if (other.words_[i] & ~words_[i]) return false;
  }
  return true;
}

namespace {

using feel::BinaryOp;

constexpr size_t kCellBitsMax = 256u << 20;  // over all rules and inputs of a table: 32 MiB

// A test made of literals: an interval (one-sided, closed or open), or a value.
struct SimpleTest {
  bool is_interval = false;
  std::optional<Literal> low, high;  // of an interval
  bool low_closed = false, high_closed = false;
  Literal value;
  bool differs = false;  // != value
};

std::optional<SimpleTest> simple_test(const feel::UnaryTest& test) {
  SimpleTest simple;
  if (test.uses_placeholder || test.operand == nullptr) return std::nullopt;
  if (test.kind == feel::UnaryTest::Kind::kEquals && test.operand->kind == feel::ExprKind::kRange) {
    const auto& range = static_cast<const feel::RangeLiteral&>(*test.operand);
    simple.is_interval = true;
    simple.low_closed = range.low_closed;
    simple.high_closed = range.high_closed;
    if (range.low) {
      simple.low = literal_of(*range.low);
      if (!simple.low) return std::nullopt;
    }
    if (range.high) {
      simple.high = literal_of(*range.high);
      if (!simple.high) return std::nullopt;
    }
    return simple;
  }
  const auto literal = literal_of(*test.operand);
  if (!literal) return std::nullopt;
  if (test.kind == feel::UnaryTest::Kind::kEquals || test.op == BinaryOp::kEq) {
    simple.value = *literal;
    return simple;
  }
  if (test.op == BinaryOp::kNe) {
    simple.value = *literal;
    simple.differs = true;
    return simple;
  }
  simple.is_interval = true;
  const bool closed = test.op == BinaryOp::kLe || test.op == BinaryOp::kGe;
  if (test.op == BinaryOp::kLt || test.op == BinaryOp::kLe) {
    simple.high = literal;
    simple.high_closed = closed;
  } else {
    simple.low = literal;
    simple.low_closed = closed;
  }
  return simple;
}

// A cell of the document's table; nothing: something else than literals.
std::optional<std::vector<SimpleTest>> simple_tests(const feel::UnaryTests& tests) {
  std::vector<SimpleTest> all;
  for (const feel::UnaryTest& test : tests.tests) {
    if (test.kind == feel::UnaryTest::Kind::kEquals && test.operand && test.operand->kind == feel::ExprKind::kList) {
      for (const auto& item : static_cast<const feel::ListLiteral&>(*test.operand).items) {
        const auto literal = literal_of(*item);
        if (!literal) return std::nullopt;
        SimpleTest simple;
        simple.value = *literal;
        all.push_back(std::move(simple));
      }
      continue;
    }
    auto simple = simple_test(test);
    if (!simple) return std::nullopt;
    all.push_back(std::move(*simple));
  }
  return all;
}

class InputBuilder {
 public:
  InputBuilder(const Names& names, const RowSource* row, const Expression& expression) {
    input_.text = expression ? feel::to_text(*expression.tree) : std::string();
    if (expression) type_ = names.type_of(*expression.tree, row);
    input_.is_declared = type_ != nullptr;
  }

  // Takes note of the values that a test mentions.
  void mention(const SimpleTest& test) {
    const auto literal = [&](const Literal& value) {
      kinds_.insert(value.kind);
      if (value.kind == Literal::Kind::kNumber || value.kind == Literal::Kind::kDate) bounds_.insert(value.number);
      if (value.kind == Literal::Kind::kText) texts_.insert(value.text);
    };
    if (test.is_interval) {
      if (test.low) literal(*test.low);
      if (test.high) literal(*test.high);
    } else {
      literal(test.value);
    }
  }

  TableInput build() {
    using Kind = TableInput::Kind;
    bool with_null = kinds_.contains(Literal::Kind::kNull);
    if (type_ != nullptr) {
      with_null = type_->nullable;
      input_.kind = is_numeric(type_->name)             ? Kind::kNumber
                    : type_->name == TypeName::kBoolean ? Kind::kBoolean
                    : type_->name == TypeName::kDate    ? Kind::kDate
                                                        : Kind::kText;
    } else {
      kinds_.erase(Literal::Kind::kNull);
      if (kinds_.size() != 1) return input_;  // nothing known of it: opaque
      switch (*kinds_.begin()) {
        case Literal::Kind::kNumber:
          input_.kind = Kind::kNumber;
          break;
        case Literal::Kind::kDate:
          input_.kind = Kind::kDate;
          break;
        case Literal::Kind::kBoolean:
          input_.kind = Kind::kBoolean;
          break;
        default:
          input_.kind = Kind::kText;
      }
    }
    switch (input_.kind) {
      case Kind::kNumber:
      case Kind::kDate:
        intervals();
        break;
      case Kind::kBoolean:
        for (const bool value : {true, false}) {
          Cell cell;
          cell.kind = Cell::Kind::kBoolean;
          cell.value = value;
          input_.cells.push_back(cell);
        }
        break;
      case Kind::kText:
        texts();
        break;
      case Kind::kOpaque:
        break;
    }
    if (with_null) {
      Cell cell;
      cell.kind = Cell::Kind::kNull;
      input_.cells.push_back(cell);
    }
    return input_;
  }

 private:
  void texts() {
    const bool closed = type_ != nullptr && !type_->values.empty();
    const auto add = [&](const std::string& text) {
      Cell cell;
      cell.kind = Cell::Kind::kText;
      cell.text = text;
      input_.cells.push_back(std::move(cell));
    };
    if (closed) {
      for (const std::string& value : type_->values) add(value);
      return;
    }
    for (const std::string& text : texts_) add(text);
    Cell other;
    other.kind = Cell::Kind::kOtherText;
    input_.cells.push_back(std::move(other));
  }

  void intervals() {
    std::optional<Exact> least, most;
    if (input_.kind == TableInput::Kind::kDate) {
      input_.step = kOne;
    } else if (type_ != nullptr && is_decimal(type_->name)) {
      input_.step = exact_from_scaled(1, type_->scale);
      if (type_->min) least = exact_from_scaled(*type_->min, type_->scale);
      if (type_->max) most = exact_from_scaled(*type_->max, type_->scale);
    }
    const auto add = [&](std::optional<Exact> low, bool low_closed, std::optional<Exact> high, bool high_closed) {
      if (least && (!low || *low < *least)) {
        low = least;
        low_closed = true;
      }
      if (most && (!high || *high > *most)) {
        high = most;
        high_closed = true;
      }
      if (low && high) {
        // Is there a value of the type in it?
        Exact first = *low, last = *high;
        if (input_.step != 0) {
          first = round_up(first, !low_closed);
          last = round_down(last, !high_closed);
          if (first > last) return;
        } else if (first > last || (first == last && !(low_closed && high_closed))) {
          return;
        }
      }
      Cell cell;
      cell.low = low;
      cell.high = high;
      cell.low_closed = low_closed;
      cell.high_closed = high_closed;
      input_.cells.push_back(std::move(cell));
    };
    std::optional<Exact> before;
    for (const Exact bound : bounds_) {
      add(before, false, bound, false);
      add(bound, true, bound, true);
      before = bound;
    }
    add(before, false, std::nullopt, false);
  }

  // The nearest multiple of the step at or above (strictly: above) a value; and below.
  Exact round_up(Exact value, bool strictly) const {
    const Exact down = round_down(value, false);
    return down < value || strictly ? down + input_.step : down;
  }
  Exact round_down(Exact value, bool strictly) const {
    Exact rest = value % input_.step;
    if (rest < 0) rest += input_.step;
    const Exact down = value - rest;
    return strictly && down == value ? down - input_.step : down;
  }

  TableInput input_;
  const TypeDecl* type_ = nullptr;
  std::set<Literal::Kind> kinds_;
  std::set<Exact> bounds_;
  std::set<std::string> texts_;
};

// Whether a literal can be compared with the input at all; a clash of types is the type checker's to report.
bool fits(const Literal& literal, TableInput::Kind kind) {
  using Kind = TableInput::Kind;
  switch (literal.kind) {
    case Literal::Kind::kNumber:
      return kind == Kind::kNumber;
    case Literal::Kind::kDate:
      return kind == Kind::kDate;
    case Literal::Kind::kText:
      return kind == Kind::kText;
    case Literal::Kind::kBoolean:
      return kind == Kind::kBoolean;
    case Literal::Kind::kNull:
      return true;
  }
  return false;
}

bool cell_equals(const Cell& cell, const Literal& literal) {
  switch (cell.kind) {
    case Cell::Kind::kInterval:
      return literal.kind != Literal::Kind::kNull && cell.is_point() && *cell.low == literal.number;
    case Cell::Kind::kText:
      return literal.kind == Literal::Kind::kText && cell.text == literal.text;
    case Cell::Kind::kBoolean:
      return literal.kind == Literal::Kind::kBoolean && cell.value == (literal.number != 0);
    case Cell::Kind::kNull:
      return literal.kind == Literal::Kind::kNull;
    case Cell::Kind::kOtherText:
      return false;
  }
  return false;
}

// Cells never straddle a bound, so that comparing their ends is enough.
bool cell_matches(const Cell& cell, const SimpleTest& test) {
  if (!test.is_interval) return cell_equals(cell, test.value) != test.differs;
  if (cell.kind != Cell::Kind::kInterval) return false;
  if (test.low) {
    const Exact bound = test.low->number;
    if (!cell.low || *cell.low < bound) return false;
    if (*cell.low == bound && cell.low_closed && !test.low_closed) return false;
  }
  if (test.high) {
    const Exact bound = test.high->number;
    if (!cell.high || *cell.high > bound) return false;
    if (*cell.high == bound && cell.high_closed && !test.high_closed) return false;
  }
  return true;
}

RuleCells rule_cells(const TableInput& input, const feel::UnaryTests& tests) {
  const size_t size = input.cells.size();
  if (tests.any) return {CellSet(size, true), false};
  const auto simple = simple_tests(tests);
  bool judged = simple.has_value() && input.kind != TableInput::Kind::kOpaque;
  if (judged) {
    for (const SimpleTest& test : *simple) {
      for (const auto* literal : {&test.low, &test.high}) judged = judged && (!*literal || fits(**literal, input.kind));
      judged = judged && (test.is_interval || fits(test.value, input.kind));
    }
  }
  if (!judged) return {CellSet(size, true), true};
  RuleCells cells{CellSet(size, false), false};
  for (size_t i = 0; i < size; ++i) {
    const bool any = std::any_of(simple->begin(), simple->end(),
                                 [&](const SimpleTest& test) { return cell_matches(input.cells[i], test); });
    if (any != tests.negated) cells.cells.add(i);
  }
  return cells;
}

std::string show(Exact value, TableInput::Kind kind) {
  if (kind == TableInput::Kind::kDate) return date_to_text(static_cast<int32_t>(value / kOne));
  return exact_to_text(value);
}

}  // namespace

TableCells cells_of(const Names& names, const DecisionTable& table, const RowSource* row) {
  TableCells result;
  size_t bits = 0;
  result.rules.resize(table.rules.size());
  for (size_t column = 0; column < table.inputs.size(); ++column) {
    InputBuilder builder(names, row, table.inputs[column]);
    std::unordered_map<const feel::UnaryTests*, RuleCells> known;  // cells with the same text share their tree
    for (const DecisionTable::Rule& rule : table.rules) {
      const feel::UnaryTests* tests = rule.tests[column].get();
      if (tests == nullptr || !known.emplace(tests, RuleCells{}).second) continue;
      if (const auto simple = simple_tests(*tests)) {
        for (const SimpleTest& test : *simple) builder.mention(test);
      }
    }
    result.inputs.push_back(builder.build());
    bits += result.inputs.back().cells.size() * table.rules.size();
    if (bits > kCellBitsMax) {
      result.too_large = true;
      return result;
    }
    for (auto& [tests, cells] : known) cells = rule_cells(result.inputs.back(), *tests);
    for (size_t i = 0; i < table.rules.size(); ++i) {
      const feel::UnaryTests* tests = table.rules[i].tests[column].get();
      result.rules[i].push_back(tests == nullptr ? RuleCells{CellSet(result.inputs.back().cells.size(), true), true}
                                                 : known.at(tests));
    }
  }
  return result;
}

std::string TableInput::witness(size_t which) const {
  const Cell& cell = cells[which];
  switch (cell.kind) {
    case Cell::Kind::kText:
      return "\"" + cell.text + "\"";
    case Cell::Kind::kOtherText:
      return "any other text";
    case Cell::Kind::kBoolean:
      return cell.value ? "true" : "false";
    case Cell::Kind::kNull:
      return "null";
    case Cell::Kind::kInterval:
      break;
  }
  if (!cell.low && !cell.high) return show(0, kind);
  const Exact unit = step != 0 ? step : kOne;
  if (cell.low && cell.low_closed) return show(*cell.low, kind);
  if (cell.high && cell.high_closed) return show(*cell.high, kind);
  if (!cell.low) return show(*cell.high - unit, kind);
  Exact inside = *cell.low + unit;
  if (step != 0) {
    Exact rest = inside % step;
    if (rest < 0) rest += step;
    inside -= rest;
  } else if (cell.high && inside >= *cell.high) {
    inside = *cell.low + (*cell.high - *cell.low) / 2;
  }
  return show(inside, kind);
}

std::string TableInput::describe(const std::vector<uint32_t>& which) const {
  const Cell& first = cells[which.front()];
  if (first.kind != Cell::Kind::kInterval) {
    if (which.size() == 1) return text + " = " + witness(which.front());
    std::string list;
    for (size_t i = 0; i < which.size() && i < 10; ++i) {
      if (cells[which[i]].kind != Cell::Kind::kInterval) list += (list.empty() ? "" : ", ") + witness(which[i]);
    }
    return text + " in (" + list + (which.size() > 10 ? ", …" : "") + ")";
  }
  size_t last = 0;  // of the first run
  while (last + 1 < which.size() && which[last + 1] == which[last] + 1 &&
         cells[which[last + 1]].kind == Cell::Kind::kInterval) {
    ++last;
  }
  const Cell& end = cells[which[last]];
  if (first.low && end.high && *first.low == *end.high) return text + " = " + show(*first.low, kind);
  std::string range = text;
  if (first.low) range = show(*first.low, kind) + (first.low_closed ? " <= " : " < ") + range;
  if (end.high) range += (end.high_closed ? " <= " : " < ") + show(*end.high, kind);
  return first.low || end.high ? range : text + " of any value";
}

}  // namespace kaogong::scheme
