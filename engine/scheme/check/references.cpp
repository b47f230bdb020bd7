#include "engine/scheme/check/references.h"

#include <algorithm>

#include "engine/scheme/pack_call.h"

namespace kaogong::scheme {

Names::Names(const Document& document) : document_(document) {
  const auto add_columns = [](RowSource& source, const std::vector<Column>& columns) {
    for (const Column& column : columns) source.columns.emplace(column.name, &column);
  };
  const auto add_computed = [](RowSource& source, const std::vector<Decision>& computed) {
    for (const Decision& column : computed) {
      source.columns.emplace(column.name, &column);
      source.computed.emplace(column.name, &column);
    }
  };
  for (const Table& table : document.tables) {
    RowSource source{RowSource::Kind::kTable, table.name, {}, {}};
    add_columns(source, table.columns);
    add_computed(source, table.computed);
    rows_.emplace(table.name, std::move(source));
  }
  for (const Lookup& lookup : document.lookups) {
    RowSource source{RowSource::Kind::kLookup, lookup.name, {}, {}};
    add_columns(source, lookup.columns);
    add_computed(source, lookup.computed);
    rows_.emplace(lookup.name, std::move(source));
  }
  for (const Group& group : document.groups) {
    RowSource source{RowSource::Kind::kGroup, group.name, {}, {}};
    if (const RowSource* base = row_source(group.of)) {
      for (const std::string& by : group.by) {
        if (const auto found = base->columns.find(by); found != base->columns.end()) source.columns.insert(*found);
      }
    }
    add_computed(source, group.computed);
    rows_.emplace(group.name, std::move(source));
  }
  for (const auto& [name, source] : rows_) {
    for (const auto& [column, named] : source.columns) columns_[column].push_back(&source);
  }
  for (const Input& input : document.inputs) {
    values_.emplace(input.name, &input);
    inputs_.emplace(input.name, &input);
  }
  for (const Parameter& parameter : document.parameters) values_.emplace(parameter.name, &parameter);
  for (const Decision& decision : document.decisions) {
    values_.emplace(decision.name, &decision);
    decisions_.emplace(decision.name, &decision);
  }
  for (const HistoryColumn& column : document.history) history_.insert(column.name);
}

const RowSource* Names::row_source(std::string_view name) const {
  const auto found = rows_.find(name);
  return found == rows_.end() ? nullptr : &found->second;
}

const Decision* Names::decision(std::string_view name) const {
  const auto found = decisions_.find(name);
  return found == decisions_.end() ? nullptr : found->second;
}

const Input* Names::input(std::string_view name) const {
  const auto found = inputs_.find(name);
  return found == inputs_.end() ? nullptr : found->second;
}

const Named* Names::find(std::string_view name, const RowSource* row) const {
  if (row != nullptr) {
    if (const auto found = row->columns.find(name); found != row->columns.end()) return found->second;
  }
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : found->second;
}

std::vector<const RowSource*> Names::sources_with(std::string_view column) const {
  const auto found = columns_.find(column);
  return found == columns_.end() ? std::vector<const RowSource*>() : found->second;
}

const TypeDecl* Names::type_of(const feel::Expr& expression, const RowSource* row) const {
  const Named* named = nullptr;
  if (expression.kind == feel::ExprKind::kName) {
    named = find(static_cast<const feel::NameRef&>(expression).name, row);
  } else if (expression.kind == feel::ExprKind::kPath) {
    const auto& path = static_cast<const feel::Path&>(expression);
    if (path.object->kind == feel::ExprKind::kName && static_cast<const feel::NameRef&>(*path.object).name == "this") {
      named = find(path.name, nullptr);
    } else if (path.object->kind == feel::ExprKind::kCall) {
      const feel::Expr& callee = *static_cast<const feel::Call&>(*path.object).callee;
      const RowSource* lookup =
          callee.kind == feel::ExprKind::kName ? row_source(static_cast<const feel::NameRef&>(callee).name) : nullptr;
      if (lookup != nullptr && lookup->kind == RowSource::Kind::kLookup) {
        const auto found = lookup->columns.find(path.name);
        named = found == lookup->columns.end() ? nullptr : found->second;
      }
    }
  }
  return named == nullptr ? nullptr : &named->type;
}

namespace {

using feel::Expr;
using feel::ExprKind;

template <class T>
const T& as(const Expr& e) {
  return static_cast<const T&>(e);
}

bool is_earlier_function(std::string_view name) {
  return name == "previous" || name == "last" || name == "earlier" || name == "year_to_date" || name == "within";
}

class Walker {
 public:
  Walker(const Names& names, const std::function<void(const Reference&)>& each) : names_(names), each_(each) {}

