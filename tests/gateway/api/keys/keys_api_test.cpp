#include "gateway/api/keys/routes.h"
#include "tests/gateway/api/fixture/api_fixture.h"

namespace kaogong::api::test {
namespace {

using tenants::AccessRole;

class KeysApi : public GatedApiTest {
 protected:
  KeysApi() { add_keys_routes(api.routes); }
  tenants::Tenant tenant = make_tenant();
  std::string admin = key_of(tenant, AccessRole::kTenantAdmin);
};

TEST_F(KeysApi, AKeyIsShownOnceAndWorks) {
  const Say say{.key = admin, .body = R"({"role":"hr","label":"payroll","scopes":["people:read"]})", .once = "k"};
  const auto made = send("POST", "/v1/keys", say);
  ASSERT_EQ(made.status, 201) << made.body;
  const auto text = at(made, "/key"), id = at(made, "/id");
  EXPECT_TRUE(text.starts_with(id));
  // Repeating the call gives the same key, not another.
  EXPECT_EQ(send("POST", "/v1/keys", say).body, made.body);
  EXPECT_EQ(at(send("GET", "/v1/keys", {.key = admin}), "/items"), "2");
  const auto seen = send("GET", "/v1/keys/" + id, {.key = admin});
  EXPECT_EQ(at(seen, "/label"), "payroll");
  EXPECT_EQ(at(seen, "/key"), "(none)");
  EXPECT_EQ(send("GET", "/v1/keys", {.key = text}).status, 403);
  EXPECT_EQ(at(send("DELETE", "/v1/keys/" + id, {.key = admin}), "/id"), id);
  EXPECT_EQ(send("GET", "/v1/keys", {.key = text}).status, 401);
}

TEST_F(KeysApi, OperatorsHaveKeysOfTheirOwn) {
  const auto first = operator_key();
  const auto made = send("POST", "/v1/operator-keys", {.key = first, .body = R"({"label":"on call"})"});
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(at(made, "/role"), "operator");
  const auto second = at(made, "/key"), id = at(made, "/id");
  EXPECT_EQ(send("GET", "/v1/operator-keys", {.key = second}).status, 200);
  EXPECT_EQ(field_of(made, "Location"), "/v1/operator-keys/" + id);
  // A tenant that is named makes nothing of it the tenant's.
  const Say with_tenant{
      .key = second, .body = R"({"scopes":["keys:manage"]})", .fields = {{"kaogong-tenant", tenant.id().text()}}};
  const auto narrow = send("POST", "/v1/operator-keys", with_tenant);
  ASSERT_EQ(narrow.status, 201) << narrow.body;
  EXPECT_EQ(at(narrow, "/role"), "operator");
  EXPECT_EQ(at(send("GET", "/v1/keys", {.key = admin}), "/items"), "1");
  // Nobody gives more than he has.
  EXPECT_EQ(send("POST", "/v1/operator-keys", {.key = at(narrow, "/key"), .body = "{}"}).status, 403);
  EXPECT_EQ(send("POST", "/v1/operator-keys/" + id + "/rotate", {.key = at(narrow, "/key"), .body = "{}"}).status, 403);
  EXPECT_EQ(send("POST", "/v1/operator-keys", {.key = admin, .body = "{}"}).status, 403);
  EXPECT_EQ(send("DELETE", "/v1/operator-keys/" + tenants::parse_key(admin)->id, {.key = first}).status, 404);
  const auto rotated = send("POST", "/v1/operator-keys/" + id + "/rotate", {.key = first, .body = "{}"});
  EXPECT_EQ(rotated.status, 201) << rotated.body;
  EXPECT_EQ(send("DELETE", "/v1/operator-keys/" + at(rotated, "/id"), {.key = first}).status, 200);
  EXPECT_EQ(send("GET", "/v1/operator-keys", {.key = at(rotated, "/key")}).status, 401);
}

TEST_F(KeysApi, NobodyGivesMoreThanHeHas) {
  tenants::KeyRequest narrow;
  narrow.role = AccessRole::kTenantAdmin;
  narrow.scopes = {tenants::Scope::kKeysManage, tenants::Scope::kPeopleRead};
  const auto key = api.keys.create(&tenant, narrow, actor)->text;
  EXPECT_EQ(send("POST", "/v1/keys", {.key = key, .body = R"({"role":"tenant_admin"})"}).status, 403);
  EXPECT_EQ(send("POST", "/v1/keys", {.key = key, .body = R"({"role":"hr","scopes":["people:read"]})"}).status, 201);
  EXPECT_EQ(send("POST", "/v1/keys", {.key = key, .body = R"({"role":"hr","scopes":["people:write"]})"}).status, 403);
  const auto id = tenants::parse_key(admin)->id;
  EXPECT_EQ(send("POST", "/v1/keys/" + id + "/rotate", {.key = key, .body = "{}"}).status, 403);
  EXPECT_EQ(send("POST", "/v1/keys", {.key = admin, .body = R"({"role":"operator"})"}).status, 403);
  const Say first{
      .key = operator_key(), .body = R"({"role":"tenant_admin"})", .fields = {{"kaogong-tenant", tenant.id().text()}}};
  EXPECT_EQ(send("POST", "/v1/keys", first).status, 201);
}

TEST_F(KeysApi, AKeyIsReplaced) {
  const auto id = tenants::parse_key(admin)->id;
  const auto next = send("POST", "/v1/keys/" + id + "/rotate", {.key = admin, .body = R"({"overlap_seconds":60})"});
  ASSERT_EQ(next.status, 201) << next.body;
  EXPECT_EQ(at(next, "/replaces"), id);
  EXPECT_EQ(send("GET", "/v1/keys", {.key = at(next, "/key")}).status, 200);
  EXPECT_EQ(send("GET", "/v1/keys", {.key = admin}).status, 200);
  database.clock.advance(std::chrono::seconds{61});
  EXPECT_EQ(send("GET", "/v1/keys", {.key = admin}).status, 401);
  EXPECT_EQ(send("POST", "/v1/keys/kg_live_nothing/rotate", {.key = at(next, "/key"), .body = "{}"}).status, 404);
}

TEST_F(KeysApi, KeysOfOthersAreNotThere) {
  const auto other = make_tenant();
  const auto foreign = tenants::parse_key(key_of(other, AccessRole::kHr))->id;
  EXPECT_EQ(send("GET", "/v1/keys/" + foreign, {.key = admin}).status, 404);
  EXPECT_EQ(send("DELETE", "/v1/keys/" + foreign, {.key = admin}).status, 404);
  EXPECT_EQ(send("POST", "/v1/keys/" + foreign + "/rotate", {.key = admin, .body = "{}"}).status, 404);
}

TEST_F(KeysApi, AKeySaysWhoItIs) {
  for (const auto role : {AccessRole::kTenantAdmin, AccessRole::kHr, AccessRole::kExecutive}) {
    const auto key = key_of(tenant, role);
    const auto own = send("GET", "/v1/keys/self", {.key = key});
    ASSERT_EQ(own.status, 200) << own.body;
    EXPECT_EQ(at(own, "/tenant"), tenant.id().text());
    EXPECT_EQ(at(own, "/id"), tenants::parse_key(key)->id);
    EXPECT_EQ(at(own, "/role"), tenants::to_text(role));
    EXPECT_EQ(at(own, "/scopes"), std::to_string(tenants::texts_of(tenants::scopes_of(role)).size()));
  }
  const auto employee = send("GET", "/v1/keys/self", {.key = key_of(tenant, AccessRole::kEmployee, "E7")});
  EXPECT_EQ(at(employee, "/employee"), "E7");
  EXPECT_EQ(at(employee, "/expires_at"), "null");
  const Say another{.key = admin, .fields = {{"kaogong-tenant", make_tenant().id().text()}}};
  EXPECT_EQ(send("GET", "/v1/keys/self", another).status, 403);
}

TEST_F(KeysApi, AnOperatorsKeyIsOfNoTenant) {
  const auto key = operator_key();
  const auto own = send("GET", "/v1/keys/self", {.key = key});
  ASSERT_EQ(own.status, 200) << own.body;
  EXPECT_EQ(at(own, "/tenant"), "null");
  EXPECT_EQ(at(own, "/role"), "operator");
  const Say with_tenant{.key = key, .fields = {{"kaogong-tenant", tenant.id().text()}}};
  EXPECT_EQ(send("GET", "/v1/keys/self", with_tenant).body, own.body);
}

TEST_F(KeysApi, WhatIsNoKeyIsNotSaidToBeOne) {
  tenants::KeyRequest request;
  request.expires_at = database.clock.now() + std::chrono::hours{1};
  const auto issued = *api.keys.create(&tenant, request, actor);
  EXPECT_NE(at(send("GET", "/v1/keys/self", {.key = issued.text}), "/expires_at"), "null");
  ASSERT_OK(api.keys.revoke(&tenant, issued.key.id, actor));
  api.known_callers.doubt_all();
  EXPECT_EQ(send("GET", "/v1/keys/self", {.key = issued.text}).status, 401);
  EXPECT_EQ(send("GET", "/v1/keys/self", {.key = tenants::make_key(tenants::KeyKind::kLive)}).status, 401);
  EXPECT_EQ(send("GET", "/v1/keys/self").status, 401);
}

TEST_F(KeysApi, IssuersAreListedByTheirPublicKeys) {
  const std::string pem =
      "-----BEGIN PUBLIC KEY-----\\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\\n-----END PUBLIC "
      "KEY-----\\n";
  const auto body = R"({"issuer":"https://id.example","key_id":"k1","algorithm":"EdDSA","public_key":")" + pem +
                    R"(","audience":"kaogong","roles":["employee","rater"]})";
  const auto added = send("POST", "/v1/token-issuers", {.key = admin, .body = body});
  ASSERT_EQ(added.status, 201) << added.body;
  EXPECT_EQ(send("POST", "/v1/token-issuers", {.key = admin, .body = body}).status, 409);
  EXPECT_EQ(at(send("GET", "/v1/token-issuers", {.key = admin}), "/items/0/algorithm"), "EdDSA");
  auto wrong = body;
  wrong.replace(wrong.find("EdDSA"), 5, "RS256");
  EXPECT_EQ(at(send("POST", "/v1/token-issuers", {.key = admin, .body = wrong}), "/errors/0/pointer"), "/public_key");
  EXPECT_EQ(send("DELETE", "/v1/token-issuers/k1", {.key = admin}).status, 400);
  EXPECT_EQ(send("DELETE", "/v1/token-issuers/k1?issuer=https%3A%2F%2Fid.example", {.key = admin}).status, 204);
  EXPECT_EQ(at(send("GET", "/v1/token-issuers", {.key = admin}), "/items"), "0");
}

}  // namespace
}  // namespace kaogong::api::test
