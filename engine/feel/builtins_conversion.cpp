// number, string, range, not, is.
#include "engine/feel/builtins.h"
#include "engine/feel/compare.h"
#include "engine/feel/parser.h"

namespace kaogong::feel {
namespace {

using K = ValueKind;

char separator(Arguments& arguments, size_t i, std::string_view allowed) {
  if (!arguments.has(i)) return '\0';
  const std::string& text = arguments.string(i);
  if (text.size() != 1 || allowed.find(text[0]) == std::string_view::npos) arguments.refuse("not a separator");
  return text[0];
}

Value number_from(Arguments& arguments) {
  if (arguments.scalar(0).is(K::kNumber) && !arguments.has(1) && !arguments.has(2)) return arguments.scalar(0);
  const std::string& from = arguments.string(0);
  const char grouping = separator(arguments, 1, " ,.");
  const char decimal = separator(arguments, 2, ",.");
  if (grouping != '\0' && grouping == decimal) arguments.refuse("the separators must differ");
  std::string text;
  text.reserve(from.size());
  for (const char c : from) {
    if (grouping != '\0' && c == grouping) continue;
    if (decimal != '\0' && decimal != '.' && c == '.') arguments.refuse("this is no number");
    text += decimal != '\0' && c == decimal ? '.' : c;
  }
  const auto number = number::Number::parse(text, arguments.evaluator.arithmetic());
  if (!number) arguments.refuse("this is no number");
  return *number;
}

Value string_from(Arguments& arguments) {
  if (arguments[0].is_null()) return {};
  return arguments.evaluator.make_text(arguments[0]);
}

Value negation(Arguments& arguments) {
  const Value& value = arguments.scalar(0);
  if (value.is(K::kBoolean)) return Value::boolean(!value.as_boolean());
  if (value.is_null() && !arguments.evaluator.strict()) return {};
  arguments.refuse(0, "a boolean");
}

Value is_same(Arguments& arguments) { return Value::boolean(arguments.evaluator.same(arguments[0], arguments[1])); }

/// What may bound a range in range("…"): literals, and date(), time() … of string literals.
bool is_constant(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kNumber:
    case ExprKind::kString:
    case ExprKind::kTemporal:
      return true;
    case ExprKind::kNegate:
      return static_cast<const Negate&>(expr).operand->kind == ExprKind::kNumber;
    case ExprKind::kCall: {
      const auto& call = static_cast<const Call&>(expr);
      if (call.callee->kind != ExprKind::kName) return false;
      const std::string& name = static_cast<const NameRef&>(*call.callee).name;
      if (name != "date" && name != "time" && name != "date and time" && name != "duration") return false;
      for (const Argument& argument : call.arguments) {
        if (argument.value->kind != ExprKind::kString && argument.value->kind != ExprKind::kNumber) return false;
      }
      return true;
    }
    default:
      return false;
  }
}

Value range_from(Arguments& arguments) {
  const std::string& text = arguments.string(0);
  arguments.evaluator.spend(text.size());
  const Parsed<ExprPtr> parsed = parse_expression(text);
  const ExprPtr* expr = std::get_if<ExprPtr>(&parsed);
  if (expr == nullptr || (*expr)->kind != ExprKind::kRange) arguments.refuse("this is no range");
  const auto& range = static_cast<const RangeLiteral&>(**expr);
  if ((range.low && !is_constant(*range.low)) || (range.high && !is_constant(*range.high))) {
    arguments.refuse("the bounds must be literals");
  }
  static const EmptyScope kNoNames;
  return arguments.evaluator.evaluate(**expr, Environment(kNoNames));
}

}  // namespace

void add_conversion_builtins(BuiltinTable& table) {
  table.add("number", "from", number_from);
  table.add("number", "from,grouping separator,decimal separator", number_from);
  table.add("string", "from", string_from);
  table.add("not", "negand", negation);
  table.add("is", "value1!,value2!", is_same);
  table.add("range", "from", range_from);
}

}  // namespace kaogong::feel
