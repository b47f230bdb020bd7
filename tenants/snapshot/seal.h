// What every packed thing is wrapped in: a mark that says what it is and in which version, a checksum, and perhaps
// compression.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tenants/snapshot/checksum.h"

namespace kaogong::snapshot {

enum class Compression : uint8_t { kNone, kZstd };

/// Wraps a body; `mark` has kMarkBytes. Compressed bytes that are no shorter are left as they are. The checksum is that
/// of the body, so that it does not depend on compression, nor on the version of its library.
std::string sealed(std::string_view mark, const std::string& body, Compression compression);
inline constexpr size_t kMarkBytes = 4;

/// A body out of its wrapping. Movable; the views stay valid.
struct Unsealed {
  Checksum checksum;
  std::string_view body;
  std::unique_ptr<char[]> decompressed;  // the body, unless it is in the bytes that were given
};
/// Takes the wrapping off. Nothing, and why in `error`: the bytes are damaged, or something else.
std::optional<Unsealed> unsealed(std::string_view mark, std::string_view bytes, std::string* error);
/// The checksum as the wrapping has it, unchecked. Precondition: the bytes were sealed.
Checksum sealed_checksum(std::string_view bytes);

}  // namespace kaogong::snapshot
