#include "gateway/api/inputs/routes.h"
#include "tenants/calendar/periods.h"
#include "tests/gateway/api/api_fixture.h"
#include "tests/tenants/schemes/small_scheme.h"

namespace kaogong::api {

namespace {

using http::Method;
using tenants::AccessRole;
using tenants::TenantTransaction;

class InputsApi : public test::ApiTest {
 protected:
  using Answered = test::Answered;
  using Fields = std::vector<http::Field>;
  InputsApi() {
    add_inputs_routes(routes);
    install(tenant, tenants::test::small_scheme());
    EXPECT_OK(in(tenant, [&](TenantTransaction& t) {
      return tenants::open_period(t, scheme::parse_period("2026-09").value(), std::nullopt);
    }));
  }
  Answered put(const std::string& path, const std::string& body, const std::string& if_match = {}) {
    return send(Method::kPut, path, body, if_match.empty() ? Fields() : Fields{{"if-match", if_match}});
  }
  Answered upload(const std::string& target, const std::string& body, Fields fields = {}) {
    fields.push_back({"content-type", "application/x-ndjson"});
    return post(target, body, fields);
  }
  const std::string set = "/v1/inputs/small/2026-09", one = set + "/sheets/population/entries/E1";
};

TEST_F(InputsApi, AnEntryIsPutChangedAndTakenAway) {
  EXPECT_EQ(get(one).status, 404);
  const auto made = put(one, R"({"rows":[{"wage":"5000.00","late":2}]})");
  ASSERT_EQ(made.status, 201) << made.body;
  const auto entry = get(one);
  EXPECT_EQ(entry.at("/rows/0/employee"), "E1");
  EXPECT_EQ(entry.at("/rows/0/wage"), "5000.00");
  EXPECT_EQ(entry.at("/rows/0/late"), "2");
  const auto tag = entry.field("ETag");
  EXPECT_EQ(get(one, {{"if-none-match", tag}}).status, 304);
  // What is there is changed by who has seen it.
  EXPECT_EQ(put(one, R"({"rows":[{"wage":1,"late":0}]})").status, 428);
  EXPECT_EQ(put(one, R"({"rows":[{"wage":1,"late":0}]})", "\"c99\"").status, 412);
  const auto again = put(one, R"({"rows":[{"wage":"5000.00","late":2}]})", tag);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.field("ETag"), tag);
  EXPECT_EQ(again.at("/changed"), "false");
  const auto patched = send(Method::kPatch, one, R"({"values":{"late":3},"reason":"slip"})", {{"if-match", tag}});
  EXPECT_EQ(patched.at("/changed"), "true") << patched.body;
  EXPECT_EQ(get(one).at("/rows/0/late"), "3");
  // What was put can be changed again without another GET.
  EXPECT_EQ(patched.field("ETag"), get(one).field("ETag"));
  EXPECT_EQ(
      put(one, R"({"rows":[{"wage":1,"late":0},{"wage":2,"late":0}]})", patched.field("ETag")).at("/errors/0/pointer"),
      "/rows/1");
  EXPECT_EQ(send(Method::kDelete, one, {}, {{"if-match", tag}}).status, 412);
  EXPECT_EQ(send(Method::kDelete, one, {}, {{"if-match", get(one).field("ETag")}}).status, 200);
  EXPECT_EQ(get(one).status, 404);
  EXPECT_EQ(send(Method::kDelete, one, {}, {{"if-match", tag}}).status, 412);
  EXPECT_EQ(send(Method::kDelete, one).status, 404);
  const auto past = get(one + "/history");
  EXPECT_EQ(past.at("/versions"), "[2]");
  EXPECT_EQ(past.at("/versions/0/ended"), "deleted");
  EXPECT_EQ(past.at("/versions/1/reason"), "slip");
}

TEST_F(InputsApi, WhatIsWrongWithAnEntryIsSaidWithItsPlace) {
  const auto wrong = put(one, R"({"rows":[{"wage":"-1","late":1.5,"wages":1},{"wage":true}]})");
  EXPECT_EQ(wrong.status, 422);
  for (const auto* pointer : {"/rows/0/wage", "/rows/0/late", "/rows/0/wages", "/rows/1/wage", "/rows/1/late"})
    EXPECT_NE(wrong.body.find(std::string("\"") + pointer + "\""), std::string::npos) << pointer << wrong.body;
  EXPECT_EQ(put(one, R"({"rows":[{"employee":"E2","wage":1,"late":0}]})").status, 422);
  EXPECT_EQ(put(one, R"({"rows":[]})").status, 422);
  EXPECT_EQ(put(one, R"({"rows":[5]})").status, 422);
  EXPECT_EQ(put(one, R"({"row":[]})").status, 422);
  EXPECT_EQ(put(one, "").status, 400);
  EXPECT_EQ(put(set + "/sheets/none/entries/E1", R"({"rows":[{"wage":1}]})").status, 404);
  EXPECT_EQ(put(set + "/sheets/population/entry", R"({"rows":[{"wage":1,"late":0}]})").status, 422);
  EXPECT_EQ(get("/v1/inputs/small/soon").status, 404);
  EXPECT_EQ(get("/v1/inputs/none/2026-09").status, 404);
  EXPECT_EQ(put("/v1/inputs/small/2026-10/sheets/population/entries/E1", R"({"rows":[{"wage":1,"late":0}]})").status,
            404);
}

TEST_F(InputsApi, SheetsOfNobodyInParticularAreOneEntry) {
  const auto posts = set + "/sheets/posts/entry";
  EXPECT_EQ(put(posts, R"({"rows":[{"post":"a","share":"0.5"},{"post":"b","share":0.25}]})").status, 201);
  EXPECT_EQ(get(posts).at("/rows/1/share"), "0.25");
  EXPECT_EQ(put(set + "/sheets/parameters/entry", R"({"rows":[{"name":"share","value":0.2}]})").status, 201);
  // A name that no parameter has would leave a default in force without anybody's knowing.
  const auto parameters = set + "/sheets/parameters/entry";
  const auto wrong = put(parameters, R"({"rows":[{"name":"shares","value":1},{"name":"share","value":"much"}]})", "*");
  ASSERT_EQ(wrong.status, 422) << wrong.body;
  EXPECT_EQ(wrong.at("/errors/0/pointer"), "/rows/0/name");
  EXPECT_EQ(wrong.at("/errors/0/detail"), "there is no parameter 'shares': is it 'share'?");
  EXPECT_EQ(wrong.at("/errors/1/pointer"), "/rows/1/value");
  const auto patch = [&](const std::string& value) {
    return send(Method::kPatch, parameters, R"({"where":{"name":"share"},"values":{"value":")" + value + "\"}}",
                {{"if-match", "*"}});
  };
  EXPECT_EQ(patch("x").at("/errors/0/pointer"), "/values/value");
  EXPECT_EQ(patch("0.3").status, 200);
  const auto lines = upload(set + "/sheets/parameters", "{\"name\":\"more\",\"value\":\"1\"}\n");
  EXPECT_EQ(lines.at("/refused/0/column"), "name") << lines.body;
  EXPECT_EQ(lines.at("/refused/0/error/zh"), "没有参数“more”，现有：share");
}

