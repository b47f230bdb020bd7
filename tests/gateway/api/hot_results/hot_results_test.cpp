// The fast path against the usual way: the same answers from memory, Redis and PostgreSQL, whatever becomes of these.
#include "gateway/api/hot_results/hot_results.h"

#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "gateway/api/hot_results/publications.h"
#include "gateway/api/results/routes.h"
#include "infra/redis/request.h"
#include "tenants/cache/cached_results.h"
#include "tenants/cache/seal.h"
#include "tenants/runs/published_chain.h"
#include "tenants/runs/retroactive.h"
#include "tests/gateway/api/api_fixture.h"

namespace kaogong::api {
namespace {

namespace asio = boost::asio;
using tenants::AccessRole;
using Verdict = http::FastThread::Verdict;
using std::chrono::milliseconds;

constexpr milliseconds kFresh{1'000}, kCallerFresh{4'000};
constexpr int64_t kCallsMax = 1'000;

class HotResultsTest : public test::ApiTest {
 protected:
  HotResultsTest() {
    add_results_routes(routes);
    install(tenant, runs::kPayScheme);
    published = publish(tenant, "2026-01", sheets("E1,5000,100,A\nE2,3000,0,A\nE3,13,0,B\nE4,4000.5,900,B\n"));
    options.fresh = kFresh;
    options.pipeline.conninfo = database.application().options().conninfo;
    options.pipeline.connections = 1;
    options.pipeline.statement_timeout_ms = 20'000;
    options.pipeline.answer_timeout_ms = 30'000;
    options.pipeline.reconnect_delay_min_ms = 1;
    options.pipeline.reconnect_delay_max_ms = 20;
    options.redis.endpoint.clear();
    key = key_of(AccessRole::kHr);
  }

  static runs::Sheets sheets(const std::string& rows) {
    return {{"population", "employee,wage,fine,department\n" + rows}};
  }
  std::string key_of(AccessRole role, std::string employee = {}) {
    tenants::KeyRequest request;
    request.role = role;
    request.employee = std::move(employee);
    return keys.create(&tenant, request, actor)->text;
  }
  void begin() {
    hot.emplace(gate, sealing_key, logger, database.clock, metrics, options);
    thread = hot->begin_thread(io);
    // Until there is a connection the usual way is taken.
    (void)ask("E1", key);
    while (from("postgres") == 0 && from("redis") == 0) {
      (void)ask("E1", key);
      if (from("postgres") == 0 && from("redis") == 0) io.run_one();
    }
  }
  http::Request request_of(const std::string& employee, const std::string& shown, const std::string& tag = {}) const {
    http::Request request;
    request.target = "/v1/results/pay/2026-01/" + employee;
    request.path = request.target;
    request.peer = "192.0.2.1";
    std::vector<http::Field> fields{{"authorization", "Bearer " + shown}};
    if (!tag.empty()) fields.push_back({"if-none-match", tag});
    request.fields = http::Fields(std::move(fields));
    return request;
  }
  http::Response usual(const http::Request& request) {
    const auto match = routes.find(http::Method::kGet, request.target);
    return gate.handle(request, *match.route, match.values);
  }
  /// As the server does it: at once, or after it was asked, or the usual way.
  http::Response ask(const std::string& employee, const std::string& shown, const std::string& tag = {}) {
    auto request = request_of(employee, shown, tag);
    const auto match = routes.find(http::Method::kGet, request.target);
    http::Response response;
    const auto verdict = thread->begin(request, *match.route, match.values, &response);
    if (verdict == Verdict::kAnswered) return response;
    if (verdict == Verdict::kNo) return usual(request);
    std::optional<std::optional<http::Response>> answer;
    thread->ask([&](std::optional<http::Response> got) { answer = std::move(got); });
    while (!answer) io.run_one();
    return *answer ? **std::move(answer) : usual(request);
  }
  /// How many came from there.
  int from(const std::string& kind) const { return counted("kaogong_hot_results_total{kind=\"" + kind + "\"}"); }
  /// What the metrics say of a series.
  int counted(const std::string& series) const {
    const auto text = "\n" + metrics.text(), name = "\n" + series + " ";
    const auto at = text.find(name);
    return at == std::string::npos ? -1 : std::stoi(text.substr(at + name.size()));
  }
  static test::Answered answered(const http::Response& response) {
    return {response.status, response.content_type, response.body, response.fields, response.cache_control};
  }
  static std::string value_of(const http::Response& response, const std::string& pointer) {
    return answered(response).at(pointer);
  }
  static std::string field_of(const http::Response& response, std::string_view name) {
    return answered(response).field(name);
  }

