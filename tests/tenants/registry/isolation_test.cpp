// One tenant's role and another tenant's schema.
#include <thread>

#include "tests/tenants/database/tenant_fixture.h"

namespace kaogong::tenants::test {
namespace {

class RoleTest : public TenantTest {};

TEST_F(RoleTest, HasNoRightsOnAnotherSchema) {
  const auto one = make_tenant(), other = make_tenant();
  const auto tables = value("SELECT string_agg(relname, ' ') FROM pg_class WHERE relkind = 'r' AND relnamespace = '" +
                            other.schema().text() + "'::regnamespace");
  size_t at = 0;
  while (at < tables.size()) {
    const auto end = std::min(tables.find(' ', at), tables.size());
    const auto table = other.schema().quoted(tables.substr(at, end - at));
    for (const auto& sql :
         {"SELECT 1 FROM " + table, "DELETE FROM " + table, "INSERT INTO " + table + " DEFAULT VALUES"})
      EXPECT_EQ(code_of(run_as(one, sql)), "internal") << sql;
    at = end + 1;
  }
  for (const char* table : {"tenants", "api_keys", "operator_audit", "counters"})
    EXPECT_EQ(code_of(run_as(one, std::string("SELECT 1 FROM kaogong.") + table)), "internal") << table;
}

TEST_F(RoleTest, CannotBecomeAnother) {
  const auto one = make_tenant(), other = make_tenant();
  // PostgreSQL lets the login role choose again inside the transaction; the statement that would use it is not ours,
  // but what it could reach is bounded by this: there is no role that may read two tenants.
  EXPECT_EQ(value("SELECT count(*) FROM pg_roles r WHERE NOT rolsuper AND rolname NOT LIKE 'pg\\_%' AND "
                  "has_schema_privilege(r.oid, '" +
                  one.schema().text() +
                  "', 'USAGE') AND "
                  "has_schema_privilege(r.oid, '" +
                  other.schema().text() + "', 'USAGE')"),
            "0");
  // The login role itself inherits nothing.
  EXPECT_EQ(value("SELECT has_schema_privilege('kaogong_app', '" + one.schema().text() + "', 'USAGE')"), "false");
  EXPECT_EQ(value("SELECT has_schema_privilege('kaogong_control', '" + one.schema().text() + "', 'USAGE')"), "false");
}

TEST_F(RoleTest, OneConnectionServesTenantsInTurn) {
  const auto one = make_tenant(), other = make_tenant();
  auto options = database.application().options();
  options.connections_max = 1;
  options.transactions_max = 1'000'000;
  postgres::Pool pool(options);
  TenantDatabase narrow(pool, database.clock);
  const int rounds = std::getenv("KAOGONG_TEST_SHORT") != nullptr ? 500 : 5'000;
  for (int i = 0; i < rounds; ++i) {
    const auto& tenant = i % 2 == 0 ? one : other;
    const auto role = narrow.transact(tenant, actor, [&](TenantTransaction& transaction) -> Result<std::string> {
      transaction.take("turns");
      return std::string(transaction.sql().query("SELECT current_user::text").one().text(0));
    });
    ASSERT_OK(role);
    ASSERT_EQ(*role, tenant.role().text());
  }
  for (const auto* tenant : {&one, &other}) {
    const auto turns =
        in(*tenant, [](TenantTransaction& transaction) -> Result<int64_t> { return transaction.taken("turns"); });
    EXPECT_EQ(*turns, rounds / 2);
  }
}

}  // namespace
}  // namespace kaogong::tenants::test
