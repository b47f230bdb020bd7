// How much a tenant stores.
#pragma once

#include <cstdint>

#include "tenants/registry/tenant_database.h"

namespace kaogong::tenants {

/// Bytes of the tenant's tables and indexes on disk.
int64_t stored_bytes(TenantTransaction& transaction);
/// Whether there is room by the tenant's quota; to be asked before much is stored. Failures: kQuotaExceeded.
Result<Done> check_stored_bytes(TenantTransaction& transaction);

}  // namespace kaogong::tenants
