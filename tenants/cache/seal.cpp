#include "tenants/cache/seal.h"

namespace kaogong::cache {

namespace {

crypto::Digest seal_of(const crypto::HmacKey& key, const std::string& name, std::string_view value) {
  return key.of({std::to_string(name.size()), ":", name, value});
}

}  // namespace

std::string sealed(const crypto::HmacKey& key, const std::string& name, std::string_view value) {
  const auto seal = seal_of(key, name, value);
  std::string bytes;
  bytes.reserve(seal.size() + value.size());
  return bytes.append(crypto::view(seal)).append(value);
}

std::optional<std::string_view> unsealed(const crypto::HmacKey& key, const std::string& name, std::string_view bytes) {
  constexpr size_t kSealBytes = sizeof(crypto::Digest);
  if (bytes.size() < kSealBytes) return std::nullopt;
  const std::string_view value = bytes.substr(kSealBytes);
  if (!crypto::equal_in_constant_time(bytes.substr(0, kSealBytes), crypto::view(seal_of(key, name, value))))
    return std::nullopt;
  return value;
}

}  // namespace kaogong::cache
