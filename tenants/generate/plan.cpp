#include "tenants/generate/plan.h"

#include <algorithm>

#include "engine/feel/walk.h"
#include "tenants/generate/default_column.h"
#include "tenants/generate/profile.h"

namespace kaogong::generate {

namespace {

constexpr uint32_t kChildNames = 9;  // different names of an open string in a child table
constexpr uint32_t kPeopleOfDepartment = 40;
constexpr uint32_t kDepartmentsMax = 999;
constexpr uint32_t kHistoryPeriodsMax = 24;
constexpr size_t kLookupRowsMax = 100'000;

TablePlan make_table(const scheme::Table& declared, Plan* plan) {
  TablePlan table;
  table.name = declared.name;
  for (const scheme::Column& column : declared.columns) {
    table.columns.push_back(default_column(column, plan, kChildNames));
  }
  for (const std::string& name : declared.key) table.key.push_back(table.place(name));
  table.rows_min = declared.min_rows;
  table.rows_max = std::min(declared.max_rows.value_or(UINT32_MAX), std::max<uint32_t>(declared.min_rows, 1) + 2);
  if (!declared.complete.empty() && !declared.complete[0].per.empty()) {
    table.rows_min = 1;
    table.rows_max = 3;
  }
  return table;
}

// -- History ----------------------------------------------------------------------------------------------------------

struct Looks {
  uint32_t back = 0;
  bool whole = false;  // every period inside the run's own
};

uint32_t literal_or(const feel::Expr& e, uint32_t otherwise) {
  if (e.kind != feel::ExprKind::kNumber) return otherwise;
  const std::string& text = static_cast<const feel::NumberLiteral&>(e).text;
  uint32_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || value > 1000) return otherwise;
    value = value * 10 + static_cast<uint32_t>(c - '0');
  }
  return value;
}

// How far back the calls in an expression look for a history column.
void look(const feel::Expr& e, const std::string& column, uint32_t since_new_year, Looks* looks) {
  if (e.kind == feel::ExprKind::kCall) {
    const auto& call = static_cast<const feel::Call&>(e);
    if (call.callee->kind == feel::ExprKind::kName && !call.arguments.empty() &&
        feel::mentions_name(*call.arguments[0].value, column)) {
      const std::string& function = static_cast<const feel::NameRef&>(*call.callee).name;
      uint32_t back = 0;
      if (function == "previous") back = 1;
      if (function == "streak") back = 6;
      if (function == "earlier") back = 4;
      if (function == "year_to_date") back = since_new_year;
      if (function == "last") back = call.arguments.size() > 1 ? literal_or(*call.arguments[1].value, 12) : 1;
      if (function == "within" || function == "longest_run") looks->whole = true;
      looks->back = std::max(looks->back, back);
    }
  }
  feel::for_each_child(e, [&](const feel::Expr& child) { look(child, column, since_new_year, looks); });
}

void make_history(const scheme::Document& document, Plan* plan) {
  plan->history.name = "history";
  for (const scheme::HistoryColumn& declared : document.history) {
    const size_t place = plan->history.columns.size();
    plan->history.columns.push_back(default_column(declared, plan, kChildNames));
    HistoryPlan recorded;
    recorded.kind = scheme::parse_period_kind(declared.every).value_or(plan->period.kind);
    const scheme::Period next{plan->period.kind, plan->period.index + 1};
    const bool finer = scheme::months_of(recorded.kind) < scheme::months_of(plan->period.kind);
    recorded.newest = finer ? scheme::first_within(next, recorded.kind).index - 1 : plan->period.index - 1;
    const int32_t a_year = 12 / scheme::months_of(recorded.kind);
    const auto since_new_year = static_cast<uint32_t>((recorded.newest + 1) % a_year);
    Looks looks;
    const auto look_at = [&](const scheme::Expression& expression) {
      if (expression) look(*expression.tree, declared.name, since_new_year, &looks);
    };
    for (const scheme::Decision& decision : document.decisions) {
      look_at(decision.expr);
      if (decision.bands) look_at(decision.bands->of);
      for (size_t i = 0; decision.table && i < decision.table->inputs.size(); ++i) look_at(decision.table->inputs[i]);
    }
    for (const scheme::Check& check : document.checks) look_at(check.require);
    const auto inside = static_cast<uint32_t>(scheme::months_of(plan->period.kind) / scheme::months_of(recorded.kind));
    recorded.whole = looks.whole;
    recorded.periods = std::min(kHistoryPeriodsMax, std::max(looks.back, looks.whole ? inside : 0));
    const auto same = std::find_if(plan->recorded.begin(), plan->recorded.end(),
                                   [&](const HistoryPlan& other) { return other.kind == recorded.kind; });
    if (same == plan->recorded.end()) {
      recorded.columns.push_back(place);
      plan->recorded.push_back(recorded);
    } else {
      same->columns.push_back(place);
      same->whole = same->whole || recorded.whole;
      same->periods = std::max(same->periods, recorded.periods);
    }
  }
}

