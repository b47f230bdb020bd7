// Cleaning away what nobody will ask for again.
#pragma once

#include "tenants/registry/tenant_database.h"

namespace kaogong::runs {

/// Deletes the rows of one tenant's cancelled runs and its expired previews, a bounded number at a time; true: there
/// may be more.
tenants::Result<bool> tidy_tenant(tenants::TenantDatabase& database, const tenants::Tenant& tenant,
                                  const tenants::Actor& actor);
inline constexpr int64_t kRunsTidiedAtOnce = 16;

/// The same for all tenants that are active.
void tidy(tenants::TenantDatabase& database, const tenants::Actor& actor);

}  // namespace kaogong::runs
