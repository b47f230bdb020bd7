// Values in Redis that nobody else can have put there.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "infra/crypto/hash.h"
#include "infra/redis/client.h"
#include "tenants/registry/tenant_database.h"

namespace kaogong::cache {

/// The key that values are sealed with: 32 random bytes that only those have who may read the control schema. Made by
/// the first who asks.
tenants::Result<std::string> sealing_key(tenants::TenantDatabase& database);

/// A cache whose content is either what one of us has put under that very name, or nothing: each value carries an
/// HMAC-SHA256 of its name and itself. Names must say all that the value depends on (the run, its result hash), so that
/// what is there is never stale. Every failure of Redis is a miss. Thread-safe.
class SealedCache {
 public:
  /// `redis` outlives it; null: there is none, and every look is a miss.
  SealedCache(redis::Client* redis, std::string_view key) : redis_(redis), key_(key) {}

  /// Nothing: not there, damaged, forged, or Redis does not answer.
  std::optional<std::string> get(const std::string& name) const;
  /// Hands it over without waiting for anything; above kValueBytesMax it is not kept.
  void put(const std::string& name, std::string_view value, std::chrono::milliseconds time_to_live) const;

 private:
  std::string seal(const std::string& name, std::string_view value) const;

  redis::Client* redis_;
  const crypto::HmacKey key_;
};
inline constexpr size_t kValueBytesMax = size_t{1} << 20;

/// `kg/1/…`: parts that may hold any bytes, so that no two lists of parts have one name.
std::string cache_name(std::initializer_list<std::string_view> parts);

}  // namespace kaogong::cache
