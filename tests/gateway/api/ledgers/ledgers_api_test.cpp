#include "gateway/api/audit/routes.h"
#include "gateway/api/ledgers/routes.h"
#include "gateway/api/people/routes.h"
#include "tests/gateway/api/fixture/api_fixture.h"

namespace kaogong::api::test {
namespace {

using tenants::AccessRole;

/// Ledgers, and the audit log that tells of what was posted.
class LedgersApi : public GatedApiTest {
 protected:
  LedgersApi() {
    add_ledgers_routes(api.routes);
    add_audit_routes(api.routes);
    add_people_routes(api.routes);
    for (const std::string employee : {"E1", "E2"})
      EXPECT_EQ(send("POST", "/v1/people",
                     {.key = hr, .body = R"({"employee":")" + employee + R"(","name":"x","hired_on":"2026-01-01"})"})
                    .status,
                201);
  }
  static std::string posting(const std::string& key, const std::string& amount) {
    return R"({"key":")" + key + R"(","period":"2026-09","employee":"E1","kind":"retain","amount":")" + amount + "\"}";
  }
  tenants::Tenant tenant = make_tenant();
  std::string hr = key_of(tenant, AccessRole::kHr), admin = key_of(tenant, AccessRole::kTenantAdmin);
};

TEST_F(LedgersApi, AmountsAreTextsAndAddUp) {
  EXPECT_EQ(send("POST", "/v1/ledgers/retained/entries", {.key = hr, .body = posting("a", "120.50")}).status, 201);
  EXPECT_EQ(send("POST", "/v1/ledgers/retained/entries", {.key = hr, .body = posting("a", "120.50")}).status, 200);
  EXPECT_EQ(send("POST", "/v1/ledgers/retained/entries", {.key = hr, .body = posting("a", "1")}).status, 409);
  EXPECT_EQ(send("POST", "/v1/ledgers/retained/entries", {.key = hr, .body = posting("b", "-20.5")}).status, 201);
  EXPECT_EQ(
      at(send("POST", "/v1/ledgers/retained/entries", {.key = hr, .body = posting("c", "1e3")}), "/errors/0/pointer"),
      "/amount");
  const auto account = send("GET", "/v1/ledgers/retained/people/E1?through=2026-10", {.key = hr});
  EXPECT_EQ(at(account, "/balance"), "100.00") << account.body;
  EXPECT_EQ(at(account, "/entries"), "2");
  EXPECT_EQ(at(send("GET", "/v1/ledgers/retained/people/E2?through=2026-10", {.key = hr}), "/balance"), "0");
  EXPECT_EQ(at(send("GET", "/v1/ledgers/retained/people/E1?through=2026-08", {.key = hr}), "/balance"), "0");
  EXPECT_EQ(at(send("GET", "/v1/ledgers/retained/balances?through=2026-10", {.key = hr}), "/items/0/amount"), "100.00");
  EXPECT_EQ(send("GET", "/v1/ledgers/retained/people/nobody", {.key = hr}).status, 404);
}

TEST_F(LedgersApi, WhatWasDoneIsInTheLog) {
  EXPECT_EQ(send("POST", "/v1/ledgers/retained/entries", {.key = hr, .body = posting("a", "1")}).status, 201);
  const auto first = send("GET", "/v1/audit?page_size=2", {.key = admin});
  EXPECT_EQ(at(first, "/items/0/action"), "person.add") << first.body;
  EXPECT_EQ(at(first, "/items/0/actor"), "key:" + tenants::parse_key(hr)->id);
  const auto rest = send("GET", "/v1/audit?page_size=2&page_token=" + at(first, "/next_page_token"), {.key = admin});
  EXPECT_EQ(at(rest, "/items"), "1") << rest.body;
  const auto seq = at(first, "/items/0/seq");
  const auto behind = send("GET", "/v1/audit?page_size=1&after=" + seq, {.key = admin});
  EXPECT_EQ(at(behind, "/items/0/seq"), at(first, "/items/1/seq")) << behind.body;
  const auto last = send("GET", "/v1/audit?page_size=1&after=" + seq + "&page_token=" + at(behind, "/next_page_token"),
                         {.key = admin});
  EXPECT_EQ(at(last, "/items/0/seq"), at(rest, "/items/0/seq")) << last.body;
  EXPECT_EQ(send("GET", "/v1/audit?after=-1", {.key = admin}).status, 400);
  EXPECT_EQ(at(send("GET", "/v1/audit/verify", {.key = admin}), "/whole"), "true");
  EXPECT_EQ(send("GET", "/v1/audit", {.key = hr}).status, 403);
  const auto operators = send("GET", "/v1/operator-audit/verify", {.key = operator_key()});
  EXPECT_EQ(at(operators, "/whole"), "true") << operators.body;
  EXPECT_EQ(send("GET", "/v1/operator-audit", {.key = operator_key()}).status, 200);
  EXPECT_EQ(send("GET", "/v1/operator-audit", {.key = admin}).status, 403);
}

}  // namespace
}  // namespace kaogong::api::test