// -- Lookups ----------------------------------------------------------------------------------------------------------

void declare_lookup(const scheme::Lookup& declared, Plan* plan) {
  LookupRows& rows = plan->lookup_rows.emplace_back();
  LookupPlan file;
  rows.name = file.name = declared.name;
  for (const scheme::Column& column : declared.columns) {
    file.columns.push_back(default_column(column, plan, kChildNames));
    // A column that names something has what an input of that name has, so that everybody finds a row.
    for (const ColumnPlan& input : plan->population.columns) {
      if (input.name == column.name && column.type.name == scheme::TypeName::kString) file.columns.back() = input;
    }
    if (declared.is_inline && column.type.name == scheme::TypeName::kString) {
      file.columns.back().format.kind = Format::Kind::kSymbol;
    }
    rows.columns.push_back(column.name);
  }
  for (const std::string& name : declared.key) rows.key.push_back(file.place(name));
  for (const std::vector<std::string>& literals : declared.rows) {
    std::vector<Cell>& row = rows.rows.emplace_back();
    for (size_t i = 0; i < literals.size(); ++i) {
      row.push_back(literal_cell(literals[i], file.columns[i].format, &plan->symbols));
    }
  }
  if (!declared.is_inline) {
    file.rows = plan->lookup_rows.size() - 1;
    plan->lookups.push_back(std::move(file));
  } else {
    for (const ColumnPlan& column : file.columns) rows.formats.push_back(column.format);
  }
}

// Every combination of the key columns' names, with other columns drawn.
void draw_lookup(LookupPlan* file, Plan* plan) {
  LookupRows& rows = plan->lookup_rows[file->rows];
  rows.formats.clear();
  for (const ColumnPlan& column : file->columns) rows.formats.push_back(column.format);
  if (!rows.rows.empty()) return;  // a profile has given them
  std::vector<std::vector<Cell>> keys = {{}};
  for (const size_t place : rows.key) {
    const Draw& draw = file->columns[place].draw;
    std::vector<Cell> values = draw.choices;
    const bool is_open = values.empty();
    for (Cell v = draw.low; is_open && v <= draw.high && values.size() < kDepartmentsMax; v += draw.step) {
      values.push_back(v);
    }
    std::vector<std::vector<Cell>> longer;
    for (const std::vector<Cell>& key : keys) {
      for (const Cell value : values) {
        if (longer.size() >= kLookupRowsMax) break;
        longer.push_back(key);
        longer.back().push_back(value);
      }
    }
    keys = std::move(longer);
  }
  for (size_t r = 0; r < keys.size(); ++r) {
    Random random(plan->seed, stream_of(file->name), r);
    Person person;
    person.index = r;
    person.place = random.next32();
    person.z = normal(person.place);
    std::vector<Cell>& row = rows.rows.emplace_back(file->columns.size(), kNull);
    for (size_t k = 0; k < rows.key.size(); ++k) row[rows.key[k]] = keys[r][k];
    for (size_t c = 0; c < row.size(); ++c) {
      if (std::find(rows.key.begin(), rows.key.end(), c) == rows.key.end()) {
        row[c] = file->columns[c].draw.next(person, random);
      }
    }
    if (file->adjust) file->adjust(person, random, row.data());
  }
}

// -- Conditions -------------------------------------------------------------------------------------------------------

