#include "gateway/api/operations/routes.h"
#include "gateway/api/runs/routes.h"
#include "tenants/calendar/periods.h"
#include "tenants/inputs/entries.h"
#include "tests/gateway/api/api_fixture.h"

namespace kaogong::api {

namespace {

using tenants::TenantTransaction;

class RunsApi : public test::ApiTest {
 protected:
  RunsApi() {
    add_runs_routes(routes);
    add_operations_routes(routes);
    install(tenant, runs::kPayScheme);
    open("2026-01");
    open("2026-02");
  }
  void open(const std::string& period) {
    EXPECT_OK(in(tenant, [&](TenantTransaction& t) {
      return tenants::open_period(t, scheme::parse_period(period).value(), std::nullopt);
    }));
  }
  void enter(const std::string& period, const std::string& employee, const std::string& wage,
             const std::string& fine = "0") {
    EXPECT_OK(in(tenant, [&](TenantTransaction& t) {
      return tenants::put_entry(t, {"pay", scheme::parse_period(period).value()}, {"population", employee, ""},
                                {"employee", "wage", "fine", "department"}, {{employee, wage, fine, "A"}});
    }));
  }
  static std::string request(const std::string& period) { return R"({"scheme":"pay","period":")" + period + "\"}"; }
  /// Makes a run through the API and calculates it.
  std::string calculated(const std::string& period) {
    const auto made = post("/v1/runs", request(period));
    EXPECT_EQ(made.status, 202) << made.body;
    work();
    return made.at("/id");
  }
  std::string published(const std::string& period) {
    const auto id = calculated(period);
    EXPECT_EQ(post("/v1/runs/" + id + "/approve").status, 200);
    const auto done = post("/v1/runs/" + id + "/publish");
    EXPECT_EQ(done.at("/state"), "published") << done.body;
    return id;
  }
};

TEST_F(RunsApi, ARunGoesItsWay) {
  enter("2026-01", "E1", "5000.00");
  enter("2026-01", "E2", "13");
  const auto made = post("/v1/runs", request("2026-01"), {{"idempotency-key", "one"}});
  ASSERT_EQ(made.status, 202) << made.body;
  const auto id = made.at("/id");
  EXPECT_EQ(made.field("Location"), "/v1/operations/" + id);
  EXPECT_EQ(made.at("/state"), "running");
  EXPECT_EQ(made.at("/progress/people"), "2");
  // The same call again gives the same run, whatever was entered since.
  enter("2026-01", "E3", "1");
  EXPECT_EQ(post("/v1/runs", request("2026-01"), {{"idempotency-key", "one"}}).at("/id"), id);
  EXPECT_EQ(post("/v1/runs", request("2026-02"), {{"idempotency-key", "one"}}).status, 409);

  work();
  const auto operation = get(made.field("Location"));
  EXPECT_EQ(operation.at("/state"), "succeeded");
  EXPECT_EQ(operation.at("/done"), "true");
  EXPECT_EQ(operation.at("/progress/people_done"), "2");
  const auto run = get(operation.at("/result"));
  EXPECT_EQ(run.at("/state"), "calculated");
  EXPECT_EQ(run.at("/rows"), "1");
  EXPECT_EQ(run.at("/refused"), "1");
  EXPECT_EQ(run.at("/created/by"), "key:kg_test_key");
  EXPECT_EQ(get("/v1/runs/" + id, {{"if-none-match", run.field("ETag")}}).status, 304);

  const auto rejects = get("/v1/runs/" + id + "/rejects");
  EXPECT_EQ(rejects.at("/items/0/employee"), "E2");
  EXPECT_EQ(rejects.at("/items/0/sheet"), "population");
  EXPECT_EQ(rejects.at("/items/0/error/en"), "unlucky");
  EXPECT_EQ(rejects.at("/next_page_token"), "null");

  EXPECT_EQ(post("/v1/runs/" + id + "/publish").status, 409);
  EXPECT_EQ(post("/v1/runs/" + id + "/approve").at("/state"), "approved");
  EXPECT_EQ(post("/v1/runs/" + id + "/publish").at("/state"), "published");
  EXPECT_EQ(post("/v1/runs/" + id + "/cancel").status, 409);
  EXPECT_EQ(post("/v1/runs/" + id + "/verify").at("/same"), "true");
  EXPECT_EQ(post("/v1/runs/" + id + "/void", "{}").status, 422);
  EXPECT_EQ(post("/v1/runs/" + id + "/void", R"({"reason":"wrong month"})").at("/ended_why"), "wrong month");
}

TEST_F(RunsApi, WhatIsWrongWithARequestIsSaidAtOnce) {
  const auto wrong = post("/v1/runs", R"({"period":"2026-13","kind":"correction","more":1,"parameters":{"bonus":[]}})");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_EQ(wrong.at("/errors"), "[5]") << wrong.body;
  EXPECT_EQ(post("/v1/runs", "{").status, 400);
  EXPECT_EQ(post("/v1/runs", R"({"scheme":"none","period":"2026-01"})").status, 404);
  EXPECT_EQ(get("/v1/runs/0").status, 404);
  EXPECT_EQ(get("/v1/runs/1e3").status, 404);
  EXPECT_EQ(get("/v1/runs/999").status, 404);
  EXPECT_EQ(get("/v1/runs?state=done").status, 400);
  // Parameters are checked before anything is frozen or computed by them.
  enter("2026-02", "E1", "1");
  for (const auto& [given, error] : std::map<std::string, std::string>{
           {R"({"bonuss":"1"})", "there is no parameter 'bonuss': is it 'bonus'?"},
           {R"({"other/one":"1"})", "there is no parameter 'other/one': use one of: bonus"}}) {
    const auto refused = post("/v1/runs", R"({"scheme":"pay","period":"2026-02","parameters":)" + given + "}");
    EXPECT_EQ(refused.status, 422) << refused.body;
    EXPECT_EQ(refused.at("/detail"), error);
  }
  const auto refused = post("/v1/runs", R"({"scheme":"pay","period":"2026-02","parameters":{"bonus":"much"}})");
  EXPECT_EQ(refused.status, 422);
  EXPECT_NE(refused.at("/detail").find("'bonus': 'much' is not a number"), std::string::npos) << refused.body;
  // Nothing has been entered yet.
  EXPECT_EQ(post("/v1/runs", request("2026-01")).status, 409);
}

TEST_F(RunsApi, RunsAreListedPageByPage) {
  enter("2026-01", "E1", "1");
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) ids.push_back(post("/v1/runs", request("2026-01")).at("/id"));
  const auto first = get("/v1/runs?page_size=2&period=2026-01");
  EXPECT_EQ(first.at("/items"), "[2]");
  EXPECT_EQ(first.at("/items/0/id"), ids[2]);
  const auto token = first.at("/next_page_token");
  const auto second = get("/v1/runs?page_size=2&period=2026-01&page_token=" + token);
  EXPECT_EQ(second.at("/items/0/id"), ids[0]);
  EXPECT_EQ(second.at("/next_page_token"), "null");
  EXPECT_EQ(get("/v1/runs?page_size=2&period=2026-02&page_token=" + token).status, 400);
}

