// XXH3-128: whether bytes are the ones that were written. It is no proof against somebody who wants them to look so.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kaogong::snapshot {

struct Checksum {
  uint64_t low = 0, high = 0;
  friend bool operator==(const Checksum&, const Checksum&) = default;
};
inline constexpr size_t kChecksumBytes = 16;

Checksum checksum_of(std::string_view bytes);
/// 16 bytes, the same on every machine.
std::string to_bytes(const Checksum& checksum);
/// Precondition: 16 bytes.
Checksum checksum_from(std::string_view bytes);
/// 32 hexadecimal digits.
std::string to_hex(const Checksum& checksum);

/// A well mixed number that an employee's id always has.
uint64_t stable_hash(std::string_view id);

}  // namespace kaogong::snapshot
