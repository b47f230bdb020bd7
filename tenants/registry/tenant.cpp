#include "tenants/registry/tenant.h"

#include <algorithm>
#include <array>
#include <utility>

#include "tenants/registry/result.h"

namespace kaogong::tenants {

namespace {
constexpr std::string_view kPrefix = "kg_";
static_assert(kPrefix.size() + kTenantIdBytesMax <= 63);  // PostgreSQL would cut off a longer name
}  // namespace

std::string_view to_text(FailureCode code) {
  constexpr std::array<std::string_view, 11> kNames = {"invalid",         "not_found", "exists",    "conflict",
                                                       "unauthenticated", "forbidden", "suspended", "quota_exceeded",
                                                       "unavailable",     "unknown",   "internal"};
  static_assert(kNames.size() == static_cast<size_t>(FailureCode::kInternal) + 1);
  return kNames[static_cast<size_t>(code)];
}

std::optional<TenantId> TenantId::parse(std::string_view text) {
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto is_plain = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; };
  if (text.empty() || text.size() > kTenantIdBytesMax || !is_letter(text[0])) return std::nullopt;
  if (!std::all_of(text.begin(), text.end(), is_plain)) return std::nullopt;
  return TenantId(text);
}

std::string_view to_text(TenantState state) {
  constexpr std::array<std::string_view, 4> kNames = {"active", "suspended", "erasing", "erased"};
  return kNames[static_cast<size_t>(state)];
}

std::string schema_name(const TenantId& id) { return std::string(kPrefix) + id.text(); }

Tenant::Tenant(TenantId id, std::string name, TenantState state, Quotas quotas, clock::Instant created_at)
    : id_(std::move(id)),
      name_(std::move(name)),
      state_(state),
      quotas_(quotas),
      created_at_(created_at),
      schema_(schema_name(id_)),
      role_(schema_name(id_)) {}

}  // namespace kaogong::tenants
