// Limits over several servers that share a Redis.
#include "gateway/api/gate/rate_limit.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/infra/redis/fixture.h"

namespace kaogong::api {
namespace {

class Limits : public ::testing::Test {
 protected:
  Limits() {
    kaogong::test::program_redis().start();
    redis.emplace(loop, redis::options_of(kaogong::test::program_redis()), redis::silent_logger());
    EXPECT_TRUE(redis->wait_connected(60'000));
    (void)redis->call(redis::raw(redis::Command{"FLUSHALL"}));
    hints.emplace(&*redis);
  }
  /// Without counting a call.
  static int64_t remaining(RateLimiter& limiter, int64_t limit) { return limiter.admit("acme", limit, true).remaining; }

  clock::ManualClock clock;
  redis::Loop loop;
  std::optional<redis::Client> redis;
  std::optional<cache::Hints> hints;
};

TEST_F(Limits, AreOfAllServersTogether) {
  RateLimiter here(clock, *hints), there(clock, *hints);
  EXPECT_TRUE(here.admit("acme", 3).admitted);
  // The other asks when it has a call of its own to tell of.
  EXPECT_TRUE(there.admit("acme", 3).admitted);
  while (remaining(there, 3) > 1) std::this_thread::yield();
  EXPECT_TRUE(there.admit("acme", 3).admitted);
  const auto refused = there.admit("acme", 3);
  EXPECT_FALSE(refused.admitted);
  EXPECT_EQ(refused.remaining, 0);
  EXPECT_TRUE(there.admit("other", 3).admitted);
  clock.advance(RateLimiter::kWindow);
  EXPECT_EQ(remaining(there, 3), 3);
  EXPECT_TRUE(there.admit("acme", 3).admitted);
}

TEST_F(Limits, AreOfOneServerWithoutRedis) {
  const cache::Hints nobody(nullptr);
  RateLimiter alone(clock, nobody);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(alone.admit("acme", 3).admitted);
  EXPECT_FALSE(alone.admit("acme", 3).admitted);
  // Redis goes away between two calls.
  RateLimiter here(clock, *hints);
  EXPECT_TRUE(here.admit("acme", 3).admitted);
  kaogong::test::program_redis().kill();
  EXPECT_TRUE(here.admit("acme", 3).admitted);
  EXPECT_TRUE(here.admit("acme", 3).admitted);
  EXPECT_FALSE(here.admit("acme", 3).admitted);
}

TEST_F(Limits, AreToldInHundredths) {
  RateLimiter here(clock, *hints), there(clock, *hints);
  for (int i = 0; i < 9; ++i) EXPECT_TRUE(here.admit("acme", 1'000).admitted);
  EXPECT_EQ(redis->call(redis::raw(redis::Command{"DBSIZE"})).value().integer, 0);
  EXPECT_TRUE(here.admit("acme", 1'000).admitted);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(there.admit("acme", 1'000).admitted);
  while (remaining(there, 1'000) > 980) std::this_thread::yield();
  EXPECT_EQ(remaining(there, 1'000), 980);
}

}  // namespace
}  // namespace kaogong::api
