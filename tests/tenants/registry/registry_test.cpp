#include "tenants/registry/registry.h"

#include "tenants/registry/migrations.h"
#include "tests/tenants/database/tenant_fixture.h"

namespace kaogong::tenants::test {
namespace {

class RegistryTest : public TenantTest {};

TEST_F(RegistryTest, IdsAreLowerCaseNames) {
  for (const char* bad : {"", "A", "1a", "a-b", "a b", "_a", "pg_x\"; DROP SCHEMA kaogong; --", "ä",
                          "a2345678901234567890123456789012345678901"}) {
    EXPECT_EQ(code_of(registry.create(bad, "Name", {}, actor)), "invalid") << bad;
    EXPECT_EQ(code_of(tenants.open(bad)), "invalid") << bad;
  }
  EXPECT_EQ(code_of(registry.create("valid", "", {}, actor)), "invalid");
  EXPECT_EQ(code_of(registry.create("valid", "Name", {.people_max = -1}, actor)), "invalid");
}

TEST_F(RegistryTest, AMissingTenantIsAnError) {
  EXPECT_EQ(code_of(tenants.open("nobody")), "not_found");
  EXPECT_EQ(code_of(registry.get("nobody")), "not_found");
  EXPECT_EQ(code_of(registry.suspend("nobody", "", actor)), "not_found");
  EXPECT_EQ(code_of(registry.resume("nobody", "", actor)), "not_found");
  EXPECT_EQ(code_of(registry.set_quotas("nobody", {}, actor)), "not_found");
  EXPECT_EQ(code_of(registry.erase("nobody", actor)), "not_found");
  EXPECT_EQ(code_of(registry.begin_export("nobody", actor)), "not_found");
}

TEST_F(RegistryTest, CreatesOpensAndLists) {
  const auto made = make_tenant({.people_max = 10, .stored_bytes_max = 1 << 20});
  const auto opened = tenants.open(made.id().text());
  ASSERT_OK(opened);
  EXPECT_EQ(opened->name(), "Tenant of a test");
  EXPECT_EQ(opened->quotas(), made.quotas());
  EXPECT_EQ(opened->created_at(), database.clock.now());
  EXPECT_EQ(code_of(registry.create(made.id().text(), "Again", {}, actor)), "exists");
  const auto all = registry.list("", kTenantsPageMax);
  ASSERT_OK(all);
  EXPECT_TRUE(std::any_of(all->begin(), all->end(), [&](const Tenant& t) { return t.id() == made.id(); }));
  EXPECT_OK(run_as(made, "SELECT 1"));
  EXPECT_OK(registry.set_quotas(made.id().text(), {.runs_per_day_max = 3}, actor));
  EXPECT_EQ(tenants.open(made.id().text())->quotas(), (Quotas{.runs_per_day_max = 3}));
}

TEST_F(RegistryTest, ATransactionNeedsAnActor) {
  const auto tenant = make_tenant();
  const auto body = [](TenantTransaction&) -> Result<Done> { return Done{}; };
  EXPECT_EQ(code_of(tenants.transact(tenant, Actor{""}, body)), "invalid");
  EXPECT_EQ(code_of(tenants.transact(tenant, Actor{std::string(kActorBytesMax + 1, 'x')}, body)), "invalid");
}

TEST_F(RegistryTest, AFailureOfTheBodyRollsBack) {
  const auto tenant = make_tenant();
  const auto failed = in(tenant, [](TenantTransaction& transaction) -> Result<Done> {
    transaction.take("numbers", 5);
    return conflict("no");
  });
  EXPECT_EQ(code_of(failed), "conflict");
  EXPECT_EQ(failed.failure().message, "no");
  const auto taken =
      in(tenant, [](TenantTransaction& transaction) -> Result<int64_t> { return transaction.taken("numbers"); });
  EXPECT_EQ(*taken, 0);
}

TEST_F(RegistryTest, SuspendedMeansThatNoTransactionBegins) {
  const auto tenant = make_tenant();
  ASSERT_OK(registry.suspend(tenant.id().text(), "unpaid", actor));
  ASSERT_OK(registry.suspend(tenant.id().text(), "unpaid", actor));
  EXPECT_EQ(code_of(tenants.open(tenant.id().text())), "suspended");
  // Also for one who opened it before: the role itself is out of reach.
  EXPECT_EQ(code_of(run_as(tenant, "SELECT 1")), "suspended");
  ASSERT_OK(registry.resume(tenant.id().text(), "paid", actor));
  EXPECT_OK(tenants.open(tenant.id().text()));
  EXPECT_OK(run_as(tenant, "SELECT 1"));
}

TEST_F(RegistryTest, ErasingLeavesNothingButTheRecord) {
  const auto tenant = make_tenant();
  ASSERT_OK(in(tenant, [](TenantTransaction& transaction) -> Result<Done> {
    transaction.audit("test", "nothing");
    return Done{};
  }));
  const auto erased = registry.erase(tenant.id().text(), actor);
  ASSERT_OK(erased);
  EXPECT_NE(erased->record.find("\"audit_log\":1"), std::string::npos) << erased->record;
  EXPECT_NE(erased->record.find("\"audit_seq\":1"), std::string::npos) << erased->record;
  EXPECT_EQ(value("SELECT count(*) FROM pg_namespace WHERE nspname = '" + tenant.schema().text() + "'"), "0");
  EXPECT_EQ(value("SELECT count(*) FROM pg_roles WHERE rolname = '" + tenant.role().text() + "'"), "0");
  EXPECT_EQ(value("SELECT name FROM kaogong.tenants WHERE tenant_id = '" + tenant.id().text() + "'"), "");
  EXPECT_EQ(code_of(tenants.open(tenant.id().text())), "not_found");
  EXPECT_EQ(code_of(run_as(tenant, "SELECT 1")), "suspended");
  EXPECT_EQ(code_of(registry.create(tenant.id().text(), "Again", {}, actor)), "exists");
  const auto again = registry.erase(tenant.id().text(), actor);
  ASSERT_OK(again);
  EXPECT_EQ(again->record, erased->record);
  EXPECT_EQ(again->erased_at, erased->erased_at);
}

TEST_F(RegistryTest, ErasingTakesAlsoWhatWaitsForWorkers) {
  const auto gone = make_tenant(), stays = make_tenant();
  for (const auto& tenant : {gone, stays}) {
    run_as_owner("INSERT INTO kaogong.run_queue VALUES ('" + tenant.id().text() + "', 1, 1, 10, now())");
    run_as_owner("INSERT INTO kaogong.tenant_service VALUES ('" + tenant.id().text() + "', 10)");
  }
  ASSERT_OK(registry.erase(gone.id().text(), actor));
  for (const std::string table : {"run_queue", "tenant_service"}) {
    const auto rows = [&](const Tenant& tenant) {
      return value("SELECT count(*) FROM kaogong." + table + " WHERE tenant_id = '" + tenant.id().text() + "'");
    };
    EXPECT_EQ(rows(gone), "0") << table;
    EXPECT_EQ(rows(stays), "1") << table;
  }
  run_as_owner("DELETE FROM kaogong.run_queue");
}

TEST_F(RegistryTest, ErasingGoesOnAfterACrash) {
  const auto tenant = make_tenant();
  // As a crash after the first of the two transactions leaves it.
  run_as_owner("REVOKE " + tenant.role().quoted() + " FROM kaogong_app");
  run_as_owner("UPDATE kaogong.tenants SET state = 'erasing' WHERE tenant_id = '" + tenant.id().text() + "'");
  EXPECT_EQ(code_of(tenants.open(tenant.id().text())), "suspended");
  EXPECT_EQ(code_of(registry.resume(tenant.id().text(), "", actor)), "conflict");
  EXPECT_OK(registry.erase(tenant.id().text(), actor));
  EXPECT_EQ(value("SELECT state FROM kaogong.tenants WHERE tenant_id = '" + tenant.id().text() + "'"), "erased");
}

TEST_F(RegistryTest, MigratingNamesTheTenantsThatCouldNotBe) {
  const auto good = make_tenant(), bad = make_tenant();
  run_as_owner("UPDATE " + bad.schema().quoted("migration") + " SET checksum = 'of another program'");
  const auto done = migrate_tenants(database.owner(), 2);
  ASSERT_OK(done);
  EXPECT_GE(done->tenants, 2u);
  EXPECT_EQ(done->changed, 0u);
  ASSERT_EQ(done->failed.size(), 1u);
  EXPECT_EQ(done->failed[0].id, bad.id());
  ASSERT_OK(registry.erase(bad.id().text(), actor));
  EXPECT_TRUE(migrate_tenants(database.owner(), 2)->failed.empty());
  EXPECT_TRUE(migrate_control(database.owner()).good());
}

TEST_F(RegistryTest, OperatorsAreOnRecord) {
  const auto tenant = make_tenant();
  ASSERT_OK(registry.suspend(tenant.id().text(), "unpaid", Actor{"operator:li"}));
  ASSERT_OK(registry.erase(tenant.id().text(), actor));
  const auto rows = tenants.transact_control([&](postgres::Transaction& sql) -> Result<std::vector<audit::Row>> {
    return audit::list(sql, operator_audit_log(), 0, audit::kRowsMax, tenant.id().text());
  });
  ASSERT_OK(rows);
  ASSERT_EQ(rows->size(), 4u);
  EXPECT_EQ((*rows)[0].entry.action, "tenant.create");
  EXPECT_EQ((*rows)[1].entry.action, "tenant.suspend");
  EXPECT_EQ((*rows)[1].entry.actor, "operator:li");
  EXPECT_EQ((*rows)[1].entry.detail, R"({"reason":"unpaid"})");
  EXPECT_EQ((*rows)[2].entry.action, "tenant.erase.begin");
  EXPECT_EQ((*rows)[3].entry.action, "tenant.erase");
  const auto verdict = tenants.transact_control(
      [&](postgres::Transaction& sql) -> Result<audit::Verdict> { return audit::verify(sql, operator_audit_log()); });
  EXPECT_FALSE(verdict->seq) << verdict->what;
}

}  // namespace
}  // namespace kaogong::tenants::test
