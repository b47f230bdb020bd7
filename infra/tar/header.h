// Where the fields of a header are (POSIX.1-2017, pax, "ustar Interchange Format").
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kaogong::tar {

struct HeaderField {
  size_t at, bytes;
};
inline constexpr HeaderField kName{0, 100}, kMode{100, 8}, kOwner{108, 8}, kGroup{116, 8}, kSize{124, 12},
    kModified{136, 12}, kChecksum{148, 8}, kKind{156, 1}, kMagic{257, 8}, kPrefix{345, 155};
inline constexpr char kPlainFile = '0';
inline constexpr uint64_t kOctalMax = (uint64_t{1} << 33) - 1;  // eleven digits
inline constexpr unsigned char kBinaryMark = 0x80;              // of a size that is no octal number

/// The sum of a header's bytes, where those of the checksum count as spaces.
inline uint64_t checksum_of(std::string_view header) {
  uint64_t sum = 0;
  for (size_t i = 0; i < header.size(); ++i)
    sum += i - kChecksum.at < kChecksum.bytes ? uint64_t{' '} : static_cast<unsigned char>(header[i]);
  return sum;
}

}  // namespace kaogong::tar
