#include "infra/crypto/seal.h"

#include <openssl/evp.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

#include "infra/crypto/random.h"

namespace kaogong::crypto {

namespace {

constexpr size_t kNonceBytes = 12, kTagBytes = 16;

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

/// Never null: to OpenSSL that would mean the end.
const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.empty() ? "" : text.data());
}
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

[[noreturn]] void give_up(const char* what) {
  std::fprintf(stderr, "bug: sealing: %s\n", what);
  std::abort();
}

void require(bool condition, const char* what) {
  if (!condition) give_up(what);
}

}  // namespace

std::string seal(std::string_view key, std::string_view context, std::string_view bytes) {
  require(key.size() == kSealKeyBytes, "the key's length");
  const std::string nonce = random_bytes(kNonceBytes);
  const Context cipher(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  std::string out = nonce + std::string(bytes.size() + kTagBytes, '\0');
  auto* to = bytes_of(out) + kNonceBytes;
  int size = 0, ignored = 0;
  require(cipher != nullptr &&
              EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key),
                                 bytes_of(std::string_view(nonce))) == 1 &&
              EVP_EncryptUpdate(cipher.get(), nullptr, &ignored, bytes_of(context), static_cast<int>(context.size())) ==
                  1 &&
              EVP_EncryptUpdate(cipher.get(), to, &size, bytes_of(bytes), static_cast<int>(bytes.size())) == 1 &&
              EVP_EncryptFinal_ex(cipher.get(), to + size, &ignored) == 1 &&
              EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, to + bytes.size()) == 1,
          "OpenSSL refused AES-256-GCM");
  return out;
}

std::optional<std::string> unseal(std::string_view key, std::string_view context, std::string_view sealed) {
  require(key.size() == kSealKeyBytes, "the key's length");
  if (sealed.size() < kNonceBytes + kTagBytes) return std::nullopt;
  const Context cipher(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  const auto nonce = sealed.substr(0, kNonceBytes);
  const auto hidden = sealed.substr(kNonceBytes, sealed.size() - kNonceBytes - kTagBytes);
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  std::string out(hidden.size(), '\0');
  int size = 0, ignored = 0;
  require(cipher != nullptr &&
              EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key), bytes_of(nonce)) == 1 &&
              EVP_DecryptUpdate(cipher.get(), nullptr, &ignored, bytes_of(context), static_cast<int>(context.size())) ==
                  1 &&
              EVP_DecryptUpdate(cipher.get(), bytes_of(out), &size, bytes_of(hidden),
                                static_cast<int>(hidden.size())) == 1 &&
              EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1,
          "OpenSSL refused AES-256-GCM");
  unsigned char rest[kTagBytes];
  if (EVP_DecryptFinal_ex(cipher.get(), rest, &ignored) != 1) return std::nullopt;
  return out;
}

}  // namespace kaogong::crypto
