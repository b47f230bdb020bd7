#include "tenants/generate/row_maker.h"

#include <algorithm>

namespace kaogong::generate {

namespace {

constexpr uint64_t kPersonStream = stream_of("person");
constexpr size_t kHistoryFront = 2;  // cells of a history row before its columns: kind, period

// Columns of the row that a node reads; inputs count as many, so that nothing is known beforehand.
void columns_read(const Node& node, std::vector<size_t>* out) {
  if (node.op == Node::Op::kColumn) out->push_back(static_cast<size_t>(node.cell));
  if (node.op == Node::Op::kInput) out->push_back(SIZE_MAX);
  for (const Node& child : node.children) columns_read(child, out);
}

Cell divided(Cell value, int64_t by, bool up) {
  Cell quotient = value / by;
  if (value % by != 0 && (value > 0) == up) quotient += up ? 1 : -1;
  return quotient;
}

}  // namespace

RowMaker::RowMaker(const Plan& plan, const std::vector<Fault>& faults, uint32_t faults_ppm)
    : plan_(plan),
      faults_(faults),
      faults_ppm_(faults_ppm),
      rows_(file_count(plan)),
      known_(file_count(plan)),
      lines_(file_count(plan)) {
  for (size_t f = 0; f < rows_.size(); ++f) {
    const FilePlan& file = f == kPopulationFile       ? plan.population
                           : f == history_file(plan_) ? plan.history
                                                      : static_cast<const FilePlan&>(plan.tables[f - 1]);
    rows_[f].columns = file.columns.size() + (f == history_file(plan_) ? kHistoryFront : 0);
    for (size_t c = 0; c < file.columns.size(); ++c) {
      known_[f].push_back(f == kPopulationFile ? Known{} : know(file, c));
    }
  }
}

RowMaker::Known RowMaker::know(const FilePlan& file, size_t column) {
  Known known;
  if (!file.columns[column].bounds) return known;
  std::vector<size_t> read;
  for (const Alternative& way : file.columns[column].bounds->alternatives) {
    for (const Node& bound : way.lows) columns_read(bound, &read);
    for (const Node& bound : way.highs) columns_read(bound, &read);
  }
  if (read.empty() || read[0] == SIZE_MAX) return known;
  known.column = read[0];
  for (const size_t other : read) {
    if (other != known.column) return known;
  }
  const Draw& draw = file.columns[known.column].draw;
  if (draw.shape != Draw::Shape::kChoice) return known;
  std::vector<Cell> row(file.columns.size(), kNull);
  for (const Cell choice : draw.choices) {
    row[known.column] = choice;
    if (known.of_symbol.size() <= static_cast<size_t>(choice)) known.of_symbol.resize(static_cast<size_t>(choice) + 1);
    Scope scope;
    scope.columns = row.data();
    intervals(file.columns[column], scope, &known.of_symbol[static_cast<size_t>(choice)]);
  }
  known.usable = true;
  return known;
}

void RowMaker::intervals(const ColumnPlan& column, const Scope& scope, std::vector<Interval>* out) {
  out->clear();
  const int64_t factor =
      column.format.kind == Format::Kind::kDecimal ? power_of_ten(kDecimals - column.format.scale) : 1;
  for (const Alternative& way : column.bounds->alternatives) {
    Interval interval{column.draw.low, column.draw.high};
    for (const Node& bound : way.lows) {
      if (const Cell low = evaluate(bound, scope); low != kNull) {
        interval.low = std::max(interval.low, divided(low, factor, true));
      }
    }
    if (interval.high < interval.low) interval.high = column.type.max.value_or(interval.low + column.draw.step * 100);
    for (const Node& bound : way.highs) {
      if (const Cell high = evaluate(bound, scope); high != kNull) {
        interval.high = std::min(interval.high, divided(high, factor, false));
      }
    }
    if (interval.low <= interval.high) out->push_back(interval);
  }
  std::stable_sort(out->begin(), out->end(), [](const Interval& a, const Interval& b) { return a.high < b.high; });
}

Cell RowMaker::draw(const ColumnPlan& column, const Known& known, Random& random, const Cell* row) {
  if (!column.bounds) return column.draw.next(person_, random);
  const std::vector<Interval>* from = &intervals_;
  if (known.usable && row[known.column] >= 0 && static_cast<size_t>(row[known.column]) < known.of_symbol.size()) {
    from = &known.of_symbol[static_cast<size_t>(row[known.column])];
  } else {
    Scope scope;
    scope.inputs = person_.cells.data();
    scope.columns = row;
    intervals(column, scope, &intervals_);
  }
  if (from->empty()) return column.draw.next(person_, random);
  if (column.draw.null_permille != 0 && random.chance(column.draw.null_permille)) return kNull;
  const uint32_t place = column.draw.place(person_, random);
  const auto count = static_cast<uint64_t>(from->size());
  const Interval& interval = (*from)[count == 1 ? 0 : static_cast<size_t>((place * count) >> 32)];
  const uint32_t inside = count == 1 ? place : random.next32();
  return value_at(interval.low, interval.high, column.draw.step, inside);
}

void RowMaker::fill(const FilePlan& file, const std::vector<Known>& known, const std::vector<char>& is_set,
                    Random& random, Cell* row) {
  for (const bool bounded : {false, true}) {  // bounds may read the other columns
    for (size_t c = 0; c < file.columns.size(); ++c) {
      if (is_set[c] == 0 && file.columns[c].bounds.has_value() == bounded) {
        row[c] = draw(file.columns[c], known[c], random, row);
      }
    }
  }
  if (file.adjust) file.adjust(person_, random, row);
}

void RowMaker::make_person(uint64_t index) {
  Random random(plan_.seed, kPersonStream, index);
  person_.index = index;
  person_.place = random.next32();
  person_.z = normal(person_.place);
  person_.cells.assign(plan_.population.columns.size(), kNull);
  is_set_.assign(plan_.population.columns.size(), 0);
  fill(plan_.population, known_[kPopulationFile], is_set_, random, person_.cells.data());
}

// -- Child tables -----------------------------------------------------------------------------------------------------

void RowMaker::complete_rows(const TablePlan& table, const std::vector<Known>& known, Random& random, Rows* rows) {
  Scope scope;
  scope.inputs = person_.cells.data();
  if (table.complete_when && !holds(*table.complete_when, scope)) return;
  lists_.resize(table.each.size());
  is_set_.assign(table.columns.size(), 0);
  for (const size_t column : table.per) is_set_[column] = 1;
  for (size_t e = 0; e < table.each.size(); ++e) {
    const TablePlan::Each& each = table.each[e];
    is_set_[each.column] = 1;
    lists_[e] = each.all;
    if (each.list) evaluate_list(*each.list, scope, &lists_[e]);
    if (lists_[e].empty()) return;
  }
  const uint32_t tuples = table.per.empty() ? 1 : table.rows_min + random.below(table.rows_max - table.rows_min + 1);
  std::vector<size_t> at(table.each.size(), 0);
  for (uint32_t tuple = 0; tuple < tuples; ++tuple) {
    std::fill(at.begin(), at.end(), 0);
    for (bool more = true; more;) {
      Cell* row = rows->add();
      for (const size_t column : table.per) row[column] = tuple + 1;
      for (size_t e = 0; e < at.size(); ++e) row[table.each[e].column] = lists_[e][at[e]];
      fill(table, known, is_set_, random, row);
      more = false;
      for (size_t e = at.size(); e-- > 0 && !more;) {
        more = ++at[e] < lists_[e].size();
        if (!more) at[e] = 0;
      }
    }
  }
}

void RowMaker::free_rows(const TablePlan& table, const std::vector<Known>& known, Random& random, Rows* rows) {
  is_set_.assign(table.columns.size(), 0);
  // The first open column of the key is counted; without one, combinations of closed values are.
  size_t counted = SIZE_MAX;
  uint64_t combinations = 1;
  for (const size_t column : table.key) {
    const bool open = table.columns[column].draw.shape != Draw::Shape::kChoice;
    if (open && counted == SIZE_MAX) counted = column;
    if (!open) combinations *= table.columns[column].draw.choices.size();
  }
  uint32_t count = table.rows_min + random.below(table.rows_max - table.rows_min + 1);
  if (counted != SIZE_MAX) {
    is_set_[counted] = 1;
  } else if (!table.key.empty()) {
    for (const size_t column : table.key) is_set_[column] = 1;
    count = static_cast<uint32_t>(std::min<uint64_t>(count, combinations));
  }
  const uint64_t start = random.below(static_cast<uint32_t>(std::min<uint64_t>(combinations, 1U << 30)));
  for (uint32_t i = 0; i < count; ++i) {
    Cell* row = rows->add();
    if (counted != SIZE_MAX) {
      row[counted] = table.columns[counted].draw.low + i * table.columns[counted].draw.step;
    } else {
      uint64_t combination = (start + i) % combinations;
      for (const size_t column : table.key) {
        const std::vector<Cell>& choices = table.columns[column].draw.choices;
        row[column] = choices[combination % choices.size()];
        combination /= choices.size();
      }
    }
    fill(table, known, is_set_, random, row);
  }
}

void RowMaker::make_table(size_t t) {
  const TablePlan& table = plan_.tables[t];
  Rows& rows = rows_[table_file(t)];
  rows.cells.clear();
  Scope scope;
  scope.inputs = person_.cells.data();
  if (table.refuse_when && holds(*table.refuse_when, scope)) return;
  Random random(plan_.seed, stream_of(table.name), person_.index);
  if (table.make_rows) {
    table.make_rows(person_, random, &rows);
  } else if (table.has_complete) {
    complete_rows(table, known_[table_file(t)], random, &rows);
  } else {
    free_rows(table, known_[table_file(t)], random, &rows);
  }
}

void RowMaker::make_history() {
  Rows& rows = rows_[history_file(plan_)];
  rows.cells.clear();
  if (plan_.recorded.empty()) return;
  Random random(plan_.seed, stream_of("history"), person_.index);
  for (const HistoryPlan& recorded : plan_.recorded) {
    uint32_t periods = recorded.periods;
    // One in ten has come lately.
    if (!recorded.whole && random.chance(100)) periods = random.below(periods + 1);
    is_set_.assign(plan_.history.columns.size(), 1);
    for (const size_t column : recorded.columns) is_set_[column] = 0;
    for (uint32_t lag = periods; lag-- > 0;) {
      if (!recorded.whole && !random.chance(recorded.present_permille)) continue;
      Cell* row = rows.add();
      row[0] = static_cast<Cell>(recorded.kind);
      row[1] = recorded.newest - static_cast<Cell>(lag);
      fill(plan_.history, known_[history_file(plan_)], is_set_, random, row + kHistoryFront);
    }
  }
}

void RowMaker::append(uint64_t index, std::vector<std::string>* texts) {
  make_person(index);
  for (size_t t = 0; t < plan_.tables.size(); ++t) make_table(t);
  make_history();
  const Fault* fault = nullptr;
  if (faults_ppm_ != 0 && !faults_.empty()) {
    Random random(plan_.seed, stream_of("fault"), index);
    if (random.below(1'000'000) < faults_ppm_) {
      const uint32_t start = random.below(static_cast<uint32_t>(faults_.size()));
      for (size_t i = 0; i < faults_.size() && fault == nullptr; ++i) {
        const Fault& candidate = faults_[(start + i) % faults_.size()];
        if (applies(candidate)) fault = &candidate;
      }
    }
  }
  faults_made_ += fault != nullptr ? 1 : 0;
  write(fault, texts);
}

}  // namespace kaogong::generate
