#include "tests/tenants/database/tenant_fixture.h"

#include <stdexcept>

#include "tenants/registry/migrations.h"
#include "tenants/registry/owner_transaction.h"

namespace kaogong::tenants::test {

Database::Database() {
  postgres::PoolOptions options;
  options.conninfo = owner_conninfo();
  owner_ = std::make_unique<postgres::Pool>(options);
  options.conninfo = application_conninfo();
  application_ = std::make_unique<postgres::Pool>(options);
  const auto made = migrate_control(*owner_);
  if (!made.good()) throw std::runtime_error(made.fault);
}

Database& Database::get() {
  static Database database;
  return database;
}

Tenant TenantTest::make_tenant(const Quotas& quotas) {
  static int made = 0;
  auto tenant = registry.create("t" + std::to_string(++made), "Tenant of a test", quotas, actor);
  if (!tenant) throw std::runtime_error(tenant.failure().message);
  return *tenant;
}

Result<Done> TenantTest::run_as(const Tenant& tenant, const std::string& text) {
  return in(tenant, [&](TenantTransaction& transaction) -> Result<Done> {
    transaction.sql().execute(text);
    return Done{};
  });
}

std::string TenantTest::value(const std::string& text) {
  const auto found = transact_as_owner(database.owner(), [&](postgres::Transaction& sql) -> Result<std::string> {
    const auto rows = sql.query("SELECT (" + text + ")::text");
    return std::string(rows.one().optional_text(0).value_or("null"));
  });
  return found.ok() ? *found : found.failure().message;
}

void TenantTest::run_as_owner(const std::string& text) {
  const auto done = transact_as_owner(database.owner(), [&](postgres::Transaction& sql) -> Result<Done> {
    sql.execute(text);
    return Done{};
  });
  ASSERT_OK(done);
}

}  // namespace kaogong::tenants::test
