// SHA-256, HMAC-SHA256, and comparing secrets. Bytes are passed as std::string_view; any byte may be in them.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string_view>

namespace kaogong::crypto {

/// The 32 bytes of SHA-256 or HMAC-SHA256. Compare one that is secret with equal_in_constant_time, not with ==.
using Digest = std::array<uint8_t, 32>;

/// The bytes of a digest, or of any array of bytes; valid as long as it is.
template <size_t Size>
std::string_view view(const std::array<uint8_t, Size>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), Size};
}

/// SHA-256 (FIPS 180-4) of the bytes.
Digest sha256(std::string_view bytes);

/// HMAC-SHA256 (RFC 2104) of the bytes. A key of any length.
Digest hmac_sha256(std::string_view key, std::string_view bytes);

/// A key of HMAC-SHA256 for many texts: what the hash makes of the key is made once. Copies share it. Thread-safe.
class HmacKey {
 public:
  explicit HmacKey(std::string_view key);
  /// Of the pieces, one behind the other.
  Digest of(std::initializer_list<std::string_view> pieces) const;

 private:
  struct State;
  std::shared_ptr<const State> state_;
};

/// SHA-256 of bytes that come in pieces. Not for several threads at once.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(std::string_view bytes);
  /// The digest of all that came since the beginning or the last call of finish(); the next update() begins anew.
  Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Whether the bytes are equal. The time it takes depends on the lengths only, not on where they differ.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace kaogong::crypto
