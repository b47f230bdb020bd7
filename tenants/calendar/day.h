// Days of the calendar, and counting with them.
#pragma once

#include <cstdint>

namespace kaogong::tenants {

/// Days since 1970-01-01; scheme::parse_date and scheme::date_to_text are their texts.
using Day = int32_t;

/// The day `months` later (or earlier): the same day of the month, or the month's last one where that does not exist.
Day add_months(Day day, int32_t months);
/// 1 is Monday, 7 is Sunday.
int weekday(Day day);

}  // namespace kaogong::tenants