void read_checks(const std::vector<scheme::Check>& checks, const Names& names, FilePlan* file) {
  for (const scheme::Check& check : checks) {
    if (check.when) continue;
    std::optional<Bounds> bounds = bounds_of(*check.require.tree, names);
    if (bounds && !file->columns[bounds->column].bounds) {
      const size_t column = bounds->column;
      file->columns[column].bounds = std::move(bounds);
    }
  }
}

void read_conditions(const scheme::Table& declared, const Names& names, TablePlan* table) {
  read_checks(declared.checks, names, table);
  Names outside = names;  // conditions of the table see the employee's values only
  outside.columns = nullptr;
  outside.computed = nullptr;
  if (declared.refuse_when) table->refuse_when = compile(*declared.refuse_when.tree, outside);
  if (declared.complete.empty()) return;
  const scheme::Complete& complete = declared.complete[0];
  if (complete.when) table->complete_when = compile(*complete.when.tree, outside);
  table->has_complete = true;
  for (const std::string& name : complete.per) table->per.push_back(table->place(name));
  for (const scheme::Complete::Each& each : complete.each) {
    TablePlan::Each columns;
    columns.column = table->place(each.column);
    if (each.all) {
      columns.all = table->columns[columns.column].draw.choices;
    } else {
      columns.list = compile(*each.of.tree, outside);
    }
    // A list of names of a lookup has that column's form.
    if (columns.list && columns.list->lookup != nullptr && columns.list->op == Node::Op::kFilter) {
      table->columns[columns.column].format = columns.list->lookup->formats[static_cast<size_t>(columns.list->cell)];
    }
    if (columns.list && columns.list->op != Node::Op::kFilter) {
      table->columns[columns.column].format.kind = Format::Kind::kSymbol;
    }
    table->each.push_back(std::move(columns));
  }
}

}  // namespace

std::unique_ptr<Plan> make_plan(const scheme::Document& document, scheme::Period period, uint64_t employees,
                                uint64_t seed) {
  auto plan = std::make_unique<Plan>();
  plan->period = period;
  plan->employees = employees;
  plan->seed = seed;
  plan->departments = static_cast<uint32_t>(
      std::clamp<uint64_t>((employees + kPeopleOfDepartment / 2) / kPeopleOfDepartment, 1, kDepartmentsMax));
  plan->population.name = "population";
  for (const scheme::Input& input : document.inputs) {
    ColumnPlan column = default_column(input, plan.get(), plan->departments);
    if (input.name == "department" && column.format.kind == Format::Kind::kNumbered) {
      column.format.width = 3;
      plan->names_departments = true;
    }
    plan->population.columns.push_back(std::move(column));
  }
  for (const scheme::Table& table : document.tables) plan->tables.push_back(make_table(table, plan.get()));
  make_history(document, plan.get());
  plan->lookup_rows.reserve(document.lookups.size());
  for (const scheme::Lookup& lookup : document.lookups) declare_lookup(lookup, plan.get());
  for (const scheme::Parameter& parameter : document.parameters) {
    if (parameter.default_value || parameter.default_expression) continue;
    const ColumnPlan column = default_column(parameter, plan.get(), kChildNames);
    Random random(seed, stream_of("parameters"), plan->parameters.size());
    std::string value;
    append_cell(&value, column.draw.next({}, random), column.format, plan->symbols);
    plan->parameters.push_back({parameter.name, std::move(value)});
  }
  if (const Profile profile = find_profile(document.id)) profile(*plan);

  for (LookupPlan& file : plan->lookups) draw_lookup(&file, plan.get());
  for (LookupRows& rows : plan->lookup_rows) rows.index();
  const std::vector<ColumnRef> inputs = plan->population.refs();
  Names names;
  names.inputs = &inputs;
  names.lookups = &plan->lookup_rows;
  names.symbols = &plan->symbols;
  names.period_start = scheme::first_day(period);
  names.period_end = scheme::last_day(period);
  names.year = scheme::year_of(period);
  read_checks(document.checks, names, &plan->population);
  for (size_t t = 0; t < plan->tables.size(); ++t) {
    TablePlan& table = plan->tables[t];
    const std::vector<ColumnRef> columns = table.refs();
    names.columns = &columns;
    names.computed = &document.tables[t].computed;
    read_conditions(document.tables[t], names, &table);
  }
  return plan;
}

}  // namespace kaogong::generate
