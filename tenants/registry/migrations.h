// The tables of the control schema and of a tenant's, assembled from the SQL of the rooms that mean them.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "infra/migrate/migrator.h"
#include "infra/postgres/pool.h"
#include "infra/postgres/transaction.h"
#include "tenants/registry/result.h"
#include "tenants/registry/tenant.h"

namespace kaogong::tenants {

/// What brings the control schema, and what brings a tenant's, to this program's version. `owner`: connections of the
/// role that owns them and may create roles.
migrate::Migrator control_migrator(postgres::Pool& owner);
migrate::Migrator tenant_migrator(postgres::Pool& owner);

/// Brings the control schema, which is made if it is not there, to this program's version.
migrate::Result migrate_control(postgres::Pool& owner);

/// Whether it is at this program's version, without changing anything.
migrate::Result check_control(postgres::Pool& owner);

/// A tenant whose schema could not be brought to this program's version.
struct NotMigrated {
  TenantId id;
  std::string fault;
};
struct TenantsMigrated {
  size_t tenants = 0, changed = 0;
  std::vector<NotMigrated> failed;
};
/// Brings the schemas of all tenants there, suspended ones too, `parallel` at a time, each in a transaction of its own:
/// what an earlier call did not come to is done by the next. Arguments as of migrate::Migrator::migrate_all.
Result<TenantsMigrated> migrate_tenants(postgres::Pool& owner, int parallel,
                                        const std::function<void(const migrate::Progress&)>& on_progress = {},
                                        const std::stop_token& stop = {});

/// Makes role, schema and tables of a tenant, and lets the application be the role.
Result<Done> provision(postgres::Pool& owner, postgres::Transaction& sql, const Tenant& tenant);
/// Drops them.
void unprovision(postgres::Transaction& sql, const Tenant& tenant);

}  // namespace kaogong::tenants