  // What a name stands for inside: a local value (with the rows it iterates over, if known) or a row's columns.
  struct Scope {
    const RowSource* row = nullptr;
    bool unknown_row = false;  // inside a filter of something that is not a known table
    std::string_view local;    // a bound name; empty for a row
  };
  std::vector<Scope> scopes;

  void walk(const Expr* expression) {
    if (expression != nullptr) walk(*expression);
  }

  void walk(const Expr& e) {
    switch (e.kind) {
      case ExprKind::kName:
        name(as<feel::NameRef>(e).name, e.span);
        return;
      case ExprKind::kList:
        for (const auto& item : as<feel::ListLiteral>(e).items) walk(*item);
        return;
      case ExprKind::kContext:
        return context(as<feel::ContextLiteral>(e));
      case ExprKind::kRange:
        walk(as<feel::RangeLiteral>(e).low.get());
        walk(as<feel::RangeLiteral>(e).high.get());
        return;
      case ExprKind::kNegate:
        return walk(*as<feel::Negate>(e).operand);
      case ExprKind::kBinary:
        walk(*as<feel::Binary>(e).left);
        walk(*as<feel::Binary>(e).right);
        return;
      case ExprKind::kBetween:
        walk(*as<feel::Between>(e).value);
        walk(*as<feel::Between>(e).low);
        walk(*as<feel::Between>(e).high);
        return;
      case ExprKind::kIn:
        walk(*as<feel::In>(e).value);
        for (const auto& test : as<feel::In>(e).tests) walk(test.operand.get());
        return;
      case ExprKind::kUnaryTests:
        for (const auto& test : as<feel::UnaryTests>(e).tests) walk(test.operand.get());
        return;
      case ExprKind::kIf:
        walk(*as<feel::If>(e).condition);
        walk(*as<feel::If>(e).then_branch);
        walk(as<feel::If>(e).else_branch.get());
        return;
      case ExprKind::kFor: {
        const auto& loop = as<feel::For>(e);
        const size_t depth = bind(loop.iterators);
        scopes.push_back({nullptr, false, "partial"});
        walk(*loop.body);
        scopes.resize(depth);
        return;
      }
      case ExprKind::kQuantified: {
        const auto& loop = as<feel::Quantified>(e);
        const size_t depth = bind(loop.iterators);
        walk(*loop.condition);
        scopes.resize(depth);
        return;
      }
      case ExprKind::kFunction: {
        const auto& function = as<feel::FunctionLiteral>(e);
        const size_t depth = scopes.size();
        for (const auto& parameter : function.parameters) scopes.push_back({nullptr, false, parameter.name});
        walk(function.body.get());
        scopes.resize(depth);
        return;
      }
      case ExprKind::kCall:
        return call(as<feel::Call>(e));
      case ExprKind::kPath:
        return path(as<feel::Path>(e));
      case ExprKind::kFilter: {
        const auto& filter = as<feel::Filter>(e);
        walk(*filter.object);
        const RowSource* row = rows_of(*filter.object);
        scopes.push_back({row, false, "item"});
        scopes.push_back({row, row == nullptr, {}});
        walk(*filter.predicate);
        scopes.resize(scopes.size() - 2);
        return;
      }
      case ExprKind::kInstanceOf:
        return walk(*as<feel::InstanceOf>(e).value);
      default:
        return;  // literals
    }
  }

 private:
  // The rows that an expression gives, where that is plain to see.
  const RowSource* rows_of(const Expr& e) const {
    switch (e.kind) {
      case ExprKind::kName: {
        const std::string_view name = as<feel::NameRef>(e).name;
        for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope) {
          if (scope->local == name) return scope->row;
          if (scope->row != nullptr && scope->local.empty() && scope->row->columns.contains(name)) return nullptr;
        }
        return names_.row_source(name);
      }
      case ExprKind::kFilter:
        return rows_of(*as<feel::Filter>(e).object);
      case ExprKind::kCall: {  // departments(department)
        const Expr& callee = *as<feel::Call>(e).callee;
        const RowSource* row =
            callee.kind == ExprKind::kName ? names_.row_source(as<feel::NameRef>(callee).name) : nullptr;
        return row != nullptr && row->kind == RowSource::Kind::kLookup ? row : nullptr;
      }
      default:
        return nullptr;
    }
  }

