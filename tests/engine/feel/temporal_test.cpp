#include "engine/feel/temporal.h"

#include <gtest/gtest.h>

#include "engine/feel/civil.h"

namespace kaogong::feel {
namespace {

// Short readers of literals that the test knows to be well formed.
Date date(std::string_view text) { return parse_date(text).value(); }
Time time(std::string_view text) { return parse_time(text).value(); }
DateTime date_time(std::string_view text) { return parse_date_time(text).value(); }
DaysTimeDuration days_time(std::string_view text) { return std::get<DaysTimeDuration>(parse_duration(text).value()); }
YearsMonthsDuration years_months(std::string_view text) {
  return std::get<YearsMonthsDuration>(parse_duration(text).value());
}

template <class T>
std::string text_of(const std::optional<T>& value) {
  return value ? to_string(*value) : "null";
}
std::string text_of(const std::optional<Duration>& value) {
  return value ? std::visit([](const auto& v) { return to_string(v); }, *value) : "null";
}

TEST(Civil, DayNumbersAgreeWithACalendarWalkedDayByDay) {
  int32_t year = -401, month = 1, day = 1;
  int32_t number = civil::days_from_civil(year, month, day);
  while (year < 2405) {
    ASSERT_EQ(civil::days_from_civil(year, month, day), number);
    ASSERT_EQ(civil::civil_from_days(number), (civil::YearMonthDay<int32_t>{year, month, day}));
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    const int32_t lengths[] = {31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    ASSERT_EQ(civil::last_day_of_month(year, month), lengths[month - 1]);
    ++number;
    if (++day > lengths[month - 1]) {
      day = 1;
      if (++month > 12) {
        month = 1;
        ++year;
      }
    }
  }
  static_assert(civil::days_from_civil(1970, 1, 1) == 0);
  static_assert(civil::days_from_civil<int32_t>(2000, 3, 1) == 11017);
}

TEST(Civil, MonthsKeepTheDayOrTakeTheLast) {
  const auto day = [](std::string_view text) { return static_cast<int32_t>(to_days(date(text))); };
  EXPECT_EQ(civil::add_months(day("2026-01-31"), 1), day("2026-02-28"));
  EXPECT_EQ(civil::add_months(day("2024-01-31"), 1), day("2024-02-29"));
  EXPECT_EQ(civil::add_months(day("2026-03-31"), -1), day("2026-02-28"));
  EXPECT_EQ(civil::add_months(day("2026-01-15"), -13), day("2024-12-15"));
  EXPECT_EQ(civil::add_months(day("2024-02-29"), 12), day("2025-02-28"));
  EXPECT_EQ(civil::month_end(day("2026-02-01")), day("2026-02-28"));
  EXPECT_EQ(civil::month_end_after(day("2026-02-27")), day("2026-02-28"));
  EXPECT_EQ(civil::month_end_after(day("2026-02-28")), day("2026-03-31"));
  EXPECT_EQ(civil::month_start(day("2026-02-28")), day("2026-02-01"));
  EXPECT_EQ(civil::whole_months_between(day("2026-01-31"), day("2026-02-28")), 0);
  EXPECT_EQ(civil::whole_months_between(day("2026-01-28"), day("2026-02-28")), 1);
}

TEST(TemporalText, Dates) {
  for (const char* good :
       {"2017-12-31", "-2017-01-01", "999999999-12-31", "-999999999-12-31", "0000-02-29", "12026-01-01"}) {
    EXPECT_EQ(text_of(parse_date(good)), good);
  }
  for (const char* bad :
       {"", "2012/12/25", "9999999999-12-25", "2017-13-10", "2017-12-32", "2017-02-29", "998-12-31", "01211-12-31",
        "+2012-12-02", "2012-12-02Z", "2012-12-2", "2012-00-02", "2012-12-00", "2012T-12-2511:00:00Z", "2012-12-02 "}) {
    EXPECT_FALSE(parse_date(bad)) << bad;
  }
  EXPECT_FALSE(make_date(2017, -8, 2));
  EXPECT_FALSE(make_date(1'000'999'999, 12, 31));
  EXPECT_FALSE(make_date(INT64_MIN, INT64_MAX, INT64_MAX));
}

TEST(TemporalText, Times) {
  for (const char* good : {"01:02:03", "00:00:00", "11:22:33.444", "11:22:33.123456789", "11:00:00Z", "13:20:00+02:00",
                           "13:20:00-05:00", "00:01:00@Etc/UTC", "11:59:45+02:45:55", "10:30:11@Australia/Melbourne",
                           "10:20:00@America/Toronto", "08:00:00+18:00", "08:00:00@Etc/GMT+5"}) {
    EXPECT_EQ(text_of(parse_time(good)), good);
  }
  EXPECT_EQ(to_string(time("11:22:33-00:00")), "11:22:33Z");
  EXPECT_EQ(to_string(time("10:30:00.5000")), "10:30:00.5");
  EXPECT_EQ(to_string(time("24:00:00")), "00:00:00");
  for (const char* bad : {"",
                          "23:59:60",
                          "24:00:01",
                          "24:01:00",
                          "25:00:00",
                          "00:60:00",
                          "00:00:61",
                          "7:00:00",
                          "07:1:00",
                          "07:01:2",
                          "13:20:00@xyz/abc",
                          "13:20:00@",
                          "13:20:00+19:00",
                          "13:20:00-18:01",
                          "13:20:00+5:00",
                          "13:20:00+5",
                          "13:20:00+02:00@Europe/Paris",
                          "7:20",
                          "07:2",
                          "07:20",
                          "11:30:00T",
                          "11:30:00.",
                          "11:30:00.0000000001",
                          "11:30:00Z ",
                          "13:20:00+02:60",
                          "08:00:00@Etc/GMT+13",
                          "08:00:00@Etc/GMT+05",
                          "2012T-12-2511:00:00Z"}) {
    EXPECT_FALSE(parse_time(bad)) << bad;
  }
  EXPECT_EQ(text_of(make_time(11, 59, 45, 0, days_time("PT2H45M55S"))), "11:59:45+02:45:55");
  EXPECT_EQ(text_of(make_time(11, 59, 0, 0, days_time("-PT2H1M"))), "11:59:00-02:01");
  EXPECT_EQ(text_of(make_time(11, 59, 45, 0, days_time("-PT0H"))), "11:59:45Z");
  EXPECT_EQ(text_of(make_time(11, 59, 45, 250'000'000, {})), "11:59:45.25");
  EXPECT_FALSE(make_time(24, 59, 45, 0, {}));
  EXPECT_FALSE(make_time(-24, 59, 45, 0, {}));
  EXPECT_FALSE(make_time(23, 60, 45, 0, {}));
  EXPECT_FALSE(make_time(23, 0, 0, 0, days_time("PT19H")));
  EXPECT_FALSE(make_time(23, 0, 0, 0, days_time("PT0.5S")));
}

TEST(TemporalText, DatesWithTimes) {
  for (const char* good : {"2017-12-31T11:22:33", "-2017-12-31T11:22:33.345", "99999-12-31T11:22:33",
                           "2026-10-31T10:00:00.123@Europe/Paris", "999999999-12-31T23:59:59.999999999@Europe/Paris",
                           "-999999999-12-31T23:59:59.999999999+02:00", "2017-12-31T11:22:33.456+01:35"}) {
    EXPECT_EQ(text_of(parse_date_time(good)), good);
  }
  EXPECT_EQ(to_string(date_time("2012-12-24")), "2012-12-24T00:00:00");
  EXPECT_EQ(to_string(date_time("2012-12-31T24:00:00")), "2013-01-01T00:00:00");
  for (const char* bad : {"11:00:00", "2011-12-03T10:15:30+01:00@Europe/Paris", "9999999999-12-27T11:22:33",
                          "2017-13-10T11:22:33", "998-12-31T11:22:33", "2017-12-31T24:01:00", "2017-12-31T7:00:00",
                          "2017-12-31T13:20:00+19:00", "2017-12-31T07:2", "2017-12-31T", "999999999-12-31T24:00:00"}) {
    EXPECT_FALSE(parse_date_time(bad)) << bad;
  }
}

TEST(TemporalText, Durations) {
  const std::pair<const char*, const char*> cases[] = {
      {"P1D", "P1D"},
      {"P1DT2H3M4.123456789S", "P1DT2H3M4.123456789S"},
      {"PT0.000S", "PT0S"},
      {"PT0.S", "PT0S"},
      {"PT0M", "PT0S"},
      {"-PT0M", "PT0S"},
      {"P0D", "PT0S"},
      {"PT1000M", "PT16H40M"},
      {"PT1000M0.999999999S", "PT16H40M0.999999999S"},
      {"PT240H", "P10D"},
      {"P2DT274M", "P2DT4H34M"},
      {"-PT90S", "-PT1M30S"},
      {"P1Y2M", "P1Y2M"},
      {"-P1Y2M", "-P1Y2M"},
      {"P0Y", "P0M"},
      {"P1Y27M", "P3Y3M"},
      {"-P100M", "-P8Y4M"},
      {"P999999999M", "P83333333Y3M"},
      {"-P99999999Y", "-P99999999Y"},
  };
  for (const auto& [text, canonical] : cases) EXPECT_EQ(text_of(parse_duration(text)), canonical) << text;
  for (const char* bad : {"",
                          "P",
                          "-P",
                          "P0",
                          "PT",
                          "P1S",
                          "P1DT",
                          "P1Y1D",
                          "P1M1Y",
                          "P1.5D",
                          "P1H",
                          "PT1M1H",
                          "PT1H1H",
                          "PT.5S",
                          "+P1D",
                          "P-1D",
                          "p1d",
                          "P1D ",
                          "PT0.0000000001S",
                          "2012T-12-2511:00:00Z",
                          "P9999999999999999999D",
                          "P999999999999999999Y",
                          "P1YT1H",
                          "P1DT1D"}) {
    EXPECT_FALSE(parse_duration(bad)) << bad;
  }
}

TEST(TemporalText, AtLiteralsAreToldApartByForm) {
  EXPECT_TRUE(std::holds_alternative<Date>(parse_temporal("2019-03-31").value()));
  EXPECT_TRUE(std::holds_alternative<Time>(parse_temporal("10:30:11@America/Toronto").value()));
  EXPECT_TRUE(std::holds_alternative<DateTime>(parse_temporal("2018-12-08T10:30:11+11:00").value()));
  EXPECT_TRUE(std::holds_alternative<DaysTimeDuration>(parse_temporal("-P10D").value()));
  EXPECT_TRUE(std::holds_alternative<YearsMonthsDuration>(parse_temporal("P10Y").value()));
  EXPECT_FALSE(parse_temporal("foo"));
  EXPECT_FALSE(parse_temporal(""));
}

TEST(TemporalCompare, WholeSecondsAndInstants) {
  EXPECT_EQ(equals(time("10:30:00.0001"), time("10:30:00.0002")), true);
  EXPECT_EQ(equals(time("10:30:00"), time("10:30:01")), false);
  EXPECT_EQ(equals(time("10:30:00Z"), time("10:30:00+00:00")), true);
  EXPECT_EQ(equals(time("20:00:50+00:00"), time("21:00:50+01:00")), true);
  EXPECT_EQ(equals(time("10:30:00"), time("10:30:00Z")), std::nullopt);
  EXPECT_EQ(equals(date_time("2018-12-08T00:00:00.0001"), date_time("2018-12-08")), true);
  EXPECT_EQ(equals(date_time("2018-12-08T00:00:00@Europe/Paris"), date_time("2018-12-08T00:00:00@Asia/Dhaka")), false);
  EXPECT_EQ(equals(date_time("2018-10-08T00:00:00+02:00"), date_time("2018-10-08T00:00:00@Europe/Paris")), true);
  EXPECT_EQ(equals(date_time("2018-02-08T00:00:00+01:00"), date_time("2018-02-08T00:00:00@Europe/Paris")), true);
  EXPECT_EQ(
      equals(date_time("2002-04-02T12:00:00@Australia/Melbourne"), date_time("2002-04-02T12:00:00@Australia/Sydney")),
      true);
  EXPECT_EQ(equals(date_time("2018-12-08T00:00:00+00:00"), date_time("2018-12-08T00:00:00@Etc/UTC")), true);
  EXPECT_EQ(equals(date_time("2002-04-02T23:00:00-04:00"), date_time("2002-04-03T02:00:00-01:00")), true);
  EXPECT_EQ(equals(date_time("2002-04-02T23:00:00"), date_time("2002-04-02T23:00:00Z")), std::nullopt);
  EXPECT_EQ(compare(date_time("-0001-12-31T23:59:59.9"), date_time("0000-01-01")), std::strong_ordering::less);
  EXPECT_EQ(compare(time("10:30:00"), time("10:29:59")), std::strong_ordering::greater);
  // Sameness, FEEL's is(), looks at what was written.
  EXPECT_EQ(time("23:00:50Z"), time("23:00:50+00:00"));
  EXPECT_NE(time("23:00:50@Etc/GMT"), time("23:00:50Z"));
  EXPECT_NE(time("23:00:50@Australia/Melbourne"), time("23:00:50@Australia/Sydney"));
  EXPECT_LT(date("-2017-01-01"), date("2016-12-31"));
  EXPECT_LT(days_time("-P1D"), days_time("PT1S"));
  EXPECT_EQ(years_months("P1Y"), years_months("P12M"));
}

TEST(TemporalArithmetic, DatesAndDurations) {
  EXPECT_EQ(text_of(add(date("2021-01-01"), years_months("P1M"))), "2021-02-01");
  EXPECT_EQ(text_of(add(date("2021-01-31"), years_months("P1M"))), "2021-02-28");
  EXPECT_EQ(text_of(add(date("2021-01-01"), days_time("PT36H"))), "2021-01-02");
  EXPECT_EQ(text_of(subtract(date("2021-01-02"), days_time("PT1H"))), "2021-01-01");
  EXPECT_EQ(text_of(subtract(date("2021-01-02"), days_time("PT25H"))), "2020-12-31");
  EXPECT_EQ(text_of(subtract(date("2021-01-02"), days_time("-PT1S"))), "2021-01-02");
  EXPECT_EQ(text_of(subtract(date("2020-03-01"), days_time("PT24H"))), "2020-02-29");
  EXPECT_EQ(to_string(subtract(date("2021-01-02"), date("1995-01-01"))), "P9498D");
  EXPECT_EQ(text_of(add_days(date("999999999-12-31"), 1)), "null");
  EXPECT_EQ(text_of(add_days(date("2021-01-01"), INT64_MAX)), "null");
  EXPECT_EQ(text_of(add_months(date("2021-01-01"), INT64_MIN)), "null");
  EXPECT_EQ(text_of(add_months(date("999999999-12-31"), 1)), "null");
  EXPECT_EQ(to_string(month_end(date("2024-02-10"))), "2024-02-29");
  EXPECT_EQ(text_of(month_end_after(date("2024-02-29"))), "2024-03-31");
  EXPECT_EQ(text_of(month_end_after(date("999999999-12-31"))), "null");
  EXPECT_EQ(days_between(date("2024-02-28"), date("2024-03-01")), 2);
}

TEST(TemporalArithmetic, DatesWithTimes) {
  EXPECT_EQ(text_of(add(date_time("-2021-01-01T10:10:10+11:00"), years_months("-P1M"))), "-2022-12-01T10:10:10+11:00");
  EXPECT_EQ(text_of(add(date_time("-2021-01-01T10:10:10@Australia/Melbourne"), days_time("-P1D"))),
            "-2022-12-31T10:10:10@Australia/Melbourne");
  EXPECT_EQ(text_of(add(date_time("2021-01-12T10:10:10"), days_time("P1DT1H"))), "2021-01-13T11:10:10");
  EXPECT_EQ(text_of(subtract(date_time("2021-01-01T24:00:00"), days_time("PT1S"))), "2021-01-01T23:59:59");
  EXPECT_EQ(text_of(subtract(date_time("2021-01-02T10:10:10@Europe/Paris"), date_time("2021-01-01T10:10:10"))), "null");
  EXPECT_EQ(
      text_of(subtract(date_time("2021-01-02T10:10:10@Europe/Paris"), date_time("1995-01-01T10:10:10@Asia/Dhaka"))),
      "P9498DT5H");
  EXPECT_EQ(text_of(subtract(date_time("2021-01-02T10:10:10+01:00"), date_time("2021-01-01T10:10:10@Europe/Paris"))),
            "P1D");
  EXPECT_EQ(text_of(subtract(date_time("2021-01-01"), date("2021-01-02"))), "null");
  EXPECT_EQ(text_of(subtract(date_time("2021-01-02T10:10:10@Europe/Paris"), date("1995-01-01"))), "P9498DT9H10M10S");
  EXPECT_EQ(text_of(subtract(date("2021-01-02"), date_time("1995-01-01T10:10:10@Australia/Melbourne"))),
            "P9498DT49M50S");
  EXPECT_EQ(to_string(add(time("10:15:00@Australia/Melbourne"), days_time("-PT11H"))), "23:15:00@Australia/Melbourne");
  EXPECT_EQ(to_string(subtract(time("10:10:10+11:00"), days_time("P1D"))), "10:10:10+11:00");
  EXPECT_EQ(text_of(subtract(time("10:10:10"), time("11:10:10"))), "-PT1H");
  EXPECT_EQ(text_of(subtract(time("10:10:10"), time("11:10:10Z"))), "null");
  EXPECT_EQ(text_of(add(date_time("2021-01-01"), DaysTimeDuration{kDurationNanosMax})), "null");
}

TEST(TemporalArithmetic, SummerTime) {
  // Paris springs forward on 2021-03-28 at 01:00 UTC and falls back on 2021-10-31 at 01:00 UTC.
  EXPECT_EQ(text_of(add(date_time("2021-03-27T12:00:00@Europe/Paris"), days_time("P1D"))),
            "2021-03-28T13:00:00@Europe/Paris");
  EXPECT_EQ(text_of(add(date_time("2021-03-27T12:00:00@Europe/Paris"), years_months("P1M"))),
            "2021-04-27T12:00:00@Europe/Paris");
  const ZoneRules& zones = builtin_zones();
  const auto local = [](std::string_view text) {
    const DateTime value = date_time(text);
    return to_days(value.date) * kSecondsPerDay + value.time.nanos_of_day / kNanosPerSecond;
  };
  EXPECT_EQ(zones.offset_at_local("Europe/Paris", local("2021-03-28T01:59:59")), 3600);
  EXPECT_EQ(zones.offset_at_local("Europe/Paris", local("2021-03-28T02:30:00")), 3600);  // skipped
  EXPECT_EQ(zones.offset_at_local("Europe/Paris", local("2021-03-28T03:00:00")), 7200);
  EXPECT_EQ(zones.offset_at_local("Europe/Paris", local("2021-10-31T02:30:00")), 7200);  // shown twice
  EXPECT_EQ(zones.offset_at_local("Europe/Paris", local("2021-10-31T03:00:00")), 3600);
  EXPECT_EQ(zones.offset_at_local("America/New_York", local("2021-03-14T01:59:59")), -5 * 3600);
  EXPECT_EQ(zones.offset_at_local("America/New_York", local("2021-03-14T03:00:00")), -4 * 3600);
  EXPECT_EQ(zones.offset_at_utc("America/New_York", local("2021-11-07T05:59:59")), -4 * 3600);
  EXPECT_EQ(zones.offset_at_utc("America/New_York", local("2021-11-07T06:00:00")), -5 * 3600);
  EXPECT_EQ(zones.offset_at_utc("Australia/Melbourne", local("2021-04-03T15:59:59")), 11 * 3600);
  EXPECT_EQ(zones.offset_at_utc("Australia/Melbourne", local("2021-04-03T16:00:00")), 10 * 3600);
  EXPECT_EQ(zones.offset_at_utc("Australia/Melbourne", local("2021-10-02T16:00:00")), 11 * 3600);
  EXPECT_EQ(zones.offset_at_utc("Pacific/Auckland", local("2021-09-25T14:00:00")), 13 * 3600);
  EXPECT_EQ(zones.offset_at_utc("Pacific/Auckland", local("2021-09-25T13:59:59")), 12 * 3600);
  EXPECT_EQ(zones.offset_at_utc("Etc/GMT+5", 0), -5 * 3600);
  EXPECT_EQ(zones.offset_at_utc("Europe/Atlantis", 0), std::nullopt);
  EXPECT_EQ(text_of(in_zone(date_time("2021-07-01T12:00:00Z"), Zone::named("Asia/Shanghai"))),
            "2021-07-01T20:00:00@Asia/Shanghai");
  EXPECT_EQ(text_of(in_zone(date_time("2021-07-01T12:00:00"), Zone::utc())), "null");
}

TEST(TemporalArithmetic, DurationsScale) {
  EXPECT_EQ(text_of(multiply(days_time("P4DT1H"), 15, 10)), "P6DT1H30M");
  EXPECT_EQ(text_of(multiply(days_time("P10DT23H"), 10, 25)), "P4DT9H12M");
  EXPECT_EQ(text_of(multiply(years_months("P1Y11M"), -25, 10)), "-P4Y9M");
  EXPECT_EQ(text_of(multiply(years_months("P10Y11M"), 10, -25)), "-P4Y4M");
  EXPECT_EQ(text_of(multiply(days_time("P1D"), 1, 0)), "null");
  EXPECT_EQ(text_of(multiply(DaysTimeDuration{kDurationNanosMax}, 2, 1)), "null");
  // A factor of 34 digits: the product needs more than 128 bits, the result does not.
  __int128 ten_33 = 1;
  for (int i = 0; i < 33; ++i) ten_33 *= 10;
  EXPECT_EQ(text_of(multiply(DaysTimeDuration{kDurationNanosMax}, -ten_33, ten_33)),
            to_string(DaysTimeDuration{-kDurationNanosMax}));
  EXPECT_EQ(text_of(multiply(days_time("P30000D"), 5 * ten_33, 10 * ten_33)), "P15000D");
  EXPECT_EQ(text_of(add(DaysTimeDuration{kDurationNanosMax}, DaysTimeDuration{1})), "null");
  EXPECT_EQ(text_of(subtract(years_months("P1Y"), years_months("P13M"))), "-P1M");
  EXPECT_EQ(to_string(absolute(days_time("-PT5H"))), "PT5H");
}

TEST(TemporalProperties, Parts) {
  EXPECT_EQ(weekday(date("2018-12-10")), 1);
  EXPECT_EQ(hour(time("10:30:01.5")), 10);
  EXPECT_EQ(minute(time("10:30:01.5")), 30);
  EXPECT_EQ(second(time("10:30:01.5")), 1);
  EXPECT_EQ(text_of(time_offset(date_time("2018-12-10T10:30:00+05:00"))), "PT5H");
  EXPECT_EQ(text_of(time_offset(date_time("2018-07-10T10:30:00@Europe/Paris"))), "PT2H");
  EXPECT_EQ(text_of(time_offset(time("10:30:00@Europe/Paris"))), "PT1H");
  EXPECT_EQ(text_of(time_offset(date_time("2018-12-10T10:30:00"))), "null");
  EXPECT_EQ(zone_name(time("10:30:00@Etc/UTC")), "Etc/UTC");
  EXPECT_EQ(zone_name(time("10:30:00Z")), std::nullopt);
  const DaysTimeDuration back = days_time("-P1DT2H3M4.5S");
  EXPECT_EQ(days(back), -1);
  EXPECT_EQ(hours(back), -2);
  EXPECT_EQ(minutes(back), -3);
  EXPECT_EQ(seconds(back), -4);
  EXPECT_EQ(nanos_of_second(back), -500'000'000);
  EXPECT_EQ(years(years_months("-P1Y2M")), -1);
  EXPECT_EQ(months(years_months("-P1Y2M")), -2);
}

TEST(TemporalFunctions, Calendar) {
  EXPECT_EQ(day_of_year(date("2019-09-17")), 260);
  EXPECT_EQ(day_of_year(date("2020-12-31")), 366);
  EXPECT_EQ(day_of_week(date("2019-09-17")), "Tuesday");
  EXPECT_EQ(month_of_year(date("2019-09-17")), "September");
  EXPECT_EQ(week_of_year(date("2019-09-17")), 38);
  EXPECT_EQ(week_of_year(date("2003-12-29")), 1);
  EXPECT_EQ(week_of_year(date("2005-01-01")), 53);
  EXPECT_EQ(week_of_year(date("2005-01-09")), 1);
  EXPECT_EQ(week_of_year(date("1970-01-01")), 1);
  const auto between = [](std::string_view from, std::string_view to) {
    return to_string(years_and_months_between(date(from), date(to)));
  };
  EXPECT_EQ(between("2011-12-22", "2013-08-24"), "P1Y8M");
  EXPECT_EQ(between("2016-01-21", "2015-01-21"), "-P1Y");
  EXPECT_EQ(between("2016-01-01", "2016-01-01"), "P0M");
  EXPECT_EQ(between("-2016-01-30", "-2017-02-28"), "-P11M");
  EXPECT_EQ(between("2017-09-05", "-2019-10-01"), "-P4035Y11M");
  EXPECT_EQ(between("2014-12-31", "2019-10-01"), "P4Y9M");
}

}  // namespace
}  // namespace kaogong::feel
