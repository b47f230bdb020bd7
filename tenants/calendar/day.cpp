#include "tenants/calendar/day.h"

#include "engine/feel/civil.h"

namespace kaogong::tenants {

Day add_months(Day day, int32_t months) { return feel::civil::add_months<int32_t>(day, months); }

int weekday(Day day) {
  // 1970-01-01 was a Thursday.
  const int32_t from_monday = (day + 3) % 7;
  return static_cast<int>(from_monday < 0 ? from_monday + 7 : from_monday) + 1;
}

}  // namespace kaogong::tenants
