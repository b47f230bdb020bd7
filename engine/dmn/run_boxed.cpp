// Boxed expressions, but for decision tables.
#include "engine/dmn/run_scope.h"
#include "engine/feel/closure.h"
#include "engine/feel/external.h"

namespace kaogong::dmn {

using feel::Environment;
using feel::Value;
using feel::ValueKind;

Value Run::evaluate(const Boxed* boxed, const Environment& environment, Frame& frame) {
  if (boxed == nullptr) return evaluator_.problem({}, "there is no logic");
  const feel::Evaluator::Depth depth(evaluator_);
  evaluator_.spend(1);
  Value value = std::visit([&](const auto& one) { return form(one, environment, frame); }, boxed->form);
  return conform(std::move(value), boxed->type_ref, "the value");
}

Value Run::literal(const Literal& literal, const Environment& environment) {
  if (!literal.error.empty()) return evaluator_.problem({}, "not FEEL: " + literal.error + ": " + literal.text);
  if (!literal.expr) return {};
  return evaluator_.evaluate(*literal.expr, environment);
}

Value Run::form(const Literal& text, const Environment& environment, Frame&) { return literal(text, environment); }

Value Run::form(const BoxedContext& context, const Environment& environment, Frame& frame) {
  std::vector<feel::Context::Entry> entries;
  Environment inner = environment;
  for (const BoxedContext::Entry& entry : context.entries) {
    const std::string& name = entry.variable.name;
    Value value = evaluate(entry.value.get(), inner, frame);
    if (name.empty()) return value;  // the result
    value = conform(std::move(value), entry.variable.type_ref, "entry '" + name + "'");
    if (value.is(ValueKind::kFunction)) {
      if (const auto* closure = dynamic_cast<const BoxedClosure*>(&value.as_function())) {
        value = evaluator_.make_function(std::make_shared<BoxedClosure>(*closure, name));
      } else {
        value = feel::with_own_name(evaluator_, value, name);
      }
    }
    inner = inner.with(name, value);
    entries.emplace_back(name, std::move(value));
  }
  return evaluator_.make_context(std::move(entries));
}

Value Run::form(const Invocation& invocation, const Environment& environment, Frame& frame) {
  const Value callee = evaluate(invocation.callee.get(), environment, frame);
  if (!callee.is(ValueKind::kFunction)) return evaluator_.problem({}, "this is no function");
  feel::CallArguments arguments;
  for (const Invocation::Binding& binding : invocation.bindings) {
    if (!binding.value) continue;
    arguments.names.push_back(binding.parameter.name);
    arguments.values.push_back(evaluate(binding.value.get(), environment, frame));
  }
  return callee.as_function().invoke(evaluator_, std::move(arguments), {});
}

Value Run::form(const Relation& relation, const Environment& environment, Frame& frame) {
  std::vector<Value> rows;
  for (const std::vector<BoxedPtr>& cells : relation.rows) {
    std::vector<feel::Context::Entry> entries;
    for (size_t i = 0; i < cells.size(); ++i) {
      Value value = evaluate(cells[i].get(), environment, frame);
      value = conform(std::move(value), relation.columns[i].type_ref, "column '" + relation.columns[i].name + "'");
      entries.emplace_back(relation.columns[i].name, std::move(value));
    }
    rows.push_back(evaluator_.make_context(std::move(entries)));
  }
  return evaluator_.make_list(std::move(rows));
}

Value Run::form(const BoxedList& list, const Environment& environment, Frame& frame) {
  std::vector<Value> items;
  for (const BoxedPtr& item : list.items) items.push_back(evaluate(item.get(), environment, frame));
  return evaluator_.make_list(std::move(items));
}

Value Run::form(const BoxedFunction& function, const Environment& environment, Frame& frame) {
  return evaluator_.make_function(std::make_shared<BoxedClosure>(*this, function, environment, frame));
}

Value Run::call_boxed(const BoxedFunction& function, const Environment& environment, Frame& frame,
                      feel::CallArguments arguments, feel::Span span, bool lenient) {
  const feel::Evaluator::Depth depth(evaluator_);
  std::vector<std::string_view> names;
  for (const TypedName& parameter : function.parameters) names.push_back(parameter.name);
  std::optional<std::vector<Value>> values = feel::arrange(std::move(arguments), names, lenient);
  if (!values) return evaluator_.problem(span, "these are not the function's parameters");
  Environment inner = environment;
  for (size_t i = 0; i < values->size(); ++i) {
    const TypedName& parameter = function.parameters[i];
    Value value = conform((*values)[i], parameter.type_ref, "parameter '" + parameter.name + "'");
    if (value.is_null() && !(*values)[i].is_null() && !lenient) return {};
    (*values)[i] = value;
    inner = inner.with(parameter.name, std::move(value));
  }
  if (function.kind == BoxedFunction::Kind::kFeel) return evaluate(function.body.get(), inner, frame);
  Value body = evaluate(function.body.get(), environment, frame);
  const bool java = function.kind == BoxedFunction::Kind::kJava;
  Value kind = evaluator_.make_context({{java ? "java" : "pmml", std::move(body)}});
  return feel::call_external(evaluator_, kind, *values, span);
}

Value Run::form(const Conditional& conditional, const Environment& environment, Frame& frame) {
  const Value condition = evaluate(conditional.condition.get(), environment, frame);
  if (!condition.is(ValueKind::kBoolean) && !condition.is_null()) {
    return evaluator_.problem({}, "the condition is no boolean");
  }
  const BoxedPtr& branch = condition.is_true() ? conditional.then_branch : conditional.else_branch;
  return evaluate(branch.get(), environment, frame);
}

Value Run::form(const BoxedFilter& filter, const Environment& environment, Frame& frame) {
  const Value in = evaluate(filter.in.get(), environment, frame);
  if (in.is_null()) return evaluator_.problem({}, "there is no list to filter");
  const std::vector<Value> items = in.is(ValueKind::kList) ? in.as_list() : std::vector<Value>{in};
  std::vector<Value> selected;
  for (const Value& item : items) {
    Environment inner = environment.with("item", item);
    if (item.is(ValueKind::kContext)) inner = inner.with_entries(item);
    const Value match = evaluate(filter.match.get(), inner, frame);
    if (!match.is(ValueKind::kBoolean) && !match.is_null()) return evaluator_.problem({}, "the filter is no boolean");
    if (match.is_true()) selected.push_back(item);
  }
  return evaluator_.make_list(std::move(selected));
}

Value Run::form(const BoxedIteration& iteration, const Environment& environment, Frame& frame) {
  const Value in = evaluate(iteration.in.get(), environment, frame);
  if (in.is_null()) return evaluator_.problem({}, "there is no list to iterate over");
  const std::vector<Value> items = in.is(ValueKind::kList) ? in.as_list() : std::vector<Value>{in};
  using Kind = BoxedIteration::Kind;
  std::vector<Value> results;
  bool unknown = false;
  for (const Value& item : items) {
    Environment inner = environment.with(iteration.variable, item);
    if (iteration.kind == Kind::kFor) {
      inner = inner.with("partial", evaluator_.make_list(results));
      results.push_back(evaluate(iteration.body.get(), inner, frame));
      continue;
    }
    const Value result = evaluate(iteration.body.get(), inner, frame);
    if (!result.is(ValueKind::kBoolean)) {
      if (!result.is_null()) return evaluator_.problem({}, "the condition is no boolean");
      unknown = true;
    } else if (result.as_boolean() != (iteration.kind == Kind::kEvery)) {
      return result;
    }
  }
  if (iteration.kind == Kind::kFor) return evaluator_.make_list(std::move(results));
  return unknown ? Value() : Value::boolean(iteration.kind == Kind::kEvery);
}

}  // namespace kaogong::dmn
