#include "engine/scheme/source_text.h"

#include <algorithm>

namespace kaogong::scheme {
namespace {

bool starts_code_point(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

// The length of the well-formed sequence at `s`, or 0.
size_t sequence_length(std::string_view s) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(s[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || s.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const unsigned char second = byte(1);
  if (first == 0xE0 && second < 0xA0) return 0;  // overlong
  if (first == 0xED && second > 0x9F) return 0;  // surrogate
  if (first == 0xF0 && second < 0x90) return 0;  // overlong
  if (first == 0xF4 && second > 0x8F) return 0;  // above U+10FFFF
  return length;
}

}  // namespace

SourceText::SourceText(std::string_view text) : text_(text), line_starts_{0} {
  uint32_t count = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (i % kBlock == 0) code_points_.push_back(count);
    count += starts_code_point(text[i]);
    if (text[i] == '\n') line_starts_.push_back(static_cast<uint32_t>(i + 1));
  }
  code_points_.push_back(count);
}

uint32_t SourceText::code_points_before(size_t offset) const {
  const size_t block = offset / kBlock;
  uint32_t count = code_points_[std::min(block, code_points_.size() - 1)];
  for (size_t i = block * kBlock; i < offset; ++i) count += starts_code_point(text_[i]);
  return count;
}

Position SourceText::at(size_t offset) const {
  offset = std::min(offset, text_.size());
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), static_cast<uint32_t>(offset));
  const size_t line = static_cast<size_t>(after - line_starts_.begin());
  const uint32_t column = code_points_before(offset) - code_points_before(line_starts_[line - 1]) + 1;
  return {static_cast<uint32_t>(line), column};
}

std::optional<BadByte> find_bad_byte(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const unsigned char c = static_cast<unsigned char>(text[i]);
    if (c == 0) return BadByte{i, "a NUL byte"};
    if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F) return BadByte{i, "a control character"};
    const size_t length = sequence_length(text.substr(i));
    if (length == 0) return BadByte{i, "bytes that are not UTF-8"};
    i += length;
  }
  return std::nullopt;
}

}  // namespace kaogong::scheme