TEST_F(RunsApi, RunsAreComparedAndWarnedOf) {
  for (const auto* employee : {"E1", "E2", "E3"}) enter("2026-01", employee, "100");
  const auto january = published("2026-01");
  enter("2026-02", "E1", "130");
  enter("2026-02", "E2", "100");
  enter("2026-02", "E4", "100");
  const auto february = calculated("2026-02");
  const auto diff = get("/v1/runs/" + february + "/diff?warn=pay:20");
  ASSERT_EQ(diff.status, 200) << diff.body;
  EXPECT_EQ(diff.at("/before"), january);
  EXPECT_EQ(diff.at("/summary/added"), "1");
  EXPECT_EQ(diff.at("/summary/removed"), "1");
  EXPECT_EQ(diff.at("/changes/0/employee"), "E1");
  const auto warned = get("/v1/runs/" + february + "/diff?warn=pay:20&only_warned=true&page_size=1");
  EXPECT_EQ(warned.at("/changes/0/employee"), "E1");
  EXPECT_NE(warned.body.find(R"("name":"pay","before":"100.00","after":"130.00","delta":"+30.00","warned":true)"),
            std::string::npos)
      << warned.body;
  const auto next = get("/v1/runs/" + february + "/diff?page_size=2&page_token=" +
                        get("/v1/runs/" + february + "/diff?page_size=2").at("/next_page_token"));
  EXPECT_EQ(next.at("/changes/1/employee"), "E4") << next.body;
  EXPECT_EQ(get("/v1/runs/" + february + "/diff?warn=nothing:20").status, 422);
  EXPECT_EQ(get("/v1/runs/" + february + "/diff?warn=pay").status, 400);
  // Amounts are for those who may see pay.
  caller.scopes = {tenants::Scope::kResultsRead};
  const auto without = get("/v1/runs/" + february + "/diff");
  EXPECT_EQ(without.status, 200);
  EXPECT_EQ(without.body.find("\"pay\""), std::string::npos);
  EXPECT_NE(without.body.find("\"place\""), std::string::npos);
  // Nor do they show in who is listed, counted or warned of: E1 differs in his pay alone.
  EXPECT_EQ(without.body.find("\"E1\""), std::string::npos) << without.body;
  EXPECT_EQ(without.at("/summary/changed"), "1");  // E2, who is the second now
  EXPECT_EQ(without.at("/summary/equal"), "1");
  EXPECT_EQ(get("/v1/runs/" + february + "/diff?warn=pay:20&only_warned=true").status, 403);
}

