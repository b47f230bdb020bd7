#include "tenants/registry/migrations.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "tenants/registry/embedded_sql.h"
#include "tenants/registry/owner_transaction.h"
#include "tenants/registry/tenant_rows.h"

namespace kaogong::tenants {

namespace {

/// What came after the first version, which is the SQL of all other rooms. It is appended to, and never changed.
struct Later {
  std::string_view sql;   // its name
  std::string_view name;  // of the migration
  bool of_control = false, of_tenants = false;
};
constexpr Later kLater[] = {
    {"access/token_issuers", "token issuers", true, false},
    {"idempotency/idempotency", "answers by idempotency key", true, true},
    {"runs/keep_snapshots", "which snapshots may go", true, false},
    {"freeze/snapshots_may_go", "snapshots may go", false, true},
    {"webhooks/control", "queue of webhooks", true, false},
    {"webhooks/webhooks", "webhooks", false, true},
};

bool is_control(const embedded::SqlText& text) { return text.name.ends_with("/control"); }

bool is_later(const embedded::SqlText& text) {
  return std::any_of(std::begin(kLater), std::end(kLater), [&](const Later& later) { return later.sql == text.name; });
}

std::string sql_of(std::string_view name) {
  for (const auto& text : embedded::sql_texts())
    if (text.name == name) return std::string(text.sql);
  return {};  // refused by Migrations
}

migrate::Migrations migrations_of(bool control) {
  std::string first;
  for (const auto& text : embedded::sql_texts()) {
    if (is_control(text) == control && !is_later(text)) first += text.sql;
  }
  std::vector<migrate::Migration> steps = {{1, control ? "control schema" : "tables of a tenant", std::move(first)}};
  for (const auto& later : kLater) {
    if (control ? later.of_control : later.of_tenants)
      steps.push_back({static_cast<int64_t>(steps.size()) + 1, std::string(later.name), sql_of(later.sql)});
  }
  return migrate::Migrations(std::move(steps));
}

migrate::Target target_of(const Tenant& tenant) { return {tenant.schema(), tenant.role()}; }

}  // namespace

migrate::Migrator control_migrator(postgres::Pool& owner) {
  return migrate::Migrator(owner, migrations_of(true), {.create_schema = true});
}

migrate::Migrator tenant_migrator(postgres::Pool& owner) {
  return migrate::Migrator(owner, migrations_of(false), {.create_schema = true});
}

migrate::Result migrate_control(postgres::Pool& owner) {
  return control_migrator(owner).migrate({postgres::SchemaName("kaogong"), postgres::Role("kaogong_control")});
}

migrate::Result check_control(postgres::Pool& owner) {
  return control_migrator(owner).check(postgres::SchemaName("kaogong"));
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