TEST_F(InputsApi, InputsAreDescribedAndTheirChangesListed) {
  put(one, R"({"rows":[{"wage":1,"late":0}]})");
  const auto described = get(set);
  ASSERT_EQ(described.status, 200) << described.body;
  EXPECT_EQ(described.at("/period_state"), "open");
  EXPECT_EQ(described.at("/sheets/0/name"), "population");
  EXPECT_EQ(described.at("/sheets/0/entries"), "1");
  EXPECT_EQ(described.at("/sheets/0/columns/1/type"), "money");
  EXPECT_EQ(described.at("/sheets/1/columns/2/decimals"), "1");
  const auto mark = described.at("/watermark");
  put(set + "/sheets/population/entries/E2", R"({"rows":[{"wage":2,"late":0}]})");
  const auto changes = get(set + "/changes?since=" + mark);
  EXPECT_EQ(changes.at("/changes"), "[1]");
  EXPECT_EQ(changes.at("/changes/0/employee"), "E2");
  EXPECT_EQ(get(set + "/changes?since=-1").status, 400);
  put(set + "/sheets/posts/entry", R"({"rows":[{"post":"a","share":"0.5"}]})");
  const auto checked = post(set + "/check");
  EXPECT_EQ(checked.at("/employees"), "2") << checked.body;
  // What only all rows together show has the sheet's name, as everywhere.
  upload(set + "/sheets/population",
         "{\"employee\":\"E3\",\"wage\":1,\"late\":0}\n{\"employee\":\"E3\",\"wage\":2,\"late\":0}\n");
  EXPECT_EQ(post(set + "/check").at("/faults/0/sheet"), "population");
}

TEST_F(InputsApi, AnUploadHasASummary) {
  const auto done = upload(set + "/sheets/ratings",
                           "{\"employee\":\"E1\",\"rater\":\"a\",\"points\":9}\n"
                           "{\"employee\":\"E2\",\"rater\":\"a\",\"points\":11}\n"
                           "{\"employee\":\"E2\",\"rater\":\"b\",\"points\":1}\n");
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(done.at("/stored"), "true");
  EXPECT_EQ(done.at("/lines"), "3");
  EXPECT_EQ(done.at("/added"), "1");
  EXPECT_EQ(done.at("/refused_lines"), "1");
  EXPECT_EQ(done.at("/employees_left_out"), "1");
  EXPECT_EQ(done.at("/refused/0/line"), "2");
  EXPECT_EQ(done.at("/refused/0/column"), "points");
  EXPECT_EQ(done.at("/refused_more"), "0");
}

