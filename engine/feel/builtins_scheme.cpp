// Functions of Kaogong's own that pay schemes use; not part of FEEL.
#include "engine/feel/builtins.h"
#include "engine/feel/compare.h"

namespace kaogong::feel {
namespace {

using K = ValueKind;

const Date& date(Arguments& arguments, size_t i) {
  const Value& value = arguments.scalar(i);
  if (!value.is(K::kDate)) arguments.refuse(i, "a date");
  return value.as_date();
}

Value date_or_refuse(Arguments& arguments, std::optional<Date> result) {
  if (!result) arguments.refuse("the date is out of range");
  return *result;
}

Value clamp(Arguments& arguments) {
  const ZoneRules& zones = arguments.evaluator.zones();
  const auto bounds = order(arguments[1], arguments[2], zones);
  const auto to_low = order(arguments[0], arguments[1], zones);
  const auto to_high = order(arguments[0], arguments[2], zones);
  if (!bounds || !to_low || !to_high) arguments.refuse("the values have no order");
  if (*bounds > 0) arguments.refuse("low is above high");
  if (*to_low < 0) return arguments[1];
  return *to_high > 0 ? arguments[2] : arguments[0];
}

Value coalesce(Arguments& arguments) {
  for (const Value& value : arguments.values) {
    if (!value.is_null()) return value;
  }
  return {};
}

Value month_end_of(Arguments& arguments) { return month_end(date(arguments, 0)); }
Value month_end_after_of(Arguments& arguments) {
  return date_or_refuse(arguments, month_end_after(date(arguments, 0)));
}
Value add_months_to(Arguments& arguments) {
  return date_or_refuse(arguments, add_months(date(arguments, 0), arguments.integer(1)));
}
Value add_days_to(Arguments& arguments) {
  return date_or_refuse(arguments, add_days(date(arguments, 0), arguments.integer(1)));
}
Value days_from_to(Arguments& arguments) {
  return Value::integer(days_between(date(arguments, 0), date(arguments, 1)));
}

Value round_to(Arguments& arguments) {
  const int64_t scale = arguments.integer(1);
  if (scale < -6111 || scale > 6176) arguments.refuse("the scale is out of range");
  return arguments.evaluator.wrap(
      number::round(arguments.number(0), static_cast<int>(scale), number::Rounding::kHalfUp), arguments.span);
}

}  // namespace

void add_scheme_builtins(BuiltinTable& table) {
  table.add("clamp", "x,low,high", clamp);
  table.add("coalesce", "value...", coalesce);
  table.add("month_end", "date", month_end_of);
  table.add("month_end_after", "date", month_end_after_of);
  table.add("add_months", "date,n", add_months_to);
  table.add("add_days", "date,n", add_days_to);
  table.add("days_between", "from,to", days_from_to);
  table.add("round_to", "x,n", round_to);
}

}  // namespace kaogong::feel
