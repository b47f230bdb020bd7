// What looks beyond the employee's row of this period: cohorts and history.
#include <algorithm>

#include "engine/explain/builder.h"
#include "engine/feel/parser.h"
#include "engine/scheme/period.h"

namespace kaogong::explain {

using feel::Value;
using feel::ValueKind;
using reference::Form;

CohortSizes::CohortSizes(const reference::Model& model, reference::Provider& values, const reference::Cohorts& cohorts,
                         const std::vector<uint8_t>& refused)
    : model_(model), cohorts_(cohorts), refused_(refused), evaluator_(model, &values, nullptr) {}

const CohortSizes::Size& CohortSizes::of(uint32_t cohort, const std::string& group) {
  const auto [sizes, fresh] = sizes_.try_emplace(cohort);
  for (size_t r = 0; fresh && r < refused_.size(); ++r) {
    if (refused_[r] != 0) continue;
    const auto row = cohorts_.read(model_.cohorts()[cohort], r, &evaluator_);
    if (row.state != reference::Cohorts::RowState::kPart) continue;
    Size& size = sizes->second[row.group];
    ++size.members;
    if (!row.by.is(ValueKind::kNumber)) continue;
    if (const auto sum = number::add(size.by, row.by.as_number(), number::Arithmetic::kExact)) size.by = sum.value;
  }
  return sizes->second[group];
}

void Builder::cohort(const feel::Call& tree, const reference::CallInfo& info, Walk& walk) {
  const reference::CohortCall& call = model_.cohorts()[info.cohort];
  Node node;
  node.kind = Kind::kCohort;
  node.name = feel::to_text(*tree.callee);
  node.expression = feel::to_text(tree);
  if (const auto value = evaluate(tree, walk)) node.value = show(*value);
  put(tree, node.value, walk);
  if (!walk.here->seen.insert(node.expression).second) return;
  bool part = true;
  std::string group;
  const auto fact = [&](const char* name, const feel::Expr* argument) {
    std::optional<Value> value;
    if (argument != nullptr) value = evaluate(*argument, walk);
    if (value) node.facts.emplace_back(name, show(*value));
    return value;
  };
  if (const auto within = fact("group", call.within)) reference::append_key(*within, &group);
  if (call.among != nullptr) {
    const auto among = evaluate(*call.among, walk);
    part = among && among->is_true();
  }
  if (part && call.of != nullptr) {
    const auto of = fact("of", call.of);
    part = of && !of->is_null();
  }
  if (part) fact("by", call.by);
  const CohortSizes::Size& size = sizes_.of(info.cohort, group);
  node.count = size.members;
  node.holds = part;
  if (call.by != nullptr) node.facts.emplace_back("by_total", show(Value(size.by)));
  walk.here->node->children.push_back(std::move(node));
  Walk inner = walk;
  inner.worked = nullptr;
  inner.whole = nullptr;
  for (const feel::Argument& argument : tree.arguments) this->walk(*argument.value, inner);
}

Node Builder::recorded(const std::vector<uint32_t>& columns, int64_t lag) {
  Node node;
  node.kind = Kind::kRecorded;
  node.file = "history.csv";
  const auto& history = model_.inputs().history;
  for (const uint32_t column : columns) {
    const scheme::HistoryColumn& decl = model_.document().history[column];
    if (column < history.size()) {
      scheme::Period period{history[column].kind, history[column].newest};
      if (period.index == 0) period = {model_.inputs().period.kind, model_.inputs().period.index - 1};
      period.index -= static_cast<int32_t>(lag);
      node.name = scheme::to_text(period);
    }
    const Value value = evaluator_.recorded(column, lag);
    node.facts.emplace_back(decl.name, show(value, decl.type));
  }
  return node;
}

void Builder::history(const feel::Call& tree, const reference::CallInfo& info, Walk& walk) {
  Node node;
  node.kind = Kind::kHistory;
  node.expression = feel::to_text(tree);
  std::optional<uint32_t> column;
  if (!tree.arguments.empty() && tree.arguments[0].value->kind == feel::ExprKind::kName) {
    column = model_.history_index(static_cast<const feel::NameRef&>(*tree.arguments[0].value).name);
  }
  const auto value = evaluate(tree, walk);
  if (!column || !value) return;
  const scheme::HistoryColumn& decl = model_.document().history[*column];
  node.name = decl.name;
  node.labels = decl.labels;
  node.remark = one_line(decl.remark);
  node.value = show(*value, decl.type);
  put(tree, node.value, walk);
  if (!walk.here->seen.insert(node.expression).second) return;
  const scheme::Period period = model_.inputs().period;
  const auto& all = model_.inputs().history;
  int64_t newest = 0, count = 1;
  bool only_recorded = false;
  if (*column < all.size()) {
    const column::HistoryColumnData& data = all[*column];
    const bool finer = data.kind != period.kind;
    const int32_t inside = scheme::months_of(period.kind) / std::max(1, scheme::months_of(data.kind));
    switch (info.form) {
      case Form::kLast:
        count = value->is(ValueKind::kList) ? static_cast<int64_t>(value->as_list().size()) : 0;
        break;
      case Form::kEarlier:
      case Form::kYearToDate: {
        only_recorded = true;
        newest = finer ? inside : 0;
        count = static_cast<int64_t>(data.by_period.size()) - newest;
        if (info.form == Form::kEarlier) break;
        const scheme::Period year{scheme::PeriodKind::kYear, scheme::year_of(period)};
        count = data.newest - newest - scheme::first_within(year, data.kind).index + 1;
        break;
      }
      case Form::kWithin:
        count = inside;
        break;
      default:
        break;
    }
  } else {
    count = info.form == Form::kPrevious ? 1 : 0;
  }
  for (int64_t lag = newest; lag < newest + count; ++lag) {
    if (only_recorded && evaluator_.recorded(*column, lag).is_null()) continue;
    node.children.push_back(recorded({*column}, lag));
  }
  walk.here->node->children.push_back(std::move(node));
}

void Builder::runs(const feel::Call& tree, const reference::CallInfo& info, Walk& walk) {
  const auto value = evaluate(tree, walk);
  if (!value || !value->is(ValueKind::kNumber) || tree.arguments.empty()) return;
  Node node;
  node.kind = Kind::kHistory;
  node.name = feel::to_text(*tree.callee);
  node.expression = feel::to_text(tree);
  node.value = show(*value);
  put(tree, node.value, walk);
  if (!walk.here->seen.insert(node.expression).second) return;
  const feel::Expr& condition = *tree.arguments[0].value;
  const scheme::Period period = model_.inputs().period;
  const auto& history = model_.document().history;
  Walk inner = walk;
  inner.worked = nullptr;
  inner.whole = nullptr;
  inner.lenient = true;
  if (info.form == Form::kStreak) {
    const int64_t run = value->as_number().to_int64().value_or(0);
    Node now;
    now.kind = Kind::kRecorded;
    now.name = scheme::to_text(period);
    now.holds = run > 0;
    for (const uint32_t column : info.history) {
      const auto known = model_.names().find(history[column].name);
      if (known == model_.names().end() || known->second.kind != reference::NameInfo::Kind::kDecision) continue;
      const auto current = evaluator_.decision(known->second.index);
      if (current) now.facts.emplace_back(history[column].name, show(*current, history[column].type));
    }
    node.children.push_back(std::move(now));
    // The run goes back from this period; the period after its end is shown too: it says why it ends there.
    for (int64_t lag = 0; lag < run && !info.history.empty(); ++lag) {
      Node earlier = recorded(info.history, lag);
      earlier.holds = lag + 1 < run;
      node.children.push_back(std::move(earlier));
    }
  } else {
    scheme::PeriodKind kind = period.kind;
    for (const column::HistoryColumnData& data : model_.inputs().history) {
      if (data.kind != period.kind) kind = data.kind;
    }
    for (int64_t lag = scheme::months_of(period.kind) / std::max(1, scheme::months_of(kind)) - 1; lag >= 0; --lag) {
      Node at = recorded(info.history, lag);
      Walk then = inner;
      bool any = info.history.empty();
      for (const uint32_t column : info.history) {
        then.bindings.emplace_back(history[column].name, evaluator_.recorded(column, lag));
        any = any || !then.bindings.back().second.is_null();
      }
      const auto holds = any ? evaluate(condition, then) : std::nullopt;
      at.holds = holds && holds->is_true();
      node.children.push_back(std::move(at));
    }
    for (const uint32_t column : info.history) inner.bindings.emplace_back(history[column].name, Value());
  }
  walk.here->node->children.push_back(std::move(node));
  this->walk(condition, inner);
}

}  // namespace kaogong::explain
