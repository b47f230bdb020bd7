// Verifying signatures of others.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace kaogong::crypto {

enum class SignatureScheme : uint8_t {
  kEd25519,           // RFC 8032; 64 bytes
  kEcdsaP256Sha256,   // r and s, 32 bytes each, as RFC 7518 section 3.4 has it
  kRsaPkcs1V15Sha256  // RFC 8017 section 8.2; keys of kRsaBitsMin or more
};
inline constexpr int kRsaBitsMin = 2048;
inline constexpr int kRsaBitsMax = 8192;  // verifying with more costs too much

/// A public key that is used with one scheme only. Copies share it; any number of threads.
class PublicKey {
 public:
  /// Reads PEM (`-----BEGIN PUBLIC KEY-----`). Nothing: it is none, or of another kind than the scheme's.
  static std::optional<PublicKey> parse(std::string_view pem, SignatureScheme scheme);
  bool verify(std::string_view message, std::string_view signature) const;

 private:
  struct Key;
  explicit PublicKey(std::shared_ptr<const Key> key) : key_(std::move(key)) {}
  std::shared_ptr<const Key> key_;
};

}  // namespace kaogong::crypto
