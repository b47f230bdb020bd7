#include "tenants/calendar/work_calendar.h"

#include <algorithm>

#include "engine/feel/civil.h"

namespace kaogong::tenants {

namespace {
constexpr int32_t kMonthsAfterMax = 120;
constexpr int kSaturday = 6;
}  // namespace

WorkCalendar::WorkCalendar(const std::vector<CalendarDay>& exceptions) {
  for (const auto& exception : exceptions) exceptions_[exception.day] = exception.kind;
}

bool WorkCalendar::is_working(Day day) const {
  const auto found = exceptions_.find(day);
  if (found != exceptions_.end()) return found->second == CalendarDay::Kind::kWorking;
  return weekday(day) < kSaturday;
}

std::optional<Day> WorkCalendar::this_or_next_working(Day day) const {
  for (int32_t moved = 0; moved <= kIdleDaysMax; ++moved) {
    if (is_working(day + moved)) return day + moved;
  }
  return std::nullopt;
}

std::optional<Day> WorkCalendar::add_working_days(Day day, int32_t count) const {
  if (count < 0 || count > kWorkingDaysMax) return std::nullopt;
  for (int32_t done = 0; done < count; ++done) {
    const auto next = this_or_next_working(day + 1);
    if (!next) return std::nullopt;
    day = *next;
  }
  return day;
}

std::optional<Window> WorkCalendar::move_past_holidays(Window window) const {
  const auto opens = this_or_next_working(window.opens);
  if (!opens) return std::nullopt;
  const auto closes = this_or_next_working(window.closes + (*opens - window.opens));
  if (!closes) return std::nullopt;
  return Window{*opens, *closes};
}

std::optional<Window> window_of(const WindowRule& rule, scheme::Period period) {
  if (rule.from_day < 1 || rule.to_day > 31 || rule.from_day > rule.to_day) return std::nullopt;
  if (rule.months_after < 0 || rule.months_after > kMonthsAfterMax) return std::nullopt;
  const auto last = feel::civil::civil_from_days<int32_t>(scheme::last_day(period));
  const Day first = add_months(feel::civil::days_from_civil<int32_t>(last.year, last.month, 1), rule.months_after);
  const auto month = feel::civil::civil_from_days<int32_t>(first);
  const int32_t days = feel::civil::last_day_of_month<int32_t>(month.year, month.month);
  return Window{first + std::min(rule.from_day, days) - 1, first + std::min(rule.to_day, days) - 1};
}

}  // namespace kaogong::tenants
