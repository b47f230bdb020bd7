#include "infra/crypto/signature.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <string>

namespace kaogong::crypto {

namespace {

constexpr size_t kP256Bytes = 32;

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

bool is_p256(EVP_PKEY* key) {
  char group[64] = {};
  size_t size = 0;
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
         EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group, &size) == 1 &&
         std::string_view(group, size) == "prime256v1";
}

bool fits(EVP_PKEY* key, SignatureScheme scheme) {
  switch (scheme) {
    case SignatureScheme::kEd25519:
      return EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519;
    case SignatureScheme::kEcdsaP256Sha256:
      return is_p256(key);
    case SignatureScheme::kRsaPkcs1V15Sha256: {
      const int bits = EVP_PKEY_get_bits(key);
      return EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA && bits >= kRsaBitsMin && bits <= kRsaBitsMax;
    }
  }
  return false;
}

/// r and s as OpenSSL takes them; empty: they are none.
std::string to_der(std::string_view signature) {
  if (signature.size() != 2 * kP256Bytes) return {};
  const std::unique_ptr<ECDSA_SIG, Free> pair(ECDSA_SIG_new());
  BIGNUM* r = BN_bin2bn(bytes_of(signature), kP256Bytes, nullptr);
  BIGNUM* s = BN_bin2bn(bytes_of(signature.substr(kP256Bytes)), kP256Bytes, nullptr);
  if (pair == nullptr || r == nullptr || s == nullptr || ECDSA_SIG_set0(pair.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return {};
  }
  unsigned char* out = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &out);
  if (size <= 0) return {};
  std::string der(reinterpret_cast<char*>(out), static_cast<size_t>(size));
  OPENSSL_free(out);
  return der;
}

}  // namespace

struct PublicKey::Key {
  SignatureScheme scheme;
  std::unique_ptr<EVP_PKEY, Free> key;
};

std::optional<PublicKey> PublicKey::parse(std::string_view pem, SignatureScheme scheme) {
  const std::unique_ptr<BIO, Free> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (bio == nullptr) return std::nullopt;
  std::unique_ptr<EVP_PKEY, Free> key(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  if (key == nullptr || !fits(key.get(), scheme)) return std::nullopt;
  return PublicKey(std::make_shared<const Key>(Key{scheme, std::move(key)}));
}

bool PublicKey::verify(std::string_view message, std::string_view signature) const {
  std::string der;
  if (key_->scheme == SignatureScheme::kEcdsaP256Sha256) {
    der = to_der(signature);
    if (der.empty()) return false;
    signature = der;
  }
  const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  const auto* hash = key_->scheme == SignatureScheme::kEd25519 ? nullptr : EVP_sha256();
  const bool good =
      context != nullptr && EVP_DigestVerifyInit(context.get(), nullptr, hash, nullptr, key_->key.get()) == 1 &&
      EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message), message.size()) == 1;
  ERR_clear_error();
  return good;
}

}  // namespace kaogong::crypto
