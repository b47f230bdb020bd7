#include "infra/crypto/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <cstdlib>

namespace kaogong::crypto {
namespace {

// Looking an algorithm up costs more than a short hash: once for the process.
const EVP_MD* sha256_algorithm() {
  static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return algorithm;
}

// libcrypto fails here only without memory or without its own provider: nothing can be signed or checked then.
void must(int done) {
  if (done != 1) std::abort();
}

}  // namespace

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  State() { begin(); }
  ~State() { EVP_MD_CTX_free(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  void begin() { must(EVP_DigestInit_ex2(context, sha256_algorithm(), nullptr)); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::string_view bytes) { must(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size())); }

Digest Sha256::finish() {
  Digest digest;
  must(EVP_DigestFinal_ex(state_->context, digest.data(), nullptr));
  state_->begin();
  return digest;
}

Digest sha256(std::string_view bytes) {
  thread_local Sha256 hash;
  hash.update(bytes);
  return hash.finish();
}

Digest hmac_sha256(std::string_view key, std::string_view bytes) {
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
  thread_local Sha256 hash;
  hash.update(view(inner));
  hash.update(bytes);
  const Digest first = hash.finish();
  hash.update(view(outer));
  hash.update(view(first));
  const Digest digest = hash.finish();
  OPENSSL_cleanse(inner.data(), inner.size());
  OPENSSL_cleanse(outer.data(), outer.size());
  OPENSSL_cleanse(hashed.data(), hashed.size());
  return digest;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace kaogong::crypto
