#include "engine/explain/text_width.h"

#include <cstdint>

namespace kaogong::explain {
namespace {

struct Character {
  uint32_t code = 0;
  size_t bytes = 1;
};

// Ill-formed bytes count as one character each.
Character first_of(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const size_t bytes = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
  if (bytes == 1 || bytes > text.size()) return {lead, 1};
  uint32_t code = lead & (0xFFu >> (bytes + 1));
  for (size_t i = 1; i < bytes; ++i) code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3Fu);
  return {code, bytes};
}

size_t columns_of(uint32_t code) {
  if (code < 0x20 || code == 0x7F) return 0;
  if ((code >= 0x300 && code <= 0x36F) || code == 0x200B || (code >= 0xFE00 && code <= 0xFE0F)) return 0;
  const bool wide = (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) ||
                    (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
                    (code >= 0xFE30 && code <= 0xFE6F) || (code >= 0xFF00 && code <= 0xFF60) ||
                    (code >= 0xFFE0 && code <= 0xFFE6) || (code >= 0x1F300 && code <= 0x1FAFF) ||
                    (code >= 0x20000 && code <= 0x3FFFD);
  return wide ? 2 : 1;
}

}  // namespace

size_t display_width(std::string_view text) {
  size_t width = 0;
  while (!text.empty()) {
    const Character c = first_of(text);
    width += columns_of(c.code);
    text.remove_prefix(c.bytes);
  }
  return width;
}

std::string padded(std::string_view text, size_t width, bool to_the_right) {
  const size_t own = display_width(text);
  const std::string spaces(own < width ? width - own : 0, ' ');
  return to_the_right ? spaces + std::string(text) : std::string(text) + spaces;
}

std::string shortened(std::string_view text, size_t width) {
  if (display_width(text) <= width) return std::string(text);
  std::string result;
  size_t used = 1;  // of the ellipsis
  while (!text.empty()) {
    const Character c = first_of(text);
    used += columns_of(c.code);
    if (used > width) break;
    result.append(text.substr(0, c.bytes));
    text.remove_prefix(c.bytes);
  }
  return result + "…";
}

}  // namespace kaogong::explain
