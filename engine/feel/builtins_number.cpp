// Functions on numbers (OMG DMN 1.5, 10.3.4.5).
#include "engine/feel/builtins.h"

namespace kaogong::feel {
namespace {

using number::Number;
using number::Rounding;

int scale_of(Arguments& arguments, size_t i) {
  if (!arguments.given(i)) return 0;
  const int64_t scale = arguments.integer(i);
  if (scale < -6111 || scale > 6176) arguments.refuse("scale must be within -6111 and 6176");
  return static_cast<int>(scale);
}

template <Rounding mode>
Value round_to_scale(Arguments& arguments) {
  const Number& number = arguments.number(0);
  return arguments.evaluator.wrap(number::round(number, scale_of(arguments, 1), mode), arguments.span);
}

Value absolute(Arguments& arguments) {
  const Value& value = arguments.scalar(0);
  if (value.is(ValueKind::kDaysTimeDuration)) return feel::absolute(value.as_days_time());
  if (value.is(ValueKind::kYearsMonthsDuration)) return feel::absolute(value.as_years_months());
  return number::absolute(arguments.number(0));
}

Value modulo(Arguments& arguments) {
  return arguments.evaluator.wrap(
      number::modulo(arguments.number(0), arguments.number(1), arguments.evaluator.arithmetic()), arguments.span);
}

Value square_root(Arguments& arguments) {
  return arguments.evaluator.wrap(number::square_root(arguments.number(0)), arguments.span);
}
Value logarithm(Arguments& arguments) {
  return arguments.evaluator.wrap(number::logarithm(arguments.number(0)), arguments.span);
}
Value exponential(Arguments& arguments) {
  return arguments.evaluator.wrap(number::exponential(arguments.number(0)), arguments.span);
}

template <bool wanted_odd>
Value parity(Arguments& arguments) {
  const Number& number = arguments.number(0);
  if (!number.is_integer()) return Value::boolean(false);
  const number::NumberResult rest = number::modulo(number, Number(2), number::Arithmetic::kExact);
  // Where the exponent is too large to be written out the number is a multiple of ten.
  return Value::boolean((rest && !rest.value.is_zero()) == wanted_odd);
}

}  // namespace

void add_number_builtins(BuiltinTable& table) {
  table.add("decimal", "n,scale", round_to_scale<Rounding::kHalfEven>);
  table.add("floor", "n,scale?", round_to_scale<Rounding::kFloor>);
  table.add("ceiling", "n,scale?", round_to_scale<Rounding::kCeiling>);
  table.add("round up", "n,scale", round_to_scale<Rounding::kUp>);
  table.add("round down", "n,scale", round_to_scale<Rounding::kDown>);
  table.add("round half up", "n,scale", round_to_scale<Rounding::kHalfUp>);
  table.add("round half down", "n,scale", round_to_scale<Rounding::kHalfDown>);
  table.add("abs", "n", absolute);
  table.add("modulo", "dividend,divisor", modulo);
  table.add("sqrt", "number", square_root);
  table.add("log", "number", logarithm);
  table.add("exp", "number", exponential);
  table.add("odd", "number", parity<true>);
  table.add("even", "number", parity<false>);
}

}  // namespace kaogong::feel
