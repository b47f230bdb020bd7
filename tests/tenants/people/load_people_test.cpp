#include "tenants/people/load_people.h"

#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "engine/scheme/literal.h"
#include "tests/tenants/database/tenant_fixture.h"

namespace kaogong::tenants::test {
namespace {

class LoadPeopleTest : public TenantTest {
 protected:
  static Day day(std::string_view text) { return *scheme::parse_date(text); }
  void TearDown() override { std::remove(path.c_str()); }
  Result<PeopleLoaded> load(const Tenant& tenant, const std::string& text, std::string_view from) {
    std::ofstream(path, std::ios::binary) << text;
    return in(tenant, [&](TenantTransaction& t) { return load_people(t, path, day(from)); });
  }
  Attributes on(const Tenant& tenant, std::string_view employee, std::string_view at) {
    const auto found = in(tenant, [&](TenantTransaction& t) { return person_on(t, employee, day(at)); });
    EXPECT_OK(found);
    return found.ok() ? found->attributes : Attributes{};
  }
  std::string path = ::testing::TempDir() + "kaogong_people_" + std::to_string(::getpid()) + ".csv";
};

TEST_F(LoadPeopleTest, AddsThenChangesFromADayOn) {
  const auto tenant = make_tenant();
  const auto first =
      load(tenant,
           "employee,name,hired_on,step,pay_group,manager,城市\n"
           "E1,\"张,三\",2026-01-10,3,a,,上海\nE2,李四,2026-01-10,2,a,E1,\nE3,王五,2026-01-10,1,b,E2,北京\n",
           "2026-02-01");
  ASSERT_OK(first);
  EXPECT_TRUE(first->stored);
  EXPECT_EQ(first->added, 3);
  EXPECT_EQ(on(tenant, "E1", "2026-01-10"), (Attributes{.step = "3", .pay_group = "a", .extra = {{"城市", "上海"}}}));
  // The second file has no pay_group, leaves E2 alone, moves E1, and E3 has left.
  const auto second =
      load(tenant,
           "employee,name,hired_on,left_on,step,manager,城市\n"
           "E1,张三,2026-01-10,,4,,\nE2,李四,2026-01-10,,2,E1,\nE3,王五,2026-01-10,2026-05-31,1,E2,北京\n",
           "2026-06-01");
  ASSERT_OK(second);
  EXPECT_EQ(second->added, 0);
  EXPECT_EQ(second->changed, 1);
  EXPECT_EQ(on(tenant, "E1", "2026-05-31").step, "3");
  EXPECT_EQ(on(tenant, "E1", "2026-06-01"), (Attributes{.step = "4", .pay_group = "a"}));
  EXPECT_EQ(in(tenant, [](TenantTransaction& t) { return attribute_history(t, "E2"); })->size(), 1u);
  EXPECT_FALSE(in(tenant, [](TenantTransaction& t) { return person_on(t, "E3", day("2026-06-01")); })->employed);
  // The same once more changes nothing.
  const auto third =
      load(tenant, "employee,name,hired_on,step\nE1,张三,2026-01-10,4\nE2,李四,2026-01-10,2\n", "2026-07-01");
  EXPECT_EQ(third->changed, 0);
}

TEST_F(LoadPeopleTest, EveryFaultIsAnsweredAndNothingStored) {
  const auto tenant = make_tenant();
  const auto loaded =
      load(tenant,
           "employee,name,hired_on,left_on,department,manager\n"
           "E1,张三,2026-01-10,,,\n,李四,2026-01-10,,,\nE1,王五,2026-01-10,,,\nE4,,2026-13-01,,,\n"
           "E5,a,2026-01-10,2025-01-01,NOWHERE,\nE6,a,2026-01-10,,,E6\nE7,a,2026-01-10\nE8,a,2026-01-10,,,E99\n",
           "2026-02-01");
  ASSERT_OK(loaded);
  EXPECT_FALSE(loaded->stored);
  std::string seen;
  for (const auto& fault : loaded->faults.list()) seen += std::to_string(fault.line) + fault.column + " ";
  EXPECT_EQ(seen, "3employee 4employee 5name 5hired_on 6left_on 6department 7manager 8 9manager ");
  EXPECT_EQ(code_of(in(tenant, [](TenantTransaction& t) { return find_person(t, "E1"); })), "not_found");
  EXPECT_EQ(code_of(load(tenant, "employee,name\nE1,a\n", "2026-02-01")), "invalid");
}

TEST_F(LoadPeopleTest, WhoHasLeftStaysAwayUntilALineSaysOtherwise) {
  const auto tenant = make_tenant();
  const auto employed = [&](std::string_view at) {
    const auto found = in(tenant, [&](TenantTransaction& t) { return person_on(t, "E1", day(at)); });
    EXPECT_OK(found);
    return found->employed;
  };
  ASSERT_OK(load(tenant, "employee,name,hired_on,left_on,step\nE1,n,2026-01-10,2026-05-31,1\n", "2026-02-01"));
  EXPECT_TRUE(employed("2026-05-31"));
  EXPECT_FALSE(employed("2026-06-01"));
  // No column says when they left: it stays, also if something else changes.
  ASSERT_OK(load(tenant, "employee,name,hired_on,step\nE1,n,2026-01-10,2\n", "2026-07-01"));
  EXPECT_FALSE(employed("2026-07-01"));
  EXPECT_EQ(on(tenant, "E1", "2026-07-01").step, "2");
  EXPECT_EQ(in(tenant, [](TenantTransaction& t) { return find_person(t, "E1"); })->left_on, day("2026-05-31"));
  // It says that they have not left.
  ASSERT_OK(load(tenant, "employee,name,hired_on,left_on\nE1,n,2026-01-10,\n", "2026-09-01"));
  EXPECT_FALSE(employed("2026-08-31"));
  EXPECT_TRUE(employed("2026-09-01"));
  EXPECT_EQ(in(tenant, [](TenantTransaction& t) { return find_person(t, "E1"); })->left_on, std::nullopt);
}

// An upload waits between two transactions: what it names may be gone by then, and a transaction may come again.
TEST_F(LoadPeopleTest, WhatAnUploadNamesIsLookedAtAgainWhenItIsStored) {
  const auto tenant = make_tenant();
  const auto close = [&](bool closed) {
    return in(tenant, [&](TenantTransaction& t) {
      return put_department(t, {"D", day(closed ? "2026-02-01" : "2026-01-01"), "d", "", closed});
    });
  };
  ASSERT_OK(close(false));
  auto upload = in(tenant, [&](TenantTransaction& t) { return PeopleUpload::begin(t, day("2026-03-01")); });
  ASSERT_OK(upload);
  PersonLine person{.employee = "E1", .name = "n", .hired_on = "2026-01-10"};
  person.attributes[0] = "D";
  upload->add(2, person);
  ASSERT_OK(upload->finish());
  EXPECT_TRUE(upload->faults().empty());
  ASSERT_OK(close(true));
  for (int times = 0; times < 2; ++times) {
    const auto loaded = in(tenant, [&](TenantTransaction& t) { return store_people(t, *upload); });
    ASSERT_OK(loaded);
    EXPECT_FALSE(loaded->stored);
    EXPECT_EQ(loaded->faults.total(), 1u);
    EXPECT_EQ(loaded->faults.list().at(0).column, "department");
  }
  EXPECT_EQ(code_of(in(tenant, [](TenantTransaction& t) { return find_person(t, "E1"); })), "not_found");
}

TEST_F(LoadPeopleTest, ManyAtOnce) {
  const auto tenant = make_tenant({.people_max = 12'000});
  std::string text = "employee,name,hired_on,step\n";
  for (int i = 0; i < 12'000; ++i) text += "E" + std::to_string(100'000 + i) + ",n,2026-01-10,1\n";
  const auto loaded = load(tenant, text, "2026-02-01");
  ASSERT_OK(loaded);
  EXPECT_EQ(loaded->added, 12'000);
  EXPECT_EQ(loaded->changed, 12'000);
  EXPECT_EQ(code_of(load(tenant, "employee,name,hired_on\nX,n,2026-01-10\n", "2026-02-01")), "quota_exceeded");
}

}  // namespace
}  // namespace kaogong::tenants::test
