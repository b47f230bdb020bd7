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

/// RFC 2104 over the hash above: an empty key would be refused by libcrypto's own function where its pointer is null.
struct HmacKey::State {
  Hash inner, outer;  // behind the key's block

  explicit State(std::string_view key) {
    constexpr size_t kBlockBytes = 64;
    std::array<uint8_t, kBlockBytes> inner_pad{}, outer_pad{};
    Digest hashed{};
    if (key.size() > kBlockBytes) {
      hashed = sha256(key);
      key = view(hashed);
    }
    for (size_t i = 0; i < kBlockBytes; ++i) {
      const uint8_t byte = i < key.size() ? static_cast<uint8_t>(key[i]) : 0;
      inner_pad[i] = byte ^ 0x36;
      outer_pad[i] = byte ^ 0x5c;
    }
    inner.update(view(inner_pad));
    outer.update(view(outer_pad));
    OPENSSL_cleanse(inner_pad.data(), inner_pad.size());
    OPENSSL_cleanse(outer_pad.data(), outer_pad.size());
    OPENSSL_cleanse(hashed.data(), hashed.size());
  }
  ~State() {
    OPENSSL_cleanse(&inner, sizeof inner);
    OPENSSL_cleanse(&outer, sizeof outer);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  Digest of(std::initializer_list<std::string_view> pieces) const {
    Hash hash = inner;
    for (const auto piece : pieces) hash.update(piece);
    const Digest first = hash.finish();
    hash = outer;
    hash.update(view(first));
    const Digest digest = hash.finish();
    OPENSSL_cleanse(&hash, sizeof hash);
    return digest;
  }
};

HmacKey::HmacKey(std::string_view key) : state_(std::make_shared<const State>(key)) {}

Digest HmacKey::of(std::initializer_list<std::string_view> pieces) const { return state_->of(pieces); }

Digest hmac_sha256(std::string_view key, std::string_view bytes) { return HmacKey(key).of({bytes}); }

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace kaogong::crypto
