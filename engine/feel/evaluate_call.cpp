// Calls: the host's special forms, functions in scope, built-in functions, function values.
#include <algorithm>

#include "engine/feel/builtins.h"
#include "engine/feel/closure.h"
#include "engine/feel/evaluator.h"
#include "engine/feel/external.h"

namespace kaogong::feel {

std::optional<std::vector<Value>> arrange(CallArguments arguments, const std::vector<std::string_view>& parameters,
                                          bool missing_is_null) {
  if (arguments.names.empty()) {
    if (arguments.values.size() > parameters.size()) return std::nullopt;
    if (arguments.values.size() < parameters.size() && !missing_is_null) return std::nullopt;
    arguments.values.resize(parameters.size());
    return std::move(arguments.values);
  }
  std::vector<Value> values(parameters.size());
  std::vector<bool> given(parameters.size());
  for (size_t i = 0; i < arguments.names.size(); ++i) {
    const auto place = std::find(parameters.begin(), parameters.end(), arguments.names[i]);
    if (place == parameters.end()) return std::nullopt;
    const auto index = static_cast<size_t>(place - parameters.begin());
    if (given[index]) return std::nullopt;
    given[index] = true;
    values[index] = std::move(arguments.values[i]);
  }
  if (!missing_is_null && std::find(given.begin(), given.end(), false) != given.end()) return std::nullopt;
  return values;
}

Value Closure::invoke(Evaluator& evaluator, CallArguments arguments, Span span) const {
  const Evaluator::Depth depth(evaluator);
  std::vector<std::string_view> names;
  names.reserve(node_.parameters.size());
  for (const FunctionParameter& parameter : node_.parameters) names.push_back(parameter.name);
  std::optional<std::vector<Value>> values = arrange(std::move(arguments), names);
  if (!values) return evaluator.problem(span, "these are not the function's parameters");
  for (size_t i = 0; i < values->size(); ++i) {
    if (!node_.parameters[i].type) continue;
    const TypePtr type = evaluator.resolve(*node_.parameters[i].type);
    if (!type) return evaluator.problem(node_.span, "unknown type '" + node_.parameters[i].type->name + "'");
    std::optional<Value> converted = coerce((*values)[i], *type, evaluator);
    if (!converted) {
      return evaluator.problem(span, "the parameter '" + node_.parameters[i].name + "' must be " + type->name);
    }
    (*values)[i] = std::move(*converted);
  }
  if (node_.external) return call_external(evaluator, evaluator.evaluate(*node_.body, environment_), *values, span);
  Environment inner = environment_;
  if (!own_name_.empty()) {
    inner = inner.with(own_name_, evaluator.make_function(std::make_shared<Closure>(*this)));
  }
  for (size_t i = 0; i < values->size(); ++i) inner = inner.with(names[i], std::move((*values)[i]));
  return evaluator.evaluate(*node_.body, inner);
}

Value with_own_name(Evaluator& evaluator, const Value& function, std::string_view name) {
  const auto* closure = dynamic_cast<const Closure*>(&function.as_function());
  if (closure == nullptr) return function;
  return evaluator.make_function(std::make_shared<Closure>(*closure, name));
}

Value Evaluator::invoke(const Value& function, std::vector<Value> arguments, Span span) {
  if (!function.is(ValueKind::kFunction)) return problem(span, "this is no function");
  spend(1);
  return function.as_function().invoke(*this, {std::move(arguments), {}}, span);
}

Value Evaluator::evaluate_call(const Call& node, const Environment& environment) {
  if (options_.host != nullptr && (node.callee->kind == ExprKind::kName || node.callee->kind == ExprKind::kPath)) {
    if (std::optional<Value> value = options_.host->call(node, *this, environment)) return std::move(*value);
  }
  const Value callee = evaluate(*node.callee, environment);
  if (!callee.is(ValueKind::kFunction)) {
    return problem(node.span, callee.is_null() ? "no such function" : "this is no function");
  }
  CallArguments arguments;
  const bool named = !node.arguments.empty() && !node.arguments[0].name.empty();
  for (const Argument& argument : node.arguments) {
    if (argument.name.empty() == named) return problem(node.span, "named and positional arguments do not mix");
    if (named) arguments.names.push_back(argument.name);
    arguments.values.push_back(evaluate(*argument.value, environment));
  }
  return callee.as_function().invoke(*this, std::move(arguments), node.span);
}

}  // namespace kaogong::feel