  size_t bind(const std::vector<feel::Iterator>& iterators) {
    const size_t depth = scopes.size();
    for (const feel::Iterator& iterator : iterators) {
      walk(iterator.domain.get());
      walk(iterator.range_end.get());
      scopes.push_back({rows_of(*iterator.domain), false, iterator.name});
    }
    return depth;
  }

  void context(const feel::ContextLiteral& context) {
    const size_t depth = scopes.size();
    for (const auto& entry : context.entries) {
      walk(*entry.value);
      scopes.push_back({nullptr, false, entry.key});
    }
    scopes.resize(depth);
  }

  void name(std::string_view name, feel::Span span) {
    for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope) {
      if (!scope->local.empty()) {
        if (scope->local == name) return;
      } else if (scope->row != nullptr) {
        if (scope->row->columns.contains(name)) return each_({name, scope->row, false, false, span});
      } else if (scope->unknown_row && uncertain_column(name, span)) {
        return;
      }
    }
    const bool in_history = names_.in_history(name);
    each_({name, nullptr, earlier_ > 0 && in_history, false, span});
  }

  bool uncertain_column(std::string_view name, feel::Span span) {
    const auto sources = names_.sources_with(name);
    for (const RowSource* row : sources) each_({name, row, false, true, span});
    return !sources.empty();
  }

  void path(const feel::Path& path) {
    const Expr& object = *path.object;
    if (object.kind == ExprKind::kName && as<feel::NameRef>(object).name == "this") {
      each_({path.name, nullptr, false, false, path.span});
      return;
    }
    walk(object);
    const RowSource* row = rows_of(object);
    if (row == nullptr) {
      uncertain_column(path.name, path.span);
    } else if (row->columns.contains(path.name)) {
      each_({path.name, row, false, false, path.span});
    }
  }

  void call(const feel::Call& call) {
    bool earlier = false;
    if (call.callee->kind == ExprKind::kName) {
      const std::string_view name = as<feel::NameRef>(*call.callee).name;
      // Only lookups are called by a name of the scheme; others are functions.
      const RowSource* row = names_.row_source(name);
      if (row != nullptr && row->kind == RowSource::Kind::kLookup)
        each_({name, nullptr, false, false, call.callee->span});
      earlier = is_earlier_function(name) || name == "longest_run";
    } else if (dotted_name(*call.callee).empty()) {  // else a pack's function
      walk(*call.callee);
    }
    earlier_ += earlier;
    for (const auto& argument : call.arguments) walk(argument.value.get());
    earlier_ -= earlier;
  }

  const Names& names_;
  const std::function<void(const Reference&)>& each_;
  int earlier_ = 0;
};

}  // namespace

void for_each_reference(const Names& names, const feel::Expr& expression, const RowSource* row,
                        const std::function<void(const Reference&)>& each) {
  Walker walker(names, each);
  if (row != nullptr) walker.scopes.push_back({row, false, {}});
  walker.walk(expression);
}

void for_each_expression(const Decision& decision, const std::function<void(const Expression&)>& each) {
  if (decision.expr) each(decision.expr);
  if (decision.bands && decision.bands->of) each(decision.bands->of);
  if (decision.table == nullptr) return;
  const DecisionTable& table = *decision.table;
  for (const Expression& input : table.inputs) {
    if (input) each(input);
  }
  const auto result = [&](const std::vector<Expression>& results) {
    if (decision.table_output < results.size() && results[decision.table_output]) each(results[decision.table_output]);
  };
  for (const DecisionTable::Rule& rule : table.rules) result(rule.results);
  result(table.defaults);
}

void for_each_reference(const Names& names, const Decision& decision, const RowSource* row,
                        const std::function<void(const Reference&)>& each) {
  for_each_expression(decision, [&](const Expression& e) { for_each_reference(names, *e.tree, row, each); });
  if (decision.table == nullptr) return;
  std::unordered_set<const feel::UnaryTests*> seen;  // cells share their trees
  for (const DecisionTable::Rule& rule : decision.table->rules) {
    for (const auto& tests : rule.tests) {
      if (tests != nullptr && seen.insert(tests.get()).second) for_each_reference(names, *tests, row, each);
    }
  }
}

}  // namespace kaogong::scheme
