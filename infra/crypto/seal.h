// Secret and authentic bytes: AES-256-GCM.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kaogong::crypto {

inline constexpr size_t kSealKeyBytes = 32;

/// Encrypts bytes and binds them to `context`, which is not in the result. Each call takes a new random nonce: one key
/// is good for 2^32 of them. The result is 28 bytes longer. Precondition: the key has kSealKeyBytes.
std::string seal(std::string_view key, std::string_view context, std::string_view bytes);

/// The bytes; nothing for what seal() did not make with that key and context.
std::optional<std::string> unseal(std::string_view key, std::string_view context, std::string_view sealed);

}  // namespace kaogong::crypto
