#include "gateway/api/tenants/routes.h"
#include "tests/gateway/api/fixture/api_fixture.h"

namespace kaogong::api::test {
namespace {

class TenantsApi : public GatedApiTest {
 protected:
  TenantsApi() { add_tenants_routes(api.routes); }
  std::string key = operator_key();
};

TEST_F(TenantsApi, ATenantIsMadeOnce) {
  const Say say{.key = key, .body = R"({"id":"acme","name":"甲公司","quotas":{"people_max":50}})", .once = "make"};
  const auto made = send("POST", "/v1/tenants", say);
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(field_of(made, "Location"), "/v1/tenants/acme");
  EXPECT_EQ(at(made, "/quotas/people_max"), "50");
  EXPECT_EQ(at(made, "/quotas/runs_per_day_max"), "null");
  const auto again = send("POST", "/v1/tenants", say);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, made.body);
  EXPECT_EQ(send("POST", "/v1/tenants", {.key = key, .body = say.body}).status, 409);
  EXPECT_EQ(at(send("GET", "/v1/tenants/acme", {.key = key}), "/name"), "甲公司");
  EXPECT_EQ(send("GET", "/v1/tenants/nobody", {.key = key}).status, 404);
}

TEST_F(TenantsApi, EveryFaultOfABodyIsSaid) {
  const auto refused =
      send("POST", "/v1/tenants", {.key = key, .body = R"({"id":"","quotas":{"people_max":-1,"x":2},"extra":true})"});
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(fault_of_problem(refused), "");
  EXPECT_EQ(at(refused, "/errors"), "5");
  EXPECT_EQ(send("POST", "/v1/tenants", {.key = key, .body = R"({"id":"No Id","name":"x"})"}).status, 422);
}

TEST_F(TenantsApi, ListsPageByPage) {
  for (int i = 0; i < 5; ++i)
    ASSERT_EQ(
        send("POST", "/v1/tenants", {.key = key, .body = R"({"id":"zz_page_)" + std::to_string(i) + R"(","name":"x"})"})
            .status,
        201);
  std::string token, seen;
  do {
    const auto page =
        send("GET", "/v1/tenants?page_size=2" + (token.empty() ? "" : "&page_token=" + token), {.key = key});
    ASSERT_EQ(page.status, 200) << page.body;
    EXPECT_LE(std::stoi(at(page, "/items")), 2);
    for (int i = 0; i < 2; ++i) seen += at(page, "/items/" + std::to_string(i) + "/id") + " ";
    token = at(page, "/next_page_token");
  } while (token != "null");
  for (int i = 0; i < 5; ++i) EXPECT_NE(seen.find("zz_page_" + std::to_string(i) + " "), std::string::npos);
  EXPECT_EQ(send("GET", "/v1/tenants?page_size=0", {.key = key}).status, 400);
  EXPECT_EQ(send("GET", "/v1/tenants?page_token=abc", {.key = key}).status, 400);
  EXPECT_EQ(send("GET", "/v1/tenants?limit=5", {.key = key}).status, 400);
  // A token is of one list: not good with other parameters.
  const auto first = at(send("GET", "/v1/tenants?page_size=2", {.key = key}), "/next_page_token");
  EXPECT_EQ(send("GET", "/v1/tenants?with_erased=true&page_token=" + first, {.key = key}).status, 400);
}

TEST_F(TenantsApi, QuotasChangeOnlyFromWhatWasSeen) {
  const auto tenant = make_tenant();
  const auto path = "/v1/tenants/" + tenant.id().text();
  const auto seen = send("GET", path, {.key = key});
  const auto tag = field_of(seen, "ETag");
  EXPECT_EQ(send("GET", path, {.key = key, .fields = {{"if-none-match", tag}}}).status, 304);
  const std::string body = R"({"people_max":7,"requests_per_second_max":3})";
  EXPECT_EQ(send("PUT", path + "/quotas", {.key = key, .body = body}).status, 428);
  EXPECT_EQ(send("PUT", path + "/quotas", {.key = key, .body = body, .fields = {{"if-match", "\"other\""}}}).status,
            412);
  const auto changed = send("PUT", path + "/quotas", {.key = key, .body = body, .fields = {{"if-match", tag}}});
  EXPECT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(at(changed, "/quotas/people_max"), "7");
  EXPECT_EQ(send("PUT", path + "/quotas", {.key = key, .body = body, .fields = {{"if-match", tag}}}).status, 412);
}

TEST_F(TenantsApi, ATenantIsStoppedAndErased) {
  const auto tenant = make_tenant();
  const auto path = "/v1/tenants/" + tenant.id().text();
  EXPECT_EQ(at(send("POST", path + "/suspend", {.key = key, .body = R"({"reason":"unpaid"})"}), "/state"), "suspended");
  EXPECT_EQ(at(send("POST", path + "/resume", {.key = key, .body = R"({"reason":"paid"})"}), "/state"), "active");
  const auto erased = send("DELETE", path, {.key = key});
  EXPECT_EQ(erased.status, 200) << erased.body;
  EXPECT_EQ(at(erased, "/record/keys"), "0");
  EXPECT_EQ(send("GET", path, {.key = key}).status, 404);
  EXPECT_EQ(send("DELETE", path, {.key = key}).body, erased.body);
}

}  // namespace
}  // namespace kaogong::api::test
