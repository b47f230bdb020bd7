#include "tenants/access/roles.h"

#include <gtest/gtest.h>

#include <set>

namespace kaogong::tenants {
namespace {

TEST(Roles, TextsComeBack) {
  for (int i = 0; i <= static_cast<int>(AccessRole::kExecutive); ++i) {
    const auto role = static_cast<AccessRole>(i);
    EXPECT_EQ(parse_role(to_text(role)), role);
  }
  std::set<std::string_view> texts;
  for (size_t i = 0; i < kScopes; ++i) {
    const auto scope = static_cast<Scope>(i);
    EXPECT_EQ(parse_scope(to_text(scope)), scope);
    texts.insert(to_text(scope));
  }
  EXPECT_EQ(texts.size(), kScopes);
  EXPECT_FALSE(parse_role("root"));
  EXPECT_FALSE(parse_scope("everything"));
}

TEST(Roles, NobodyMayMoreThanTheTenantsAdministratorButOperators) {
  for (const auto role : {AccessRole::kHr, AccessRole::kRater, AccessRole::kEmployee, AccessRole::kExecutive})
    EXPECT_TRUE(scopes_of(role).within(scopes_of(AccessRole::kTenantAdmin))) << to_text(role);
  EXPECT_FALSE(scopes_of(AccessRole::kTenantAdmin).has(Scope::kTenantsManage));
  // An operator runs the installation and sees nobody's pay.
  EXPECT_FALSE(scopes_of(AccessRole::kOperator).has(Scope::kResultsRead));
  EXPECT_FALSE(scopes_of(AccessRole::kOperator).has(Scope::kPeopleRead));
  EXPECT_EQ(scopes_of(AccessRole::kEmployee), Scopes{Scope::kResultsOwn});
  // Who calculates does not approve.
  EXPECT_FALSE(scopes_of(AccessRole::kHr).has(Scope::kRunsApprove));
  EXPECT_FALSE(scopes_of(AccessRole::kHr).has(Scope::kSchemesPublish));
}

}  // namespace
}  // namespace kaogong::tenants
