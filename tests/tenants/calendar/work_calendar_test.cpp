#include "tenants/calendar/work_calendar.h"

#include <gtest/gtest.h>

#include "engine/scheme/literal.h"

namespace kaogong::tenants {
namespace {

Day day(std::string_view text) { return *scheme::parse_date(text); }
std::string text(std::optional<Day> day) { return day ? scheme::date_to_text(*day) : "none"; }

// China's National Day of 2026: 1 to 7 October, and a Saturday that is worked for it.
WorkCalendar national_day() {
  std::vector<CalendarDay> days;
  for (int i = 1; i <= 7; ++i)
    days.push_back({day("2026-10-0" + std::to_string(i)), CalendarDay::Kind::kHoliday, "国庆节"});
  days.push_back({day("2026-10-10"), CalendarDay::Kind::kWorking, "调休"});
  return WorkCalendar(days);
}

TEST(Day, WeekdaysBeforeAndAfter1970) {
  EXPECT_EQ(weekday(day("1970-01-01")), 4);
  EXPECT_EQ(weekday(day("1969-12-28")), 7);
  EXPECT_EQ(weekday(day("2026-10-05")), 1);
}

TEST(Day, AddingMonthsKeepsTheDayOrTakesTheLast) {
  EXPECT_EQ(text(add_months(day("2026-01-31"), 1)), "2026-02-28");
  EXPECT_EQ(text(add_months(day("2024-01-31"), 1)), "2024-02-29");
  EXPECT_EQ(text(add_months(day("2026-03-31"), -1)), "2026-02-28");
  EXPECT_EQ(text(add_months(day("2026-10-15"), 3)), "2027-01-15");
}

TEST(WorkCalendar, WeekendsAreNotWorkedUnlessItSaysSo) {
  const auto calendar = national_day();
  EXPECT_FALSE(calendar.is_working(day("2026-10-01")));
  EXPECT_TRUE(calendar.is_working(day("2026-10-08")));
  EXPECT_TRUE(calendar.is_working(day("2026-10-10")));
  EXPECT_FALSE(calendar.is_working(day("2026-10-11")));
}

TEST(WorkCalendar, AWindowKeepsItsLengthBehindTheHoliday) {
  const auto calendar = national_day();
  const auto window = calendar.move_past_holidays({day("2026-10-05"), day("2026-10-10")});
  ASSERT_TRUE(window);
  EXPECT_EQ(text(window->opens), "2026-10-08");
  EXPECT_EQ(text(window->closes), "2026-10-13");
  const auto stays = calendar.move_past_holidays({day("2026-11-09"), day("2026-11-13")});
  EXPECT_EQ(*stays, (Window{day("2026-11-09"), day("2026-11-13")}));
  // It opens on a working day but would close on a Sunday.
  const auto closes = calendar.move_past_holidays({day("2026-11-05"), day("2026-11-08")});
  EXPECT_EQ(*closes, (Window{day("2026-11-05"), day("2026-11-09")}));
}

TEST(WorkCalendar, WorkingDaysLater) {
  const auto calendar = national_day();
  EXPECT_EQ(text(calendar.add_working_days(day("2026-09-30"), 3)), "2026-10-10");
  EXPECT_EQ(text(calendar.add_working_days(day("2026-10-03"), 1)), "2026-10-08");
  EXPECT_EQ(text(calendar.add_working_days(day("2026-10-03"), 0)), "2026-10-03");
  EXPECT_EQ(text(calendar.add_working_days(day("2026-10-12"), 10)), "2026-10-26");
  EXPECT_EQ(text(calendar.add_working_days(day("2026-10-12"), -1)), "none");
  EXPECT_EQ(text(calendar.add_working_days(day("2026-10-12"), kWorkingDaysMax + 1)), "none");
}

TEST(WorkCalendar, ACalendarWithoutWorkingDaysHasNoAnswer) {
  std::vector<CalendarDay> days;
  for (Day i = 0; i <= kIdleDaysMax + 1; ++i) days.push_back({i, CalendarDay::Kind::kHoliday, ""});
  const WorkCalendar calendar(days);
  EXPECT_FALSE(calendar.this_or_next_working(0));
  EXPECT_FALSE(calendar.add_working_days(0, 1));
  EXPECT_FALSE(calendar.move_past_holidays({0, 3}));
}

TEST(WindowRule, IsADayOfTheMonthAfterThePeriod) {
  const auto window = window_of({1, 5, 10}, *scheme::parse_period("2026-10"));
  EXPECT_EQ(*window, (Window{day("2026-11-05"), day("2026-11-10")}));
  EXPECT_EQ(*window_of({0, 14, 16}, *scheme::parse_period("2026-10")), (Window{day("2026-10-14"), day("2026-10-16")}));
  EXPECT_EQ(*window_of({1, 20, 31}, *scheme::parse_period("2027-01")), (Window{day("2027-02-20"), day("2027-02-28")}));
  EXPECT_EQ(*window_of({1, 5, 10}, *scheme::parse_period("2026-Q4")), (Window{day("2027-01-05"), day("2027-01-10")}));
  EXPECT_FALSE(window_of({1, 11, 10}, *scheme::parse_period("2026-10")));
  EXPECT_FALSE(window_of({1, 0, 10}, *scheme::parse_period("2026-10")));
  EXPECT_FALSE(window_of({-1, 5, 10}, *scheme::parse_period("2026-10")));
}

}  // namespace
}  // namespace kaogong::tenants
