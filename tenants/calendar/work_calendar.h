// Which days are worked, and what moves because of those that are not. A value without a database.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/scheme/period.h"
#include "tenants/calendar/day.h"

namespace kaogong::tenants {

/// A day that is not what its weekday says.
struct CalendarDay {
  enum class Kind : uint8_t { kHoliday, kWorking };
  Day day = 0;
  Kind kind = Kind::kHoliday;
  std::string name;
  friend bool operator==(const CalendarDay&, const CalendarDay&) = default;
};

/// Days from `opens` to `closes`, both included.
struct Window {
  Day opens = 0, closes = 0;
  friend bool operator==(const Window&, const Window&) = default;
};

/// A window as a rule says it: `5..10` of the month that begins `months_after` months after the period's last month.
struct WindowRule {
  int32_t months_after = 1;  // 1: the month after the period
  int32_t from_day = 5, to_day = 10;
};

inline constexpr int32_t kWorkingDaysMax = 10'000;  // how far working days are counted
inline constexpr int32_t kIdleDaysMax = 400;        // so many days without a working one are a faulty calendar

/// Monday to Friday are worked, but for the exceptions given.
class WorkCalendar {
 public:
  WorkCalendar() = default;
  /// Of two exceptions for a day the later one counts.
  explicit WorkCalendar(const std::vector<CalendarDay>& exceptions);

  bool is_working(Day day) const;
  /// `day` if it is worked, else the next one that is; nothing if kIdleDaysMax days in a row are not.
  std::optional<Day> this_or_next_working(Day day) const;
  /// The day that is `count` working days after `day`, which itself does not count (appeals: "within 3 working days").
  /// 0 is the day itself. Nothing for a count below 0 or above kWorkingDaysMax, or a calendar without working days.
  std::optional<Day> add_working_days(Day day, int32_t count) const;
  /// Moves a window past holidays (若遇节假日,依次顺延): it opens on the first working day from its own first day on;
  /// its last day moves as far as its first did, and on to a working day.
  std::optional<Window> move_past_holidays(Window window) const;

 private:
  std::map<Day, CalendarDay::Kind> exceptions_;
};

/// The days of a rule for a period, before they are moved. A day that the month does not have is its last one; nothing
/// for a rule that is none (days outside 1..31, from behind to, more than 120 months).
std::optional<Window> window_of(const WindowRule& rule, scheme::Period period);

}  // namespace kaogong::tenants
