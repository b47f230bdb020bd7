// + - * / ** on numbers, strings, dates, times and durations (OMG DMN 1.5, tables 56 to 59).
#include "engine/feel/evaluator.h"

namespace kaogong::feel {
namespace {

using K = ValueKind;
using number::Number;

template <class T>
std::optional<Value> value_of(std::optional<T> result) {
  if (!result) return std::nullopt;
  return Value(std::move(*result));
}
std::optional<Value> value_of(Time result) { return Value(std::move(result)); }
std::optional<Value> value_of(DaysTimeDuration result) { return Value(result); }

struct Ratio {
  __int128 numerator = 0;
  __int128 denominator = 1;
};

// A number as a quotient of integers, for scaling durations.
std::optional<Ratio> ratio_of(const Number& number) {
  const Number decimal = number::to_decimal(number);
  const std::optional<int> scale = decimal.decimals();
  if (!scale || *scale > 36) return std::nullopt;
  const std::optional<__int128> units = decimal.to_scaled(*scale);
  if (!units) return std::nullopt;
  Ratio ratio{*units, 1};
  for (int i = 0; i < *scale; ++i) ratio.denominator *= 10;
  return ratio;
}

std::string refusal(std::string_view op, const Value& a, const Value& b) {
  return "cannot compute " + std::string(to_string(a.kind())) + " " + std::string(op) + " " +
         std::string(to_string(b.kind()));
}

// The pairs of kinds that add or subtract; empty optional of optional: no such pair.
std::optional<std::optional<Value>> plus(const Value& a, const Value& b, const ZoneRules& zones) {
  const K left = a.kind(), right = b.kind();
  if (left == K::kDaysTimeDuration || left == K::kYearsMonthsDuration) {
    if (right == K::kDate || right == K::kTime || right == K::kDateTime) return plus(b, a, zones);
  }
  if (right == K::kDaysTimeDuration) {
    const DaysTimeDuration& duration = b.as_days_time();
    if (left == K::kDate) return value_of(add(a.as_date(), duration));
    if (left == K::kTime) return value_of(add(a.as_time(), duration));
    if (left == K::kDateTime) return value_of(add(a.as_date_time(), duration, zones));
    if (left == K::kDaysTimeDuration) return value_of(add(a.as_days_time(), duration));
  }
  if (right == K::kYearsMonthsDuration) {
    const YearsMonthsDuration& duration = b.as_years_months();
    if (left == K::kDate) return value_of(add(a.as_date(), duration));
    if (left == K::kDateTime) return value_of(add(a.as_date_time(), duration));
    if (left == K::kYearsMonthsDuration) return value_of(add(a.as_years_months(), duration));
  }
  return std::nullopt;
}

std::optional<std::optional<Value>> minus(const Value& a, const Value& b, const ZoneRules& zones) {
  const K left = a.kind(), right = b.kind();
  if (right == K::kDaysTimeDuration) {
    const DaysTimeDuration& duration = b.as_days_time();
    if (left == K::kDate) return value_of(subtract(a.as_date(), duration));
    if (left == K::kTime) return value_of(subtract(a.as_time(), duration));
    if (left == K::kDateTime) return value_of(subtract(a.as_date_time(), duration, zones));
    if (left == K::kDaysTimeDuration) return value_of(subtract(a.as_days_time(), duration));
  }
  if (right == K::kYearsMonthsDuration) {
    const YearsMonthsDuration& duration = b.as_years_months();
    if (left == K::kDate) return value_of(subtract(a.as_date(), duration));
    if (left == K::kDateTime) return value_of(subtract(a.as_date_time(), duration));
    if (left == K::kYearsMonthsDuration) return value_of(subtract(a.as_years_months(), duration));
  }
  if (left == K::kDate && right == K::kDate) return value_of(subtract(a.as_date(), b.as_date()));
  if (left == K::kDateTime && right == K::kDateTime) {
    return value_of(subtract(a.as_date_time(), b.as_date_time(), zones));
  }
  if (left == K::kDate && right == K::kDateTime) return value_of(subtract(a.as_date(), b.as_date_time(), zones));
  if (left == K::kDateTime && right == K::kDate) return value_of(subtract(a.as_date_time(), b.as_date(), zones));
  if (left == K::kTime && right == K::kTime) return value_of(subtract(a.as_time(), b.as_time(), zones));
  return std::nullopt;
}

bool is_duration(const Value& value) { return value.is(K::kDaysTimeDuration) || value.is(K::kYearsMonthsDuration); }

std::optional<Value> scale(const Value& duration, __int128 numerator, __int128 denominator) {
  if (duration.is(K::kDaysTimeDuration)) return value_of(multiply(duration.as_days_time(), numerator, denominator));
  return value_of(multiply(duration.as_years_months(), numerator, denominator));
}

}  // namespace

Value Evaluator::wrap(const number::NumberResult& result, Span span) {
  if (!result) return problem(span, std::string(number::to_string(result.error)));
  return result.value;
}

Value Evaluator::add(const Value& a, const Value& b, Span span) {
  if (a.is(K::kNumber) && b.is(K::kNumber)) return wrap(number::add(a.as_number(), b.as_number(), arithmetic()), span);
  if (a.is(K::kString) && b.is(K::kString)) {
    if (a.as_string().size() + b.as_string().size() > options_.limits.string_bytes_max) {
      fail(span, "the string is too long");
    }
    return make_string(a.as_string() + b.as_string());
  }
  if (std::optional<std::optional<Value>> sum = plus(a, b, zones())) {
    return *sum ? std::move(**sum) : problem(span, "the sum is out of range");
  }
  return problem(span, refusal("+", a, b));
}

Value Evaluator::subtract(const Value& a, const Value& b, Span span) {
  if (a.is(K::kNumber) && b.is(K::kNumber)) {
    return wrap(number::subtract(a.as_number(), b.as_number(), arithmetic()), span);
  }
  if (std::optional<std::optional<Value>> difference = minus(a, b, zones())) {
    return *difference ? std::move(**difference) : problem(span, "there is no such difference");
  }
  return problem(span, refusal("-", a, b));
}

Value Evaluator::multiply(const Value& a, const Value& b, Span span) {
  if (a.is(K::kNumber) && b.is(K::kNumber)) {
    return wrap(number::multiply(a.as_number(), b.as_number(), arithmetic()), span);
  }
  const bool duration_first = is_duration(a);
  const Value& duration = duration_first ? a : b;
  const Value& factor = duration_first ? b : a;
  if (!is_duration(duration) || !factor.is(K::kNumber)) return problem(span, refusal("*", a, b));
  const std::optional<Ratio> ratio = ratio_of(factor.as_number());
  std::optional<Value> product;
  if (ratio) product = scale(duration, ratio->numerator, ratio->denominator);
  return product ? std::move(*product) : problem(span, "the product is out of range");
}

Value Evaluator::divide(const Value& a, const Value& b, Span span) {
  if (a.is(K::kNumber) && b.is(K::kNumber)) {
    return wrap(number::divide(a.as_number(), b.as_number(), arithmetic()), span);
  }
  if (is_duration(a) && b.is(K::kNumber)) {
    if (b.as_number().is_zero()) return problem(span, "division by zero");
    const std::optional<Ratio> ratio = ratio_of(b.as_number());
    std::optional<Value> quotient;
    if (ratio) quotient = scale(a, ratio->denominator, ratio->numerator);
    return quotient ? std::move(*quotient) : problem(span, "the quotient is out of range");
  }
  if (is_duration(a) && a.kind() == b.kind()) {
    const bool days = a.is(K::kDaysTimeDuration);
    const Number top = days ? Number::from_scaled(a.as_days_time().nanos, 0) : Number(a.as_years_months().months);
    const Number bottom = days ? Number::from_scaled(b.as_days_time().nanos, 0) : Number(b.as_years_months().months);
    return wrap(number::divide(top, bottom, arithmetic()), span);
  }
  return problem(span, refusal("/", a, b));
}

Value Evaluator::power(const Value& a, const Value& b, Span span) {
  if (!a.is(K::kNumber) || !b.is(K::kNumber)) return problem(span, refusal("**", a, b));
  spend(16);
  return wrap(number::power(a.as_number(), b.as_number(), arithmetic()), span);
}

Value Evaluator::negate(const Value& a, Span span) {
  switch (a.kind()) {
    case K::kNumber:
      return number::negate(a.as_number());
    case K::kDaysTimeDuration:
      return feel::negate(a.as_days_time());
    case K::kYearsMonthsDuration:
      return feel::negate(a.as_years_months());
    default:
      return problem(span, "cannot negate " + std::string(to_string(a.kind())));
  }
}

}  // namespace kaogong::feel
