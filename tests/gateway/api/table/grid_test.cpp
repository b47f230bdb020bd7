// Every route, for callers of every role, of the own tenant and another.
#include <string>
#include <vector>

#include "tests/gateway/api/table/samples.h"
#include "tests/gateway/api/table/served.h"

namespace kaogong::api::test {
namespace {

using http::Access;
using tenants::AccessRole;

constexpr AccessRole kRoles[] = {AccessRole::kOperator, AccessRole::kTenantAdmin, AccessRole::kHr,
                                 AccessRole::kRater,    AccessRole::kEmployee,    AccessRole::kExecutive};

class GridTest : public ServedApiTest {
 protected:
  http::Response ask(const Sample& sample, const std::string& key, const std::string& tenant = {}) {
    Say say{.key = key, .body = sample.body};
    if (!tenant.empty()) say.fields.push_back({"kaogong-tenant", tenant});
    if (sample.if_match) say.fields.push_back({"if-match", "\"nothing\""});
    auto target = sample.target;
    if (const auto gap = target.find("…"); gap != std::string::npos)
      target.replace(gap, std::string_view("…").size(), "kg_live_none");
    return send(http::to_text(sample.route->method), target, say);
  }
  static bool may(const http::Route& route, AccessRole role) {
    if (route.access == Access::kOperator && role != AccessRole::kOperator) return false;
    const auto scopes = tenants::scopes_of(role);
    return !route.scope || scopes.has(*route.scope) || (route.or_scope && scopes.has(*route.or_scope));
  }
  /// Whether the caller's rights end at what is his own.
  static bool only_own(const http::Route& route, AccessRole role) {
    return route.or_scope && !tenants::scopes_of(role).has(*route.scope);
  }
};

TEST_F(GridTest, RolesMayWhatTheirScopesSay) {
  for (const auto role : kRoles) {
    const auto tenant = make_tenant();
    const auto key = role == AccessRole::kOperator ? operator_key() : key_of(tenant, role);
    const auto named = role == AccessRole::kOperator ? tenant.id().text() : std::string();
    for (const auto& sample : samples(api.routes)) {
      const auto& route = *sample.route;
      const auto what = std::string(route.operation_id) + " as " + std::string(to_text(role));
      const auto answered = ask(sample, key, named);
      EXPECT_LT(answered.status, 500) << what << ": " << answered.body;
      if (answered.status >= 400) {
        EXPECT_EQ(fault_of_problem(answered), "") << what;
      }
      if (route.access == Access::kPublic) {
        EXPECT_TRUE(answered.status == 200 || answered.status == 404) << what;
      } else if (!may(route, role)) {
        EXPECT_EQ(answered.status, 403) << what << ": " << answered.body;
      } else if (!only_own(route, role)) {
        EXPECT_NE(answered.status, 401) << what << ": " << answered.body;
        EXPECT_NE(answered.status, 403) << what << ": " << answered.body;
      } else {
        // 412: there is no version of his own that could be changed.
        EXPECT_TRUE(answered.status == 403 || answered.status == 404 || answered.status == 412)
            << what << ": " << answered.body;
      }
    }
  }
}

TEST_F(GridTest, WhoIsNotKnownGetsNothing) {
  for (const auto& sample : samples(api.routes)) {
    if (sample.route->access == Access::kPublic) continue;
    for (const std::string& key : {std::string(), std::string("kg_live_wrong"),
                                   tenants::make_key(tenants::KeyKind::kLive), std::string("a.b.c")})
      EXPECT_EQ(ask(sample, key).status, 401) << sample.route->operation_id;
  }
}

TEST_F(GridTest, OperatorsSayWhichTenant) {
  const auto key = operator_key();
  for (const auto& sample : samples(api.routes)) {
    if (sample.route->access != Access::kTenant) continue;
    EXPECT_EQ(ask(sample, key).status, may(*sample.route, AccessRole::kOperator) ? 400 : 403)
        << sample.route->operation_id;
    if (may(*sample.route, AccessRole::kOperator)) {
      EXPECT_EQ(ask(sample, key, "nobody").status, 404);
    }
  }
}

TEST_F(GridTest, AKeyIsOfOneTenant) {
  const auto mine = make_tenant(), other = make_tenant();
  const auto key = key_of(other, AccessRole::kTenantAdmin);
  for (const auto& sample : samples(api.routes))
    if (sample.route->access == Access::kTenant) {
      EXPECT_EQ(ask(sample, key, mine.id().text()).status, 403) << sample.route->operation_id;
    }
}

TEST_F(GridTest, NothingOfAnotherTenantIsSeenOrChanged) {
  const auto mine = make_tenant(), other = make_tenant();
  const auto admin = key_of(mine, AccessRole::kTenantAdmin), stranger = key_of(other, AccessRole::kTenantAdmin);
  // Everything that the examples make, in one tenant.
  for (const auto& sample : samples(api.routes)) {
    if (!sample.needs.empty() || sample.route->access != Access::kTenant ||
        sample.route->method == http::Method::kDelete)
      continue;
    Say say{.key = admin, .body = sample.body};
    if (sample.if_match) say.fields.push_back({"if-match", "*"});
    send(http::to_text(sample.route->method), sample.target, say);
  }
  ASSERT_EQ(send("GET", "/v1/people/E1001?on=2026-10-01", {.key = admin}).status, 200);
  const auto before = value("SELECT count(*) FROM " + mine.schema().quoted("audit_log"));
  for (const auto& sample : samples(api.routes)) {
    const auto& route = *sample.route;
    if (route.access != Access::kTenant) continue;
    const bool names_something = route.pattern.find('{') != std::string_view::npos && sample.room != "ledgers" &&
                                 !route.pattern.starts_with("/v1/templates/") &&
                                 !route.pattern.starts_with("/v1/periods") && !(route.method == http::Method::kPut);
    // What would make the stranger something of his own is left out.
    if (!names_something && route.method != http::Method::kGet) continue;
    const auto answered = ask(sample, stranger);
    if (names_something) {
      // What is not there has no version that it could be changed from, and takes no body.
      EXPECT_TRUE(answered.status == 404 || answered.status == 412 || answered.status == 415)
          << route.operation_id << ": " << answered.body;
    }
    if (route.method != http::Method::kGet) continue;
    for (const std::string secret : {"E1001", "张三", "KITCHEN", "payroll system", "opening-E1001"})
      if (sample.target.find(secret) == std::string::npos) {
        EXPECT_EQ(answered.body.find(secret), std::string::npos) << route.operation_id;
      }
  }
  EXPECT_EQ(value("SELECT count(*) FROM " + mine.schema().quoted("audit_log")), before);
}

}  // namespace
}  // namespace kaogong::api::test
