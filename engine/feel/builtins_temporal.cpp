// Functions on dates, times and durations (OMG DMN 1.5, 10.3.4.1, 10.3.4.7, 10.3.4.11).
#include "engine/feel/builtins.h"

namespace kaogong::feel {
namespace {

using K = ValueKind;

template <class T>
Value given_or_refuse(Arguments& arguments, std::optional<T> value, std::string_view message) {
  if (!value) arguments.refuse(std::string(message));
  return Value(std::move(*value));
}

Value date_from(Arguments& arguments) {
  const Value& from = arguments.scalar(0);
  if (from.is(K::kDate)) return from;
  if (from.is(K::kDateTime)) return from.as_date_time().date;
  return given_or_refuse(arguments, parse_date(arguments.string(0)), "this is no date");
}

Value date_of(Arguments& arguments) {
  return given_or_refuse(arguments, make_date(arguments.integer(0), arguments.integer(1), arguments.integer(2)),
                         "there is no such date");
}

Value time_from(Arguments& arguments) {
  const Value& from = arguments.scalar(0);
  if (from.is(K::kTime)) return from;
  if (from.is(K::kDateTime)) return from.as_date_time().time;
  if (from.is(K::kDate)) return time_of(from.as_date());
  return given_or_refuse(arguments, parse_time(arguments.string(0), arguments.evaluator.zones()), "this is no time");
}

/// hour, minute, second (with a fraction), offset at `first` and after.
std::optional<Time> time_parts(Arguments& arguments, size_t first) {
  const number::NumberResult whole = number::round(arguments.number(first + 2), 0, number::Rounding::kFloor);
  const auto nanos = arguments.number(first + 2).to_scaled(9);
  if (!whole || !nanos) arguments.refuse("the second is finer than a nanosecond");
  std::optional<DaysTimeDuration> offset;
  if (arguments.has(first + 3)) {
    const Value& value = arguments.scalar(first + 3);
    if (!value.is(K::kDaysTimeDuration)) arguments.refuse(first + 3, "a days and time duration");
    offset = value.as_days_time();
  }
  const int64_t second = whole.value.to_int64().value_or(-1);
  return make_time(arguments.integer(first), arguments.integer(first + 1), second,
                   static_cast<int64_t>(*nanos - static_cast<__int128>(second) * kNanosPerSecond), offset);
}

Value time_of_parts(Arguments& arguments) {
  return given_or_refuse(arguments, time_parts(arguments, 0), "there is no such time");
}

Value date_time_from(Arguments& arguments) {
  const Value& from = arguments.scalar(0);
  if (from.is(K::kDateTime)) return from;
  if (from.is(K::kDate)) return at_midnight_utc(from.as_date());
  return given_or_refuse(arguments, parse_date_time(arguments.string(0), arguments.evaluator.zones()),
                         "this is no date and time");
}

Value date_time_of(Arguments& arguments) {
  const Value& date = arguments.scalar(0);
  const Value& time = arguments.scalar(1);
  if (!time.is(K::kTime)) {
    // date and time(from, timezone)
    arguments.refuse(1, "a time");
  }
  if (date.is(K::kDateTime)) return make_date_time(date.as_date_time(), time.as_time());
  if (!date.is(K::kDate)) arguments.refuse(0, "a date");
  return make_date_time(date.as_date(), time.as_time());
}

Value date_time_of_parts(Arguments& arguments) {
  const auto date = make_date(arguments.integer(0), arguments.integer(1), arguments.integer(2));
  std::optional<Time> time;
  if (arguments.has(6) && arguments.scalar(6).is(K::kString)) {
    const Value zone = arguments.scalar(6);
    arguments.values[6] = Value();
    time = time_parts(arguments, 3);
    if (!arguments.evaluator.zones().known(zone.as_string())) arguments.refuse("unknown time zone");
    if (time) time->zone = Zone::named(zone.as_string());
  } else {
    time = time_parts(arguments, 3);
  }
  if (!date || !time) arguments.refuse("there is no such date and time");
  return make_date_time(*date, *time);
}

Value duration_from(Arguments& arguments) {
  const Value& from = arguments.scalar(0);
  if (from.is(K::kDaysTimeDuration) || from.is(K::kYearsMonthsDuration)) return from;
  std::optional<Duration> duration = parse_duration(arguments.string(0));
  if (!duration) arguments.refuse("this is no duration");
  if (const auto* days = std::get_if<DaysTimeDuration>(&*duration)) return *days;
  return std::get<YearsMonthsDuration>(*duration);
}

const Date& date_part(Arguments& arguments, size_t i) {
  const Value& value = arguments.scalar(i);
  if (value.is(K::kDate)) return value.as_date();
  if (value.is(K::kDateTime)) return value.as_date_time().date;
  arguments.refuse(i, "a date");
}

Value years_and_months(Arguments& arguments) {
  return years_and_months_between(date_part(arguments, 0), date_part(arguments, 1));
}

Value day_of_year_of(Arguments& arguments) { return Value::integer(day_of_year(date_part(arguments, 0))); }
Value week_of_year_of(Arguments& arguments) { return Value::integer(week_of_year(date_part(arguments, 0))); }
Value day_of_week_of(Arguments& arguments) { return Value::string(std::string(day_of_week(date_part(arguments, 0)))); }
Value month_of_year_of(Arguments& arguments) {
  return Value::string(std::string(month_of_year(date_part(arguments, 0))));
}

Value now(Arguments& arguments) {
  if (!arguments.evaluator.options().now) arguments.refuse("there is no clock here");
  return *arguments.evaluator.options().now;
}
Value today(Arguments& arguments) {
  if (!arguments.evaluator.options().now) arguments.refuse("there is no clock here");
  return arguments.evaluator.options().now->date;
}

}  // namespace

void add_temporal_builtins(BuiltinTable& table) {
  table.add("date", "from", date_from);
  table.add("date", "year,month,day", date_of);
  table.add("time", "from", time_from);
  table.add("time", "hour,minute,second,offset?", time_of_parts);
  table.add("date and time", "from", date_time_from);
  table.add("date and time", "date,time", date_time_of);
  table.add("date and time", "year,month,day,hour,minute,second,offset?", date_time_of_parts);
  table.add("date and time", "year,month,day,hour,minute,second,timezone", date_time_of_parts);
  table.add("duration", "from", duration_from);
  table.add("years and months duration", "from,to", years_and_months);
  table.add("day of year", "date", day_of_year_of);
  table.add("week of year", "date", week_of_year_of);
  table.add("day of week", "date", day_of_week_of);
  table.add("month of year", "date", month_of_year_of);
  table.add("now", "", now);
  table.add("today", "", today);
}

}  // namespace kaogong::feel
