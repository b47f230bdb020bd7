#include "tenants/registry/stored_bytes.h"

namespace kaogong::tenants {

int64_t stored_bytes(TenantTransaction& transaction) {
  return transaction.sql()
      .query(
          "SELECT coalesce(sum(pg_catalog.pg_total_relation_size(c.oid)), 0)::bigint FROM pg_catalog.pg_class c "
          "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind = 'r'",
          {transaction.tenant().schema().text()})
      .one()
      .int64(0);
}

Result<Done> check_stored_bytes(TenantTransaction& transaction) {
  const auto bound = transaction.tenant().quotas().stored_bytes_max;
  if (!bound) return Done{};
  const auto stored = stored_bytes(transaction);
  if (stored < *bound) return Done{};
  return Failure{FailureCode::kQuotaExceeded,
                 std::to_string(stored) + " bytes are stored, and the tenant's quota is " + std::to_string(*bound)};
}

}  // namespace kaogong::tenants
