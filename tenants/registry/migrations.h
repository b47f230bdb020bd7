// The tables of the control schema and of a tenant's, assembled from the SQL of the rooms that mean them.
#pragma once

#include <string>

#include "infra/postgres/transaction.h"
#include "tenants/registry/tenant.h"

namespace kaogong::tenants {

/// The control schema's SQL.
std::string control_sql();
/// The SQL of a tenant's tables, for its schema and role.
std::string tenant_sql(const Tenant& tenant);

/// Makes role, schema and tables of a tenant, and lets the application be the role. One round trip.
void provision(postgres::Transaction& sql, const Tenant& tenant);
/// Drops them.
void unprovision(postgres::Transaction& sql, const Tenant& tenant);

}  // namespace kaogong::tenants
