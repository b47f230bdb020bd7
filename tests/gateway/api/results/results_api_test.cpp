#include "gateway/api/results/routes.h"
#include "tests/gateway/api/api_fixture.h"

namespace kaogong::api {

namespace {

using tenants::AccessRole;
using tenants::Scope;

class ResultsApi : public test::ApiTest {
 protected:
  ResultsApi() {
    add_results_routes(routes);
    install(tenant, runs::kPayScheme);
    published = publish(
        tenant, "2026-01",
        {{"population", "employee,wage,fine,department\nE1,5000,100,A\nE2,3000,0,A\nE3,13,0,B\nE4,4000.5,900,B\n"}});
    run = "/v1/runs/" + std::to_string(number_of(published.id));
  }
  runs::RunRow published;
  std::string run;
  const std::string of_period = "/v1/results/pay/2026-01";
};

TEST_F(ResultsApi, OneEmployeesResult) {
  const auto one = get(of_period + "/E1");
  ASSERT_EQ(one.status, 200) << one.body;
  EXPECT_EQ(one.at("/values/pay"), "4900.00");
  EXPECT_EQ(one.at("/values/place"), "1");
  EXPECT_EQ(one.at("/refused"), "false");
  EXPECT_EQ(one.at("/run"), std::to_string(number_of(published.id)));
  EXPECT_EQ(get(of_period + "/E1", {{"if-none-match", one.field("ETag")}}).status, 304);
  EXPECT_EQ(get(run + "/results/E1").body, one.body);
  const auto refused = get(of_period + "/E3");
  EXPECT_EQ(refused.at("/refused"), "true");
  EXPECT_EQ(refused.at("/values"), "null");
  EXPECT_EQ(get(of_period + "/E9").status, 404);
  EXPECT_EQ(get("/v1/results/pay/2026-02/E1").status, 404);
  EXPECT_EQ(get("/v1/results/pay/soon/E1").status, 404);
  EXPECT_EQ(get("/v1/runs/x/results/E1").status, 404);
}

TEST_F(ResultsApi, PagesAndFilters) {
  const auto first = get(of_period + "?page_size=2");
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(first.at("/items"), "[2]");
  EXPECT_EQ(first.at("/items/0/employee"), "E1");
  const auto second = get(of_period + "?page_size=2&page_token=" + first.at("/next_page_token"));
  EXPECT_EQ(second.at("/items/0/employee"), "E3");
  EXPECT_EQ(second.at("/items/0/values"), "null");
  EXPECT_EQ(second.at("/items/1/employee"), "E4");
  EXPECT_EQ(second.at("/next_page_token"), "null");

  const auto names = [&](const std::string& filter) {
    const auto found = get(of_period + "?filter=" + filter);
    std::string list;
    for (size_t i = 0; found.at("/items/" + std::to_string(i)) != "none"; ++i)
      list += found.at("/items/" + std::to_string(i) + "/employee");
    return found.status == 200 ? list : std::to_string(found.status);
  };
  EXPECT_EQ(names("pay%3E=3600.45"), "E1E4");
  EXPECT_EQ(names("pay%3E3600.45"), "E1");
  EXPECT_EQ(names("pay%3C=3000,place!=1"), "E2");
  EXPECT_EQ(names("place=1"), "E1E4");
  EXPECT_EQ(names("place=1.0"), "E1E4");
  EXPECT_EQ(names("pay=4900.001"), "");
  EXPECT_EQ(names("pay="), "");
  EXPECT_EQ(names("pay!="), "E1E2E4");
  EXPECT_EQ(names("nothing=1"), "422");
  EXPECT_EQ(names("pay"), "400");
  EXPECT_EQ(names("pay=much"), "422");
}

TEST_F(ResultsApi, LeadersAndDistributions) {
  const auto leaders = get("/v1/leaders/pay/2026-01?output=pay&count=2");
  EXPECT_EQ(leaders.at("/leaders"), "[2]") << leaders.body;
  EXPECT_EQ(leaders.at("/leaders/1/employee"), "E4");
  EXPECT_EQ(leaders.at("/leaders/1/value"), "3600.45");
  EXPECT_EQ(get(run + "/leaders?output=pay&count=2").body, leaders.body);
  EXPECT_EQ(get(run + "/leaders").status, 400);
  EXPECT_EQ(get(run + "/leaders?output=nothing").status, 404);
  const auto spread = get("/v1/distributions/pay/2026-01?output=pay");
  EXPECT_EQ(spread.at("/rows"), "3");
  EXPECT_EQ(spread.at("/sum"), "11500.45");
  EXPECT_EQ(spread.at("/percentiles/p50"), "3600.45");
  EXPECT_EQ(get(run + "/distribution?output=pay").body, spread.body);
}

TEST_F(ResultsApi, PayslipsInBothLanguages) {
  const auto slip = get(of_period + "/E1/payslip");
  ASSERT_EQ(slip.status, 200) << slip.body;
  EXPECT_EQ(slip.at("/scheme_label/zh"), "工资");
  EXPECT_EQ(slip.at("/lines/3/name"), "pay");
  EXPECT_EQ(slip.at("/lines/3/value"), "4900.00");
  EXPECT_EQ(slip.at("/lines/3/type"), "money");
  const auto text = get(of_period + "/E1/payslip?format=text&lang=zh");
  EXPECT_EQ(text.type, "text/plain; charset=utf-8");
  EXPECT_EQ(text.body.substr(0, text.body.find("\n\n")), "工资  2026-01\n员工：E1");
  EXPECT_NE(get(of_period + "/E1/payslip", {{"accept", "text/plain"}}).body.find("Employee: E1"), std::string::npos);
  EXPECT_EQ(get(of_period + "/E3/payslip").at("/reasons/0/error/zh"), "不吉");
  EXPECT_NE(get(of_period + "/E3/payslip?format=text").body.find("unlucky"), std::string::npos);
  EXPECT_EQ(get(of_period + "/E9/payslip").status, 404);
}

TEST_F(ResultsApi, FiguresAreExplained) {
  const auto why = get(of_period + "/E1/explanation?value=pay");
  ASSERT_EQ(why.status, 200) << why.body;
  EXPECT_NE(why.body.find("4900.00"), std::string::npos);
  const auto text = get(of_period + "/E1/explanation?value=pay&format=text&lang=zh");
  EXPECT_NE(text.body.find("4900.00"), std::string::npos);
  EXPECT_EQ(get(run + "/results/E1/explanation?value=nothing").status, 422);
  EXPECT_EQ(get(of_period + "/E1/explanation?lang=fr").status, 400);
  EXPECT_EQ(get(of_period + "/E9/explanation").status, 404);
}

TEST_F(ResultsApi, EverybodySeesWhatIsHis) {
  as(AccessRole::kEmployee, "E1");
  EXPECT_EQ(get(of_period + "/E1").at("/values/pay"), "4900.00");
  EXPECT_EQ(get(of_period + "/E1/payslip").status, 200);
  EXPECT_EQ(get(of_period + "/E1/explanation?value=pay").status, 200);
  for (const auto* path : {"/E2", "/E2/payslip", "/E2/explanation", "/E9"})
    EXPECT_EQ(get(of_period + path).status, 403) << path;
  for (const auto& path : {of_period, run + "/results", run + "/results/E1", run + "/leaders?output=pay",
                           std::string("/v1/leaders/pay/2026-01?output=pay")})
    EXPECT_EQ(get(path).status, 403) << path;
  // Somebody without a name of his own owns nothing.
  as(AccessRole::kEmployee, "");
  EXPECT_EQ(get(of_period + "/E1").status, 403);
}

TEST_F(ResultsApi, AmountsAreForThoseWhoMaySeePay) {
  as(AccessRole::kExecutive);
  EXPECT_EQ(get(of_period + "/E1").at("/values/pay"), "4900.00");
  caller.scopes = {Scope::kResultsRead};
  const auto one = get(of_period + "/E1");
  EXPECT_EQ(one.at("/values/pay"), "none");
  EXPECT_EQ(one.at("/values/place"), "1");
  EXPECT_EQ(get(of_period).body.find("4900"), std::string::npos);
  for (const auto& path : {of_period + "?filter=pay%3E1", of_period + "/E1/payslip", of_period + "/E1/explanation",
                           run + "/leaders?output=pay", run + "/distribution?output=pay"})
    EXPECT_EQ(get(path).status, 403) << path;
  EXPECT_EQ(get(run + "/leaders?output=place").status, 200);
}

TEST_F(ResultsApi, ResultsOfAnotherTenantAreNotThere) {
  tenant = make_tenant();
  for (const auto& path : {of_period, of_period + "/E1", of_period + "/E1/payslip", of_period + "/E1/explanation",
                           run + "/results", run + "/results/E1", run + "/results/E1/payslip",
                           run + "/leaders?output=pay", run + "/distribution?output=pay"})
    EXPECT_EQ(get(path).status, 404) << path;
}

}  // namespace

}  // namespace kaogong::api