TEST_F(InputsApi, AnUploadMayHaveAnAnswerALine) {
  const auto done = upload(set + "/sheets/ratings",
                           "{\"employee\":\"E1\",\"rater\":\"a\",\"points\":9}\n{\"employee\":\"E2\"}\n"
                           "{\"employee\":\"E2\",\"rater\":\"b\",\"points\":1}\n",
                           {{"accept", "application/x-ndjson"}});
  EXPECT_EQ(done.type, "application/x-ndjson");
  EXPECT_EQ(done.body.substr(0, done.body.find('\n') + 1),
            "{\"line\":1,\"outcome\":\"accepted\",\"employee\":\"E1\"}\n");
  EXPECT_NE(done.body.find("{\"line\":3,\"outcome\":\"left_out\",\"employee\":\"E2\"}\n{\"summary\":{\"stored\":true,"),
            std::string::npos)
      << done.body;
  EXPECT_EQ(std::count(done.body.begin(), done.body.end(), '\n'), 4);
}

TEST_F(InputsApi, AllOrNothingIfThatIsAskedFor) {
  const auto none = upload(set + "/sheets/ratings?faults=refuse_all",
                           "{\"employee\":\"E1\",\"rater\":\"a\",\"points\":9}\n{\"employee\":\"E2\"}\n");
  EXPECT_EQ(none.status, 422);
  EXPECT_EQ(none.at("/errors/0/pointer"), "/2/rater") << none.body;
  EXPECT_EQ(get(set).at("/sheets/1/entries"), "0");
}

TEST_F(InputsApi, CsvIsTakenAndGivenBack) {
  const auto done = post(set + "/sheets/ratings", "employee,points,rater,note\nE2,8.5,a,x\nE1,1,\"b,c\",y\n",
                         {{"content-type", "text/csv; charset=utf-8"}});
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(done.at("/ignored_columns/0"), "note");
  const auto csv = get(set + "/sheets/ratings", {{"accept", "text/csv"}});
  EXPECT_EQ(csv.body, "employee,rater,points\nE1,\"b,c\",1\nE2,a,8.5\n");
  const auto lines = get(set + "/sheets/ratings");
  EXPECT_EQ(lines.body,
            "{\"employee\":\"E1\",\"rater\":\"b,c\",\"points\":\"1\"}\n"
            "{\"employee\":\"E2\",\"rater\":\"a\",\"points\":\"8.5\"}\n");
  // What was given back can be handed in again, and changes nothing.
  EXPECT_EQ(upload(set + "/sheets/ratings", lines.body).at("/unchanged"), "2");
  EXPECT_EQ(
      upload(set + "/sheets/ratings?replace=true", "{\"employee\":\"E1\",\"rater\":\"a\",\"points\":9}").at("/deleted"),
      "1");
}

TEST_F(InputsApi, UploadsThatCannotBeAreRefused) {
  const auto ratings = set + "/sheets/ratings";
  EXPECT_EQ(post(ratings, "x", {{"content-type", "application/json"}}).status, 415);
  EXPECT_EQ(post(ratings, "x").status, 415);
  EXPECT_EQ(upload(ratings, "").status, 422);
  EXPECT_EQ(upload(set + "/sheets/none", "{}").status, 404);
  EXPECT_EQ(upload(ratings + "?faults=some", "{}").status, 400);
  EXPECT_EQ(post(ratings, "employee\nE1\n", {{"content-type", "text/csv"}}).status, 422);
  EXPECT_OK(in(tenant, [&](TenantTransaction& t) {
    return tenants::change_state(t, scheme::parse_period("2026-09").value(), tenants::PeriodState::kFrozen, "");
  }));
  const std::string line = "{\"employee\":\"E1\",\"rater\":\"a\",\"points\":9}";
  EXPECT_EQ(upload(ratings, line).status, 409);
  EXPECT_EQ(upload(ratings + "?reason=late", line).status, 200);
}

TEST_F(InputsApi, RatersEnterFormsOfTheirOwn) {
  const auto form = set + "/sheets/ratings/entries/E1";
  const std::string body = R"({"rows":[{"rater":"R1","points":7}]})";
  as(AccessRole::kRater, "R1");
  EXPECT_EQ(put(form, body).status, 201);
  EXPECT_EQ(get(form).at("/part"), "R1");
  EXPECT_EQ(get(form + "?part=R1").status, 200);
  EXPECT_EQ(put(form + "?part=R2", body).status, 403);
  EXPECT_EQ(get(form + "?part=R2").status, 403);
  EXPECT_EQ(put(one, R"({"rows":[{"wage":1,"late":0}]})").status, 403);
  EXPECT_EQ(get(set + "/sheets/ratings").status, 403);
  EXPECT_EQ(upload(set + "/sheets/ratings", body).status, 403);
  as(AccessRole::kEmployee, "E1");
  EXPECT_EQ(get(form + "?part=E1").status, 403);
}

TEST_F(InputsApi, InputsOfAnotherTenantAreNotThere) {
  put(one, R"({"rows":[{"wage":1,"late":0}]})");
  tenant = make_tenant();
  for (const auto& path : {set, set + "/changes", one, one + "/history", set + "/sheets/population"})
    EXPECT_EQ(get(path).status, 404) << path;
  EXPECT_EQ(put(one, R"({"rows":[{"wage":1,"late":0}]})").status, 404);
  EXPECT_EQ(upload(set + "/sheets/ratings", "{}").status, 404);
}

}  // namespace

}  // namespace kaogong::api
