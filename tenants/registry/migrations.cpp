#include "tenants/registry/migrations.h"

#include <string_view>
#include <utility>

#include "tenants/registry/embedded_sql.h"
#include "tenants/registry/owner_transaction.h"
#include "tenants/registry/tenant_rows.h"

namespace kaogong::tenants {

namespace {

bool is_control(const embedded::SqlText& text) { return text.name.ends_with("/control"); }

// The first version is the SQL of all rooms; what comes later is appended here, and never changed.
migrate::Migrations control_migrations() {
  std::string first;
  for (const auto& text : embedded::sql_texts()) {
    if (is_control(text)) first += text.sql;
  }
  return migrate::Migrations({{1, "control schema", std::move(first)}});
}

migrate::Migrations tenant_migrations() {
  std::string first;
  for (const auto& text : embedded::sql_texts()) {
    if (!is_control(text)) first += text.sql;
  }
  return migrate::Migrations({{1, "tables of a tenant", std::move(first)}});
}

migrate::Target target_of(const Tenant& tenant) { return {tenant.schema(), tenant.role()}; }

}  // namespace

migrate::Migrator control_migrator(postgres::Pool& owner) {
  return migrate::Migrator(owner, control_migrations(), {.create_schema = true});
}

migrate::Migrator tenant_migrator(postgres::Pool& owner) {
  return migrate::Migrator(owner, tenant_migrations(), {.create_schema = true});
}

migrate::Result migrate_control(postgres::Pool& owner) {
  return control_migrator(owner).migrate({postgres::SchemaName("kaogong"), postgres::Role("kaogong_control")});
}

Result<TenantsMigrated> migrate_tenants(postgres::Pool& owner, int parallel,
                                        const std::function<void(const migrate::Progress&)>& on_progress,
                                        const std::stop_token& stop) {
  std::vector<Tenant> tenants;
  for (std::string after;;) {
    const auto page = transact_as_owner(owner, [&](postgres::Transaction& sql) -> Result<std::vector<Tenant>> {
      return list_tenants(sql, after, kTenantsPageMax);
    });
    if (!page) return page.failure();
    for (const auto& tenant : *page) {
      if (tenant.state() != TenantState::kErasing) tenants.push_back(tenant);
    }
    if (page->size() < static_cast<size_t>(kTenantsPageMax)) break;
    after = page->back().id().text();
  }
  std::vector<migrate::Target> targets;
  targets.reserve(tenants.size());
  for (const auto& tenant : tenants) targets.push_back(target_of(tenant));
  const auto results = tenant_migrator(owner).migrate_all(targets, parallel, on_progress, stop);
  TenantsMigrated done{tenants.size(), 0, {}};
  for (size_t i = 0; i < results.size(); ++i) {
    if (!results[i].good()) done.failed.push_back({tenants[i].id(), results[i].fault});
    if (results[i].to > results[i].from) ++done.changed;
  }
  return done;
}

Result<Done> provision(postgres::Pool& owner, postgres::Transaction& sql, const Tenant& tenant) {
  const auto role = tenant.role().quoted();
  sql.execute_script("CREATE ROLE " + role + " NOLOGIN; GRANT " + role + " TO kaogong_app");
  const auto made = tenant_migrator(owner).migrate_in(&sql, target_of(tenant));
  if (!made.good()) return Failure{FailureCode::kInternal, "the tables cannot be made: " + made.fault};
  return Done{};
}

void unprovision(postgres::Transaction& sql, const Tenant& tenant) {
  sql.execute_script("DROP SCHEMA IF EXISTS " + tenant.schema().quoted() + " CASCADE; DROP ROLE IF EXISTS " +
                     tenant.role().quoted());
}

}  // namespace kaogong::tenants
