// Whatever is in Redis, missing from it, or forged: answers are those of the database.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "infra/redis/request.h"
#include "tenants/cache/cached_results.h"
#include "tenants/cache/hints.h"
#include "tests/infra/redis/fixture.h"
#include "tests/tenants/runs/run_fixture.h"

namespace kaogong::cache {
namespace {

using runs::EffectiveResult;
using runs::RunRow;
using tenants::Tenant;
using tenants::TenantTransaction;

class Cache : public runs::RunTest {
 protected:
  Cache() : tenant(make_tenant()) {
    server().start();
    redis = std::make_unique<redis::Client>(loop, redis::options_of(server()), redis::silent_logger());
    EXPECT_TRUE(redis->wait_connected(60'000));
    flush();
    install(tenant, runs::kPayScheme);
    january = publish(tenant, "2026-01", {{"population", "employee,wage,fine,department\nA,1000,0,X\nB,2000,0,X\n"}});
  }
  static cluster::Redis& server() { return kaogong::test::program_redis(); }
  void flush() { (void)redis->call(redis::raw(redis::Command{"FLUSHALL"})); }
  std::vector<std::string> keys() {
    auto reply = redis->call(redis::raw(redis::Command{"KEYS", "*"}));
    std::vector<std::string> names;
    if (!reply) return names;
    for (const auto& element : reply.value().elements) names.push_back(element.text);
    return names;
  }
  SealedCache cache() { return {redis.get(), sealing_key(tenants).ok() ? *sealing_key(tenants) : ""}; }
  std::string pay(const SealedCache& through, const std::string& employee, const char* period = "2026-01") {
    const auto result = in(tenant, [&](TenantTransaction& t) {
      return published_result(through, t, "pay", scheme::parse_period(period).value(), employee);
    });
    EXPECT_OK(result);
    if (!*result) return "none";
    for (size_t i = 0; i < (*result)->outputs.size(); ++i)
      if ((*result)->outputs[i] == "pay") return (*result)->result.values[i].value_or("null");
    return "no pay";
  }

  /// -1: nobody was asked.
  static int64_t count_of(const Hints& hints, std::string_view tenant, int64_t calls) {
    std::promise<int64_t> count;
    const auto on_count = [&](int64_t found) { count.set_value(found); };
    return hints.count_calls(tenant, "reads", 7, std::chrono::hours(1), calls, on_count) ? count.get_future().get()
                                                                                         : -1;
  }

  redis::Loop loop;
  std::unique_ptr<redis::Client> redis;
  Tenant tenant;
  RunRow january;
};

TEST_F(Cache, GivesWhatTheDatabaseGives) {
  const SealedCache through = cache();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(pay(through, "A"), "1000.00");
    EXPECT_EQ(pay(through, "Z"), "none");
    EXPECT_EQ(pay(through, "A", "2026-02"), "none");
  }
  EXPECT_EQ(keys().size(), 2u) << "of A, and that there is no Z";
  // It is really read from there: the rows are gone, and what is cached is still given.
  run_as_owner("ALTER TABLE kg_" + tenant.id().text() + ".results DISABLE TRIGGER USER");
  run_as_owner("DELETE FROM kg_" + tenant.id().text() + ".results");
  EXPECT_EQ(pay(through, "A"), "1000.00");
  EXPECT_EQ(pay(through, "B"), "none");
}

TEST_F(Cache, FollowsWhatIsPublished) {
  const SealedCache through = cache();
  EXPECT_EQ(pay(through, "A"), "1000.00");
  const RunRow again =
      publish(tenant, "2026-01", {{"population", "employee,wage,fine,department\nA,1500,0,X\nB,2000,0,X\n"}});
  EXPECT_EQ(pay(through, "A"), "1500.00");
  EXPECT_OK(steps.declare_void(tenant, actor, again.id, "wrong"));
  EXPECT_EQ(pay(through, "A"), "1000.00");
}

TEST_F(Cache, BelievesNothingThatIsNotItsOwn) {
  const SealedCache through = cache();
  EXPECT_EQ(pay(through, "A"), "1000.00");
  EXPECT_EQ(pay(through, "B"), "2000.00");
  const auto names = keys();
  ASSERT_EQ(names.size(), 2u);
  std::vector<std::string> values;
  for (const auto& name : names) values.push_back(*redis->call(redis::get(name)).value());
  const auto put = [&](const std::string& name, const std::string& value) {
    ASSERT_TRUE(redis->call(redis::set(name, value, std::chrono::minutes(1))).ok());
  };
  const auto right = [&] {
    EXPECT_EQ(pay(through, "A"), "1000.00");
    EXPECT_EQ(pay(through, "B"), "2000.00");
  };
  // Each other's values, every bit turned, every length, nonsense, and what another key would seal.
  put(names[0], values[1]);
  put(names[1], values[0]);
  right();
  for (size_t byte = 0; byte < values[0].size(); ++byte) {
    std::string damaged = values[0];
    damaged[byte] = static_cast<char>(damaged[byte] ^ (1 << (byte % 8)));
    put(names[0], damaged);
    put(names[1], values[1].substr(0, byte % values[1].size()));
    right();
  }
  EffectiveResult forged{january.id, {"pay"}, {false, {"9999999.00"}, {scheme::TypeName::kMoney}}};
  const SealedCache enemy(redis.get(), std::string(32, 'x'));
  for (const auto& name : names) {
    enemy.put(name, to_bytes(forged), std::chrono::minutes(1));
    ASSERT_TRUE(redis->call(redis::get(name)).ok());  // behind the one that was not waited for
  }
  right();
  put(names[0], to_bytes(forged));
  right();
  ASSERT_TRUE(redis->call(redis::raw(redis::Command{"DEL", names[0]})).ok());
  ASSERT_TRUE(redis->call(redis::raw(redis::Command{"LPUSH", names[0], "a list"})).ok());
  right();
}

TEST_F(Cache, BytesThatAreNoResult) {
  EffectiveResult result{
      runs::RunId{7},
      {"a", "b"},
      {false, {std::nullopt, std::string("1.00")}, {scheme::TypeName::kMoney, scheme::TypeName::kMoney}}};
  const std::string bytes = to_bytes(result);
  const auto again = result_of(bytes);
  ASSERT_TRUE(again && *again);
  EXPECT_EQ((*again)->outputs, result.outputs);
  EXPECT_EQ((*again)->result.values, result.result.values);
  for (size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(result_of(bytes.substr(0, size)));
  EXPECT_FALSE(result_of(bytes + "x"));
}

TEST_F(Cache, LeadersThroughIt) {
  const SealedCache through = cache();
  for (int i = 0; i < 2; ++i) {
    const auto best = leaders(through, tenants, results, tenant, actor, january.id, "pay", 1);
    ASSERT_OK(best);
    ASSERT_EQ(best->size(), 1u);
    EXPECT_EQ((*best)[0].employee, "B");
    EXPECT_EQ((*best)[0].value, "2000.00");
  }
  EXPECT_EQ(keys().size(), 1u);
}

// Flushed, killed and started again at any moment, while runs are made, worked on and read.
TEST_F(Cache, RedisIsLost) {
  const SealedCache through = cache();
  std::atomic<bool> ending = false;
  std::jthread enemy([&] {
    for (int i = 0; !ending; ++i) {
      if (i % 10 == 9) {
        server().kill();
        server().start();
      } else {
        flush();
      }
    }
  });
  const Hints hints(redis.get());
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(pay(through, "A"), "1000.00");
    EXPECT_EQ(pay(through, "B"), "2000.00");
    hints.work_waits();
    hints.scheme_used(tenant.id().text(), "pay", 1);
    (void)hints.schemes_in_use(10);
    (void)count_of(hints, "t", 1);
    const RunRow made = make_run(tenant, "2026-02", {{"population", "employee,wage,fine,department\nA,7,0,X\n"}});
    work();
    EXPECT_EQ(get(tenant, made.id).state, runs::RunState::kCalculated);
  }
  ending = true;
}

TEST_F(Cache, HintsAreHeard) {
  std::atomic<int> work = 0, progress = 0;
  Listener listener(loop, redis::options_of(server()), redis::silent_logger(), {[&] { ++work; }, [&] { ++progress; }});
  listener.listen_for_work();
  listener.listen_for_progress("acme", runs::RunId{7});
  while (work == 0 || progress == 0) std::this_thread::yield();  // that it listens is a hint, too
  const int work_before = work, progress_before = progress;
  const Hints hints(redis.get());
  hints.work_waits();
  hints.run_went_on("acme", runs::RunId{8});
  hints.run_went_on("acme", runs::RunId{7});
  while (work == work_before || progress == progress_before) std::this_thread::yield();
  hints.scheme_used("acme", "pay", 3);
  while (hints.schemes_in_use(5).empty()) std::this_thread::yield();
  EXPECT_EQ(hints.schemes_in_use(5)[0].scheme_id, "pay");
  EXPECT_EQ(hints.schemes_in_use(5)[0].version, 3);
  EXPECT_EQ(count_of(hints, "acme", 1), 1);
  EXPECT_EQ(count_of(hints, "acme", 5), 6);
  EXPECT_EQ(count_of(hints, "other", 2), 2);
}

TEST_F(Cache, WithoutRedisEverythingIsRead) {
  const SealedCache none(nullptr, "");
  EXPECT_EQ(pay(none, "A"), "1000.00");
  const Hints hints(nullptr);
  hints.work_waits();
  EXPECT_TRUE(hints.schemes_in_use(5).empty());
  EXPECT_EQ(count_of(hints, "acme", 1), -1);
}

}  // namespace
}  // namespace kaogong::cache
