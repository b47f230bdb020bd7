#include "tenants/cache/seal.h"

#include "infra/crypto/hash.h"

namespace kaogong::cache {

namespace {

constexpr size_t kSealBytes = 32;

std::string seal_of(std::string_view key, const std::string& name, std::string_view value) {
  std::string text = std::to_string(name.size()) + ":" + name;
  text += value;
  const crypto::Digest digest = crypto::hmac_sha256(key, text);
  return std::string(crypto::view(digest));
}

}  // namespace

std::string sealed(std::string_view key, const std::string& name, std::string_view value) {
  return seal_of(key, name, value) + std::string(value);
}

std::optional<std::string_view> unsealed(std::string_view key, const std::string& name, std::string_view bytes) {
  if (bytes.size() < kSealBytes) return std::nullopt;
  const std::string_view value = bytes.substr(kSealBytes);
  if (!crypto::equal_in_constant_time(bytes.substr(0, kSealBytes), seal_of(key, name, value))) return std::nullopt;
  return value;
}

}  // namespace kaogong::cache
