#include "tenants/access/token_issuers.h"

#include "tests/tenants/database/tenant_fixture.h"

namespace kaogong::tenants::test {
namespace {

class TokenIssuersTest : public TenantTest {
 protected:
  TokenIssuers issuers{tenants};
  TokenIssuer asked{"https://id.example",
                    "k1",
                    TokenAlgorithm::kEs256,
                    "PEM",
                    "kaogong",
                    {AccessRole::kEmployee, AccessRole::kRater},
                    {},
                    {}};
};

TEST_F(TokenIssuersTest, AreOfOneTenant) {
  const auto mine = make_tenant(), other = make_tenant();
  ASSERT_OK(issuers.add(mine, asked, actor));
  EXPECT_EQ(code_of(issuers.add(mine, asked, actor)), "exists");
  ASSERT_OK(issuers.add(other, asked, actor));
  const auto listed = issuers.list(mine.id().text());
  ASSERT_OK(listed);
  ASSERT_EQ(listed->size(), 1u);
  EXPECT_EQ(listed->front().algorithm, TokenAlgorithm::kEs256);
  EXPECT_EQ(listed->front().roles, asked.roles);
  EXPECT_EQ(listed->front().created_by, actor.name);
  ASSERT_OK(issuers.remove(mine, "https://id.example", "k1", actor));
  EXPECT_EQ(code_of(issuers.remove(mine, "https://id.example", "k1", actor)), "not_found");
  EXPECT_EQ(issuers.list(other.id().text())->size(), 1u);
}

TEST_F(TokenIssuersTest, RefusesWhatIsOutOfBounds) {
  const auto tenant = make_tenant();
  const auto refused = [&](auto change) {
    auto one = asked;
    change(one);
    return code_of(issuers.add(tenant, one, actor));
  };
  EXPECT_EQ(refused([](TokenIssuer& i) { i.issuer.clear(); }), "invalid");
  EXPECT_EQ(refused([](TokenIssuer& i) { i.audience = std::string(kIssuerBytesMax + 1, 'x'); }), "invalid");
  EXPECT_EQ(refused([](TokenIssuer& i) { i.key_id = std::string(kTokenKeyIdBytesMax + 1, 'x'); }), "invalid");
  EXPECT_EQ(refused([](TokenIssuer& i) { i.public_key = std::string(kPublicKeyBytesMax + 1, 'x'); }), "invalid");
  EXPECT_EQ(refused([](TokenIssuer& i) { i.roles.clear(); }), "invalid");
  EXPECT_EQ(refused([](TokenIssuer& i) { i.roles = {AccessRole::kOperator}; }), "invalid");
}

TEST_F(TokenIssuersTest, GoWithTheTenant) {
  const auto tenant = make_tenant();
  ASSERT_OK(issuers.add(tenant, asked, actor));
  ASSERT_OK(registry.erase(tenant.id().text(), actor));
  EXPECT_EQ(issuers.list(tenant.id().text())->size(), 0u);
}

}  // namespace
}  // namespace kaogong::tenants::test
