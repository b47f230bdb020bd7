#include "engine/reference/row_evaluator.h"

#include <algorithm>

#include "engine/feel/stack_use.h"
#include "engine/scheme/period.h"

namespace kaogong::reference {

using feel::Value;
using feel::ValueKind;

namespace {

// Definitions evaluate one another: how much stack that may take before another one begins.
constexpr size_t kStackBytesMax = size_t{1} << 20;

Refusal refusal_of(const feel::EvalFailure& failure) { return {worded(failure.error.message), {}, {}, {}, 0}; }

}  // namespace

RowEvaluator::RowEvaluator(const Model& model, Provider* provider, CohortValues* cohorts)
    : model_(model), provider_(provider), cohorts_(cohorts) {
  options_.semantics = feel::Semantics::kStrict;
  options_.host = this;
  decisions_.resize(model.decisions().size());
  children_.resize(model.domains().size());
  for (size_t d = 0; d < children_.size(); ++d) children_[d].computed.resize(model.domains()[d].computed.size());
  lists_.resize(model.projections().size());
}

void RowEvaluator::start(size_t row) {
  row_ = row;
  has_row_ = true;
  for (Cell& cell : decisions_) cell = {};
  for (Cell& cell : lists_) cell = {};
  for (Children& children : children_) children.known = false;
  faults_.clear();
}

std::optional<Value> RowEvaluator::RowScope::find(std::string_view name) const {
  if (domain_ != kNone) {
    if (auto value = owner_.child_name(domain_, row_, name)) return value;
  }
  return owner_.employee_name(name);
}

// Runs a definition once; its own failure becomes a fault here, a failure of what it reads does not. False: no value.
bool RowEvaluator::settled(Cell* cell, const Site& site, Place place, const std::function<Value()>& run) {
  switch (cell->state) {
    case State::kDone:
      return true;
    case State::kFailed:
      return false;
    case State::kBusy:
      throw feel::EvalFailure{{"the value depends on itself", {}}};
    case State::kNew:
      break;
  }
  cell->state = State::kBusy;
  try {
    cell->value = run();
    cell->state = State::kDone;
    return true;
  } catch (const feel::EvalFailure& failure) {
    refuse(refusal_of(failure), site, place);
  } catch (const Refusal& refusal) {
    refuse(refusal, site, place);
  } catch (const Blocked&) {  // has its fault elsewhere
  }
  cell->state = State::kFailed;
  return false;
}

Value RowEvaluator::settle(Cell* cell, const Site& site, Place place, const std::function<Value()>& run) {
  if (!settled(cell, site, place, run)) throw Blocked{};
  return cell->value;
}

void RowEvaluator::refuse(const Refusal& refusal, const Site& site, Place place) {
  column::Fault fault;
  fault.row = static_cast<uint32_t>(row_);
  fault.file = refusal.file.empty() ? site.file : refusal.file;
  fault.line = refusal.file.empty() ? site.line : refusal.line;
  fault.column = refusal.column.empty() ? site.column : refusal.column;
  fault.value = refusal.value;
  fault.error = refusal.error;
  faults_.emplace_back(place, std::move(fault));
}

Value RowEvaluator::evaluate_in(const feel::Expr& tree, const Unit& unit, const feel::Scope& scope) {
  const bool outermost = stack_base_ == nullptr;
  if (outermost) stack_base_ = feel::stack_here();
  struct Restore {
    RowEvaluator& self;
    const Unit* unit;
    bool outermost;
    ~Restore() {
      self.unit_ = unit;
      if (outermost) self.stack_base_ = nullptr;
    }
  } const restore{*this, unit_, outermost};
  if (feel::stack_used(stack_base_, feel::stack_here()) > kStackBytesMax)
    throw feel::EvalFailure{{"nested too deeply", {}}};
  unit_ = &unit;
  feel::Evaluator evaluator(options_);
  Value value = evaluator.evaluate(tree, feel::Environment(scope));
  refuse_poison(value);
  return value;
}

Value RowEvaluator::evaluate(const feel::Expr& tree, const Unit& unit) {
  return evaluate_in(tree, unit, RowScope(*this, kNone, 0));
}

std::optional<Value> RowEvaluator::constant(const feel::Expr& tree, const Unit& unit, const scheme::TypeDecl& type,
                                            std::string* why) {
  try {
    return conform(evaluate(tree, unit), type);
  } catch (const feel::EvalFailure& failure) {
    *why = failure.error.message;
  } catch (const Refusal& refusal) {
    *why = refusal.error.en;
  } catch (const Blocked&) {
    *why = "it compares employees";
  }
  return std::nullopt;
}

bool RowEvaluator::decided(uint32_t index) {
  Cell& cell = decisions_[index];
  if (cell.state == State::kDone) return true;
  if (cell.state == State::kNew && provider_ != nullptr && provider_->find(index, row_, &cell.value)) {
    cell.state = State::kDone;
    return true;
  }
  const Definition& definition = model_.decisions()[index];
  const Site site{"population", model_.line_of(row_), definition.decl->name};
  const uint32_t outer_domain = site_domain_;
  site_domain_ = kNone;
  struct Restore {
    uint32_t& domain;
    uint32_t outer;
    ~Restore() { domain = outer; }
  } const restore{site_domain_, outer_domain};
  return settled(&cell, site, {kDecisions, index, 0, 0}, [&] {
    Value value = conform(define(definition, RowScope(*this, kNone, 0)), definition.decl->type);
    if (provider_ != nullptr) provider_->keep(index, row_, value);
    return value;
  });
}

Value RowEvaluator::decide(uint32_t index) {
  if (!decided(index)) throw Blocked{};
  return decisions_[index].value;
}

std::optional<Value> RowEvaluator::decision(uint32_t index) {
  // A circle is noted where it closes, which is inside of this one.
  if (decisions_[index].state == State::kBusy || !decided(index)) return std::nullopt;
  return decisions_[index].value;
}

Value RowEvaluator::define(const Definition& definition, const feel::Scope& scope) {
  if (definition.bands) return bands(definition, scope);
  if (definition.decl->table) return table(definition, scope);
  return evaluate_in(*definition.decl->expr.tree, definition.unit, scope);
}

std::optional<Value> RowEvaluator::employee_name(std::string_view name) {
  const auto found = model_.names().find(name);
  if (found == model_.names().end()) return std::nullopt;
  using Kind = NameInfo::Kind;
  const NameInfo& info = found->second;
  if (auto value = calendar(info.kind)) return value;
  if (info.kind == Kind::kParameter) return model_.parameters()[info.index];
  if (info.kind == Kind::kLookup) return model_.lookups()[info.index].list;
  if (!has_row_) return std::nullopt;
  switch (info.kind) {
    case Kind::kInput:
      return model_.input_columns()[info.index].at(row_);
    case Kind::kDecision:
      return decide(info.index);
    case Kind::kChildren:
      return child_list(info.index);
    case Kind::kEmployee:
      return Value::string(std::string(model_.inputs().employees[row_]));
    default:
      return this_row();
  }
}

std::optional<Value> RowEvaluator::calendar(NameInfo::Kind kind) const {
  using Kind = NameInfo::Kind;
  const scheme::Period period = model_.inputs().period;
  switch (kind) {
    case Kind::kPeriod:
      return Value::string(scheme::to_text(period));
    case Kind::kPeriodStart:
      return Value(*feel::from_days(scheme::first_day(period)));
    case Kind::kPeriodEnd:
      return Value(*feel::from_days(scheme::last_day(period)));
    case Kind::kYear:
      return Value::integer(scheme::year_of(period));
    default:
      return std::nullopt;
  }
}

Value RowEvaluator::this_row() {
  std::vector<std::pair<std::string, Value>> entries;
  for (const std::string& name : unit_->this_names) {
    if (auto value = employee_name(name)) entries.emplace_back(name, std::move(*value));
  }
  return Value::context(std::move(entries));
}

std::optional<Value> RowEvaluator::child_name(uint32_t domain, uint32_t row, std::string_view name) {
  const DomainInfo& info = model_.domains()[domain];
  if (info.group != nullptr && name == info.group->of) return group_members(domain, row);
  const auto found = info.columns.find(name);
  if (found == info.columns.end()) return std::nullopt;
  return child_value(domain, found->second, row);
}

RowEvaluator::Children& RowEvaluator::children(uint32_t domain) {
  Children& children = children_[domain];
  if (children.known) return children;
  const DomainInfo& info = model_.domains()[domain];
  const TableInfo& table = model_.tables()[info.table];
  children.known = true;
  children.members.clear();
  children.first = table.data == nullptr ? 0 : table.data->offsets[row_];
  const auto rows = static_cast<uint32_t>(table.data == nullptr ? 0 : table.data->offsets[row_ + 1] - children.first);
  if (info.group == nullptr) {
    children.rows = rows;
  } else {
    std::unordered_map<std::string, size_t> groups;
    for (uint32_t r = 0; r < rows; ++r) {
      std::string key;
      for (const uint32_t column : info.stored) append_key(table.columns[column].at(children.first + r), &key);
      const auto [at, fresh] = groups.try_emplace(std::move(key), children.members.size());
      if (fresh) children.members.emplace_back();
      children.members[at->second].push_back(r);
    }
    children.rows = static_cast<uint32_t>(children.members.size());
  }
  for (std::vector<Cell>& cells : children.computed) cells.assign(children.rows, {});
  return children;
}

RowEvaluator::Site RowEvaluator::child_site(uint32_t domain, uint32_t row, const std::string& column) {
  const Children& rows = children(domain);
  const DomainInfo& info = model_.domains()[domain];
  const TableInfo& table = model_.tables()[info.table];
  const uint64_t at = rows.first + (info.group == nullptr ? row : rows.members[row].front());
  const auto& lines = table.data->lines;
  return {table.decl->name, at < lines.size() ? lines[at] : 0, column};
}

Value RowEvaluator::child_value(uint32_t domain, uint32_t column, uint32_t row) {
  const DomainInfo& info = model_.domains()[domain];
  Children& rows = children(domain);
  if (column < info.stored.size()) {
    const uint64_t at = rows.first + (info.group == nullptr ? row : rows.members[row].front());
    return model_.tables()[info.table].columns[info.stored[column]].at(at);
  }
  const auto index = static_cast<uint32_t>(column - info.stored.size());
  Cell& cell = rows.computed[index][row];
  if (cell.state == State::kDone) return cell.value;
  const Definition& definition = info.computed[index];
  const uint32_t outer_domain = site_domain_;
  site_domain_ = domain;
  struct Restore {
    uint32_t& domain;
    uint32_t outer;
    ~Restore() { domain = outer; }
  } const restore{site_domain_, outer_domain};
  const Place place{info.group == nullptr ? kTables : kGroups, domain, row, 1000 + index};
  return settle(&cell, child_site(domain, row, definition.decl->name), place,
                [&] { return conform(define(definition, RowScope(*this, domain, row)), definition.decl->type); });
}

// The rows as contexts of the columns that the current definition may read.
Value RowEvaluator::child_list(uint32_t domain) {
  const uint32_t index = unit_->projections[domain];
  Cell& cell = lists_[index];
  if (cell.state == State::kDone) return cell.value;
  const Projection& projection = model_.projections()[index];
  const DomainInfo& info = model_.domains()[domain];
  const uint32_t rows = children(domain).rows;
  std::vector<Value> items;
  items.reserve(rows);
  for (uint32_t r = 0; r < rows; ++r) {
    std::vector<std::pair<std::string, Value>> entries;
    entries.reserve(projection.columns.size());
    for (const uint32_t column : projection.columns) {
      entries.emplace_back(info.column_names[column], child_value(domain, column, r));
    }
    items.push_back(Value::context(std::move(entries)));
  }
  lists_[index] = {State::kDone, Value::list(std::move(items))};
  return lists_[index].value;
}

Value RowEvaluator::group_members(uint32_t domain, uint32_t row) {
  const DomainInfo& info = model_.domains()[domain];
  const std::vector<uint32_t> members = children(domain).members[row];
  const Value all = child_list(info.table);
  std::vector<Value> items;
  items.reserve(members.size());
  for (const uint32_t member : members) items.push_back(all.as_list()[member]);
  return Value::list(std::move(items));
}

}  // namespace kaogong::reference
