// A checksum against accidents: typing errors in keys, damaged blocks. It holds nobody off who means harm.
#pragma once

#include <cstdint>
#include <string_view>

namespace kaogong::crypto {

/// CRC-32 as zlib, PNG and Ethernet have it (polynomial 0xEDB88320 reflected). For bytes that come in pieces, hand in
/// what the pieces before gave; 0 begins. Eight bytes a step.
uint32_t crc32(std::string_view bytes, uint32_t before = 0);

}  // namespace kaogong::crypto
