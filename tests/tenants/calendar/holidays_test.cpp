#include "tenants/calendar/holidays.h"

#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "engine/scheme/literal.h"
#include "tests/tenants/database/tenant_fixture.h"

namespace kaogong::tenants::test {
namespace {

class HolidaysTest : public TenantTest {
 protected:
  static Day day(std::string_view text) { return *scheme::parse_date(text); }
};

TEST_F(HolidaysTest, ArePutReplacedAndTakenAway) {
  const auto tenant = make_tenant(), other = make_tenant();
  const std::string nasty = "国庆'; DROP TABLE calendar_days; --";
  ASSERT_OK(in(tenant, [&](TenantTransaction& t) {
    return put_days(t, {{day("2026-10-01"), CalendarDay::Kind::kHoliday, nasty},
                        {day("2026-10-10"), CalendarDay::Kind::kWorking, ""}});
  }));
  ASSERT_OK(in(tenant, [&](TenantTransaction& t) {
    return put_days(t, {{day("2026-10-10"), CalendarDay::Kind::kHoliday, "again"}});
  }));
  const auto days = in(tenant, [&](TenantTransaction& t) -> Result<std::vector<CalendarDay>> {
    return list_days(t, day("2026-10-01"), day("2026-10-31"));
  });
  EXPECT_EQ(*days, (std::vector<CalendarDay>{{day("2026-10-01"), CalendarDay::Kind::kHoliday, nasty},
                                             {day("2026-10-10"), CalendarDay::Kind::kHoliday, "again"}}));
  const auto theirs =
      in(other, [&](TenantTransaction& t) -> Result<bool> { return work_calendar(t).is_working(day("2026-10-01")); });
  EXPECT_TRUE(*theirs);
  EXPECT_EQ(code_of(in(other, [&](TenantTransaction& t) { return remove_day(t, day("2026-10-01")); })), "not_found");
  EXPECT_OK(in(tenant, [&](TenantTransaction& t) { return remove_day(t, day("2026-10-01")); }));
}

TEST_F(HolidaysTest, AFileIsAnsweredLineByLine) {
  const std::string path = ::testing::TempDir() + "kaogong_days_" + std::to_string(::getpid()) + ".csv";
  std::ofstream(path) << "day,kind,name\n2026-10-01,holiday,国庆节\n2026-02-30,holiday,\n2026-10-02,free,\n"
                         "2026-10-01,working,\n2026-10-03,holiday\n";
  const auto read = read_days(path);
  std::remove(path.c_str());
  ASSERT_OK(read);
  EXPECT_EQ(read->days.size(), 1u);
  ASSERT_EQ(read->faults.total(), 4u);
  EXPECT_EQ(read->faults.list()[0].line, 3u);
  EXPECT_EQ(read->faults.list()[0].column, "day");
  EXPECT_EQ(read->faults.list()[1].column, "kind");
  EXPECT_EQ(read->faults.list()[3].line, 6u);
}

}  // namespace
}  // namespace kaogong::tenants::test
