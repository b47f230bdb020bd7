#include "engine/feel/temporal.h"

#include <array>

#include "engine/feel/civil.h"

namespace kaogong::feel {

std::optional<Date> make_date(int64_t year, int64_t month, int64_t day) {
  if (year < -kYearMax || year > kYearMax || month < 1 || month > 12 || day < 1) return {};
  if (day > civil::last_day_of_month(year, month)) return {};
  return Date{static_cast<int32_t>(year), static_cast<int8_t>(month), static_cast<int8_t>(day)};
}

std::optional<Time> make_time(int64_t hour, int64_t minute, int64_t second, int64_t nanos,
                              const std::optional<DaysTimeDuration>& offset) {
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return {};
  if (nanos < 0 || nanos >= kNanosPerSecond) return {};
  Time time{((hour * 60 + minute) * 60 + second) * kNanosPerSecond + nanos, Zone::local()};
  if (offset) {
    const __int128 limit = static_cast<__int128>(kOffsetSecondsMax) * kNanosPerSecond;
    if (offset->nanos < -limit || offset->nanos > limit || offset->nanos % kNanosPerSecond != 0) return {};
    time.zone = Zone::offset(static_cast<int32_t>(offset->nanos / kNanosPerSecond));
  }
  return time;
}

std::optional<YearsMonthsDuration> make_years_months(int64_t years, int64_t months) {
  const __int128 total = static_cast<__int128>(years) * 12 + months;
  if (total < -kDurationMonthsMax || total > kDurationMonthsMax) return {};
  return YearsMonthsDuration{static_cast<int64_t>(total)};
}

std::optional<DaysTimeDuration> make_nanos(__int128 nanos) {
  if (nanos < -kDurationNanosMax || nanos > kDurationNanosMax) return {};
  return DaysTimeDuration{nanos};
}

int64_t to_days(const Date& date) { return civil::days_from_civil<int64_t>(date.year, date.month, date.day); }

std::optional<Date> from_days(int64_t days) {
  constexpr int64_t kFirst = civil::days_from_civil<int64_t>(-kYearMax, 1, 1);
  constexpr int64_t kLast = civil::days_from_civil<int64_t>(kYearMax, 12, 31);
  if (days < kFirst || days > kLast) return {};
  const auto date = civil::civil_from_days(days);
  return Date{static_cast<int32_t>(date.year), static_cast<int8_t>(date.month), static_cast<int8_t>(date.day)};
}

int weekday(const Date& date) { return static_cast<int>(civil::iso_weekday(to_days(date))); }

int day_of_year(const Date& date) {
  return static_cast<int>(to_days(date) - civil::days_from_civil<int64_t>(date.year, 1, 1)) + 1;
}

std::string_view day_of_week(const Date& date) {
  static constexpr std::array<std::string_view, 7> kNames = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                             "Friday", "Saturday", "Sunday"};
  return kNames[static_cast<size_t>(weekday(date) - 1)];
}

std::string_view month_of_year(const Date& date) {
  static constexpr std::array<std::string_view, 12> kNames = {"January",   "February", "March",    "April",
                                                              "May",       "June",     "July",     "August",
                                                              "September", "October",  "November", "December"};
  return kNames[static_cast<size_t>(date.month - 1)];
}

int week_of_year(const Date& date) {
  // A week belongs to the year that its Thursday is in.
  const int64_t thursday = to_days(date) - weekday(date) + 4;
  const int64_t year = civil::civil_from_days(thursday).year;
  return static_cast<int>((thursday - civil::days_from_civil<int64_t>(year, 1, 1)) / 7) + 1;
}

std::optional<DaysTimeDuration> time_offset(const Time& time, const ZoneRules& zones) {
  switch (time.zone.kind) {
    case Zone::Kind::kLocal:
      return {};
    case Zone::Kind::kOffset:
      return make_seconds(time.zone.offset_seconds);
    case Zone::Kind::kNamed:
      break;
  }
  const auto offset = zones.standard_offset(time.zone.name);
  if (!offset) return {};
  return make_seconds(*offset);
}

std::optional<DaysTimeDuration> time_offset(const DateTime& value, const ZoneRules& zones) {
  if (value.time.zone.kind != Zone::Kind::kNamed) return time_offset(value.time, zones);
  const int64_t local = to_days(value.date) * kSecondsPerDay + value.time.nanos_of_day / kNanosPerSecond;
  const auto offset = zones.offset_at_local(value.time.zone.name, local);
  if (!offset) return {};
  return make_seconds(*offset);
}

std::optional<std::string> zone_name(const Time& time) {
  if (time.zone.kind != Zone::Kind::kNamed) return {};
  return time.zone.name;
}

int64_t days(const DaysTimeDuration& duration) { return static_cast<int64_t>(duration.nanos / kNanosPerDay); }
int64_t hours(const DaysTimeDuration& duration) {
  return static_cast<int64_t>(duration.nanos % kNanosPerDay) / (3600 * kNanosPerSecond);
}
int64_t minutes(const DaysTimeDuration& duration) {
  return static_cast<int64_t>(duration.nanos % (3600 * kNanosPerSecond)) / (60 * kNanosPerSecond);
}
int64_t seconds(const DaysTimeDuration& duration) {
  return static_cast<int64_t>(duration.nanos % (60 * kNanosPerSecond)) / kNanosPerSecond;
}
int64_t nanos_of_second(const DaysTimeDuration& duration) {
  return static_cast<int64_t>(duration.nanos % kNanosPerSecond);
}

YearsMonthsDuration years_and_months_between(const Date& from, const Date& to) {
  return {civil::whole_months_between(to_days(from), to_days(to))};
}

}  // namespace kaogong::feel
