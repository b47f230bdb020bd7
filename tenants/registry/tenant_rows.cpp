#include "tenants/registry/tenant_rows.h"

#include <algorithm>
#include <chrono>

namespace kaogong::tenants {

namespace {

constexpr std::string_view kColumns =
    "tenant_id, name, state, people_max, runs_per_day_max, stored_bytes_max, requests_per_second_max, created_at";

TenantState state_of(std::string_view text) {
  for (const auto state : {TenantState::kActive, TenantState::kSuspended, TenantState::kErasing}) {
    if (to_text(state) == text) return state;
  }
  return TenantState::kErased;
}

Tenant read(const postgres::Row& row) {
  const Quotas quotas{row.optional_int64(3), row.optional_int64(4), row.optional_int64(5), row.optional_int64(6)};
  return {*TenantId::parse(row.text(0)), std::string(row.text(1)), state_of(row.text(2)), quotas,
          clock::Instant{std::chrono::microseconds{row.timestamp_us(7)}}};
}

}  // namespace

std::optional<Tenant> find_tenant(postgres::Transaction& transaction, const TenantId& id) {
  const auto found =
      transaction.query("SELECT " + std::string(kColumns) + " FROM kaogong.tenants WHERE tenant_id = $1", {id.text()});
  const auto row = found.at_most_one();
  if (!row) return std::nullopt;
  return read(*row);
}

std::vector<Tenant> list_tenants(postgres::Transaction& transaction, std::string_view after, int64_t limit,
                                 bool with_erased) {
  const auto found = transaction.query(
      "SELECT " + std::string(kColumns) +
          " FROM kaogong.tenants WHERE tenant_id > $1 AND ($3 OR state <> 'erased') ORDER BY tenant_id LIMIT $2",
      {after, std::clamp<int64_t>(limit, 1, kTenantsPageMax), with_erased});
  std::vector<Tenant> tenants;
  tenants.reserve(found.size());
  for (const auto row : found) tenants.push_back(read(row));
  return tenants;
}

}  // namespace kaogong::tenants
