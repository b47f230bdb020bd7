// Operators: logic, comparison, between, in, and unary tests.
#include "engine/feel/compare.h"
#include "engine/feel/evaluator.h"

namespace kaogong::feel {
namespace {

std::string kinds(const Value& a, const Value& b) {
  return std::string(to_string(a.kind())) + " and " + std::string(to_string(b.kind()));
}

}  // namespace

Value Evaluator::evaluate_binary(const Binary& node, const Environment& environment) {
  if (node.op == BinaryOp::kAnd || node.op == BinaryOp::kOr) return evaluate_logic(node, environment);
  const Value left = evaluate(*node.left, environment);
  const Value right = evaluate(*node.right, environment);
  // Leniently, what has a null operand is null and selects nothing, x != y too; x = null and x != null test for null.
  if (strict() && filters_ > 0 && (left.is_null() || right.is_null())) {
    const bool null_test = (node.op == BinaryOp::kEq || node.op == BinaryOp::kNe) &&
                           (node.left->kind == ExprKind::kNull || node.right->kind == ExprKind::kNull);
    if (!null_test) return {};
  }
  return binary(node.op, left, right, node.span);
}

// Three-valued: false and null is false, true and null is null; what is not boolean counts as null (kDmn).
Value Evaluator::evaluate_logic(const Binary& node, const Environment& environment) {
  const bool deciding = node.op == BinaryOp::kOr;  // the value of one side that settles the whole
  const auto check = [&](const Value& side, const Expr& expr) {
    if (strict() && !side.is(ValueKind::kBoolean) && !(side.is_null() && filters_ > 0)) {
      problem(expr.span, "'" + std::string(deciding ? "or" : "and") + "' needs booleans, not " +
                             std::string(to_string(side.kind())));
    }
  };
  const Value left = evaluate(*node.left, environment);
  check(left, *node.left);
  if (left.is(ValueKind::kBoolean) && left.as_boolean() == deciding) return left;
  const Value right = evaluate(*node.right, environment);
  check(right, *node.right);
  if (right.is(ValueKind::kBoolean) && right.as_boolean() == deciding) return right;
  if (left.is(ValueKind::kBoolean) && right.is(ValueKind::kBoolean)) return Value::boolean(!deciding);
  return {};
}

Value Evaluator::binary(BinaryOp op, const Value& a, const Value& b, Span span) {
  switch (op) {
    case BinaryOp::kAdd:
      return add(a, b, span);
    case BinaryOp::kSub:
      return subtract(a, b, span);
    case BinaryOp::kMul:
      return multiply(a, b, span);
    case BinaryOp::kDiv:
      return divide(a, b, span);
    case BinaryOp::kPow:
      return power(a, b, span);
    default:
      return compare(op, a, b, span);
  }
}

Value Evaluator::compare(BinaryOp op, const Value& a, const Value& b, Span span) {
  if (op == BinaryOp::kEq || op == BinaryOp::kNe) {
    const std::optional<bool> same = equal(a, b);
    if (!same) return problem(span, "cannot compare " + kinds(a, b));
    return Value::boolean(*same == (op == BinaryOp::kEq));
  }
  const auto sign = order(a, b, zones());
  if (!sign) {
    if (filters_ > 0 && (a.is_null() || b.is_null())) return {};
    return problem(span, "cannot order " + kinds(a, b));
  }
  switch (op) {
    case BinaryOp::kLt:
      return Value::boolean(*sign < 0);
    case BinaryOp::kLe:
      return Value::boolean(*sign <= 0);
    case BinaryOp::kGt:
      return Value::boolean(*sign > 0);
    default:
      return Value::boolean(*sign >= 0);
  }
}

Value Evaluator::evaluate_between(const Between& node, const Environment& environment) {
  const Value value = evaluate(*node.value, environment);
  const Value low = evaluate(*node.low, environment);
  const Value high = evaluate(*node.high, environment);
  const Value above = compare(BinaryOp::kGe, value, low, node.span);
  const Value below = compare(BinaryOp::kLe, value, high, node.span);
  if (above.is_null() || below.is_null()) return {};
  return Value::boolean(above.as_boolean() && below.as_boolean());
}

Value Evaluator::evaluate_in(const In& node, const Environment& environment) {
  const Value value = evaluate(*node.value, environment);
  bool unknown = false;
  for (const UnaryTest& test : node.tests) {
    const Value result = evaluate_test(test, value, environment);
    if (result.is_true()) return result;
    unknown = unknown || result.is_null();
  }
  return unknown ? Value() : Value::boolean(false);
}

Value Evaluator::evaluate_tests(const UnaryTests& tests, const Value& input, const Environment& environment) {
  if (tests.any) return Value::boolean(true);
  bool unknown = false;
  for (const UnaryTest& test : tests.tests) {
    const Value result = evaluate_test(test, input, environment);
    if (result.is_true()) return Value::boolean(!tests.negated);
    unknown = unknown || result.is_null();
  }
  return unknown ? Value() : Value::boolean(tests.negated);
}

Value Evaluator::evaluate_test(const UnaryTest& test, const Value& input, const Environment& environment) {
  const Environment inner = test.uses_placeholder ? environment.with("?", input) : environment;
  const Value operand = evaluate(*test.operand, inner);
  const Span span = test.operand->span;
  if (test.kind == UnaryTest::Kind::kCompare) return compare(test.op, input, operand, span);
  if (test.uses_placeholder && (operand.is(ValueKind::kBoolean) || operand.is_null())) return operand;
  if (operand.is_null() && test.operand->kind == ExprKind::kRange) return {};  // not the literal null
  return test_value(operand, input, true, span);
}

// An operand that is not a comparison: equal to the input, a range or list that holds it, or (where the input is no
// boolean) a condition.
Value Evaluator::test_value(const Value& test, const Value& input, bool membership, Span span) {
  if (test.is(ValueKind::kRange) && !input.is(ValueKind::kRange)) {
    const std::optional<bool> inside = contains(test.as_range(), input, zones());
    if (inside) return Value::boolean(*inside);
    if (input.is_null() && (filters_ > 0 || !strict())) return {};
    return problem(span, "cannot order " + std::string(to_string(input.kind())) + " in this range");
  }
  if (test.is(ValueKind::kList) && membership) {
    spend(test.as_list().size());
    if (input.is(ValueKind::kList) && equal(input, test).value_or(false)) return Value::boolean(true);
    bool unknown = false;
    for (const Value& item : test.as_list()) {
      if (item.is(ValueKind::kRange) && !input.is(ValueKind::kRange)) {
        const std::optional<bool> inside = contains(item.as_range(), input, zones());
        if (inside.value_or(false)) return Value::boolean(true);
        unknown = unknown || !inside;
      } else if (equal(input, item).value_or(false)) {
        return Value::boolean(true);
      }
    }
    return unknown && !strict() ? Value() : Value::boolean(false);
  }
  if (test.is(ValueKind::kBoolean) && !input.is(ValueKind::kBoolean) && !strict()) return test;
  return compare(BinaryOp::kEq, input, test, span);
}

}  // namespace kaogong::feel
