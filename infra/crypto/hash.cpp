#include "infra/crypto/hash.h"

// A hash of the newer interface takes and gives back memory each time, which costs more than a short hash itself.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <cstdlib>

namespace kaogong::crypto {
namespace {

// libcrypto never fails here.
void must(int done) {
  if (done != 1) std::abort();
}

struct Hash {
  SHA256_CTX context;
  Hash() { begin(); }
  void begin() { must(SHA256_Init(&context)); }
  void update(std::string_view bytes) { must(SHA256_Update(&context, bytes.data(), bytes.size())); }
  Digest finish() {
    Digest digest;
    must(SHA256_Final(digest.data(), &context));
    return digest;
  }
};

}  // namespace

struct Sha256::State : Hash {};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::string_view bytes) { state_->update(bytes); }

Digest Sha256::finish() {
  const Digest digest = state_->finish();
  state_->begin();
  return digest;
}

Digest sha256(std::string_view bytes) {
  Hash hash;
  hash.update(bytes);
  return hash.finish();
}

Digest hmac_sha256(std::string_view key, std::initializer_list<std::string_view> pieces) {
  // RFC 2104 over the hash above: an empty key would be refused by libcrypto's own function where its pointer is null.
  constexpr size_t kBlockBytes = 64;
  std::array<uint8_t, kBlockBytes> inner{}, outer{};
  Digest hashed{};
  if (key.size() > kBlockBytes) {
    hashed = sha256(key);
    key = view(hashed);
  }
  for (size_t i = 0; i < kBlockBytes; ++i) {
    const uint8_t byte = i < key.size() ? static_cast<uint8_t>(key[i]) : 0;
    inner[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5c;
  }
  Hash hash;
  hash.update(view(inner));
  for (const auto piece : pieces) hash.update(piece);
  const Digest first = hash.finish();
  hash.begin();
  hash.update(view(outer));
  hash.update(view(first));
  const Digest digest = hash.finish();
  OPENSSL_cleanse(&hash, sizeof hash);
  OPENSSL_cleanse(inner.data(), inner.size());
  OPENSSL_cleanse(outer.data(), outer.size());
  OPENSSL_cleanse(hashed.data(), hashed.size());
  return digest;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace kaogong::crypto
