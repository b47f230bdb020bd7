// What stands after a dot: a context's entry, a property of a date, time, duration or range; of a list, each item's.
#include "engine/feel/evaluator.h"

namespace kaogong::feel {
namespace {

using K = ValueKind;

template <class T>
Value or_null(std::optional<T> value) {
  if (!value) return {};
  return Value(std::move(*value));
}

Value name_of_zone(const Time& time) {
  std::optional<std::string> name = zone_name(time);
  return name ? Value::string(std::move(*name)) : Value();
}

/// Seconds with their fraction.
Value seconds_of(int64_t seconds, int64_t nanos) {
  return number::Number::from_scaled(static_cast<__int128>(seconds) * kNanosPerSecond + nanos, 9);
}

std::optional<Value> date_property(const Date& date, const std::string& name) {
  if (name == "year") return Value::integer(date.year);
  if (name == "month") return Value::integer(date.month);
  if (name == "day") return Value::integer(date.day);
  if (name == "weekday") return Value::integer(weekday(date));
  return std::nullopt;
}

std::optional<Value> time_property(const Time& time, const std::string& name) {
  if (name == "hour") return Value::integer(hour(time));
  if (name == "minute") return Value::integer(minute(time));
  if (name == "second") return seconds_of(second(time), nanos_of_second(time));
  if (name == "timezone") return name_of_zone(time);
  return std::nullopt;
}

std::optional<Value> property(const Value& object, const std::string& name, const ZoneRules& zones) {
  switch (object.kind()) {
    case K::kDate:
      // A date has the time of midnight UTC (DMN 1.5, table 65, by implicit conversion).
      return date_property(object.as_date(), name);
    case K::kTime:
      if (name == "time offset") return or_null(time_offset(object.as_time(), zones));
      return time_property(object.as_time(), name);
    case K::kDateTime: {
      const DateTime& value = object.as_date_time();
      if (name == "time offset") return or_null(time_offset(value, zones));
      if (std::optional<Value> part = date_property(value.date, name)) return part;
      return time_property(value.time, name);
    }
    case K::kDaysTimeDuration: {
      const DaysTimeDuration& duration = object.as_days_time();
      if (name == "days") return Value::integer(days(duration));
      if (name == "hours") return Value::integer(hours(duration));
      if (name == "minutes") return Value::integer(minutes(duration));
      if (name == "seconds") return seconds_of(seconds(duration), nanos_of_second(duration));
      return std::nullopt;
    }
    case K::kYearsMonthsDuration:
      if (name == "years") return Value::integer(years(object.as_years_months()));
      if (name == "months") return Value::integer(months(object.as_years_months()));
      return std::nullopt;
    case K::kRange: {
      const Range& range = object.as_range();
      if (name == "start") return range.low;
      if (name == "end") return range.high;
      if (name == "start included") return Value::boolean(range.has_low && range.low_closed);
      if (name == "end included") return Value::boolean(range.has_high && range.high_closed);
      return std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

}  // namespace

Value Evaluator::member(const Value& object, const std::string& name, Span span) {
  switch (object.kind()) {
    case K::kContext:
      if (const Value* value = object.as_context().find(name)) return *value;
      return problem(span, "there is no entry '" + name + "'");
    case K::kList: {
      const Depth depth(*this);
      std::vector<Value> items;
      items.reserve(object.as_list().size());
      for (const Value& item : object.as_list()) items.push_back(member(item, name, span));
      return make_list(std::move(items));
    }
    case K::kNull:
      return problem(span, "null has no '" + name + "'");
    default:
      if (std::optional<Value> value = property(object, name, zones())) return std::move(*value);
      return problem(span, std::string(to_string(object.kind())) + " has no '" + name + "'");
  }
}

}  // namespace kaogong::feel
