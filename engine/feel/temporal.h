// FEEL's temporal types (OMG DMN 1.5, section 10.3.2.3): plain values in the proleptic Gregorian calendar, their
// lexical forms (XML Schema, ISO 8601), arithmetic, comparison and the built-in functions about them. An empty optional
// is FEEL's null: malformed text, a date that does not exist, a result out of range, values that cannot be compared.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "engine/feel/zone_rules.h"

namespace kaogong::feel {

inline constexpr int64_t kYearMax = 999'999'999;
inline constexpr int64_t kNanosPerSecond = 1'000'000'000;
inline constexpr int64_t kSecondsPerDay = 86'400;
inline constexpr int64_t kNanosPerDay = kSecondsPerDay * kNanosPerSecond;
/// The largest offset from UTC in a lexical form or in time(): 18 hours, in seconds.
inline constexpr int32_t kOffsetSecondsMax = 18 * 3600;

/// A calendar date. Invariant: it exists, and |year| <= kYearMax. `==` and `<=>` are FEEL's.
struct Date {
  int32_t year = 1970;
  int8_t month = 1;
  int8_t day = 1;
  friend constexpr auto operator<=>(const Date&, const Date&) = default;
};

/// The time zone part of a time: none (local), an offset from UTC, or a zone's name.
struct Zone {
  enum class Kind : uint8_t { kLocal, kOffset, kNamed };
  Kind kind = Kind::kLocal;
  int32_t offset_seconds = 0;  // kOffset only
  std::string name;            // kNamed only: "Europe/Paris"

