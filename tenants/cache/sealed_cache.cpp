#include "tenants/cache/sealed_cache.h"

#include "infra/crypto/random.h"
#include "infra/redis/request.h"
#include "tenants/cache/seal.h"

namespace kaogong::cache {

using tenants::Result;

namespace {

constexpr size_t kKeyBytes = 32;

}  // namespace

Result<std::string> sealing_key(tenants::TenantDatabase& database) {
  const std::string fresh = crypto::random_bytes(kKeyBytes);
  return database.transact_control([&](postgres::Transaction& sql) -> Result<std::string> {
    sql.execute("INSERT INTO kaogong.counters (name, value, state) VALUES ('cache_key', 1, $1) ON CONFLICT DO NOTHING",
                {std::span<const std::byte>(reinterpret_cast<const std::byte*>(fresh.data()), fresh.size())});
    const auto rows = sql.query("SELECT state FROM kaogong.counters WHERE name = 'cache_key'");
    const auto key = rows.one().bytes(0);
    return std::string(reinterpret_cast<const char*>(key.data()), key.size());
  });
}

std::string cache_name(std::initializer_list<std::string_view> parts) {
  std::string name = "kg/1";
  for (const std::string_view part : parts) {
    name += "/" + std::to_string(part.size()) + ":";
    name += part;
  }
  return name;
}

std::string SealedCache::seal(const std::string& name, std::string_view value) const {
  return sealed(key_, name, value);
}

std::optional<std::string> SealedCache::get(const std::string& name) const {
  if (redis_ == nullptr) return std::nullopt;
  auto found = redis_->call(redis::get(name));
  if (!found || !found.value()) return std::nullopt;
  const auto value = unsealed(key_, name, *found.value());
  if (!value) return std::nullopt;
  return std::string(*value);
}

void SealedCache::put(const std::string& name, std::string_view value, std::chrono::milliseconds time_to_live) const {
  if (redis_ == nullptr || value.size() > kValueBytesMax) return;
  (void)redis_->start(redis::set(name, seal(name, value), time_to_live), [](redis::Result<redis::Done>) {});
}

}  // namespace kaogong::cache
