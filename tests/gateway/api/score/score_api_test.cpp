#include "gateway/api/score/routes.h"
#include "gateway/json/writer.h"
#include "tests/gateway/api/api_fixture.h"
#include "tests/tenants/schemes/small_scheme.h"

namespace kaogong::api {

namespace {

class ScoreApi : public test::ApiTest {
 protected:
  ScoreApi() { add_score_routes(routes); }
  static std::string request(const std::string& rest, const std::string& document = tenants::test::small_scheme()) {
    std::string body = R"({"period":"2026-09","document":)";
    json::append_string(&body, document);
    return body + rest + "}";
  }
  const std::string posts = R"("posts":[{"post":"a","share":0.5}])";
};

TEST_F(ScoreApi, RowsGoInAndResultsComeOut) {
  const auto scored =
      post("/v1/score", request(R"(,"sheets":{"population":[{"employee":"E2","wage":"1000.50","late":0},)"
                                R"({"employee":"E1","wage":-1,"late":0},{"employee":"E3","wage":10,"late":2}],)"
                                R"("ratings":[{"employee":"E2","rater":"a","points":9},)"
                                R"({"employee":"E2","rater":"b","points":7.5}],)" +
                                posts + R"(},"parameters":{"share":"0.2"})"));
  ASSERT_EQ(scored.status, 200) << scored.body;
  EXPECT_EQ(scored.at("/rows"), "2");
  EXPECT_EQ(scored.at("/refused"), "1");
  EXPECT_EQ(scored.at("/results/0/employee"), "E1");
  EXPECT_EQ(scored.at("/results/0/values"), "null");
  EXPECT_EQ(scored.at("/results/1/values/bonus"), "200.10");
  EXPECT_EQ(scored.at("/results/1/values/punctual"), "true");
  EXPECT_EQ(scored.at("/results/2/values/punctual"), "false");
  EXPECT_EQ(scored.at("/rejects/0/employee"), "E1");
  EXPECT_EQ(scored.at("/rejects/0/row"), "1");
  EXPECT_EQ(scored.at("/rejects/0/column"), "wage");
}

TEST_F(ScoreApi, EveryFaultHasItsPlace) {
  const auto wrong = post("/v1/score", request(R"(,"sheets":{"population":[{"employee":1,"wages":2},5],"people":[]})"));
  EXPECT_EQ(wrong.status, 422);
  for (const auto* pointer :
       {"/sheets/population/0/employee", "/sheets/population/0/wages", "/sheets/population/1", "/sheets/people"})
    EXPECT_NE(wrong.body.find(std::string("\"") + pointer + "\""), std::string::npos) << pointer << wrong.body;
  EXPECT_EQ(post("/v1/score", R"({"period":"2026-09","sheets":{}})").status, 422);
  EXPECT_EQ(post("/v1/score", R"({"template":"none","period":"2026-09","sheets":{}})").status, 422);
  EXPECT_EQ(post("/v1/score", request(R"(,"sheets":[])")).status, 422);
  EXPECT_EQ(post("/v1/score", request(R"(,"sheets":{})")).status, 422);
  EXPECT_EQ(post("/v1/score", request(R"(,"sheets":{"population":[]})", "kaogong: 1")).status, 422);
  EXPECT_EQ(
      post("/v1/score", request(R"(,"parameters":{"share":"much"},"sheets":{"population":[],)" + posts + "}")).status,
      422);
  const auto parameter =
      post("/v1/score", request(R"(,"parameters":{"shares":"1"},"sheets":{"population":[],)" + posts + "}"));
  EXPECT_EQ(parameter.at("/errors/0/pointer"), "/parameters/shares") << parameter.body;
  const auto year = post("/v1/score", R"({"template":"kitchen-monthly","period":"2026","sheets":{"population":[]}})");
  EXPECT_EQ(year.at("/errors/0/pointer"), "/period") << year.body;
  EXPECT_EQ(post("/v1/score", "[").status, 400);
}

TEST_F(ScoreApi, TooManyRowsAreForARun) {
  std::string rows;
  for (size_t i = 0; i <= kScoreRowsMax; ++i)
    rows += (i == 0 ? "" : ",") + std::string(R"({"employee":"E)") + std::to_string(i) + R"(","wage":1,"late":0})";
  const auto refused = post("/v1/score", request(R"(,"sheets":{"population":[)" + rows + "]," + posts + "}"));
  EXPECT_EQ(refused.status, 422);
  EXPECT_NE(refused.body.find("too many rows"), std::string::npos);
  const auto most = rows.substr(0, rows.rfind(",{"));
  const auto scored = post("/v1/score", request(R"(,"sheets":{"population":[)" + most + "]," + posts + "}"));
  EXPECT_EQ(scored.at("/rows"), std::to_string(kScoreRowsMax)) << scored.body.substr(0, 300);
}

TEST_F(ScoreApi, TemplatesAreThere) {
  const auto refused = post(
      "/v1/score", R"({"template":"trade-monthly","period":"2026-10","sheets":{"population":[{"employee":"E1"}]}})");
  EXPECT_EQ(refused.at("/scheme"), "trade-monthly") << refused.body;
  EXPECT_EQ(refused.at("/refused"), "1");
}

}  // namespace

}  // namespace kaogong::api
