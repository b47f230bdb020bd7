#include "tenants/calendar/periods.h"

#include "engine/scheme/literal.h"
#include "tenants/calendar/holidays.h"
#include "tests/tenants/database/tenant_fixture.h"

namespace kaogong::tenants::test {
namespace {

class PeriodsTest : public TenantTest {
 protected:
  static scheme::Period period(std::string_view text) { return *scheme::parse_period(text); }
  Result<TenantPeriod> open(const Tenant& tenant, std::string_view text, std::optional<WindowRule> rule = {}) {
    return in(tenant, [&](TenantTransaction& t) { return open_period(t, period(text), rule); });
  }
  Result<TenantPeriod> change(const Tenant& tenant, PeriodState state, std::string_view reason) {
    return in(tenant, [&](TenantTransaction& t) { return change_state(t, period("2026-09"), state, reason); });
  }
  Result<TenantPeriod> hold(const Tenant& tenant, std::string_view reason) {
    return in(tenant, [&](TenantTransaction& t) { return hold_for_entry(t, period("2026-09"), reason); });
  }
};

TEST_F(PeriodsTest, AWindowIsMovedPastTheTenantsHolidays) {
  const auto tenant = make_tenant();
  std::vector<CalendarDay> days;
  for (int i = 1; i <= 7; ++i)
    days.push_back({*scheme::parse_date("2026-10-0" + std::to_string(i)), CalendarDay::Kind::kHoliday, "国庆节"});
  ASSERT_OK(in(tenant, [&](TenantTransaction& t) { return put_days(t, days); }));
  const auto opened = open(tenant, "2026-09", WindowRule{1, 5, 10});
  ASSERT_OK(opened);
  EXPECT_EQ(scheme::date_to_text(opened->window->opens), "2026-10-08");
  EXPECT_EQ(scheme::date_to_text(opened->window->closes), "2026-10-13");
  EXPECT_EQ(code_of(open(tenant, "2026-09")), "exists");
  EXPECT_EQ(code_of(open(tenant, "2026-10", WindowRule{1, 12, 10})), "invalid");
  ASSERT_OK(open(tenant, "2026"));
  const auto all =
      in(tenant, [](TenantTransaction& t) -> Result<std::vector<TenantPeriod>> { return list_periods(t); });
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ(all->at(0).period, period("2026"));
  EXPECT_EQ(all->at(1).window, opened->window);
}

TEST_F(PeriodsTest, StatesSayWhoMayEnter) {
  const auto tenant = make_tenant(), other = make_tenant();
  EXPECT_EQ(code_of(hold(tenant, "")), "not_found");
  ASSERT_OK(open(tenant, "2026-09"));
  EXPECT_EQ(code_of(hold(other, "")), "not_found");
  EXPECT_OK(hold(tenant, ""));
  ASSERT_OK(change(tenant, PeriodState::kFrozen, ""));
  EXPECT_EQ(code_of(hold(tenant, "")), "conflict");
  EXPECT_OK(hold(tenant, "a late slip"));
  ASSERT_OK(change(tenant, PeriodState::kClosed, ""));
  EXPECT_EQ(code_of(hold(tenant, "a late slip")), "conflict");
  EXPECT_EQ(code_of(change(tenant, PeriodState::kOpen, "")), "invalid");
  ASSERT_OK(change(tenant, PeriodState::kOpen, "closed by mistake"));
  EXPECT_OK(hold(tenant, ""));
  EXPECT_EQ(
      code_of(in(other,
                 [&](TenantTransaction& t) { return change_state(t, period("2026-09"), PeriodState::kClosed, ""); })),
      "not_found");
}

}  // namespace
}  // namespace kaogong::tenants::test
