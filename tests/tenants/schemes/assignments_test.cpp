#include "tenants/schemes/assignments.h"

#include "engine/scheme/literal.h"
#include "tenants/people/people.h"
#include "tenants/schemes/schemes.h"
#include "tests/tenants/database/tenant_fixture.h"
#include "tests/tenants/schemes/small_scheme.h"

namespace kaogong::tenants::test {
namespace {

using Names = std::vector<std::string>;

class AssignmentsTest : public TenantTest {
 protected:
  static Day day(std::string_view text) { return *scheme::parse_date(text); }
  static scheme::Period period(std::string_view text) { return *scheme::parse_period(text); }
  void SetUp() override {
    ASSERT_OK(in(tenant, [](TenantTransaction& t) -> Result<Done> {
      for (const char* id : {"small", "other"}) {
        if (auto published = publish_document(t, small_scheme(id)); !published) return published.failure();
      }
      if (auto put = put_departments(t, {{"SALES", day("2020-01-01"), "s", "", false},
                                         {"SALES-1", day("2020-01-01"), "s1", "SALES", false},
                                         {"HR", day("2020-01-01"), "h", "", false}});
          !put)
        return put;
      const auto add = [&](std::string employee, std::string department, std::string group) {
        return add_person(t, {employee, "n", day("2026-01-01"), std::nullopt},
                          {.department = department, .pay_group = group});
      };
      for (const auto& added :
           {add("E1", "SALES", "a"), add("E2", "SALES-1", "b"), add("E3", "HR", "a"), add("E4", "", "")}) {
        if (!added) return added.failure();
      }
      return Done{};
    }));
  }
  Result<Assignment> assign_to(std::string scheme_id, std::string group, std::string department,
                               std::string_view from = "2026-06", std::optional<scheme::Period> to = {}) {
    return in(tenant, [&](TenantTransaction& t) {
      return assign(t, {0, scheme_id, group, department, period(from), to, ""});
    });
  }
  Names people(std::string_view at, std::string_view scheme_id = "small") {
    return *in(tenant, [&](TenantTransaction& t) -> Result<Names> { return people_of(t, scheme_id, period(at)); });
  }
  Names schemes(std::string_view employee, std::string_view at) {
    return *in(tenant, [&](TenantTransaction& t) -> Result<Names> { return schemes_of(t, employee, period(at)); });
  }
  Tenant tenant = make_tenant();
};

TEST_F(AssignmentsTest, MeanGroupsAndDepartmentsWithThoseBelow) {
  EXPECT_EQ(people("2026-06"), Names{});
  ASSERT_OK(assign_to("small", "", "SALES"));
  EXPECT_EQ(people("2026-05"), Names{});
  EXPECT_EQ(people("2026-06"), (Names{"E1", "E2"}));
  ASSERT_OK(assign_to("small", "a", "HR"));
  EXPECT_EQ(people("2026-06"), (Names{"E1", "E2", "E3"}));
  ASSERT_OK(assign_to("other", "a", ""));
  EXPECT_EQ(people("2026-06", "other"), (Names{"E1", "E3"}));
  EXPECT_EQ(schemes("E1", "2026-06"), (Names{"other", "small"}));
  EXPECT_EQ(schemes("E2", "2026-06"), Names{"small"});
  EXPECT_EQ(schemes("E4", "2026-06"), Names{});
  ASSERT_OK(assign_to("other", "", ""));
  EXPECT_EQ(people("2026-06", "other").size(), 4u);
}

TEST_F(AssignmentsTest, HoldFromPeriodToPeriod) {
  const auto made = assign_to("small", "", "", "2026-06", period("2026-08"));
  ASSERT_OK(made);
  EXPECT_EQ(people("2026-08").size(), 4u);
  EXPECT_EQ(people("2026-09").size(), 0u);
  // A quarter that it reaches into.
  EXPECT_EQ(people("2026-Q2").size(), 4u);
  ASSERT_OK(in(tenant, [&](TenantTransaction& t) { return end_assignment(t, made->id, period("2026-06")); }));
  EXPECT_EQ(people("2026-07").size(), 0u);
  const auto all =
      in(tenant, [](TenantTransaction& t) -> Result<std::vector<Assignment>> { return list_assignments(t); });
  ASSERT_EQ(all->size(), 1u);
  EXPECT_EQ(all->at(0).to, period("2026-06"));
}

TEST_F(AssignmentsTest, WhatCannotBeIsRefused) {
  EXPECT_EQ(code_of(assign_to("nothing", "", "")), "not_found");
  EXPECT_EQ(code_of(assign_to("small", "", "NOWHERE")), "conflict");
  EXPECT_EQ(code_of(assign_to("small", "", "", "2026-Q2")), "invalid");
  EXPECT_EQ(code_of(assign_to("small", "", "", "2026-06", period("2026-05"))), "invalid");
  EXPECT_EQ(code_of(assign_to("small", "", "", "2026-06", period("2026"))), "invalid");
  EXPECT_EQ(code_of(in(tenant, [](TenantTransaction& t) { return end_assignment(t, 99, period("2026-06")); })),
            "not_found");
  const auto made = assign_to("small", "", "");
  const auto other = make_tenant();
  EXPECT_EQ(code_of(in(other, [&](TenantTransaction& t) { return end_assignment(t, made->id, period("2026-06")); })),
            "not_found");
}

}  // namespace
}  // namespace kaogong::tenants::test