  static Zone local() { return {}; }
  static Zone utc() { return offset(0); }
  static Zone offset(int32_t seconds) { return {Kind::kOffset, seconds, {}}; }
  static Zone named(std::string zone) { return {Kind::kNamed, 0, std::move(zone)}; }
  bool is_local() const { return kind == Kind::kLocal; }
  friend bool operator==(const Zone&, const Zone&) = default;
};

/// A time of day. Invariant: 0 <= nanos_of_day < kNanosPerDay. `==` is sameness, as FEEL's is() has it: the same digits
/// and the same zone as written; FEEL's `=` is equals().
struct Time {
  int64_t nanos_of_day = 0;
  Zone zone;
  friend bool operator==(const Time&, const Time&) = default;
};

/// A date and time. `==` is sameness, as FEEL's is() has it; FEEL's `=` is equals().
struct DateTime {
  Date date;
  Time time;
  friend bool operator==(const DateTime&, const DateTime&) = default;
};

/// A days and time duration, exact to the nanosecond. Invariant: |nanos| <= kDurationNanosMax. `==` and `<=>` are
/// FEEL's.
struct DaysTimeDuration {
  __int128 nanos = 0;
  friend constexpr auto operator<=>(const DaysTimeDuration&, const DaysTimeDuration&) = default;
};
inline constexpr __int128 kDurationNanosMax = static_cast<__int128>(INT64_MAX) * kNanosPerSecond;

/// A years and months duration: whole months. Invariant: |months| <= kDurationMonthsMax. `==` and `<=>` are FEEL's.
struct YearsMonthsDuration {
  int64_t months = 0;
  friend constexpr auto operator<=>(const YearsMonthsDuration&, const YearsMonthsDuration&) = default;
};
inline constexpr int64_t kDurationMonthsMax = INT64_MAX;

using Duration = std::variant<DaysTimeDuration, YearsMonthsDuration>;
using Temporal = std::variant<Date, Time, DateTime, DaysTimeDuration, YearsMonthsDuration>;

// ---- Text ----------------------------------------------------------------------------------------------------------

/// Parses "2026-10-31", "-0044-03-15", "12026-01-01" (more than four digits of year: no leading zero). No zone.
std::optional<Date> parse_date(std::string_view text);
/// Parses "23:59:00", "23:59:00.123456789", "23:59:00Z", "23:59:00+08:00", "23:59:00@Europe/Paris". "24:00:00" is
/// midnight. Fractions finer than a nanosecond and zones that `zones` does not know are malformed.
std::optional<Time> parse_time(std::string_view text, const ZoneRules& zones = builtin_zones());
/// Parses "2026-10-31T23:59:00" with any zone that parse_time takes; "T24:00:00" is midnight of the next day. A date
/// alone is its local midnight, as FEEL's date and time("2026-10-31") is.
std::optional<DateTime> parse_date_time(std::string_view text, const ZoneRules& zones = builtin_zones());
/// Parses "P1DT2H3M4.5S", "-PT90M", "P1Y2M". Years or months with days or times are malformed; "P0D" is the days and
/// time duration, "P0M" the years and months duration of nothing.
std::optional<Duration> parse_duration(std::string_view text);
/// Parses what an at-literal may hold: a date, time, date and time, or duration, told apart by its form.
std::optional<Temporal> parse_temporal(std::string_view text, const ZoneRules& zones = builtin_zones());

/// Write the canonical form, which the parsers above read back as the same value: "2026-10-31",
/// "10:00:00.123@Europe/Paris", "23:59:00Z", "P1DT2H", "-P1Y2M", "P0M", "PT0S". Offset 0 is written "Z".
std::string to_string(const Date& date);
std::string to_string(const Time& time);
std::string to_string(const DateTime& date_time);
std::string to_string(const DaysTimeDuration& duration);
std::string to_string(const YearsMonthsDuration& duration);

// ---- Construction and conversion -----------------------------------------------------------------------------------

/// FEEL's date(year, month, day).
std::optional<Date> make_date(int64_t year, int64_t month, int64_t day);
/// FEEL's time(hour, minute, second, offset): hour 0..23, minute 0..59, second 0..59, nanos 0..999,999,999 (the
/// fraction of the second), an offset of whole seconds within ±18 h or none (local).
std::optional<Time> make_time(int64_t hour, int64_t minute, int64_t second, int64_t nanos,
                              const std::optional<DaysTimeDuration>& offset);
/// FEEL's date and time(date, time): the zone is the time's.
inline DateTime make_date_time(const Date& date, const Time& time) { return {date, time}; }
/// FEEL's date and time(date and time, time): the date of the one, the time and zone of the other.
inline DateTime make_date_time(const DateTime& date, const Time& time) { return {date.date, time}; }
/// A date as a date and time, where arithmetic or time() needs one: midnight UTC.
inline DateTime at_midnight_utc(const Date& date) { return {date, {0, Zone::utc()}}; }
/// FEEL's time(date): midnight UTC.
inline Time time_of(const Date&) { return {0, Zone::utc()}; }
/// A years and months duration of y years and m months; empty when out of range.
std::optional<YearsMonthsDuration> make_years_months(int64_t years, int64_t months);
/// A days and time duration of whole seconds and nanoseconds.
inline DaysTimeDuration make_seconds(int64_t seconds, int64_t nanos = 0) {
  return {static_cast<__int128>(seconds) * kNanosPerSecond + nanos};
}
/// A days and time duration from nanoseconds; empty when out of range.
std::optional<DaysTimeDuration> make_nanos(__int128 nanos);

/// The day number of a date: days since 1970-01-01.
int64_t to_days(const Date& date);
/// The date of a day number; empty when its year is out of range.
std::optional<Date> from_days(int64_t days);

/// The same instant on another zone's clock; empty for a local value (which is no instant) or an unknown zone.
std::optional<DateTime> in_zone(const DateTime& value, const Zone& zone, const ZoneRules& zones = builtin_zones());

// ---- Comparison ----------------------------------------------------------------------------------------------------

// FEEL compares times and dates with times in whole seconds (DMN 1.5, table 54: by hour, minute, second and offset), so
// 10:30:00.1 = 10:30:00.2, and neither is less. Values with a zone compare as instants; a local value and one with a
// zone do not compare: empty, FEEL's null. A time of a named zone has the zone's offset outside summer time.

std::optional<bool> equals(const Time& a, const Time& b, const ZoneRules& zones = builtin_zones());
std::optional<bool> equals(const DateTime& a, const DateTime& b, const ZoneRules& zones = builtin_zones());
std::optional<std::strong_ordering> compare(const Time& a, const Time& b, const ZoneRules& zones = builtin_zones());
std::optional<std::strong_ordering> compare(const DateTime& a, const DateTime& b,
                                            const ZoneRules& zones = builtin_zones());

// ---- Arithmetic (DMN 1.5, tables 57 to 59) -------------------------------------------------------------------------

/// Adding months keeps the day or takes the month's last day.
std::optional<Date> add_months(const Date& date, int64_t months);
std::optional<Date> add_days(const Date& date, int64_t days);
/// Days from one date to another; negative when `to` is earlier.
int64_t days_between(const Date& from, const Date& to);
/// The last day of the date's month.
Date month_end(const Date& date);
/// The first month-end strictly after a date; empty past the last year.
std::optional<Date> month_end_after(const Date& date);

std::optional<Date> add(const Date& date, const YearsMonthsDuration& duration);
/// A date plus hours counts from its midnight and keeps the day: 2021-01-02 - PT1H is 2021-01-01.
std::optional<Date> add(const Date& date, const DaysTimeDuration& duration);
/// Keeps the clock's time and the zone.
std::optional<DateTime> add(const DateTime& value, const YearsMonthsDuration& duration);
/// Elapsed time: with a named zone the clock may shift by summer time; the zone stays.
std::optional<DateTime> add(const DateTime& value, const DaysTimeDuration& duration,
                            const ZoneRules& zones = builtin_zones());
/// Wraps at midnight; the zone stays.
Time add(const Time& time, const DaysTimeDuration& duration);
std::optional<DaysTimeDuration> add(const DaysTimeDuration& a, const DaysTimeDuration& b);
std::optional<YearsMonthsDuration> add(const YearsMonthsDuration& a, const YearsMonthsDuration& b);

std::optional<Date> subtract(const Date& date, const YearsMonthsDuration& duration);
std::optional<Date> subtract(const Date& date, const DaysTimeDuration& duration);
std::optional<DateTime> subtract(const DateTime& value, const YearsMonthsDuration& duration);
std::optional<DateTime> subtract(const DateTime& value, const DaysTimeDuration& duration,
                                 const ZoneRules& zones = builtin_zones());
Time subtract(const Time& time, const DaysTimeDuration& duration);
std::optional<DaysTimeDuration> subtract(const DaysTimeDuration& a, const DaysTimeDuration& b);
std::optional<YearsMonthsDuration> subtract(const YearsMonthsDuration& a, const YearsMonthsDuration& b);

/// Differences are exact to the nanosecond. Between a local value and one with a zone: empty. A date among dates with
/// times is midnight UTC.
DaysTimeDuration subtract(const Date& a, const Date& b);
std::optional<DaysTimeDuration> subtract(const DateTime& a, const DateTime& b,
                                         const ZoneRules& zones = builtin_zones());
std::optional<DaysTimeDuration> subtract(const DateTime& a, const Date& b, const ZoneRules& zones = builtin_zones());
std::optional<DaysTimeDuration> subtract(const Date& a, const DateTime& b, const ZoneRules& zones = builtin_zones());
std::optional<DaysTimeDuration> subtract(const Time& a, const Time& b, const ZoneRules& zones = builtin_zones());

DaysTimeDuration negate(const DaysTimeDuration& duration);
YearsMonthsDuration negate(const YearsMonthsDuration& duration);
/// The duration without its sign: FEEL's abs().
DaysTimeDuration absolute(const DaysTimeDuration& duration);
YearsMonthsDuration absolute(const YearsMonthsDuration& duration);

/// Multiplies by numerator / denominator, exactly, then drops the fraction of a nanosecond or of a month (toward zero):
/// P1Y11M * -2.5 is -P4Y9M. A product with a decimal of scale s has denominator 10^s; a quotient swaps the two. Empty:
/// denominator 0, or out of range.
std::optional<DaysTimeDuration> multiply(const DaysTimeDuration& duration, __int128 numerator, __int128 denominator);
std::optional<YearsMonthsDuration> multiply(const YearsMonthsDuration& duration, __int128 numerator,
                                            __int128 denominator);

// ---- Properties (DMN 1.5, table 65) and built-in functions ---------------------------------------------------------

/// Monday is 1, Sunday is 7.
int weekday(const Date& date);
inline int hour(const Time& time) { return static_cast<int>(time.nanos_of_day / (3600 * kNanosPerSecond)); }
inline int minute(const Time& time) { return static_cast<int>(time.nanos_of_day / (60 * kNanosPerSecond) % 60); }
inline int second(const Time& time) { return static_cast<int>(time.nanos_of_day / kNanosPerSecond % 60); }
inline int64_t nanos_of_second(const Time& time) { return time.nanos_of_day % kNanosPerSecond; }
/// "time offset": empty for a local value. Of a time with a named zone: the one outside summer time.
std::optional<DaysTimeDuration> time_offset(const Time& time, const ZoneRules& zones = builtin_zones());
std::optional<DaysTimeDuration> time_offset(const DateTime& value, const ZoneRules& zones = builtin_zones());
/// "timezone": the zone's name; empty for a local value and for an offset.
std::optional<std::string> zone_name(const Time& time);

/// Parts of a duration in its canonical form, each with the duration's sign: of -P1DT2H, days is -1 and hours -2.
int64_t days(const DaysTimeDuration& duration);
int64_t hours(const DaysTimeDuration& duration);
int64_t minutes(const DaysTimeDuration& duration);
int64_t seconds(const DaysTimeDuration& duration);
int64_t nanos_of_second(const DaysTimeDuration& duration);
inline int64_t years(const YearsMonthsDuration& duration) { return duration.months / 12; }
inline int64_t months(const YearsMonthsDuration& duration) { return duration.months % 12; }

/// 1..366.
int day_of_year(const Date& date);
/// "Monday" … "Sunday".
std::string_view day_of_week(const Date& date);
/// "January" … "December".
std::string_view month_of_year(const Date& date);
/// ISO 8601: 1..53.
int week_of_year(const Date& date);
/// Counts whole months by date alone: the times of dates with times do not matter.
YearsMonthsDuration years_and_months_between(const Date& from, const Date& to);

}  // namespace kaogong::feel
