// SQL of the application's role, over every table that the catalog has: other tenants' and what a run came to.
#include <algorithm>

#include "tenants/registry/owner_transaction.h"
#include "tests/tenants/isolation/two_companies.h"

namespace kaogong::tenants::test {
namespace {

struct Table {
  std::string name, quoted;  // runs, "kg_acme"."runs"
  std::vector<std::string> columns;
  bool has(const std::string& column) const {
    return std::find(columns.begin(), columns.end(), column) != columns.end();
  }
};

class RoleSql : public TwoCompaniesTest {
 protected:
  std::vector<Table> tables_of(const std::string& schema) {
    const auto found =
        transact_as_owner(database.owner(), [&](postgres::Transaction& sql) -> Result<std::vector<Table>> {
          std::vector<Table> tables;
          for (const auto row : sql.query("SELECT c.relname::text, a.attname::text FROM pg_catalog.pg_class c JOIN "
                                          "pg_catalog.pg_attribute a ON "
                                          "a.attrelid = c.oid WHERE c.relkind IN ('r', 'v', 'm', 'p') AND a.attnum > 0 "
                                          "AND NOT a.attisdropped AND "
                                          "c.relnamespace = $1::regnamespace ORDER BY c.relname, a.attnum",
                                          {schema})) {
            if (tables.empty() || tables.back().name != row.text(0))
              tables.push_back({std::string(row.text(0)), postgres::SchemaName(schema).quoted(row.text(0)), {}});
            tables.back().columns.emplace_back(row.text(1));
          }
          return tables;
        });
    EXPECT_OK(found);
    return *found;
  }
  /// Why a statement is refused to a tenant's role (null: to the login itself); "done" if it is not.
  std::string refusal(const Tenant* as, const std::string& text) {
    const auto body = [&](postgres::Transaction& sql) { sql.execute(text); };
    const auto committed = as == nullptr ? postgres::transact_as_login_role(database.application(), {}, body)
                                         : postgres::transact(database.application(), as->role(), {}, body);
    return committed.committed() ? "done" : std::string(postgres::to_text(committed.error->code()));
  }
  static std::vector<std::string> statements(const Table& table) {
    const auto column = "\"" + table.columns.front() + "\"";
    return {"SELECT FROM " + table.quoted,
            "SELECT " + column + " FROM " + table.quoted + " FOR UPDATE",
            "INSERT INTO " + table.quoted + " DEFAULT VALUES",
            "UPDATE " + table.quoted + " SET " + column + " = DEFAULT",
            "DELETE FROM " + table.quoted,
            "TRUNCATE " + table.quoted,
            "LOCK TABLE " + table.quoted + " IN ACCESS SHARE MODE",
            "COPY " + table.quoted + " TO STDOUT",
            "CREATE INDEX ON " + table.quoted + " (" + column + ")",
            "ALTER TABLE " + table.quoted + " DISABLE TRIGGER ALL",
            "DROP TABLE " + table.quoted};
  }
};

TEST_F(RoleSql, ReachesNoTableOfAnotherTenantOrOfTheControlSchema) {
  const auto before = everything_of(owner);
  size_t seen = 0;
  for (const auto& schema : {owner.schema().text(), std::string("kaogong")}) {
    for (const auto& table : tables_of(schema)) {
      for (const auto& statement : statements(table))
        EXPECT_EQ(refusal(&stranger, statement), "permission_denied") << statement;
      ++seen;
    }
  }
  EXPECT_GE(seen, 28u);
  EXPECT_EQ(everything_of(owner), before);
  EXPECT_EQ(refusal(&owner, "SELECT FROM " + owner.schema().quoted("runs")), "done");
}

TEST_F(RoleSql, ReachesNothingWithoutATenant) {
  for (const auto& schema : {owner.schema().text(), stranger.schema().text(), std::string("kaogong")})
    for (const auto& table : tables_of(schema))
      for (const auto& statement : statements(table))
        EXPECT_EQ(refusal(nullptr, statement), "permission_denied") << statement;
  EXPECT_EQ(code_of(tenants.open("")), "invalid");
  EXPECT_EQ(code_of(tenants.open("nobody")), "not_found");
}

TEST_F(RoleSql, ChangesNothingOfAnApprovedRun) {
  const auto approved = get(owner, foreign.calculated.id);
  ASSERT_OK(steps.approve(owner, actor, approved.id));
  const auto before = everything_of(owner);
  const auto expect_refused = [&](const std::string& statement) {
    const auto why = refusal(&owner, statement);
    EXPECT_TRUE(why == "permission_denied" || why == "raised") << statement << ": " << why;
  };
  std::vector<std::string> seen;
  for (const auto& table : tables_of(owner.schema().text())) {
    if (!table.has("run_id")) continue;
    for (const auto& run : {approved.id, foreign.published.id}) {
      const auto where = " WHERE run_id = " + std::to_string(runs::number_of(run));
      const auto there = value("SELECT count(*) FROM " + table.quoted + where);
      if (there == "0") continue;
      seen.push_back(table.name);
      std::string more;  // rows like those that are there, with other keys
      for (const auto& column : table.columns) {
        // The pointer may show another published run of its scheme and period: it is no part of a run.
        if (table.name != "publications")
          expect_refused("UPDATE " + table.quoted + " SET \"" + column + "\" = \"" + column + "\"" + where);
        more += more.empty() ? "" : ", ";
        more += column;
        if (column == "seq" || (table.name == "run_chunks" && column == "chunk")) more += " + 1000";
        if (column == "first_employee") more += " || 'x'";
      }
      expect_refused("DELETE FROM " + table.quoted + where);
      if (table.has("chunk"))
        expect_refused("INSERT INTO " + table.quoted + " SELECT " + more + " FROM " + table.quoted + where);
    }
  }
  for (const char* name : {"runs", "run_chunks", "results", "rejects", "publications", "ledger_entries"})
    EXPECT_TRUE(std::find(seen.begin(), seen.end(), name) != seen.end()) << name;
  // What it was computed from.
  for (const char* name : {"snapshots", "snapshot_chunks"})
    expect_refused("DELETE FROM " + owner.schema().quoted(name));
  expect_refused("UPDATE " + owner.schema().quoted("snapshots") + " SET watermark = 0");
  expect_refused("UPDATE " + owner.schema().quoted("snapshot_chunks") + " SET bytes = ''");
  expect_refused("UPDATE " + owner.schema().quoted("scheme_versions") + " SET document = document WHERE version > 0");
  expect_refused("DELETE FROM " + owner.schema().quoted("scheme_versions") + " WHERE version > 0");
  EXPECT_EQ(everything_of(owner), before);
}

}  // namespace
}  // namespace kaogong::tenants::test
