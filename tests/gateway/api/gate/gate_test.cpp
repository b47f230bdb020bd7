#include "gateway/api/gate/gate.h"

#include <atomic>
#include <stdexcept>
#include <thread>
#include <utility>

#include "gateway/api/answer.h"
#include "gateway/api/change.h"
#include "tests/gateway/api/fixture/api_fixture.h"

namespace kaogong::api::test {
namespace {

using http::Access;
using http::Method;
using tenants::AccessRole;
using tenants::Scope;

/// A gate with routes that show what passes it.
class GateTest : public GatedApiTest {
 protected:
  GateTest() {
    const auto whoami = [](Call& call) {
      json::Writer w;
      w.begin_object().member("role", tenants::to_text(call.caller.role)).member("chinese", call.chinese);
      w.member("tenant", call.tenant ? call.tenant->id().text() : std::string()).end_object();
      return answer(200, w);
    };
    api.routes.add({.method = Method::kGet,
                    .pattern = "/public",
                    .operation_id = "public",
                    .access = Access::kPublic,
                    .handler = whoami});
    api.routes.add({.method = Method::kGet,
                    .pattern = "/operator",
                    .operation_id = "operator",
                    .access = Access::kOperator,
                    .scope = Scope::kTenantsManage,
                    .handler = whoami});
    api.routes.add({.method = Method::kGet, .pattern = "/known", .operation_id = "known", .handler = whoami});
    api.routes.add({.method = Method::kGet,
                    .pattern = "/audit",
                    .operation_id = "audit",
                    .scope = Scope::kAuditRead,
                    .handler = whoami});
    api.routes.add({.method = Method::kGet,
                    .pattern = "/results",
                    .operation_id = "results",
                    .scope = Scope::kResultsRead,
                    .or_scope = Scope::kResultsOwn,
                    .handler = whoami});
    api.routes.add({.method = Method::kPost,
                    .pattern = "/things",
                    .operation_id = "things",
                    .body = http::BodyKind::kJson,
                    .needs_idempotency_key = true,
                    .handler = [this](Call& call) { return make_thing(call); }});
    api.routes.add({.method = Method::kPost,
                    .pattern = "/refused",
                    .operation_id = "refused",
                    .needs_idempotency_key = true,
                    .handler = [this](Call& call) {
                      return change(call, [this](tenants::TenantTransaction& t) -> tenants::Result<http::Response> {
                        t.take("things");
                        if (refusing) return problem(ProblemCode::kConflict, "not now");
                        return no_content();
                      });
                    }});
    api.routes.add(
        {.method = Method::kPost,
         .pattern = "/elsewhere",
         .operation_id = "elsewhere",
         .needs_idempotency_key = true,
         .handler = [this](Call&) { return answer(201, "{\"number\":" + std::to_string(++made_elsewhere) + "}"); }});
  }

  /// Counts in the tenant's own counters.
  http::Response make_thing(Call& call) {
    return change(call, [](tenants::TenantTransaction& t) -> tenants::Result<http::Response> {
      auto made = answer(201, "{\"number\":" + std::to_string(t.take("things")) + "}");
      made.fields.add("Location", "/things/1");
      return made;
    });
  }
  std::string things(const tenants::Tenant& tenant) {
    return value("SELECT value FROM " + tenant.schema().quoted("counters") + " WHERE name = 'things'");
  }

