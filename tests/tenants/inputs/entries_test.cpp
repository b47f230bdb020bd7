#include "tenants/inputs/entries.h"

#include <thread>

#include "tests/tenants/inputs/inputs_fixture.h"

namespace kaogong::tenants::test {
namespace {

class EntriesTest : public InputsTest {};

TEST_F(EntriesTest, AreCorrectedWithTheirHistory) {
  EXPECT_EQ(mark(), 0);
  const auto first = put("E1", "100");
  ASSERT_OK(first);
  EXPECT_TRUE(first->changed);
  EXPECT_EQ(first->change_id, 1);
  EXPECT_FALSE(put("E1", "100")->changed);
  EXPECT_EQ(mark(), 1);
  ASSERT_OK(put("E1", "200", "slip was wrong"));
  const auto now = find({"population", "E1", ""});
  EXPECT_EQ(now->rows, (Rows{{"E1", "200", "0"}}));
  EXPECT_EQ(now->change_id, 2);
  EXPECT_EQ(now->actor, "tester");
  const auto past = in(tenant, [&](TenantTransaction& t) -> Result<std::vector<PastEntry>> {
    return entry_history(t, set, {"population", "E1", ""});
  });
  ASSERT_EQ(past->size(), 1u);
  EXPECT_EQ(past->at(0).entry.rows, (Rows{{"E1", "100", "0"}}));
  EXPECT_EQ(past->at(0).reason, "slip was wrong");
  EXPECT_EQ(past->at(0).ended_by, 2);
  EXPECT_FALSE(past->at(0).deleted);
}

TEST_F(EntriesTest, ArePatchedByRow) {
  const EntryKey key{"ratings", "E1", ""};
  ASSERT_OK(in(tenant, [&](TenantTransaction& t) {
    return put_entry(t, set, key, {"employee", "rater", "points"}, {{"E1", "self", "8"}, {"E1", "a,\"b\"\n", "7"}});
  }));
  const auto patch = [&](const Values& where, const Values& values) {
    return in(tenant, [&](TenantTransaction& t) { return patch_entry(t, set, key, where, values); });
  };
  ASSERT_OK(patch({{"rater", "a,\"b\"\n"}}, {{"points", "9.5"}}));
  EXPECT_EQ(find(key)->rows, (Rows{{"E1", "self", "8"}, {"E1", "a,\"b\"\n", "9.5"}}));
  EXPECT_EQ(code_of(patch({{"rater", "nobody"}}, {{"points", "1"}})), "not_found");
  EXPECT_EQ(code_of(patch({{"nothing", "x"}}, {{"points", "1"}})), "not_found");
  EXPECT_EQ(code_of(patch({}, {{"nothing", "1"}})), "not_found");
  EXPECT_EQ(code_of(patch({}, {{"employee", "E2"}})), "invalid");
  EXPECT_FALSE(patch({{"rater", "self"}}, {{"points", "8"}})->changed);
}

TEST_F(EntriesTest, PartsStandBesideEachOther) {
  const std::vector<std::string> columns = {"employee", "rater", "points"};
  for (const char* rater : {"R1", "R2"}) {
    ASSERT_OK(in(tenant, [&](TenantTransaction& t) {
      return put_entry(t, set, {"ratings", "E1", rater}, columns, {{"E1", rater, "5"}});
    }));
  }
  EXPECT_EQ(find({"ratings", "E1", "R1"})->rows, (Rows{{"E1", "R1", "5"}}));
  EXPECT_EQ(code_of(find({"ratings", "E1", ""})), "not_found");
  ASSERT_OK(in(tenant, [&](TenantTransaction& t) { return delete_entry(t, set, {"ratings", "E1", "R1"}, "left"); }));
  EXPECT_EQ(code_of(find({"ratings", "E1", "R1"})), "not_found");
  EXPECT_OK(find({"ratings", "E1", "R2"}));
  EXPECT_EQ(code_of(in(tenant,
                       [&](TenantTransaction& t) {
                         return delete_entry(t, set, {"ratings", "E1", "R1"});
                       })),
            "not_found");
}

TEST_F(EntriesTest, WhatDoesNotFitTheSheetIsRefused) {
  const auto enter = [&](const EntryKey& key, std::vector<std::string> columns, Rows rows) {
    return code_of(in(tenant, [&](TenantTransaction& t) { return put_entry(t, set, key, columns, rows); }));
  };
  EXPECT_EQ(enter({"nothing", "E1", ""}, {"employee"}, {{"E1"}}), "not_found");
  EXPECT_EQ(enter({"population", "E1", ""}, {"employee", "wage"}, {{"E1", "1"}}), "invalid");
  EXPECT_EQ(enter({"population", "E1", ""}, {"employee", "wage", "late", "late"}, {{"E1", "1", "0", "0"}}), "invalid");
  EXPECT_EQ(enter({"population", "E1", ""}, {"employee", "wage", "late"}, {{"E2", "1", "0"}}), "invalid");
  EXPECT_EQ(enter({"population", "E1", ""}, {"employee", "wage", "late"}, {{"E1", "1"}}), "invalid");
  EXPECT_EQ(enter({"population", "E1", ""}, {"employee", "wage", "late"}, {}), "invalid");
  EXPECT_EQ(enter({"population", "", ""}, {"employee", "wage", "late"}, {{"", "1", "0"}}), "invalid");
  EXPECT_EQ(enter({"parameters", "E1", ""}, {"name", "value"}, {{"share", "1"}}), "invalid");
  EXPECT_EQ(enter({"population", "E1", std::string(kPartBytesMax + 1, 'x')}, {"employee", "wage", "late"},
                  {{"E1", "1", "0"}}),
            "invalid");
  EXPECT_EQ(enter({"population", "E1", ""}, {"employee", "wage", "late"}, {{"E1", std::string("a\0", 2), "0"}}),
            "invalid");
  EXPECT_EQ(enter({"population", "E1", ""}, {"employee", "wage", "late"}, {{"E1", "\xff", "0"}}), "invalid");
  // More columns than the sheet's own are carried, and a sheet of nobody is one entry.
  EXPECT_EQ(enter({"population", "E1", ""}, {"employee", "wage", "late", "note"}, {{"E1", "1", "0", "x"}}), "ok");
  EXPECT_EQ(enter({"parameters", "", ""}, {"name", "value"}, {{"share", "0.2"}}), "ok");
  EXPECT_EQ(code_of(find({"parameters", "", ""})), "ok");
}

TEST_F(EntriesTest, PeriodsAndSchemesDecideWhatMayBeEntered) {
  const auto enter = [&](const InputSet& into) {
    return code_of(in(tenant, [&](TenantTransaction& t) {
      return put_entry(t, into, {"population", "E1", ""}, {"employee", "wage", "late"}, {{"E1", "1", "0"}});
    }));
  };
  EXPECT_EQ(enter({"nothing", set.period}), "not_found");
  EXPECT_EQ(enter({"small", *scheme::parse_period("2026-10")}), "not_found");
  EXPECT_EQ(enter({"small", *scheme::parse_period("2026")}), "invalid");
  state(PeriodState::kFrozen);
  EXPECT_EQ(code_of(put("E1", "1")), "conflict");
  EXPECT_EQ(code_of(in(tenant,
                       [&](TenantTransaction& t) {
                         return delete_entry(t, set, {"population", "E1", ""});
                       })),
            "conflict");
  EXPECT_OK(put("E1", "1", "the slip came late"));
  state(PeriodState::kClosed);
  EXPECT_EQ(code_of(put("E1", "2", "again")), "conflict");
}

TEST_F(EntriesTest, ChangesAreListedFromAWatermarkOn) {
  ASSERT_OK(put("E1", "1"));
  ASSERT_OK(put("E2", "1"));
  const auto before = mark();
  ASSERT_OK(put("E1", "2", "because"));
  ASSERT_OK(put("E3", "1"));
  ASSERT_OK(in(tenant, [&](TenantTransaction& t) { return delete_entry(t, set, {"population", "E2", ""}, "gone"); }));
  const auto list = changes(before);
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list[0].key.employee, "E1");
  EXPECT_EQ(list[0].reason, "because");
  EXPECT_EQ(list[1].key.employee, "E3");
  EXPECT_EQ(list[2].key.employee, "E2");
  EXPECT_TRUE(list[2].deleted);
  // Deleted and entered again: it is one change, the last.
  ASSERT_OK(put("E2", "5"));
  ASSERT_OK(in(tenant, [&](TenantTransaction& t) { return delete_entry(t, set, {"population", "E3", ""}, "gone"); }));
  ASSERT_OK(put("E3", "1"));
  ASSERT_OK(in(tenant, [&](TenantTransaction& t) { return delete_entry(t, set, {"population", "E3", ""}, "gone"); }));
  std::string text;
  for (const auto& change : changes(before)) text += change.key.employee + (change.deleted ? "- " : " ");
  EXPECT_EQ(text, "E1 E2 E3- ");
  EXPECT_TRUE(changes(mark()).empty());
}

TEST_F(EntriesTest, WatermarksAreInTheOrderOfCommits) {
  std::vector<std::thread> writers;
  for (int w = 0; w < 4; ++w) {
    writers.emplace_back([&, w] {
      for (int i = 0; i < 10; ++i) EXPECT_OK(put("E" + std::to_string(w) + "_" + std::to_string(i), "1"));
    });
  }
  // Whoever reads a watermark sees every change up to it.
  for (int i = 0; i < 20; ++i) {
    const auto seen = in(tenant, [&](TenantTransaction& t) -> Result<bool> {
      const auto at = watermark(t, set);
      const auto count = t.sql().query("SELECT count(*) FROM " + t.table("entries") + " WHERE change_id <= $1", {at});
      return count.one().int64(0) == at;
    });
    EXPECT_TRUE(*seen);
  }
  for (auto& writer : writers) writer.join();
  EXPECT_EQ(mark(), 40);
}

TEST_F(EntriesTest, AnotherTenantsEntriesAreNotThere) {
  ASSERT_OK(put("E1", "1"));
  const auto other = make_tenant();
  open(other);
  const EntryKey key{"population", "E1", ""};
  EXPECT_EQ(code_of(in(other, [&](TenantTransaction& t) { return find_entry(t, set, key); })), "not_found");
  EXPECT_EQ(code_of(in(other,
                       [&](TenantTransaction& t) {
                         return patch_entry(t, set, key, {}, {{"late", "1"}});
                       })),
            "not_found");
  EXPECT_EQ(code_of(in(other, [&](TenantTransaction& t) { return delete_entry(t, set, key); })), "not_found");
  EXPECT_EQ(*in(other, [&](TenantTransaction& t) -> Result<int64_t> { return watermark(t, set); }), 0);
}

TEST_F(EntriesTest, TheQuotaOfBytesHolds) {
  ASSERT_OK(registry.set_quotas(tenant.id().text(), {.stored_bytes_max = 1000}, actor));
  const auto bounded = *tenants.open(tenant.id().text());
  EXPECT_EQ(
      code_of(in(bounded,
                 [&](TenantTransaction& t) {
                   return put_entry(t, set, {"population", "E1", ""}, {"employee", "wage", "late"}, {{"E1", "1", "0"}});
                 })),
      "quota_exceeded");
}

TEST_F(EntriesTest, TextsAreTextsWhateverTheySay) {
  const std::string nasty = "x'); DROP TABLE entries; -- \" \\ $1,\n\r\t";
  const EntryKey key{"ratings", nasty, nasty};
  ASSERT_OK(in(tenant, [&](TenantTransaction& t) {
    return put_entry(t, set, key, {"employee", "rater", "points", nasty}, {{nasty, nasty, nasty, nasty}}, nasty);
  }));
  EXPECT_EQ(find(key)->rows, (Rows{{nasty, nasty, nasty, nasty}}));
  EXPECT_EQ(find(key)->columns.back(), nasty);
}

}  // namespace
}  // namespace kaogong::tenants::test
