// How a value in Redis is bound to its name: for whoever reads it without waiting.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "infra/crypto/hash.h"

namespace kaogong::cache {

/// The value with its seal in front, as it is kept.
std::string sealed(const crypto::HmacKey& key, const std::string& name, std::string_view value);
/// The value that was sealed under that name; nothing: it is damaged, forged, or another's. A view into the bytes.
std::optional<std::string_view> unsealed(const crypto::HmacKey& key, const std::string& name, std::string_view bytes);

}  // namespace kaogong::cache