  bool refusing = true;
  std::atomic<int> made_elsewhere{0};
};

TEST_F(GateTest, WhoIsNotKnownIsAskedForAKey) {
  EXPECT_EQ(send("GET", "/public").status, 200);
  for (const auto& say :
       {Say{}, Say{.key = "x"}, Say{.fields = {{"authorization", "Basic abc"}}},
        Say{.fields = {{"authorization", "Bearer"}}}, Say{.fields = {{"authorization", "Bearer "}}}}) {
    const auto refused = send("GET", "/known", say);
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(fault_of_problem(refused), "");
    EXPECT_NE(field_of(refused, "WWW-Authenticate"), "");
  }
  const auto tenant = make_tenant();
  const auto key = key_of(tenant, AccessRole::kHr);
  EXPECT_EQ(send("GET", "/known", {.key = key}).status, 200);
  EXPECT_EQ(send("GET", "/known", {.key = key, .fields = {{"authorization", "Bearer " + key}}}).status, 401);
  EXPECT_EQ(send("GET", "/known", {.fields = {{"authorization", "bEARER " + key}}}).status, 200);
}

TEST_F(GateTest, ScopesDecide) {
  const auto tenant = make_tenant();
  EXPECT_EQ(send("GET", "/audit", {.key = key_of(tenant, AccessRole::kTenantAdmin)}).status, 200);
  EXPECT_EQ(send("GET", "/audit", {.key = key_of(tenant, AccessRole::kHr)}).status, 403);
  EXPECT_EQ(send("GET", "/results", {.key = key_of(tenant, AccessRole::kEmployee)}).status, 200);
  EXPECT_EQ(send("GET", "/results", {.key = operator_key()}).status, 403);
  EXPECT_EQ(send("GET", "/operator", {.key = operator_key()}).status, 200);
  EXPECT_EQ(send("GET", "/operator", {.key = key_of(tenant, AccessRole::kTenantAdmin)}).status, 403);
}

TEST_F(GateTest, OperatorsNameATenantAndOthersHaveOne) {
  const auto mine = make_tenant(), other = make_tenant();
  const auto key = operator_key();
  EXPECT_EQ(send("GET", "/audit", {.key = key}).status, 400);
  const auto seen = send("GET", "/audit", {.key = key, .fields = {{"kaogong-tenant", mine.id().text()}}});
  EXPECT_EQ(at(seen, "/tenant"), mine.id().text());
  EXPECT_EQ(send("GET", "/audit", {.key = key, .fields = {{"kaogong-tenant", "nobody"}}}).status, 404);
  EXPECT_EQ(send("GET", "/audit", {.key = key, .fields = {{"kaogong-tenant", "A\"; DROP"}}}).status, 422);
  const auto admin = key_of(mine, AccessRole::kTenantAdmin);
  EXPECT_EQ(send("GET", "/audit", {.key = admin, .fields = {{"kaogong-tenant", mine.id().text()}}}).status, 200);
  EXPECT_EQ(send("GET", "/audit", {.key = admin, .fields = {{"kaogong-tenant", other.id().text()}}}).status, 403);
}

TEST_F(GateTest, SuspendedTenantsAreTurnedAway) {
  const auto tenant = make_tenant();
  const auto key = key_of(tenant, AccessRole::kTenantAdmin);
  EXPECT_EQ(send("GET", "/audit", {.key = key}).status, 200);
  ASSERT_OK(registry.suspend(tenant.id().text(), "unpaid", actor));
  api.known_callers.doubt_all();
  const auto refused = send("GET", "/audit", {.key = key});
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(at(refused, "/type"), "/problems/tenant_suspended");
  EXPECT_EQ(send("GET", "/audit", {.key = operator_key(), .fields = {{"kaogong-tenant", tenant.id().text()}}}).status,
            403);
}

TEST_F(GateTest, AKeyThatWasTakenBackEndsWithinTheTimeThatItIsBelieved) {
  const auto tenant = make_tenant();
  const auto key = key_of(tenant, AccessRole::kHr);
  EXPECT_EQ(send("GET", "/known", {.key = key}).status, 200);
  ASSERT_OK(api.keys.revoke(&tenant, tenants::parse_key(key)->id, actor));
  database.clock.advance(std::chrono::milliseconds{2'000});
  EXPECT_EQ(send("GET", "/known", {.key = key}).status, 401);
}

TEST_F(GateTest, LanguagesAreWeighed) {
  for (const auto& [text, chinese] : std::vector<std::pair<std::string, bool>>{{"zh-CN,zh;q=0.9,en;q=0.8", true},
                                                                               {"en-US,en;q=0.9,zh;q=0.8", false},
                                                                               {"zh", true},
                                                                               {"fr", false},
                                                                               {"", false},
                                                                               {"zh;q=0", false},
                                                                               {"en;q=0.5, *;q=0.7", true},
                                                                               {"*", false},
                                                                               {"zh;q=0.1,en;q=0.05", true},
                                                                               {"zh-Hant", true}})
    EXPECT_EQ(prefers_chinese(text), chinese) << text;
  EXPECT_EQ(at(send("GET", "/public", {.fields = {{"accept-language", "zh"}}}), "/chinese"), "true");
}

TEST_F(GateTest, AMutationNeedsAnIdempotencyKey) {
  const auto tenant = make_tenant();
  const auto key = key_of(tenant, AccessRole::kHr);
  EXPECT_EQ(send("POST", "/things", {.key = key, .body = "{}", .once = "-"}).status, 400);
  for (const auto& wrong : {std::string(kIdempotencyKeyBytesMax + 1, 'x'), std::string("a b"), std::string("ü")})
    EXPECT_EQ(send("POST", "/things", {.key = key, .body = "{}", .once = wrong}).status, 400);
  EXPECT_EQ(
      send("POST", "/things", {.key = key, .body = "{}", .once = "a", .fields = {{"idempotency-key", "b"}}}).status,
      400);
  EXPECT_EQ(things(tenant), "null");
}

TEST_F(GateTest, TheSameCallIsDoneOnce) {
  const auto tenant = make_tenant();
  const auto key = key_of(tenant, AccessRole::kHr);
  const auto first = send("POST", "/things", {.key = key, .body = "{}", .once = "a"});
  const auto again = send("POST", "/things", {.key = key, .body = "{}", .once = "a"});
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(field_of(again, "Location"), "/things/1");
  EXPECT_EQ(field_of(first, "Idempotency-Replayed"), "");
  EXPECT_EQ(field_of(again, "Idempotency-Replayed"), "true");
  EXPECT_EQ(send("POST", "/things", {.key = key, .body = "{ }", .once = "a"}).status, 422);
  EXPECT_EQ(send("POST", "/elsewhere", {.key = key, .once = "a"}).status, 422);
  EXPECT_EQ(things(tenant), "1");
  // Of another caller the same key is another call.
  EXPECT_EQ(send("POST", "/things", {.key = key_of(tenant, AccessRole::kHr), .body = "{}", .once = "a"}).status, 201);
  EXPECT_EQ(things(tenant), "2");
}

TEST_F(GateTest, FiftyAtOnceMakeOneThing) {
  const auto tenant = make_tenant();
  const auto key = key_of(tenant, AccessRole::kHr);
  std::vector<std::thread> threads;
  std::atomic<int> good{0}, in_flight{0}, other{0};
  for (int i = 0; i < 50; ++i)
    threads.emplace_back([&] {
      const auto got = send("POST", "/things", {.key = key, .body = "{}", .once = "fifty"});
      ++(got.status == 201 && got.body == "{\"number\":1}" ? good : got.status == 409 ? in_flight : other);
    });
  for (auto& thread : threads) thread.join();
  EXPECT_GE(good, 1);
  EXPECT_EQ(other, 0);
  EXPECT_EQ(things(tenant), "1");
}

TEST_F(GateTest, WhatWasRefusedMayComeAgain) {
  const auto tenant = make_tenant();
  const auto key = key_of(tenant, AccessRole::kHr);
  EXPECT_EQ(send("POST", "/refused", {.key = key, .once = "r"}).status, 409);
  EXPECT_EQ(things(tenant), "null");
  refusing = false;
  EXPECT_EQ(send("POST", "/refused", {.key = key, .once = "r"}).status, 204);
  refusing = true;
  EXPECT_EQ(send("POST", "/refused", {.key = key, .once = "r"}).status, 204);
  EXPECT_EQ(things(tenant), "1");
}

TEST_F(GateTest, AnswersOfOtherTransactionsAreKeptToo) {
  const auto tenant = make_tenant();
  const auto key = key_of(tenant, AccessRole::kHr);
  EXPECT_EQ(send("POST", "/elsewhere", {.key = key, .once = "e"}).body, "{\"number\":1}");
  EXPECT_EQ(send("POST", "/elsewhere", {.key = key, .once = "e"}).body, "{\"number\":1}");
  EXPECT_EQ(made_elsewhere, 1);
}

TEST_F(GateTest, WhatBreaksOffIsDoneOnceAllTheSame) {
  // A handler that comes to an end before, or after, its change is committed.
  bool before = true;
  api.routes.add({.method = Method::kPost,
                  .pattern = "/breaks",
                  .operation_id = "breaks",
                  .needs_idempotency_key = true,
                  .handler = [&](Call& call) -> http::Response {
                    if (before) throw std::runtime_error("before");
                    (void)make_thing(call);
                    throw std::runtime_error("after");
                  }});
  const auto tenant = make_tenant();
  const auto key = key_of(tenant, AccessRole::kHr);
  EXPECT_THROW(send("POST", "/breaks", {.key = key, .once = "b"}), std::runtime_error);
  EXPECT_EQ(things(tenant), "null");
  before = false;
  EXPECT_THROW(send("POST", "/breaks", {.key = key, .once = "b"}), std::runtime_error);
  EXPECT_EQ(things(tenant), "1");
  const auto again = send("POST", "/breaks", {.key = key, .once = "b"});
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, "{\"number\":1}");
  EXPECT_EQ(things(tenant), "1");
}

/// The middle of a call: it was claimed, and whoever claimed it is gone, as after kill -9.
TEST_F(GateTest, WhoDiesInTheMiddleLeavesItToTheNext) {
  const auto tenant = make_tenant();
  const auto key = key_of(tenant, AccessRole::kHr);
  bool die = true;
  bool commit_first = false;
  api.routes.add({.method = Method::kPost,
                  .pattern = "/dies",
                  .operation_id = "dies",
                  .needs_idempotency_key = true,
                  .handler = [&](Call& call) {
                    if (!die || commit_first) {
                      auto made = make_thing(call);
                      if (!die) return made;
                    }
                    // Nothing is given back and nothing kept any more: as if the process ended here.
                    http::Response none;
                    none.stream = [](http::BodySink&) {};
                    return none;
                  }});
  send("POST", "/dies", {.key = key, .once = "d1"});
  EXPECT_EQ(send("POST", "/dies", {.key = key, .once = "d1"}).status, 409);
  die = false;
  database.clock.advance(std::chrono::seconds{61});
  EXPECT_EQ(send("POST", "/dies", {.key = key, .once = "d1"}).status, 201);
  EXPECT_EQ(things(tenant), "1");
  // The same, with the change committed before the end: the answer is there at once.
  die = commit_first = true;
  send("POST", "/dies", {.key = key, .once = "d2"});
  EXPECT_EQ(things(tenant), "2");
  die = false;
  EXPECT_EQ(field_of(send("POST", "/dies", {.key = key, .once = "d2"}), "Idempotency-Replayed"), "true");
  EXPECT_EQ(things(tenant), "2");
}

TEST_F(GateTest, WhatBrokeOffWithTheDatabaseMayComeAgainAtOnce) {
  const auto tenant = make_tenant();
  const auto key = key_of(tenant, AccessRole::kHr);
  auto& server = kaogong::test::program_postgres();
  bool first = true;
  api.routes.add({.method = Method::kPost,
                  .pattern = "/loses",
                  .operation_id = "loses",
                  .needs_idempotency_key = true,
                  .handler = [&](Call& call) {
                    if (std::exchange(first, false)) server.kill();
                    return make_thing(call);
                  }});
  const auto lost = send("POST", "/loses", {.key = key, .once = "l"});
  EXPECT_EQ(lost.status, 503);
  EXPECT_EQ(field_of(lost, "Retry-After"), "1");
  EXPECT_EQ(send("POST", "/loses", {.key = key, .once = "l"}).status, 503);
  server.start();
  // The clock stands still: no lease has run out.
  EXPECT_EQ(send("POST", "/loses", {.key = key, .once = "l"}).status, 201);
  EXPECT_EQ(send("POST", "/loses", {.key = key, .once = "l"}).body, "{\"number\":1}");
  EXPECT_EQ(things(tenant), "1");
}

TEST_F(GateTest, AnAnswerThatIsKeptCannotBeReadWithoutItsKey) {
  const auto tenant = make_tenant();
  ASSERT_EQ(send("POST", "/things", {.key = key_of(tenant, AccessRole::kHr), .body = "{}", .once = "secret"}).status,
            201);
  const std::string stored = value("SELECT string_agg(encode(answer, 'escape') || encode(id, 'escape'), '') FROM " +
                                   tenant.schema().quoted("idempotency"));
  EXPECT_EQ(stored.find("number"), std::string::npos);
  EXPECT_EQ(stored.find("secret"), std::string::npos);
}

TEST_F(GateTest, BodiesSayThatTheyAreJson) {
  const auto tenant = make_tenant();
  const auto key = key_of(tenant, AccessRole::kHr);
  for (const auto& [type, status] : std::vector<std::pair<std::string, int>>{{"application/json", 201},
                                                                             {"Application/JSON; charset=utf-8", 201},
                                                                             {"text/plain", 415},
                                                                             {"", 415},
                                                                             {"application/jsonx", 415}})
    EXPECT_EQ(send("POST", "/things", {.key = key, .body = "{}", .fields = {{"content-type", type}}}).status, status)
        << type;
}

/// A gate that counts.
class CountingGateTest : public GateTest {
 protected:
  CountingGateTest() : counting(api.services, {.calls_per_second = 3, .wrong_keys_per_minute = 5}) {}

  http::Response pass(std::string_view target, const std::string& key, const std::string& peer = "192.0.2.7") {
    http::Request request;
    request.target = target;
    request.peer = peer;
    request.fields = http::Fields({{"authorization", "Bearer " + key}});
    return counting.handle(request, *api.routes.find(Method::kGet, target).route, {});
  }
  Gate counting;
};

TEST_F(CountingGateTest, ATenantHasSoManyCallsInASecond) {
  const auto tenant = make_tenant(), generous = make_tenant({.requests_per_second_max = 5});
  const auto key = key_of(tenant, AccessRole::kHr), other = key_of(generous, AccessRole::kHr);
  for (int i = 0; i < 3; ++i) {
    const auto passed = pass("/known", key);
    EXPECT_EQ(passed.status, 200);
    EXPECT_EQ(field_of(passed, "RateLimit-Policy"), "\"tenant\";q=3;w=1");
    EXPECT_EQ(field_of(passed, "RateLimit"), "\"tenant\";r=" + std::to_string(2 - i) + ";t=1");
  }
  const auto refused = pass("/known", key);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(field_of(refused, "Retry-After"), "1");
  EXPECT_EQ(field_of(refused, "RateLimit"), "\"tenant\";r=0;t=1");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(pass("/known", other).status, 200);
  EXPECT_EQ(pass("/known", other).status, 429);
  database.clock.advance(std::chrono::seconds{1});
  EXPECT_EQ(pass("/known", key).status, 200);
}

TEST_F(CountingGateTest, WhoGuessesIsLockedOut) {
  const auto tenant = make_tenant();
  const auto good = key_of(tenant, AccessRole::kHr), later = key_of(tenant, AccessRole::kHr);
  EXPECT_EQ(pass("/known", good).status, 200);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(pass("/known", tenants::make_key(tenants::KeyKind::kLive)).status, 401);
  const auto locked = pass("/known", later);
  EXPECT_EQ(locked.status, 429);
  EXPECT_EQ(at(locked, "/type"), "/problems/locked_out");
  EXPECT_EQ(field_of(locked, "Retry-After"), "60");
  // Who was good before, and who calls from elsewhere, is not hindered.
  database.clock.advance(std::chrono::seconds{5});
  EXPECT_EQ(pass("/known", good).status, 200);
  EXPECT_EQ(pass("/known", later, "192.0.2.8").status, 200);
  database.clock.advance(std::chrono::seconds{56});
  EXPECT_EQ(pass("/known", tenants::make_key(tenants::KeyKind::kLive)).status, 401);
}

TEST_F(CountingGateTest, WhoWasGoodIsNotForgottenWhileTheDatabaseIsAway) {
  const auto tenant = make_tenant();
  const auto good = key_of(tenant, AccessRole::kHr);
  EXPECT_EQ(pass("/known", good).status, 200);
  database.clock.advance(std::chrono::seconds{5});
  kaogong::test::program_postgres().kill();
  EXPECT_EQ(pass("/known", good).status, 503);
  kaogong::test::program_postgres().start();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(pass("/known", tenants::make_key(tenants::KeyKind::kLive)).status, 401);
  EXPECT_EQ(pass("/known", good).status, 200);
}

TEST_F(CountingGateTest, AnIpv6NetworkCountsAsOne) {
  EXPECT_EQ(network_of("2001:db8::1:2:3:4"), network_of("2001:db8:0:0:ffff::1"));
  EXPECT_NE(network_of("2001:db8::1"), network_of("2001:db8:0:1::1"));
  EXPECT_EQ(network_of("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(network_of("::ffff:192.0.2.1"), "::ffff:192.0.2.1");
  EXPECT_EQ(network_of(""), "");
}

TEST_F(CountingGateTest, PassingAtOnceAsksNobody) {
  const auto tenant = make_tenant();
  const auto key = key_of(tenant, AccessRole::kHr);
  http::Request request;
  request.fields = http::Fields({{"authorization", "Bearer " + key}});
  const auto& known = *api.routes.find(Method::kGet, "/known").route;
  const auto& audit = *api.routes.find(Method::kGet, "/audit").route;
  EXPECT_FALSE(counting.pass_at_once(request, known));
  EXPECT_EQ(pass("/known", key).status, 200);
  const auto passed = counting.pass_at_once(request, known);
  ASSERT_TRUE(passed);
  EXPECT_EQ(std::get<Gate::Passed>(*passed).known->tenant->id(), tenant.id());
  // The second call of the second, also when it takes the usual way after all.
  EXPECT_EQ(std::get<Gate::Passed>(*passed).fields.find("RateLimit"), "\"tenant\";r=1;t=1");
  EXPECT_TRUE(request.is_counted);
  EXPECT_EQ(field_of(counting.handle(request, known, {}), "RateLimit"), "\"tenant\";r=1;t=1");
  EXPECT_EQ(std::get<http::Response>(*counting.pass_at_once(request, audit)).status, 403);
}

}  // namespace
}  // namespace kaogong::api::test
