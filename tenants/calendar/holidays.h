// The tenant's days that are not what their weekday says.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tenants/calendar/work_calendar.h"
#include "tenants/registry/tenant_database.h"
#include "tenants/sheet/line_answer.h"

namespace kaogong::tenants {

inline constexpr size_t kCalendarDaysMax = 100'000;  // of one call
inline constexpr size_t kDayNameBytesMax = 400;

/// Puts days; one that is there already is replaced. Failures: kInvalid (too many, a name too long).
Result<Done> put_days(TenantTransaction& transaction, const std::vector<CalendarDay>& days);
/// Takes a day's exception away. Failures: kNotFound.
Result<Done> remove_day(TenantTransaction& transaction, Day day);
/// The exceptions from `from` to `to`, both included, by day.
std::vector<CalendarDay> list_days(TenantTransaction& transaction, Day from, Day to);
/// All of them, to count with.
WorkCalendar work_calendar(TenantTransaction& transaction);

/// What is read from a file of days.
struct DaysRead {
  std::vector<CalendarDay> days;
  LineAnswers faults;
};
/// Reads `day,kind,name` (holiday or working). Failures: kInvalid (no such file, a column is missing).
Result<DaysRead> read_days(const std::string& path);

}  // namespace kaogong::tenants
