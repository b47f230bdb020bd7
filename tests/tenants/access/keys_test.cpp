#include "tenants/access/keys.h"

#include "tests/tenants/database/tenant_fixture.h"

namespace kaogong::tenants::test {
namespace {

using std::chrono::hours;

class KeysTest : public TenantTest {
 protected:
  int64_t hours_us(int count) { return std::chrono::microseconds{hours{count}}.count(); }
  ApiKeys keys{tenants};
};

TEST_F(KeysTest, AKeyVerifiesAsWhatItIs) {
  const auto tenant = make_tenant();
  const auto issued =
      keys.create(&tenant, {.role = AccessRole::kRater, .employee = "E7", .label = "paper forms"}, actor);
  ASSERT_OK(issued);
  const auto verified = keys.verify(issued->text);
  ASSERT_OK(verified);
  EXPECT_EQ(verified->id, issued->key.id);
  EXPECT_EQ(verified->tenant, tenant.id());
  EXPECT_EQ(verified->role, AccessRole::kRater);
  EXPECT_EQ(verified->employee, "E7");
  EXPECT_EQ(verified->scopes, scopes_of(AccessRole::kRater));
  // What is stored says nothing of the secret.
  EXPECT_EQ(value("SELECT count(*) FROM kaogong.api_keys k WHERE k::text LIKE '%" + issued->text.substr(21, 32) + "%'"),
            "0");
}

TEST_F(KeysTest, WrongKeysAreRefusedAlike) {
  const auto tenant = make_tenant();
  const auto issued = keys.create(&tenant, {}, actor);
  ASSERT_OK(issued);
  EXPECT_EQ(code_of(keys.verify("")), "unauthenticated");
  EXPECT_EQ(code_of(keys.verify("' OR 1=1 --")), "unauthenticated");
  const auto unknown = keys.verify(make_key(KeyKind::kLive));
  EXPECT_EQ(code_of(unknown), "unauthenticated");
  // The right id with another secret: well-formed, with a good checksum.
  const auto other = keys.create(&tenant, {}, actor);
  run_as_owner("UPDATE kaogong.api_keys SET hash = sha256('x') WHERE key_id = '" + other->key.id + "'");
  const auto wrong = keys.verify(other->text);
  EXPECT_EQ(code_of(wrong), "unauthenticated");
  EXPECT_EQ(wrong.failure().message, unknown.failure().message);
}

TEST_F(KeysTest, RequestsAreChecked) {
  const auto tenant = make_tenant();
  EXPECT_EQ(code_of(keys.create(&tenant, {.role = AccessRole::kOperator}, actor)), "invalid");
  EXPECT_EQ(code_of(keys.create(nullptr, {.role = AccessRole::kHr}, actor)), "invalid");
  EXPECT_EQ(code_of(keys.create(&tenant, {.role = AccessRole::kEmployee}, actor)), "invalid");
  EXPECT_EQ(code_of(keys.create(&tenant, {.role = AccessRole::kHr, .employee = "E1"}, actor)), "invalid");
  EXPECT_EQ(code_of(keys.create(&tenant, {.role = AccessRole::kHr, .scopes = {Scope::kRunsApprove}}, actor)),
            "invalid");
  EXPECT_EQ(code_of(keys.create(&tenant, {.expires_at = database.clock.now()}, actor)), "invalid");
  EXPECT_OK(keys.create(nullptr, {.role = AccessRole::kOperator}, actor));
}

TEST_F(KeysTest, ExpiredRevokedAndSuspendedKeysEnd) {
  const auto tenant = make_tenant();
  const auto expiring = keys.create(&tenant, {.expires_at = database.clock.now() + hours{1}}, actor);
  EXPECT_OK(keys.verify(expiring->text));
  database.clock.advance(hours{1});
  EXPECT_EQ(code_of(keys.verify(expiring->text)), "unauthenticated");
  const auto key = keys.create(&tenant, {}, actor);
  ASSERT_OK(registry.suspend(tenant.id().text(), "", actor));
  EXPECT_EQ(code_of(keys.verify(key->text)), "suspended");
  ASSERT_OK(registry.resume(tenant.id().text(), "", actor));
  EXPECT_OK(keys.verify(key->text));
  ASSERT_OK(keys.revoke(&tenant, key->key.id, actor));
  ASSERT_OK(keys.revoke(&tenant, key->key.id, actor));
  EXPECT_EQ(code_of(keys.verify(key->text)), "unauthenticated");
  EXPECT_EQ(code_of(keys.rotate(&tenant, key->key.id, 0, actor)), "conflict");
}

TEST_F(KeysTest, RotationOverlaps) {
  const auto tenant = make_tenant();
  const auto old = keys.create(&tenant, {.kind = KeyKind::kTest, .scopes = {Scope::kInputsWrite}}, actor);
  const auto next = keys.rotate(&tenant, old->key.id, hours_us(24), actor);
  ASSERT_OK(next);
  EXPECT_TRUE(next->text.starts_with("kg_test_"));
  EXPECT_EQ(next->key.replaces, old->key.id);
  EXPECT_EQ(next->key.scopes, Scopes{Scope::kInputsWrite});
  EXPECT_OK(keys.verify(old->text));
  database.clock.advance(hours{24});
  EXPECT_EQ(code_of(keys.verify(old->text)), "unauthenticated");
  EXPECT_OK(keys.verify(next->text));
  EXPECT_EQ(keys.list(&tenant)->size(), 2u);
}

TEST_F(KeysTest, AnotherTenantsKeysAreNotThere) {
  const auto one = make_tenant(), other = make_tenant();
  const auto key = keys.create(&one, {}, actor);
  EXPECT_EQ(code_of(keys.revoke(&other, key->key.id, actor)), "not_found");
  EXPECT_EQ(code_of(keys.rotate(&other, key->key.id, 0, actor)), "not_found");
  EXPECT_EQ(code_of(keys.revoke(nullptr, key->key.id, actor)), "not_found");
  EXPECT_TRUE(keys.list(&other)->empty());
  EXPECT_EQ(code_of(keys.get(&other, key->key.id)), "not_found");
  EXPECT_EQ(code_of(keys.get(nullptr, key->key.id)), "not_found");
  EXPECT_EQ(keys.get(&one, key->key.id)->tenant, one.id());
  EXPECT_OK(keys.verify(key->text));
}

TEST_F(KeysTest, ErasingATenantTakesItsKeys) {
  const auto tenant = make_tenant();
  const auto first = keys.create(&tenant, {}, actor);
  const auto second = keys.rotate(&tenant, first->key.id, hours_us(1), actor);
  const auto erased = registry.erase(tenant.id().text(), actor);
  ASSERT_OK(erased);
  EXPECT_NE(erased->record.find("\"keys\":2"), std::string::npos);
  EXPECT_EQ(code_of(keys.verify(second->text)), "unauthenticated");
}

}  // namespace
}  // namespace kaogong::tenants::test