  runs::RunRow published;
  KnownCallers callers{database.clock, kCallerFresh};
  const std::string sealing_key = *cache::sealing_key(tenants);
  Services believing{settings,  database.clock, logger, tenants, registry, keys,    token_issuers, programs, results,
                     snapshots, builder,        steps,  cache,   hints,    nullptr, page_tokens,   callers};
  Gate gate{believing, {.calls_per_second = kCallsMax, .wrong_keys_per_minute = 0}};
  metrics::Registry metrics;
  HotResults::Options options;
  std::string key;
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_guard = asio::make_work_guard(io);
  std::optional<HotResults> hot;
  std::unique_ptr<http::FastThread> thread;
};

TEST_F(HotResultsTest, EveryoneGetsWhatTheUsualWaySays) {
  begin();
  const std::string all[] = {key, key_of(AccessRole::kTenantAdmin), key_of(AccessRole::kExecutive),
                             key_of(AccessRole::kEmployee, "E1"), key_of(AccessRole::kRater, "E2")};
  for (int round = 0; round < 3; ++round)
    for (const auto& shown : all)
      for (const std::string employee : {"E0", "E1", "E2", "E3", "E4", "E5"}) {
        const auto expected = usual(request_of(employee, shown)), got = ask(employee, shown);
        EXPECT_EQ(got.status, expected.status) << employee;
        EXPECT_EQ(got.body, expected.body) << employee;
        EXPECT_EQ(got.content_type, expected.content_type);
        for (const std::string name : {"ETag", "Cache-Control", "RateLimit-Policy"})
          EXPECT_EQ(field_of(got, name), field_of(expected, name)) << name;
      }
  EXPECT_GT(from("memory"), 0);
  const auto one = ask("E1", key);
  EXPECT_EQ(ask("E1", key, field_of(one, "ETag")).status, 304);
  EXPECT_EQ(ask("E1", key, "\"another\"").status, 200);
}

TEST_F(HotResultsTest, MemoryIsBounded) {
  options.bytes_max_a_thread = 0;
  begin();
  const int before = from("postgres");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(value_of(ask("E1", key), "/values/pay"), "4900.00");
  EXPECT_EQ(from("postgres"), before + 3);
  EXPECT_EQ(from("memory"), 0);
}

TEST_F(HotResultsTest, ThoseWhoAskForTheSameWaitForOneReading) {
  begin();
  const int before = from("postgres");
  std::vector<http::Response> answers;
  for (int i = 0; i < 5; ++i) {
    auto request = request_of("E4", key);
    const auto match = routes.find(http::Method::kGet, request.target);
    http::Response response;
    ASSERT_EQ(thread->begin(request, *match.route, match.values, &response), Verdict::kAsk);
    thread->ask([&](std::optional<http::Response> got) { answers.push_back(got.value()); });
  }
  while (answers.size() < 5) io.run_one();
  for (const auto& one : answers) EXPECT_EQ(value_of(one, "/values/pay"), "3600.45");
  EXPECT_EQ(from("postgres"), before + 1);
}

TEST_F(HotResultsTest, AnotherPublicationShowsWhenTheOldIsNotFreshAnyMore) {
  begin();
  EXPECT_EQ(value_of(ask("E1", key), "/values/pay"), "4900.00");
  const auto second = publish(tenant, "2026-01", sheets("E1,6000,0,A\n"));
  EXPECT_EQ(value_of(ask("E1", key), "/run"), std::to_string(number_of(published.id))) << "believed for a second";
  database.clock.advance(kFresh);
  EXPECT_EQ(value_of(ask("E1", key), "/run"), std::to_string(number_of(second.id)));
  EXPECT_EQ(value_of(ask("E1", key), "/values/pay"), "6000.00");
  EXPECT_EQ(ask("E2", key).status, 404);
  // Asked for when half of the time is over; whoever asks meanwhile does not wait.
  EXPECT_OK(steps.declare_void(tenant, actor, second.id, "a test"));
  database.clock.advance(kFresh / 2);
  EXPECT_EQ(value_of(ask("E1", key), "/run"), std::to_string(number_of(second.id)));
  while (value_of(ask("E1", key), "/run") != std::to_string(number_of(published.id))) io.run_one();
  EXPECT_EQ(value_of(ask("E2", key), "/values/pay"), "3000.00");
}

TEST_F(HotResultsTest, CorrectionsCountWhereTheySaySomething) {
  begin();
  // Another fine each time; the one who is gone, and the one who is new; and more of them than are read at once.
  std::string rows = "E1,5000,100,A\nE2,3000,0,A\nE4,4000.5,900,B\n";
  for (size_t i = 0; i <= runs::kChainLinksMax; ++i) {
    rows = "E1,5000," + std::to_string(200 + i) + ",A\nE4,4000.5,900,B\nE5,1000,0,C\n";
    const auto corrections = runs::correct_retroactively(
        tenants, results, tenant, actor, "pay", scheme::parse_period("2026-01").value(),
        freeze(tenant, "pay", "2026-01", sheets(rows)), {}, [this](runs::RunId id) -> tenants::Result<runs::RunRow> {
          work();
          return runs::RunTest::get(tenant, id);
        });
    ASSERT_OK(corrections);
    ASSERT_EQ(corrections->size(), 1U);
    ASSERT_OK(steps.approve(tenant, actor, corrections->front().run.id));
    ASSERT_OK(steps.publish(tenant, actor, corrections->front().run.id));
    database.clock.advance(kFresh);
    const int before = from("postgres");
    for (const std::string employee : {"E1", "E2", "E3", "E4", "E5"}) {
      const auto expected = usual(request_of(employee, key)), got = ask(employee, key);
      EXPECT_EQ(got.status, expected.status) << employee << i;
      EXPECT_EQ(got.body, expected.body) << employee << i;
    }
    // With the first run: as many links as corrections and one.
    EXPECT_EQ(from("postgres") > before, i + 2 <= runs::kChainLinksMax) << i;
  }
}

TEST_F(HotResultsTest, NothingIsPublished) {
  begin();
  EXPECT_OK(steps.declare_void(tenant, actor, published.id, "a test"));
  database.clock.advance(kFresh);
  EXPECT_EQ(ask("E1", key).status, 404);
}

TEST_F(HotResultsTest, WhatRedisSaysIsBelievedOnlyIfItIsOurs) {
  options.redis.endpoint = "unix:" + kaogong::test::program_redis().socket().string();
  options.bytes_max_a_thread = 0;
  redis::Loop loop;
  redis::Client redis(loop, options.redis, logger);
  ASSERT_TRUE(redis.wait_connected(30'000));
  begin();
  while (from("redis") == 0) (void)ask("E1", key);
  const auto names =
      document_names(tenant.id().text(), {number_of(published.id), runs::RunTest::get(tenant, published.id).checksum});
  const auto name = [&](const std::string& employee) { return names + "+" + employee; };
  const auto good = redis.call(redis::get(name("E1")));
  ASSERT_TRUE(good && good.value());
  const auto bytes = *good.value();
  const auto other = cache::sealed(crypto::HmacKey(std::string(32, 'x')), name("E2"), bytes.substr(32));
  const auto unpaid = cache::sealed(crypto::HmacKey(sealing_key), names + "-E2", bytes.substr(32));
  for (const std::string& wrong :
       {std::string(), std::string("junk"), std::string(100, '\0'), bytes, other, bytes.substr(0, bytes.size() - 1),
        cache::sealed(crypto::HmacKey(sealing_key), name("E2"), "\x01"), unpaid}) {
    // What was put there after the last reading is there, and nothing more is on its way.
    for (const int before = from("redis"); from("redis") == before;)
      EXPECT_EQ(value_of(ask("E2", key), "/values/pay"), "3000.00");
    const int before = from("postgres");
    ASSERT_TRUE(redis.call(redis::set(name("E2"), wrong, milliseconds(100'000))));
    EXPECT_EQ(value_of(ask("E2", key), "/values/pay"), "3000.00");
    EXPECT_EQ(from("postgres"), before + 1) << wrong.size();
  }
  kaogong::test::program_redis().kill();
  const int before = from("postgres");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(value_of(ask("E1", key), "/values/pay"), "4900.00");
  EXPECT_GT(from("postgres"), before);
  kaogong::test::program_redis().start();
}

TEST_F(HotResultsTest, ATenantThatIsSuspendedOrErasedAndAKeyThatIsRevoked) {
  begin();
  EXPECT_EQ(ask("E1", key).status, 200);
  // Believed by this server's memory, but PostgreSQL refuses.
  ASSERT_OK(registry.suspend(tenant.id().text(), "a test", actor));
  EXPECT_EQ(ask("E2", key).status, 403);
  callers.doubt_all();
  EXPECT_EQ(ask("E1", key).status, 403);
  ASSERT_OK(registry.resume(tenant.id().text(), "a test", actor));
  callers.doubt_all();
  EXPECT_EQ(ask("E1", key).status, 200);
  ASSERT_OK(keys.revoke(&tenant, keys.verify(key)->id, actor));
  EXPECT_EQ(ask("E1", key).status, 200) << "as long as it is believed";
  callers.doubt_all();
  EXPECT_EQ(ask("E1", key).status, 401);
}

TEST_F(HotResultsTest, WhatChangesInTheMidstOfAReading) {
  begin();
  // What is asked for has been handed over, and PostgreSQL has not seen it yet.
  const auto ask_while = [&](const std::string& employee, const std::function<void()>& something) {
    auto request = request_of(employee, key);
    const auto match = routes.find(http::Method::kGet, request.target);
    http::Response response;
    EXPECT_EQ(thread->begin(request, *match.route, match.values, &response), Verdict::kAsk);
    std::optional<std::optional<http::Response>> answer;
    thread->ask([&](std::optional<http::Response> got) { answer = std::move(got); });
    EXPECT_FALSE(answer);
    something();
    while (!answer) io.run_one();
    return *answer ? **std::move(answer) : usual(request);
  };
  // Of the run that was published when it was asked for.
  const auto replaced = ask_while("E2", [&] { publish(tenant, "2026-01", sheets("E2,6000,0,A\nE3,1,0,A\n")); });
  EXPECT_EQ(value_of(replaced, "/values/pay"), "3000.00");
  EXPECT_EQ(value_of(replaced, "/run"), std::to_string(number_of(published.id)));
  const auto suspended = ask_while("E3", [&] { ASSERT_OK(registry.suspend(tenant.id().text(), "a test", actor)); });
  EXPECT_EQ(suspended.status, 403);
  ASSERT_OK(registry.resume(tenant.id().text(), "a test", actor));
  callers.doubt_all();
  EXPECT_EQ(ask("E2", key).status, 200);
  const auto erased = ask_while("E4", [&] {
    ASSERT_OK(registry.suspend(tenant.id().text(), "a test", actor));
    ASSERT_OK(registry.erase(tenant.id().text(), actor));
  });
  EXPECT_GE(erased.status, 401);
  EXPECT_LE(erased.status, 404);
  EXPECT_EQ(erased.body.find("values"), std::string::npos) << erased.body;
}

TEST_F(HotResultsTest, AKeyIsAskedForAgainByOneWhileOthersGoOn) {
  begin();
  EXPECT_EQ(ask("E1", key).status, 200);
  database.clock.advance(kCallerFresh / 2);
  const auto verdict = [&] {
    auto request = request_of("E1", key);
    const auto match = routes.find(http::Method::kGet, request.target);
    http::Response response;
    return thread->begin(request, *match.route, match.values, &response);
  };
  EXPECT_EQ(verdict(), Verdict::kNo);
  EXPECT_NE(verdict(), Verdict::kNo);
  EXPECT_EQ(usual(request_of("E1", key)).status, 200);  // this one asks
  database.clock.advance(kCallerFresh / 2);             // and so it is believed longer
  EXPECT_EQ(verdict(), Verdict::kNo);
  EXPECT_NE(verdict(), Verdict::kNo);
}

TEST_F(HotResultsTest, WhatTheFastPathHasNotIsCountedOnce) {
  begin();
  database.clock.advance(std::chrono::seconds{1});
  EXPECT_EQ(ask("E9", key).status, 404);
  EXPECT_EQ(field_of(ask("E9", key), "RateLimit"), "\"tenant\";r=" + std::to_string(kCallsMax - 2) + ";t=1");
  EXPECT_EQ(field_of(ask("E1", key), "RateLimit"), "\"tenant\";r=" + std::to_string(kCallsMax - 3) + ";t=1");
}

TEST_F(HotResultsTest, ConnectionsOfAllThreadsAreCounted) {
  options.redis.endpoint = "unix:" + kaogong::test::program_redis().socket().string();
  options.bytes_max_a_thread = 0;
  begin();
  while (from("redis") == 0) (void)ask("E1", key);
  const std::string postgres = "kaogong_postgres_pipeline_", redis = "kaogong_redis_pipeline_";
  EXPECT_EQ(counted(postgres + "connections"), 1);
  EXPECT_EQ(counted(redis + "connections"), 1);
  EXPECT_EQ(counted(postgres + "outstanding_reads"), 0);
  const auto other = hot->begin_thread(io);
  while (counted(postgres + "connections") < 2 || counted(redis + "connections") < 2) io.run_one();
  EXPECT_EQ(counted(postgres + "connections_opened_total"), 2);
  EXPECT_EQ(counted(redis + "connections_opened_total"), 2);
  // Those that come in one moment and are of one tenant share a transaction, and a batch.
  const int reads = counted(postgres + "reads_total"), transactions = counted(postgres + "transactions_total");
  const int commands = counted(redis + "commands_total"), batches = counted(redis + "batches_total");
  EXPECT_GE(reads, transactions);
  EXPECT_GE(commands, batches);
  EXPECT_GT(batches, 0);
  const std::string employees[] = {"E2", "E3", "E4"};
  size_t answered = 0;
  for (const auto& employee : employees) {
    auto request = request_of(employee, key);
    const auto match = routes.find(http::Method::kGet, request.target);
    http::Response response;
    ASSERT_EQ(thread->begin(request, *match.route, match.values, &response), Verdict::kAsk);
    thread->ask([&](const std::optional<http::Response>& got) { answered += got && got->status == 200 ? 1 : 0; });
  }
  EXPECT_EQ(counted(redis + "outstanding_commands"), 3);
  while (answered < std::size(employees)) io.run_one();
  EXPECT_EQ(counted(postgres + "reads_total"), reads + 3);
  EXPECT_EQ(counted(postgres + "transactions_total"), transactions + 1);
  EXPECT_EQ(counted(redis + "batches_total") < counted(redis + "commands_total") - 1, true);
  EXPECT_GE(counted(redis + "commands_total"), commands + 3);
  EXPECT_EQ(counted(postgres + "failures_total"), 0);
  EXPECT_EQ(counted(postgres + "refused_total{outcome=\"overloaded\"}"), 0);
  // What a thread counted stays when it has ended.
  const auto total = counted(postgres + "reads_total");
  thread.reset();
  EXPECT_EQ(counted(postgres + "connections"), 1);
  EXPECT_EQ(counted(redis + "connections"), 1);
  EXPECT_EQ(counted(postgres + "reads_total"), total);
  EXPECT_GE(counted(redis + "commands_total"), commands + 3);
}

TEST_F(HotResultsTest, AServerThatStandsStillIsSaidWithinTheTime) {
  options.pipeline.statement_timeout_ms = 1'000;
  options.pipeline.answer_timeout_ms = 1'001;
  options.bytes_max_a_thread = 0;
  begin();
  EXPECT_EQ(ask("E1", key).status, 200);
  kaogong::test::program_postgres().pause();
  const auto refused = ask("E1", key);
  kaogong::test::program_postgres().resume();
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(field_of(refused, "Retry-After"), "1");
  EXPECT_EQ(from("refused"), 1);
  EXPECT_EQ(ask("E1", key).status, 200);
}

TEST_F(HotResultsTest, AServerThatWasKilledIsFoundAgain) {
  options.bytes_max_a_thread = 0;
  begin();
  const int before = from("postgres");
  kaogong::test::program_postgres().kill();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ask("E1", key).status, 503);
  EXPECT_EQ(counted("kaogong_postgres_pipeline_connections"), 0);
  EXPECT_EQ(counted("kaogong_postgres_pipeline_connections_closed_total{kind=\"broken\"}"), 1);
  EXPECT_GT(counted("kaogong_postgres_pipeline_failures_total") +
                counted("kaogong_postgres_pipeline_refused_total{outcome=\"disconnected\"}"),
            0);
  kaogong::test::program_postgres().start();
  while (from("postgres") == before) {
    EXPECT_EQ(value_of(ask("E1", key), "/values/pay"), "4900.00");
    if (from("postgres") == before) io.run_one();
  }
  EXPECT_EQ(counted("kaogong_postgres_pipeline_connections"), 1);
  EXPECT_EQ(counted("kaogong_postgres_pipeline_connections_opened_total"), 2);
}

}  // namespace
}  // namespace kaogong::api