TEST_F(RunsApi, AmountsAreNotFoundOutByOtherQuestions) {
  enter("2026-01", "E1", "100");
  enter("2026-01", "E2", "13");
  const auto id = calculated("2026-01");
  caller.scopes = {tenants::Scope::kResultsRead, tenants::Scope::kRunsRead};
  // A scheme of the caller's own could give the wage as a number, which is no amount.
  std::string document = runs::kPayScheme;
  const std::string leaking = "decisions:\n  leak: {type: number, expr: wage}\n";
  document.replace(document.find("decisions:\n"), 11, leaking);
  document.replace(document.find("outputs: ["), 10, "outputs: [leak, ");
  std::string body = "{\"document\":\"";
  for (const char c : document) c == '\n' ? body += "\\n" : body += c;
  EXPECT_EQ(post("/v1/runs/" + id + "/what-if", body + "\"}").status, 403);
  EXPECT_EQ(post("/v1/runs/" + id + "/what-if", R"({"inputs":[{"employee":"E1","input":"wage","value":1}]})").status,
            403);
  const auto rejects = get("/v1/runs/" + id + "/rejects");
  EXPECT_EQ(rejects.at("/items/0/employee"), "E2");
  EXPECT_EQ(rejects.at("/items/0/value"), "");
  EXPECT_EQ(rejects.at("/items/0/error/en"), "the reason is shown to those with the scope pay:read");
  as(tenants::AccessRole::kExecutive);
  EXPECT_NE(post("/v1/runs/" + id + "/what-if", body + "\"}").body.find(R"("name":"leak")"), std::string::npos);
}

TEST_F(RunsApi, WhatIfStoresNothing) {
  enter("2026-01", "E1", "100");
  const auto id = calculated("2026-01");
  const auto what = post("/v1/runs/" + id + "/what-if",
                         R"({"parameters":{"bonus":"7.50"},"inputs":[{"employee":"E1","input":"wage","value":200}]})");
  ASSERT_EQ(what.status, 200) << what.body;
  EXPECT_NE(what.body.find(R"("after":"207.50")"), std::string::npos) << what.body;
  EXPECT_EQ(post("/v1/runs/" + id + "/what-if", R"({"inputs":[{"employee":"E1","input":"wages","value":1}]})").status,
            422);
  const auto negative =
      post("/v1/runs/" + id + "/what-if", R"({"inputs":[{"employee":"E1","input":"wage","value":-5}]})");
  EXPECT_EQ(negative.at("/detail"), "employee 'E1': column 'wage': -5 is below the minimum 0.00") << negative.body;
  EXPECT_NE(post("/v1/runs/" + id + "/what-if", R"({"inputs":[{"employee":"E9","input":"wage","value":1}]})")
                .at("/detail")
                .find("'E9'"),
            std::string::npos);
  EXPECT_EQ(post("/v1/runs/" + id + "/verify").at("/same"), "true");
}

TEST_F(RunsApi, ACorrectionIsFollowedByThoseItEntails) {
  enter("2026-01", "E1", "100", "30");
  published("2026-01");
  enter("2026-02", "E1", "100");
  published("2026-02");
  EXPECT_OK(in(tenant, [&](TenantTransaction& t) {
    return tenants::patch_entry(t, {"pay", scheme::parse_period("2026-01").value()}, {"population", "E1", ""}, {},
                                {{"fine", "50"}}, "slip");
  }));
  const auto first = post("/v1/corrections", request("2026-01"));
  ASSERT_EQ(first.status, 202) << first.body;
  const auto follow = "/v1/corrections/" + first.at("/id") + "/follow-ups";
  EXPECT_EQ(post(follow).at("/id"), first.at("/id"));  // it is still being calculated
  work();
  const auto second = post(follow);
  ASSERT_EQ(second.status, 202) << second.body;
  EXPECT_NE(second.at("/id"), first.at("/id"));
  EXPECT_EQ(post(follow).at("/id"), second.at("/id"));
  work();
  const auto all = post(follow);
  ASSERT_EQ(all.status, 200) << all.body;
  EXPECT_EQ(all.at("/corrections"), "[2]");
  EXPECT_EQ(all.at("/corrections/1/run/period"), "2026-02");
  EXPECT_EQ(all.at("/corrections/0/carried/0"), "carried");
  EXPECT_EQ(post("/v1/corrections", request("2026-01")).status, 202);
}

