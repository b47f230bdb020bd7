#include "tenants/access/key_text.h"

#include "infra/crypto/crc32.h"
#include "infra/crypto/encode.h"
#include "infra/crypto/random.h"

namespace kaogong::tenants {

namespace {

constexpr std::string_view kLive = "kg_live_", kTest = "kg_test_";
static_assert(kLive.size() == kTest.size());
constexpr size_t kIdSize = kLive.size() + kKeyIdCharacters;
constexpr size_t kSize = kIdSize + 1 + kKeySecretCharacters + kKeyChecksumCharacters;

std::string checksum(std::string_view text) { return crypto::to_base62(crypto::crc32(text), kKeyChecksumCharacters); }

bool is_base62(std::string_view text) {
  return text.find_first_not_of(crypto::kBase62Digits) == std::string_view::npos;
}

}  // namespace

std::string make_key(KeyKind kind) {
  std::string key(kind == KeyKind::kLive ? kLive : kTest);
  key += crypto::random_base62(kKeyIdCharacters) + "_" + crypto::random_base62(kKeySecretCharacters);
  return key + checksum(key);
}

std::optional<KeyText> parse_key(std::string_view key) {
  if (key.size() != kSize || key[kIdSize] != '_') return std::nullopt;
  const bool live = key.starts_with(kLive);
  if (!live && !key.starts_with(kTest)) return std::nullopt;
  if (!is_base62(key.substr(kLive.size(), kKeyIdCharacters)) || !is_base62(key.substr(kIdSize + 1)))
    return std::nullopt;
  const auto body = key.substr(0, kSize - kKeyChecksumCharacters);
  if (checksum(body) != key.substr(body.size())) return std::nullopt;
  return KeyText{std::string(key.substr(0, kIdSize)), live ? KeyKind::kLive : KeyKind::kTest};
}

}  // namespace kaogong::tenants
