#include <chrono>

#include "gateway/api/exports/routes.h"
#include "tests/gateway/api/api_fixture.h"

namespace kaogong::api {

namespace {

using tenants::AccessRole;
using tenants::Scope;

class ExportsApi : public test::ApiTest {
 protected:
  ExportsApi() {
    add_exports_routes(routes);
    install(tenant, runs::kPayScheme);
    const auto published =
        publish(tenant, "2026-01",
                {{"population", "employee,wage,fine,department\nE1,5000,100,A\n\"E,2\",3000,0,A\nE3,13,0,B\n"}});
    run = "/v1/runs/" + std::to_string(number_of(published.id)) + "/export";
  }
  std::string run;
  const std::string of_period = "/v1/exports/pay/2026-01";
};

TEST_F(ExportsApi, ResultsAsLinesAndAsCsv) {
  const auto lines = get(of_period);
  EXPECT_EQ(lines.type, "application/x-ndjson");
  EXPECT_EQ(lines.body,
            "{\"employee\":\"E,2\",\"due\":\"0.00\",\"applied\":\"0.00\",\"carried\":\"0.00\",\"pay\":\"3000.00\","
            "\"place\":\"2\"}\n"
            "{\"employee\":\"E1\",\"due\":\"100.00\",\"applied\":\"100.00\",\"carried\":\"0.00\",\"pay\":\"4900.00\","
            "\"place\":\"1\"}\n");
  const auto csv = get(run + "?format=csv");
  EXPECT_EQ(csv.body,
            "employee,due,applied,carried,pay,place\n\"E,2\",0.00,0.00,0.00,3000.00,2\n"
            "E1,100.00,100.00,0.00,4900.00,1\n");
  EXPECT_NE(csv.field("Content-Disposition").find(".csv\""), std::string::npos);
  EXPECT_EQ(get(of_period + "?format=pdf").status, 400);
  EXPECT_EQ(get("/v1/exports/pay/2026-02").status, 404);
}

TEST_F(ExportsApi, AWorkbookIsAZipWithASheet) {
  const auto book = get(of_period + "?format=xlsx");
  EXPECT_EQ(book.type, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
  EXPECT_EQ(book.body.substr(0, 4), std::string("PK\x03\x04"));
  EXPECT_NE(book.body.find("xl/worksheets/sheet1.xml"), std::string::npos);
}

TEST_F(ExportsApi, LinksWorkWithoutAKeyUntilTheyExpire) {
  const auto link = post(run + "/links", R"({"format":"csv","expires_in_seconds":60})");
  ASSERT_EQ(link.status, 201) << link.body;
  const auto whole = get(run + "?format=csv").body;
  const auto url = link.at("/url");
  const auto own = tenant;
  tenant = make_tenant();
  caller = {};
  EXPECT_EQ(get(url).body, whole);
  auto forged = url;
  forged.back() = forged.back() == 'A' ? 'B' : 'A';
  EXPECT_EQ(get(forged).status, 404);
  EXPECT_EQ(get("/v1/downloads/x").status, 404);
  database.clock.advance(std::chrono::seconds(59));
  EXPECT_EQ(get(url).status, 200);
  database.clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(get(url).status, 404);
  tenant = own;
}

TEST_F(ExportsApi, ATokenOfAnotherKindIsNoLink) {
  EXPECT_EQ(get("/v1/downloads/" + page_tokens.seal("something else", "kg")).status, 404);
}

TEST_F(ExportsApi, AmountsAreForThoseWhoMaySeePay) {
  caller.scopes = {Scope::kResultsRead};
  EXPECT_EQ(get(run + "?format=csv").body, "employee,place\n\"E,2\",2\nE1,1\n");
  const auto link = post(run + "/links", R"({"format":"csv"})");
  EXPECT_EQ(get(link.at("/url")).body, "employee,place\n\"E,2\",2\nE1,1\n");
  as(AccessRole::kEmployee, "E1");
  EXPECT_EQ(get(run).status, 403);
  EXPECT_EQ(post(run + "/links", R"({"format":"csv"})").status, 403);
}

TEST_F(ExportsApi, ExportsOfAnotherTenantAreNotThere) {
  tenant = make_tenant();
  EXPECT_EQ(get(run).status, 404);
  EXPECT_EQ(get(of_period).status, 404);
  EXPECT_EQ(post(run + "/links", R"({"format":"csv"})").status, 404);
}

}  // namespace

}  // namespace kaogong::api
