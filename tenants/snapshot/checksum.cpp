#include "tenants/snapshot/checksum.h"

#include <xxhash.h>

#include <cstring>

namespace kaogong::snapshot {

Checksum checksum_of(std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.low64, hash.high64};
}

std::string to_bytes(const Checksum& checksum) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, {checksum.low, checksum.high});
  return {reinterpret_cast<const char*>(canonical.digest), sizeof canonical.digest};
}

Checksum checksum_from(std::string_view bytes) {
  XXH128_canonical_t canonical;
  std::memcpy(canonical.digest, bytes.data(), sizeof canonical.digest);
  const XXH128_hash_t hash = XXH128_hashFromCanonical(&canonical);
  return {hash.low64, hash.high64};
}

std::string to_hex(const Checksum& checksum) {
  constexpr const char* kDigits = "0123456789abcdef";
  std::string text;
  for (const char byte : to_bytes(checksum)) {
    text += kDigits[static_cast<unsigned char>(byte) >> 4];
    text += kDigits[static_cast<unsigned char>(byte) & 15];
  }
  return text;
}

uint64_t stable_hash(std::string_view id) { return XXH3_64bits(id.data(), id.size()); }

}  // namespace kaogong::snapshot
