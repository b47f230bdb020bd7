// The text of an API key: `kg_live_<id>_<secret><checksum>`, or `kg_test_…`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kaogong::tenants {

enum class KeyKind : uint8_t { kLive, kTest };

inline constexpr size_t kKeyIdCharacters = 12;      // random, 71 bits: two keys do not meet
inline constexpr size_t kKeySecretCharacters = 32;  // random, 190 bits: nobody guesses it
inline constexpr size_t kKeyChecksumCharacters =
    6;  // CRC-32 of all before it, base 62: a typing error costs no look-up

/// A key that is well-formed: nothing is said of whether there is such a key.
struct KeyText {
  std::string id;  // "kg_live_<id>": may be shown and logged
  KeyKind kind = KeyKind::kLive;
};

/// A new key from the kernel's random bytes. The whole text is secret and is kept nowhere.
std::string make_key(KeyKind kind);
/// Nothing for another form or a wrong checksum.
std::optional<KeyText> parse_key(std::string_view key);

}  // namespace kaogong::tenants
