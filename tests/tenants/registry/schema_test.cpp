// What a tenant's schema is made of, and what its role may do.
#include "tenants/registry/owner_transaction.h"
#include "tests/tenants/database/tenant_fixture.h"

namespace kaogong::tenants::test {
namespace {

class SchemaTest : public TenantTest {};

constexpr int kTablesMax = 24;  // one of them says which migrations were applied

TEST_F(SchemaTest, HasFewRelations) {
  const auto tenant = make_tenant();
  const std::string of = " FROM pg_class WHERE relnamespace = '" + tenant.schema().text() + "'::regnamespace AND ";
  EXPECT_LE(std::stoi(value("SELECT count(*)" + of + "relkind = 'r'")), kTablesMax);
  // Nothing but tables and their indexes: no sequences, views, types of their own, partitions.
  EXPECT_EQ(value("SELECT count(*)" + of + "relkind NOT IN ('r', 'i')"), "0");
  EXPECT_LE(std::stoi(value("SELECT count(*)" + of + "relkind = 'i'")), kTablesMax + 8);
  EXPECT_EQ(value("SELECT count(*) FROM pg_proc WHERE pronamespace = '" + tenant.schema().text() + "'::regnamespace"),
            "0");
  // No foreign key leads out of it.
  EXPECT_EQ(
      value("SELECT count(*) FROM pg_constraint k JOIN pg_class c ON c.oid = k.confrelid WHERE k.connamespace = '" +
            tenant.schema().text() + "'::regnamespace AND c.relnamespace <> k.connamespace"),
      "0");
}

TEST_F(SchemaTest, RolesOwnNothing) {
  const auto tenant = make_tenant();
  EXPECT_EQ(value("SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname IN ('" +
                  tenant.role().text() + "', 'kaogong_app', 'kaogong_control')"),
            "0");
  EXPECT_EQ(
      value("SELECT bool_or(rolcanlogin OR rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls) FROM pg_roles "
            "WHERE rolname IN ('" +
            tenant.role().text() + "', 'kaogong_control')"),
      "false");
  EXPECT_EQ(value("SELECT rolinherit OR rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = 'kaogong_app'"),
            "false");
}

TEST_F(SchemaTest, ARoleChangesNoDefinitionAndEmptiesNoTable) {
  const auto tenant = make_tenant();
  const auto schema = tenant.schema().quoted();
  const auto tables = value("SELECT string_agg(relname, ' ') FROM pg_class WHERE relkind = 'r' AND relnamespace = '" +
                            tenant.schema().text() + "'::regnamespace");
  size_t at = 0;
  int seen = 0;
  while (at < tables.size()) {
    const auto end = std::min(tables.find(' ', at), tables.size());
    const auto table = schema + "." + tables.substr(at, end - at);
    EXPECT_EQ(code_of(run_as(tenant, "TRUNCATE " + table)), "internal") << table;
    EXPECT_EQ(code_of(run_as(tenant, "DROP TABLE " + table)), "internal") << table;
    EXPECT_EQ(code_of(run_as(tenant, "ALTER TABLE " + table + " DISABLE TRIGGER ALL")), "internal") << table;
    EXPECT_OK(run_as(tenant, "SELECT 1 FROM " + table + " LIMIT 1"));
    at = end + 1;
    ++seen;
  }
  EXPECT_GE(seen, 13);
  EXPECT_EQ(code_of(run_as(tenant, "CREATE TABLE " + schema + ".more (a int)")), "internal");
  EXPECT_EQ(code_of(run_as(tenant, "CREATE FUNCTION " + schema + ".f() RETURNS int LANGUAGE sql AS 'SELECT 1'")),
            "internal");
}

TEST_F(SchemaTest, AppendOnlyTablesOnlyGrow) {
  const auto tenant = make_tenant();
  for (const char* name : {"audit_log", "entry_changes", "ledger_entries"}) {
    const auto table = tenant.schema().quoted(name);
    EXPECT_EQ(code_of(run_as(tenant, "DELETE FROM " + table)), "internal") << name;
    EXPECT_EQ(code_of(run_as(tenant, "UPDATE " + table + " SET actor = 'me'")), "internal") << name;
    // Not even the owner, unless the trigger is taken away first.
    const auto failed = transact_as_owner(database.owner(), [&](postgres::Transaction& sql) -> Result<Done> {
      sql.execute("DELETE FROM " + table);
      return Done{};
    });
    EXPECT_EQ(code_of(failed), "conflict") << name;
  }
}

}  // namespace
}  // namespace kaogong::tenants::test
