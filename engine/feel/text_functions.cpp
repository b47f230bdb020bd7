#include "engine/feel/text_functions.h"

#include <unicase.h>
#include <unistr.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace kaogong::feel::text {
namespace {

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }
bool is_ascii(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}
const uint8_t* bytes_of(std::string_view text) { return reinterpret_cast<const uint8_t*>(text.data()); }

/// The byte at which code point `index` (from 0) begins; the text's size when there are not so many.
size_t byte_of(std::string_view text, int64_t index) {
  for (size_t byte = 0; byte < text.size(); ++byte) {
    if (!is_continuation(text[byte]) && index-- == 0) return byte;
  }
  return text.size();
}

using CaseMapping = uint8_t* (*)(const uint8_t*, size_t, const char*, uninorm_t, uint8_t*, size_t*);

std::string map_case(std::string_view text, CaseMapping mapping) {
  // No language: the mapping of the root locale, whatever the process's locale is.
  size_t size = 0;
  const std::unique_ptr<uint8_t, decltype(&std::free)> mapped(
      mapping(bytes_of(text), text.size(), nullptr, nullptr, nullptr, &size), &std::free);
  if (mapped == nullptr) return std::string(text);
  return std::string(reinterpret_cast<const char*>(mapped.get()), size);
}

}  // namespace

bool is_valid_utf8(std::string_view bytes) {
  return is_ascii(bytes) || u8_check(bytes_of(bytes), bytes.size()) == nullptr;
}

int64_t string_length(std::string_view text) {
  return std::ranges::count_if(text, [](char c) { return !is_continuation(c); });
}

std::optional<std::string_view> substring(std::string_view text, int64_t start, std::optional<int64_t> length) {
  if (start == 0 || (length && *length < 1)) return {};
  const int64_t count = string_length(text);
  const int64_t first = start > 0 ? start - 1 : count + start;
  if (first < 0 || first >= count) return {};
  text.remove_prefix(byte_of(text, first));
  if (length && *length < count - first) text = text.substr(0, byte_of(text, *length));
  return text;
}

std::string upper_case(std::string_view text) {
  if (!is_ascii(text)) return map_case(text, &u8_toupper);
  std::string out(text);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

std::string lower_case(std::string_view text) {
  if (!is_ascii(text)) return map_case(text, &u8_tolower);
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

// Bytes may be searched directly: no UTF-8 sequence begins inside another.
std::string_view substring_before(std::string_view text, std::string_view match) {
  const size_t at = text.find(match);
  return at == std::string_view::npos ? std::string_view{} : text.substr(0, at);
}

std::string_view substring_after(std::string_view text, std::string_view match) {
  const size_t at = text.find(match);
  return at == std::string_view::npos ? std::string_view{} : text.substr(at + match.size());
}

bool contains(std::string_view text, std::string_view match) { return text.find(match) != std::string_view::npos; }
bool starts_with(std::string_view text, std::string_view match) { return text.starts_with(match); }
bool ends_with(std::string_view text, std::string_view match) { return text.ends_with(match); }

std::string string_join(const std::vector<std::optional<std::string>>& parts, std::string_view delimiter) {
  std::string out;
  bool first = true;
  for (const auto& part : parts) {
    if (!part) continue;
    if (!first) out += delimiter;
    out += *part;
    first = false;
  }
  return out;
}

}  // namespace kaogong::feel::text
