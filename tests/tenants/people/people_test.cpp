#include "tenants/people/people.h"

#include "engine/scheme/literal.h"
#include "tests/tenants/database/tenant_fixture.h"

namespace kaogong::tenants::test {
namespace {

class PeopleTest : public TenantTest {
 protected:
  static Day day(std::string_view text) { return *scheme::parse_date(text); }
  void departments(const Tenant& tenant) {
    ASSERT_OK(in(tenant, [](TenantTransaction& t) {
      return put_departments(t, {{"SALES-1", day("2020-01-01"), "一部", "SALES", false},
                                 {"SALES", day("2020-01-01"), "销售", "", false},
                                 {"HR", day("2020-01-01"), "人事", "", false}});
    }));
  }
  Result<Done> add(const Tenant& tenant, std::string employee, Attributes attributes = {}) {
    return in(tenant, [&](TenantTransaction& t) {
      return add_person(t, {employee, "张三", day("2026-01-10"), std::nullopt}, attributes);
    });
  }
  Result<Done> change(const Tenant& tenant, std::string_view employee, std::string_view from, AttributeChange change) {
    return in(tenant, [&](TenantTransaction& t) { return change_attributes(t, employee, day(from), change); });
  }
  Result<PersonOnDay> on(const Tenant& tenant, std::string_view employee, std::string_view at) {
    return in(tenant, [&](TenantTransaction& t) { return person_on(t, employee, day(at)); });
  }
};

TEST_F(PeopleTest, AttributesHoldFromADayUntilTheNext) {
  const auto tenant = make_tenant();
  departments(tenant);
  ASSERT_OK(add(tenant, "E1", {.department = "SALES-1", .step = "3", .extra = {{"档", "甲"}}}));
  ASSERT_OK(change(tenant, "E1", "2026-07-01", {.step = "5"}));
  // A change that becomes known late holds until the one that is there already.
  ASSERT_OK(
      change(tenant, "E1", "2026-03-01", {.step = "4", .pay_group = "monthly", .extra = {{"档", ""}, {"b", "1"}}}));
  EXPECT_EQ(code_of(on(tenant, "E1", "2026-01-09")), "not_found");
  EXPECT_EQ(on(tenant, "E1", "2026-02-28")->attributes,
            (Attributes{.department = "SALES-1", .step = "3", .extra = {{"档", "甲"}}}));
  EXPECT_EQ(on(tenant, "E1", "2026-03-01")->attributes,
            (Attributes{.department = "SALES-1", .step = "4", .pay_group = "monthly", .extra = {{"b", "1"}}}));
  EXPECT_EQ(on(tenant, "E1", "2026-07-01")->attributes.step, "5");
  const auto history = in(tenant, [](TenantTransaction& t) { return attribute_history(t, "E1"); });
  ASSERT_EQ(history->size(), 3u);
  EXPECT_EQ(history->at(1).valid_from, day("2026-03-01"));
  EXPECT_EQ(history->at(1).actor, "tester");
}

TEST_F(PeopleTest, WhatCannotBeIsRefused) {
  const auto tenant = make_tenant();
  departments(tenant);
  ASSERT_OK(add(tenant, "E1"));
  EXPECT_EQ(code_of(add(tenant, "E1")), "exists");
  EXPECT_EQ(code_of(add(tenant, "")), "invalid");
  EXPECT_EQ(code_of(add(tenant, std::string(kCodeBytesMax + 1, 'x'))), "invalid");
  EXPECT_EQ(code_of(add(tenant, std::string("a\0b", 3))), "invalid");
  EXPECT_EQ(code_of(add(tenant, "\xff")), "invalid");
  EXPECT_EQ(code_of(add(tenant, "E2", {.department = "NOWHERE"})), "conflict");
  EXPECT_EQ(code_of(add(tenant, "E2", {.manager = "E9"})), "conflict");
  EXPECT_EQ(code_of(add(tenant, "E2", {.manager = "E2"})), "conflict");
  EXPECT_EQ(code_of(change(tenant, "E9", "2026-02-01", {})), "not_found");
  EXPECT_EQ(code_of(change(tenant, "E1", "2025-02-01", {.step = "1"})), "conflict");
  EXPECT_EQ(code_of(change(tenant, "E1", "2026-02-01", {.step = std::string(kAttributeBytesMax + 1, 'x')})), "invalid");
}

TEST_F(PeopleTest, LeavingAndComingBack) {
  const auto tenant = make_tenant();
  departments(tenant);
  ASSERT_OK(add(tenant, "E1", {.department = "HR"}));
  ASSERT_OK(change(tenant, "E1", "2026-12-01", {.step = "9"}));
  ASSERT_OK(in(tenant, [](TenantTransaction& t) { return leave(t, "E1", day("2026-06-30")); }));
  EXPECT_TRUE(on(tenant, "E1", "2026-06-30")->employed);
  EXPECT_FALSE(on(tenant, "E1", "2026-07-01")->employed);
  EXPECT_FALSE(on(tenant, "E1", "2026-12-31")->employed);
  EXPECT_EQ(code_of(change(tenant, "E1", "2026-08-01", {.step = "1"})), "conflict");
  EXPECT_EQ(code_of(in(tenant, [](TenantTransaction& t) { return leave(t, "E1", day("2026-08-30")); })), "conflict");
  ASSERT_OK(in(tenant, [](TenantTransaction& t) { return rehire(t, "E1", day("2026-09-01"), {.step = "2"}); }));
  EXPECT_TRUE(on(tenant, "E1", "2026-09-01")->employed);
  EXPECT_EQ(on(tenant, "E1", "2026-09-01")->attributes.department, "HR");
  EXPECT_EQ(code_of(in(tenant, [](TenantTransaction& t) { return rehire(t, "E1", day("2026-10-01"), {}); })),
            "conflict");
}

TEST_F(PeopleTest, StaffOfAPeriodHasThoseWhoLeftInIt) {
  const auto tenant = make_tenant();
  departments(tenant);
  for (const char* employee : {"E1", "E2", "E3"})
    ASSERT_OK(add(tenant, employee, {.department = "HR", .pay_group = "a"}));
  ASSERT_OK(in(tenant, [](TenantTransaction& t) { return leave(t, "E2", day("2026-05-31")); }));
  ASSERT_OK(in(tenant, [](TenantTransaction& t) { return leave(t, "E3", day("2026-06-10")); }));
  ASSERT_OK(change(tenant, "E1", "2026-06-15", {.pay_group = "b"}));
  ASSERT_OK(change(tenant, "E1", "2026-07-01", {.pay_group = "c"}));
  const auto staff = in(tenant, [](TenantTransaction& t) -> Result<std::string> {
    std::string text;
    for (const auto row : t.sql().query(staff_between(t), {"2026-06-01", "2026-06-30"}))
      text += std::string(row.text(0)) + ":" + std::string(row.text(2)) + " ";
    return text;
  });
  EXPECT_EQ(*staff, "E1:b E3:a ");
}

TEST_F(PeopleTest, ListsByDepartmentWithThoseBelow) {
  const auto tenant = make_tenant();
  departments(tenant);
  ASSERT_OK(add(tenant, "E1", {.department = "SALES"}));
  ASSERT_OK(add(tenant, "E2", {.department = "SALES-1"}));
  ASSERT_OK(add(tenant, "E3", {.department = "HR"}));
  const auto list = [&](std::string_view department, std::string_view after, int64_t limit) {
    return in(tenant,
              [&](TenantTransaction& t) { return list_people(t, day("2026-02-01"), department, after, limit); });
  };
  EXPECT_EQ(list("SALES", "", 10)->size(), 2u);
  EXPECT_EQ(list("", "", 10)->size(), 3u);
  EXPECT_EQ(list("", "E1", 1)->at(0).person.employee, "E2");
  EXPECT_EQ(code_of(list("'; DROP TABLE people; --", "", 10)), "not_found");
}

TEST_F(PeopleTest, DepartmentsRefuseCyclesAndEmptyingByClosing) {
  const auto tenant = make_tenant();
  departments(tenant);
  const auto put = [&](DepartmentVersion version) {
    return in(tenant, [&](TenantTransaction& t) { return put_department(t, version); });
  };
  EXPECT_EQ(code_of(put({"SALES", day("2026-05-01"), "销售", "SALES-1", false})), "conflict");
  EXPECT_EQ(code_of(put({"SALES", day("2026-05-01"), "销售", "SALES", false})), "conflict");
  EXPECT_EQ(code_of(put({"NEW", day("2026-05-01"), "新", "NOWHERE", false})), "conflict");
  EXPECT_EQ(code_of(put({"NEW", day("2026-05-01"), "", "", false})), "invalid");
  EXPECT_EQ(code_of(put({"SALES", day("2026-05-01"), "销售", "", true})), "conflict");
  ASSERT_OK(add(tenant, "E1", {.department = "HR"}));
  EXPECT_EQ(code_of(put({"HR", day("2026-05-01"), "人事", "", true})), "conflict");
  ASSERT_OK(change(tenant, "E1", "2026-05-01", {.department = "SALES"}));
  EXPECT_OK(put({"HR", day("2026-05-01"), "人事", "", true}));
  EXPECT_EQ(code_of(change(tenant, "E1", "2026-06-01", {.department = "HR"})), "conflict");
  EXPECT_EQ(in(tenant, [](TenantTransaction& t) { return department_history(t, "HR"); })->size(), 2u);
}

TEST_F(PeopleTest, TheQuotaCountsThoseEmployed) {
  const auto tenant = make_tenant({.people_max = 2});
  ASSERT_OK(add(tenant, "E1"));
  ASSERT_OK(add(tenant, "E2"));
  EXPECT_EQ(code_of(add(tenant, "E3")), "quota_exceeded");
  ASSERT_OK(in(tenant, [](TenantTransaction& t) { return leave(t, "E1", day("2026-06-30")); }));
  EXPECT_OK(add(tenant, "E3"));
  EXPECT_EQ(code_of(in(tenant, [](TenantTransaction& t) { return rehire(t, "E1", day("2026-09-01"), {}); })),
            "quota_exceeded");
}

TEST_F(PeopleTest, AnotherTenantsPeopleAreNotThere) {
  const auto one = make_tenant(), other = make_tenant();
  ASSERT_OK(add(one, "E1"));
  EXPECT_EQ(code_of(on(other, "E1", "2026-06-01")), "not_found");
  EXPECT_EQ(code_of(change(other, "E1", "2026-06-01", {.step = "1"})), "not_found");
  EXPECT_EQ(code_of(in(other, [](TenantTransaction& t) { return leave(t, "E1", day("2026-06-30")); })), "not_found");
  EXPECT_EQ(code_of(in(other, [](TenantTransaction& t) { return attribute_history(t, "E1"); })), "not_found");
  EXPECT_EQ(code_of(add(other, "E2", {.manager = "E1"})), "conflict");
}

TEST_F(PeopleTest, TextsAreTextsWhateverTheySay) {
  const auto tenant = make_tenant();
  const std::string nasty = "x'); DROP TABLE people; -- \" \\ {schema} $1";
  const auto added = in(tenant, [&](TenantTransaction& t) -> Result<Done> {
    if (auto made = put_department(t, {nasty, day("2020-01-01"), nasty, "", false}); !made) return made;
    return add_person(
        t, {nasty, nasty, day("2026-01-10"), std::nullopt},
        {.department = nasty, .position = nasty, .step = nasty, .pay_group = nasty, .extra = {{nasty, nasty}}});
  });
  ASSERT_OK(added);
  const auto found = on(tenant, nasty, "2026-06-01");
  ASSERT_OK(found);
  EXPECT_EQ(found->person.name, nasty);
  EXPECT_EQ(found->attributes.department, nasty);
  EXPECT_EQ(found->attributes.extra.at(nasty), nasty);
}

}  // namespace
}  // namespace kaogong::tenants::test
