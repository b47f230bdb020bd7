#include "engine/feel/evaluator.h"

#include <algorithm>

#include "engine/feel/builtins.h"
#include "engine/feel/closure.h"
#include "engine/feel/compare.h"

namespace kaogong::feel {

Evaluator::Evaluator(const Options& options)
    : options_(options),
      zones_(options.zones != nullptr ? options.zones : &builtin_zones()),
      steps_left_(options.limits.steps_max) {}

Value Evaluator::problem(Span span, std::string message) {
  if (strict()) throw EvalFailure{{std::move(message), span}};
  if (warnings_.size() < kWarningsMax) warnings_.push_back({std::move(message), span});
  return {};
}

void Evaluator::fail(Span span, std::string message) const { throw EvalFailure{{std::move(message), span}}; }

Value Evaluator::make_list(std::vector<Value> items) {
  if (items.size() > options_.limits.list_max) fail({}, "the list is too long");
  spend(items.size());
  Value list = Value::list(std::move(items));
  check(list);
  return list;
}

Value Evaluator::make_context(std::vector<Context::Entry> entries) {
  if (entries.size() > options_.limits.list_max) fail({}, "the context is too large");
  spend(entries.size());
  Value context = Value::context(std::move(entries));
  check(context);
  return context;
}

Value Evaluator::make_string(std::string text) {
  if (text.size() > options_.limits.string_bytes_max) fail({}, "the string is too long");
  spend(text.size() / 16);
  return Value::string(std::move(text));
}

Value Evaluator::make_range(Range range) {
  Value value = Value::range(std::move(range));
  check(value);
  return value;
}

void Evaluator::check(const Value& value) const {
  if (value.depth() > kValueDepthMax) fail({}, "the value is nested too deeply");
  if (value.weight() > kValueWeightMax) fail({}, "the value is too large");
}

std::optional<bool> Evaluator::equal(const Value& a, const Value& b) {
  spend(std::min(a.weight(), b.weight()));
  return feel::equal(a, b, zones());
}

bool Evaluator::same(const Value& a, const Value& b) {
  spend(std::min(a.weight(), b.weight()));
  return feel::same(a, b, zones());
}

Value Evaluator::make_text(const Value& value) {
  // Most items take more bytes than this; so that a text that is too long is not even made.
  constexpr uint64_t kItemBytes = 4;
  if (value.weight() > options_.limits.string_bytes_max / kItemBytes) fail({}, "the string is too long");
  spend(value.weight());
  return make_string(to_text(value));
}

Value Evaluator::make_function(std::shared_ptr<const Function> function) {
  if (function->depth() > kValueDepthMax) fail({}, "the function is nested too deeply");
  return Value::function(std::move(function));
}

Value Evaluator::evaluate(const Expr& expr, const Environment& environment) {
  const Depth depth(*this);
  spend(1);
  switch (expr.kind) {
    case ExprKind::kNumber: {
      const auto& node = static_cast<const NumberLiteral&>(expr);
      const auto number = number::Number::parse(node.text, arithmetic());
      return number ? Value(*number) : problem(node.span, "the number is out of range");
    }
    case ExprKind::kString:
      return make_string(static_cast<const StringLiteral&>(expr).value);
    case ExprKind::kBoolean:
      return Value::boolean(static_cast<const BooleanLiteral&>(expr).value);
    case ExprKind::kNull:
      return {};
    case ExprKind::kTemporal:
      return evaluate_temporal(static_cast<const TemporalLiteral&>(expr));
    case ExprKind::kName:
      return evaluate_name(static_cast<const NameRef&>(expr), environment);
    case ExprKind::kList:
      return evaluate_list(static_cast<const ListLiteral&>(expr), environment);
    case ExprKind::kContext:
      return evaluate_context(static_cast<const ContextLiteral&>(expr), environment);
    case ExprKind::kRange:
      return evaluate_range(static_cast<const RangeLiteral&>(expr), environment);
    case ExprKind::kNegate: {
      const auto& node = static_cast<const Negate&>(expr);
      return negate(evaluate(*node.operand, environment), node.span);
    }
    case ExprKind::kBinary:
      return evaluate_binary(static_cast<const Binary&>(expr), environment);
    case ExprKind::kBetween:
      return evaluate_between(static_cast<const Between&>(expr), environment);
    case ExprKind::kIn:
      return evaluate_in(static_cast<const In&>(expr), environment);
    case ExprKind::kIf:
      return evaluate_if(static_cast<const If&>(expr), environment);
    case ExprKind::kFor:
      return evaluate_for(static_cast<const For&>(expr), environment);
    case ExprKind::kQuantified:
      return evaluate_quantified(static_cast<const Quantified&>(expr), environment);
    case ExprKind::kFunction: {
      const auto& node = static_cast<const FunctionLiteral&>(expr);
      return make_function(std::make_shared<Closure>(node, environment));
    }
    case ExprKind::kCall:
      return evaluate_call(static_cast<const Call&>(expr), environment);
    case ExprKind::kPath: {
      const auto& node = static_cast<const Path&>(expr);
      return member(evaluate(*node.object, environment), node.name, node.span);
    }
    case ExprKind::kFilter:
      return evaluate_filter(static_cast<const Filter&>(expr), environment);
    case ExprKind::kInstanceOf:
      return evaluate_instance_of(static_cast<const InstanceOf&>(expr), environment);
    case ExprKind::kUnaryTests: {
      const auto& node = static_cast<const UnaryTests&>(expr);
      const bool range = node.tests.size() == 1 && !node.negated && node.tests[0].kind == UnaryTest::Kind::kCompare;
      if (!range) return problem(expr.span, "unary tests stand only in the cells of decision tables");
      Range point;
      const bool equal = node.tests[0].op == BinaryOp::kEq;
      point.form = equal ? Range::Form::kEqual : Range::Form::kNotEqual;
      point.low_closed = point.high_closed = equal;
      point.low = point.high = evaluate(*node.tests[0].operand, environment);
      if (point.low.is_null()) return problem(expr.span, "these are not the bounds of a range");
      return make_range(std::move(point));
    }
  }
  return {};
}

Value Evaluator::evaluate_name(const NameRef& node, const Environment& environment) {
  if (const Value* bound = environment.find_bound(node.name)) return *bound;
  if (std::optional<Value> value = environment.find(node.name)) return std::move(*value);
  if (std::shared_ptr<const Function> builtin = find_builtin(node.name)) return Value::function(std::move(builtin));
  return problem(node.span, "unknown name '" + node.name + "'");
}

Value Evaluator::evaluate_temporal(const TemporalLiteral& node) {
  std::optional<Temporal> temporal = parse_temporal(node.text, zones());
  if (!temporal) return problem(node.span, "'" + node.text + "' is no date, time or duration");
  return Value::of(std::move(*temporal));
}

Value Evaluator::evaluate_list(const ListLiteral& node, const Environment& environment) {
  std::vector<Value> items;
  items.reserve(node.items.size());
  for (const ExprPtr& item : node.items) items.push_back(evaluate(*item, environment));
  return make_list(std::move(items));
}

Value Evaluator::evaluate_context(const ContextLiteral& node, const Environment& environment) {
  std::vector<Context::Entry> entries;
  entries.reserve(node.entries.size());
  Environment inner = environment;
  for (const ContextEntry& entry : node.entries) {
    for (const Context::Entry& earlier : entries) {
      if (earlier.first == entry.key) return problem(entry.value->span, "the key '" + entry.key + "' stands twice");
    }
    spend(entries.size() / 8);
    Value value = evaluate(*entry.value, inner);
    if (value.is(ValueKind::kFunction)) value = with_own_name(*this, value, entry.key);
    inner = inner.with(entry.key, value);
    entries.emplace_back(entry.key, std::move(value));
  }
  return make_context(std::move(entries));
}

Value Evaluator::evaluate_range(const RangeLiteral& node, const Environment& environment) {
  Range range;
  range.has_low = node.low != nullptr;
  range.has_high = node.high != nullptr;
  range.low_closed = node.low_closed;
  range.high_closed = node.high_closed;
  if (node.low) range.low = evaluate(*node.low, environment);
  if (node.high) range.high = evaluate(*node.high, environment);
  const auto orderable = [&](const Value& bound) { return order(bound, bound, zones()).has_value(); };
  if ((range.has_low && !orderable(range.low)) || (range.has_high && !orderable(range.high)) ||
      (range.has_low && range.has_high && range.low.kind() != range.high.kind())) {
    return problem(node.span, "these are not the bounds of a range");
  }
  if (range.has_low && range.has_high &&
      order(range.low, range.high, zones()).value_or(std::strong_ordering::equal) > 0) {
    return problem(node.span, "the range begins after its end");
  }
  return make_range(std::move(range));
}

Value Evaluator::evaluate_if(const If& node, const Environment& environment) {
  const Value condition = evaluate(*node.condition, environment);
  if (!condition.is(ValueKind::kBoolean)) {
    if (strict() && !(condition.is_null() && filters_ > 0))
      problem(node.condition->span, "the condition is " + std::string(to_string(condition.kind())));
    return evaluate(*node.else_branch, environment);
  }
  return evaluate(condition.as_boolean() ? *node.then_branch : *node.else_branch, environment);
}

Value Evaluator::evaluate_instance_of(const InstanceOf& node, const Environment& environment) {
  const Value value = evaluate(*node.value, environment);
  const TypePtr type = resolve(node.type);
  if (!type) return problem(node.span, "unknown type '" + node.type.name + "'");
  return Value::boolean(instance_of(value, *type, *this));
}

TypePtr Evaluator::resolve(const TypeExpr& type) {
  if (type.name == "list" && !type.arguments.empty()) {
    TypePtr element = resolve(type.arguments[0]);
    return element ? list_of(std::move(element)) : nullptr;
  }
  if (type.name == "range" && !type.arguments.empty()) {
    auto range = std::make_shared<Type>();
    range->kind = Type::Kind::kRange;
    range->element = resolve(type.arguments[0]);
    range->name = "range";
    return range->element ? range : nullptr;
  }
  if (type.name == "context" && !type.arguments.empty()) {
    auto context = std::make_shared<Type>();
    context->kind = Type::Kind::kContext;
    context->name = "context";
    for (size_t i = 0; i < type.arguments.size(); ++i) {
      TypePtr field = resolve(type.arguments[i]);
      if (!field) return nullptr;
      context->fields.emplace_back(type.field_names[i], std::move(field));
    }
    return context;
  }
  if (type.name == "function" && !type.arguments.empty()) {
    auto function = std::make_shared<Type>();
    function->kind = Type::Kind::kFunction;
    function->name = "function";
    for (size_t i = 0; i + 1 < type.arguments.size(); ++i) {
      function->parameters.push_back(resolve(type.arguments[i]));
      if (!function->parameters.back()) return nullptr;
    }
    function->result = resolve(type.arguments.back());
    return function->result ? function : nullptr;
  }
  if (options_.host != nullptr) {
    if (TypePtr own = options_.host->type(type.name)) return own;
  }
  return builtin_type(type.name);
}

Evaluated evaluate(const Expr& expr, const Scope& scope, const Options& options, std::vector<EvalError>* warnings) {
  Evaluator evaluator(options);
  Evaluated result = guarded([&]() -> Evaluated { return evaluator.evaluate(expr, Environment(scope)); });
  if (warnings != nullptr) *warnings = evaluator.take_warnings();
  return result;
}

Evaluated evaluate_tests(const UnaryTests& tests, const Value& input, const Scope& scope, const Options& options,
                         std::vector<EvalError>* warnings) {
  Evaluator evaluator(options);
  Evaluated result = guarded([&]() -> Evaluated { return evaluator.evaluate_tests(tests, input, Environment(scope)); });
  if (warnings != nullptr) *warnings = evaluator.take_warnings();
  return result;
}

}  // namespace kaogong::feel