TEST_F(RunsApi, ParametersOfARunHoldInWhatComesAfterIt) {
  enter("2026-01", "E1", "100");
  const auto made = post("/v1/runs", R"({"scheme":"pay","period":"2026-01","parameters":{"bonus":"50"}})");
  const auto id = made.at("/id");
  work();
  EXPECT_EQ(get("/v1/runs/" + id).at("/parameters/bonus"), "50");
  // Over them, one by one, come those of a question.
  const auto what = post("/v1/runs/" + id + "/what-if", R"({"inputs":[{"employee":"E1","input":"wage","value":110}]})");
  EXPECT_NE(what.body.find(R"("before":"150.00","after":"160.00")"), std::string::npos) << what.body;
  EXPECT_EQ(post("/v1/runs/" + id + "/what-if", R"({"parameters":{"bonuss":"1"}})").at("/detail"),
            "there is no parameter 'bonuss': is it 'bonus'?");
  EXPECT_EQ(post("/v1/runs/" + id + "/approve").status, 200);
  EXPECT_EQ(post("/v1/runs/" + id + "/publish").status, 200);
  // Nothing was entered anew: nothing differs, be it corrected or recomputed with its year.
  const auto correction = post("/v1/corrections", request("2026-01"));
  work();
  const auto corrected = get("/v1/runs/" + correction.at("/id"));
  EXPECT_EQ(corrected.at("/parameters/bonus"), "50");
  EXPECT_EQ(corrected.at("/rows"), "0") << corrected.body;
  EXPECT_EQ(post("/v1/runs/" + correction.at("/id") + "/verify").at("/same"), "true");
  const auto year = post("/v1/year-ends", R"({"scheme":"pay","year":"2026"})").at("/id");
  work();
  EXPECT_EQ(get("/v1/runs/" + year).at("/rows"), "0");
  EXPECT_EQ(post("/v1/runs/" + year + "/verify").at("/same"), "true");
  const auto other = post("/v1/year-ends", R"({"scheme":"pay","year":"2026","parameters":{"bonus":"60"}})").at("/id");
  work();
  EXPECT_EQ(get("/v1/runs/" + other).at("/rows"), "1");
  EXPECT_EQ(post("/v1/year-ends", R"({"scheme":"pay","year":"2026","parameters":{"none":"60"}})").status, 422);
}

TEST_F(RunsApi, AYearIsRecomputed) {
  enter("2026-01", "E1", "100");
  published("2026-01");
  enter("2026-02", "E1", "100");
  published("2026-02");
  enter("2026-01", "E1", "150");
  const auto made = post("/v1/year-ends", R"({"scheme":"pay","year":"2026"})");
  ASSERT_EQ(made.status, 202) << made.body;
  work();
  const auto run = get("/v1/runs/" + made.at("/id"));
  EXPECT_EQ(run.at("/kind"), "year_end");
  EXPECT_EQ(run.at("/rows"), "1") << run.body;
  EXPECT_EQ(post("/v1/year-ends", R"({"scheme":"pay","year":"2026-01"})").status, 422);
  EXPECT_EQ(post("/v1/year-ends", R"({"scheme":"pay","year":"2025"})").status, 409);
}

TEST_F(RunsApi, ProgressComesAsEvents) {
  enter("2026-01", "E1", "100");
  const auto id = post("/v1/runs", request("2026-01")).at("/id");
  work();
  const auto events = get("/v1/operations/" + id + "/events");
  EXPECT_EQ(events.type, "text/event-stream");
  EXPECT_NE(events.body.find("id: calculated-1-1\nevent: done\ndata: {\"id\":\"" + id + "\""), std::string::npos)
      << events.body;
  // Who has heard the end hears nothing more, and is told not to come back.
  EXPECT_EQ(get("/v1/operations/" + id + "/events", {{"last-event-id", "calculated-1-1"}}).status, 204);
  EXPECT_NE(get("/v1/operations/" + id + "/events", {{"last-event-id", "calculating-0-0"}}).body.find("event: done"),
            std::string::npos);
  EXPECT_EQ(get("/v1/operations/77/events").status, 404);
}

TEST_F(RunsApi, RunsOfOthersAreNotThere) {
  enter("2026-01", "E1", "100");
  const auto id = calculated("2026-01");
  const auto own = tenant;
  tenant = make_tenant();
  for (const auto* path : {"", "/rejects", "/diff"}) EXPECT_EQ(get("/v1/runs/" + id + path).status, 404) << path;
  for (const auto* step : {"/approve", "/publish", "/cancel", "/start", "/verify"})
    EXPECT_EQ(post("/v1/runs/" + id + step).status, 404) << step;
  EXPECT_EQ(get("/v1/operations/" + id).status, 404);
  EXPECT_EQ(post("/v1/corrections/" + id + "/follow-ups").status, 404);
  tenant = own;
  as(tenants::AccessRole::kHr);
  EXPECT_EQ(post("/v1/runs/" + id + "/approve").status, 403);
}

}  // namespace

}  // namespace kaogong::api
