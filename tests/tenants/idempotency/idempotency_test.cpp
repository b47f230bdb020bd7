#include "tenants/idempotency/idempotency.h"

#include <atomic>
#include <thread>

#include "tests/tenants/database/tenant_fixture.h"

namespace kaogong::tenants::test {
namespace {

using idempotency::Begun;
using idempotency::CallKey;
using idempotency::Outcome;

CallKey key_of(std::string_view id, std::string_view request) { return {crypto::sha256(id), crypto::sha256(request)}; }

class IdempotencyTest : public TenantTest {
 protected:
  Tenant tenant = make_tenant();
  std::atomic<int64_t> epochs{0};

  /// By an epoch that no other has.
  struct Claimed : Begun {
    int64_t epoch = 0;
  };
  Claimed begin(const CallKey& key) {
    const int64_t epoch = ++epochs;
    return {*in(tenant,
                [&](TenantTransaction& t) -> Result<Begun> {
                  return idempotency::begin(t.sql(), t.table("idempotency"), key, epoch, t.now(), {});
                }),
            epoch};
  }
  bool keep(const CallKey& key, int64_t epoch, std::string_view answer) {
    return *in(tenant, [&](TenantTransaction& t) -> Result<bool> {
      return idempotency::keep(t.sql(), t.table("idempotency"), key, epoch, answer);
    });
  }
};

TEST_F(IdempotencyTest, AnAnswerIsGivenAgain) {
  const auto key = key_of("a", "post"), other = key_of("a", "put");
  const auto first = begin(key);
  ASSERT_EQ(first.outcome, Outcome::kClaimed);
  EXPECT_EQ(begin(key).outcome, Outcome::kInFlight);
  EXPECT_EQ(begin(other).outcome, Outcome::kReused);
  const std::string answer("any\0bytes", 9);
  EXPECT_TRUE(keep(key, first.epoch, answer));
  const auto again = begin(key);
  EXPECT_EQ(again.outcome, Outcome::kAnswered);
  EXPECT_EQ(again.answer, answer);
  EXPECT_EQ(begin(other).outcome, Outcome::kReused);
  EXPECT_FALSE(keep(key, first.epoch, "another"));
}

TEST_F(IdempotencyTest, WhatIsGivenBackMayComeAgain) {
  const auto key = key_of("b", "post");
  const auto first = begin(key);
  ASSERT_OK(in(tenant, [&](TenantTransaction& t) -> Result<Done> {
    idempotency::release(t.sql(), t.table("idempotency"), key, first.epoch);
    return Done{};
  }));
  EXPECT_EQ(begin(key).outcome, Outcome::kClaimed);
}

TEST_F(IdempotencyTest, WhoIsTakenForDeadIsFencedOff) {
  const auto key = key_of("c", "post");
  const auto first = begin(key);
  database.clock.advance(std::chrono::seconds{61});
  EXPECT_EQ(begin(key_of("c", "put")).outcome, Outcome::kReused);
  const auto second = begin(key);
  ASSERT_EQ(second.outcome, Outcome::kClaimed);
  EXPECT_FALSE(keep(key, first.epoch, "late"));
  EXPECT_TRUE(keep(key, second.epoch, "good"));
  EXPECT_EQ(begin(key).answer, "good");
}

TEST_F(IdempotencyTest, AnAnswerIsForgottenAfterADay) {
  const auto key = key_of("d", "post");
  EXPECT_TRUE(keep(key, begin(key).epoch, "x"));
  database.clock.advance(std::chrono::hours{25});
  EXPECT_EQ(begin(key_of("d", "put")).outcome, Outcome::kClaimed);
}

TEST_F(IdempotencyTest, OneOfManyClaims) {
  const auto key = key_of("e", "post");
  std::vector<std::thread> threads;
  std::atomic<int> claimed{0};
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      if (begin(key).outcome == Outcome::kClaimed) ++claimed;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(claimed, 1);
}

TEST_F(IdempotencyTest, ExpiredOnesAreCleanedAway) {
  std::string cleaning = "0";
  while (crypto::sha256(cleaning)[0] != 0) cleaning += "0";
  EXPECT_TRUE(keep(key_of("old", "post"), begin(key_of("old", "post")).epoch, "x"));
  database.clock.advance(std::chrono::hours{25});
  EXPECT_EQ(begin(key_of(cleaning, "post")).outcome, Outcome::kClaimed);
  EXPECT_EQ(value("SELECT count(*)::text FROM " + tenant.schema().quoted("idempotency")), "1");
}

TEST_F(IdempotencyTest, OperatorsHaveATableOfTheirOwn) {
  const auto key = key_of("operator", "post");
  const auto begun = tenants.transact_control([&](postgres::Transaction& sql) -> Result<Begun> {
    return idempotency::begin(sql, idempotency::kControlTable, key, 1, database.clock.now(), {});
  });
  EXPECT_EQ(begun->outcome, Outcome::kClaimed);
}

}  // namespace
}  // namespace kaogong::tenants::test
