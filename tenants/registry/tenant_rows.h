// Tenants as the control schema has them.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "infra/postgres/transaction.h"
#include "tenants/registry/tenant.h"

namespace kaogong::tenants {

/// The tenant in any state, also an erased one; nothing if there never was one.
std::optional<Tenant> find_tenant(postgres::Transaction& transaction, const TenantId& id);

/// Tenants by id, those behind `after`, at most `limit` (1 to kTenantsPageMax). Erased ones only if asked for.
std::vector<Tenant> list_tenants(postgres::Transaction& transaction, std::string_view after, int64_t limit,
                                 bool with_erased = false);

}  // namespace kaogong::tenants
