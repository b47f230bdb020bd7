#include "infra/csv/utf8.h"

#include <cstdint>
#include <cstring>

namespace kaogong::csv {

bool is_utf8(const char* text, size_t size) {
  const auto* p = reinterpret_cast<const unsigned char*>(text);
  const auto* const end = p + size;
  const auto follows = [&](int at) { return (p[at] & 0xC0) == 0x80; };
  while (p < end) {
    if (end - p >= 8) {
      uint64_t word = 0;
      std::memcpy(&word, p, 8);
      if ((word & 0x8080808080808080ULL) == 0) {
        p += 8;
        continue;
      }
    }
    const unsigned char lead = *p;
    if (lead < 0x80) {
      ++p;
    } else if (lead >= 0xE1 && lead <= 0xEF && lead != 0xED) {  // most of what is written
      if (end - p < 3 || !follows(1) || !follows(2)) return false;
      p += 3;
    } else if (lead >= 0xC2 && lead <= 0xDF) {
      if (end - p < 2 || !follows(1)) return false;
      p += 2;
    } else if (lead == 0xE0) {
      if (end - p < 3 || p[1] < 0xA0 || !follows(1) || !follows(2)) return false;
      p += 3;
    } else if (lead == 0xED) {
      if (end - p < 3 || p[1] > 0x9F || !follows(1) || !follows(2)) return false;
      p += 3;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
      if (end - p < 4 || !follows(1) || !follows(2) || !follows(3)) return false;
      if ((lead == 0xF0 && p[1] < 0x90) || (lead == 0xF4 && p[1] > 0x8F)) return false;
      p += 4;
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace kaogong::csv
