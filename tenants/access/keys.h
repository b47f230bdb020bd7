// API keys: made, checked, replaced, taken back. Only the SHA-256 of a key is kept.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "infra/clock/clock.h"
#include "tenants/access/key_text.h"
#include "tenants/access/roles.h"
#include "tenants/registry/tenant_database.h"

namespace kaogong::tenants {

/// What is known of a key; not the key.
struct ApiKey {
  std::string id;  // "kg_live_…": may be shown
  std::optional<TenantId> tenant;
  AccessRole role = AccessRole::kEmployee;
  Scopes scopes;
  std::string employee;  // whose it is, of raters and employees; else empty
  std::string label;
  std::string created_by;
  clock::Instant created_at;
  std::optional<clock::Instant> expires_at, revoked_at;
  std::string replaces;  // id of the key that it was rotated from; else empty
};

/// What a new key is to be.
struct KeyRequest {
  KeyKind kind = KeyKind::kLive;
  AccessRole role = AccessRole::kHr;
  Scopes scopes = {};         // none: all that the role may
  std::string employee = {};  // required of raters and employees, else empty
  std::string label = {};     // what it is for
  std::optional<clock::Instant> expires_at = {};
};

/// A key that was just made: the only time that its text can be read.
struct IssuedKey {
  std::string text;
  ApiKey key;
};

inline constexpr size_t kKeyLabelBytesMax = 400;

/// Keys of all tenants, in the control schema. Each change is recorded in the operators' audit log, in the same
/// transaction. Thread-safe as its database is.
class ApiKeys {
 public:
  explicit ApiKeys(TenantDatabase& database) : database_(database) {}

  /// Makes a key of a tenant's, or of an operator where `tenant` is null. Failures: kInvalid (a scope that the role has
  /// not, an employee missing or too many, an operator's key of a tenant or the reverse, expired already).
  /// `also`: what else is done in the same transaction; its failure undoes all. The same for rotate().
  using AlsoInTransaction = std::function<Result<Done>(postgres::Transaction&, const IssuedKey&)>;
  Result<IssuedKey> create(const Tenant* tenant, const KeyRequest& request, const Actor& actor,
                           const AlsoInTransaction& also = {});
  /// The key's rights. Takes the same time whatever part of the secret is wrong. Failures: kUnauthenticated (no key, an
  /// unknown, wrong, revoked or expired one), kSuspended (its tenant).
  Result<ApiKey> verify(std::string_view key);
  /// A new key with the same rights; the old one works until `overlap_us` later, or until it would have expired anyway.
  /// `tenant`: whose it must be; null: an operator's. Failures: kNotFound, kConflict (revoked or expired).
  Result<IssuedKey> rotate(const Tenant* tenant, std::string_view id, int64_t overlap_us, const Actor& actor,
                           const AlsoInTransaction& also = {});
  /// Takes it back at once. Again: nothing changes. Failures: kNotFound.
  Result<ApiKey> revoke(const Tenant* tenant, std::string_view id, const Actor& actor);
  /// What is known of one, revoked or expired, too. Failures: kNotFound.
  Result<ApiKey> get(const Tenant* tenant, std::string_view id);
  /// Keys by the time they were made, revoked and expired ones too, at most kKeysMax.
  Result<std::vector<ApiKey>> list(const Tenant* tenant);
  static constexpr int64_t kKeysMax = 10'000;

 private:
  TenantDatabase& database_;
};

}  // namespace kaogong::tenants
