// A tenant: its id, and the schema and role that follow from it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "infra/clock/clock.h"
#include "infra/postgres/names.h"

namespace kaogong::tenants {

inline constexpr size_t kTenantIdBytesMax = 40;
inline constexpr size_t kTenantNameBytesMax = 400;
inline constexpr int64_t kTenantsPageMax = 10'000;  // of one answer

/// The id of a tenant: a lower-case letter, then lower-case letters, digits and underscores, at most kTenantIdBytesMax.
/// It is chosen when the tenant is created, and never used again.
class TenantId {
 public:
  /// Nothing if the text is no id.
  static std::optional<TenantId> parse(std::string_view text);

  const std::string& text() const { return text_; }
  auto operator<=>(const TenantId&) const = default;

 private:
  explicit TenantId(std::string_view text) : text_(text) {}
  std::string text_;
};

enum class TenantState : uint8_t { kActive, kSuspended, kErasing, kErased };
std::string_view to_text(TenantState state);

/// Bounds of a tenant; nothing: no bound.
struct Quotas {
  std::optional<int64_t> people_max;               // employed at once
  std::optional<int64_t> runs_per_day_max;         // calendar day, UTC
  std::optional<int64_t> stored_bytes_max;         // of the tenant's whole schema, indexes too
  std::optional<int64_t> requests_per_second_max;  // at the edge
  friend bool operator==(const Quotas&, const Quotas&) = default;
};

/// What the registry knows of a tenant. The one thing that opens a transaction of a tenant's: see TenantDatabase.
class Tenant {
 public:
  Tenant(TenantId id, std::string name, TenantState state, Quotas quotas, clock::Instant created_at);

  const TenantId& id() const { return id_; }
  const std::string& name() const { return name_; }  // as people call it
  TenantState state() const { return state_; }
  const Quotas& quotas() const { return quotas_; }
  clock::Instant created_at() const { return created_at_; }
  const postgres::SchemaName& schema() const { return schema_; }
  const postgres::Role& role() const { return role_; }

 private:
  TenantId id_;
  std::string name_;
  TenantState state_;
  Quotas quotas_;
  clock::Instant created_at_;
  postgres::SchemaName schema_;
  postgres::Role role_;
};

/// The schema and the role of a tenant have the same name.
std::string schema_name(const TenantId& id);

}  // namespace kaogong::tenants
