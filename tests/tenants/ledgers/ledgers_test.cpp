#include "tenants/ledgers/ledgers.h"

#include <atomic>
#include <thread>

#include "tests/tenants/database/tenant_fixture.h"

namespace kaogong::tenants::test {
namespace {

class LedgersTest : public TenantTest {
 protected:
  static scheme::Period period(std::string_view text) { return *scheme::parse_period(text); }
  static Posting posting(std::string employee, std::string_view amount, std::string kind = "retain") {
    return {"retained", std::move(employee), std::move(kind), *parse_amount(amount)};
  }
  Result<Posted> post(int64_t run, std::string_view at, std::vector<Posting> postings) {
    return in(tenant, [&](TenantTransaction& t) { return post_run(t, run, period(at), postings); });
  }
  Result<Posted> reverse(int64_t run) {
    return in(tenant, [&](TenantTransaction& t) { return reverse_run(t, run, "void"); });
  }
  std::string balance(std::string_view employee, std::string_view through) {
    return *in(tenant, [&](TenantTransaction& t) -> Result<std::string> {
      return balance_of(t, "retained", employee, period(through));
    });
  }
  Tenant tenant = make_tenant();
};

TEST_F(LedgersTest, AmountsAreExact) {
  EXPECT_EQ(parse_amount("-12.50"), (Amount{-1250, 2}));
  EXPECT_EQ(parse_amount("7"), (Amount{7, 0}));
  EXPECT_EQ(to_text(Amount{-5, 2}), "-0.05");
  for (const char* bad : {"", "1.1234567", "1e3", "+1", "x", "9223372036854775808", "-9223372036854775808"})
    EXPECT_FALSE(parse_amount(bad)) << bad;
}

TEST_F(LedgersTest, BalancesAreThoseOfAPeriod) {
  ASSERT_OK(post(1, "2026-08", {posting("E1", "100.10"), posting("E2", "1.00"), posting("E3", "0.00")}));
  ASSERT_OK(post(2, "2026-09", {posting("E1", "0.20"), posting("E1", "-50.30", "release")}));
  ASSERT_OK(post(3, "2026-Q4", {posting("E1", "0.000001")}));
  EXPECT_EQ(balance("E1", "2026-07"), "0");
  EXPECT_EQ(balance("E1", "2026-08"), "100.10");
  EXPECT_EQ(balance("E1", "2026-09"), "50.00");
  EXPECT_EQ(balance("E1", "2026-Q3"), "50.00");
  EXPECT_EQ(balance("E1", "2026"), "50.000001");
  const auto all = in(tenant, [](TenantTransaction& t) -> Result<std::vector<Balance>> {
    return balances(t, "retained", period("2026-09"), "", 10);
  });
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ(all->at(0).amount, "50.00");
  EXPECT_EQ(all->at(1).employee, "E2");
  const auto entries = in(tenant, [](TenantTransaction& t) -> Result<std::vector<LedgerEntry>> {
    return ledger_entries(t, "retained", "E1", 10);
  });
  ASSERT_EQ(entries->size(), 4u);
  EXPECT_EQ(entries->at(2).posting.kind, "retain");
  EXPECT_EQ(entries->at(3).period, period("2026-Q4"));
}

TEST_F(LedgersTest, SumsGoBeyond64Bits) {
  for (int run = 1; run <= 3; ++run) ASSERT_OK(post(run, "2026-08", {posting("E1", "92233720368547758.07")}));
  EXPECT_EQ(balance("E1", "2026-08"), "276701161105643274.21");
}

TEST_F(LedgersTest, ARunPostsOnce) {
  EXPECT_FALSE(post(1, "2026-08", {posting("E1", "5.00"), posting("E2", "6.00")})->before);
  const auto again = post(1, "2026-08", {posting("E2", "6.00"), posting("E1", "5.00"), posting("E3", "0")});
  ASSERT_OK(again);
  EXPECT_TRUE(again->before);
  EXPECT_EQ(again->entries, 2);
  EXPECT_EQ(code_of(post(1, "2026-08", {posting("E1", "5.00")})), "conflict");
  EXPECT_EQ(code_of(post(1, "2026-08", {posting("E1", "5.01"), posting("E2", "6.00")})), "conflict");
  EXPECT_EQ(code_of(post(1, "2026-09", {posting("E1", "5.00"), posting("E2", "6.00")})), "conflict");
  EXPECT_EQ(balance("E1", "2026-12"), "5.00");
  EXPECT_EQ(code_of(post(2, "2026-08", {posting("E1", "1.00"), posting("E1", "2.00")})), "invalid");
  EXPECT_EQ(balance("E1", "2026-12"), "5.00");
}

TEST_F(LedgersTest, ManyAtOnceAreStillOnce) {
  std::atomic<int> first = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      const auto posted = post(7, "2026-08", {posting("E1", "5.00")});
      ASSERT_OK(posted);
      if (!posted->before) ++first;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(first, 1);
  EXPECT_EQ(balance("E1", "2026-08"), "5.00");
}

TEST_F(LedgersTest, ReversingPostsTheContraryOnce) {
  ASSERT_OK(post(1, "2026-08", {posting("E1", "5.00"), posting("E2", "-6.00", "charge")}));
  EXPECT_EQ(reverse(1)->entries, 2);
  EXPECT_TRUE(reverse(1)->before);
  EXPECT_EQ(balance("E1", "2026-08"), "0.00");
  EXPECT_EQ(balance("E2", "2026-08"), "0.00");
  // The run that comes in its place.
  ASSERT_OK(post(2, "2026-08", {posting("E1", "7.00")}));
  EXPECT_EQ(balance("E1", "2026-08"), "7.00");
  EXPECT_EQ(reverse(99)->entries, 0);
}

TEST_F(LedgersTest, EntriesByHandHaveAKey) {
  const auto enter = [&](std::string_view key, std::string_view amount) {
    return in(tenant, [&](TenantTransaction& t) {
      return post_entry(t, key, period("2026-08"), posting("E1", amount, "opening"));
    });
  };
  EXPECT_FALSE(enter("opening-2026", "10.00")->before);
  EXPECT_TRUE(enter("opening-2026", "10.00")->before);
  EXPECT_EQ(code_of(enter("opening-2026", "11.00")), "conflict");
  EXPECT_EQ(code_of(enter("", "11.00")), "invalid");
  EXPECT_EQ(code_of(enter("x", "0.00")), "invalid");
  EXPECT_EQ(balance("E1", "2026-08"), "10.00");
}

TEST_F(LedgersTest, WhatIsOutOfBoundsIsRefused) {
  EXPECT_EQ(code_of(post(1, "2026-08", {{"", "E1", "k", {1, 2}}})), "invalid");
  EXPECT_EQ(code_of(post(1, "2026-08", {{"l", "", "k", {1, 2}}})), "invalid");
  EXPECT_EQ(code_of(post(1, "2026-08", {{"l", "E1", "", {1, 2}}})), "invalid");
  EXPECT_EQ(code_of(post(1, "2026-08", {{"l", "E1", "k", {1, 7}}})), "invalid");
  EXPECT_EQ(code_of(post(1, "2026-08", {{"l", "E1", "k", {INT64_MIN, 2}}})), "invalid");
  EXPECT_EQ(code_of(post(1, "2026-08", {{"l", "E1", "k", {1, 2}, std::string(4001, 'x')}})), "invalid");
  const std::string nasty = "x'); DROP TABLE ledger_entries; -- \" \\";
  EXPECT_OK(post(1, "2026-08", {{nasty, nasty, nasty, {1, 2}, nasty}}));
}

TEST_F(LedgersTest, AnotherTenantsLedgersAreNotThere) {
  ASSERT_OK(post(1, "2026-08", {posting("E1", "5.00")}));
  const auto other = make_tenant();
  EXPECT_EQ(in(other, [](TenantTransaction& t) { return reverse_run(t, 1, ""); })->entries, 0);
  EXPECT_EQ(*in(other,
                [](TenantTransaction& t) -> Result<std::string> {
                  return balance_of(t, "retained", "E1", period("2026-08"));
                }),
            "0");
}

}  // namespace
}  // namespace kaogong::tenants::test
