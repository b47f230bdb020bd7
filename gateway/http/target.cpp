#include "gateway/http/target.h"

#include <array>

namespace kaogong::http {

namespace {

constexpr std::array<bool, 256> make_allowed() {
  std::array<bool, 256> allowed{};
  for (int c = '0'; c <= '9'; ++c) allowed[c] = true;
  for (int c = 'A'; c <= 'Z'; ++c) allowed[c] = allowed[c + 32] = true;
  for (const char c : {'-', '.', '_', '~', '!', '$', '&', '\'', '(', ')', '*', '+', ',', ';', '=', ':', '@', '/', '%'})
    allowed[static_cast<unsigned char>(c)] = true;
  return allowed;
}

/// Of a path; a query may have `?` besides.
constexpr auto kAllowed = make_allowed();

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

bool is_utf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i]);
    if (first < 0x80) {
      ++i;
      continue;
    }
    const size_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
    if (first < 0xC2 || first > 0xF4 || i + more >= text.size()) return false;
    uint32_t point = first & (0x3Fu >> more);
    for (size_t k = 1; k <= more; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xC0u) != 0x80u) return false;
      point = (point << 6) | (next & 0x3Fu);
    }
    constexpr uint32_t kLeast[] = {0, 0x80, 0x800, 0x10000};
    if (point < kLeast[more] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return false;
    i += more + 1;
  }
  return true;
}

/// Nothing: it is malformed, or decodes to what no text of ours has in it.
std::optional<std::string> decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = digit_of(text[i + 1]), low = digit_of(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return std::nullopt;
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    out += c;
  }
  if (!is_utf8(out)) return std::nullopt;
  return out;
}

bool add_parameters(std::string_view query, std::vector<Parameter>* parameters) {
  while (!query.empty()) {
    const size_t end = std::min(query.find('&'), query.size());
    const auto one = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (one.empty()) continue;
    if (parameters->size() == kParametersMax) return false;
    const size_t equals = std::min(one.find('='), one.size());
    auto name = decode(one.substr(0, equals), true);
    auto value = decode(equals < one.size() ? one.substr(equals + 1) : std::string_view(), true);
    if (!name || !value) return false;
    parameters->push_back({std::move(*name), std::move(*value)});
  }
  return true;
}

}  // namespace

std::optional<Target> parse_target(std::string_view text) {
  if (text.empty() || text[0] != '/') return std::nullopt;
  const size_t question = std::min(text.find('?'), text.size());
  Target target;
  target.raw_path = text.substr(0, question);
  for (size_t i = 0; i < text.size(); ++i)
    if (!kAllowed[static_cast<unsigned char>(text[i])] && !(text[i] == '?' && i >= question)) return std::nullopt;
  if (target.raw_path.find('%') == std::string_view::npos && target.raw_path.find("/.") == std::string_view::npos) {
    target.path = target.raw_path;  // nothing to decode, and no segment that could be `.` or `..`
    if (question < text.size() && !add_parameters(text.substr(question + 1), &target.query)) return std::nullopt;
    return target;
  }
  auto rest = target.raw_path.substr(1);
  for (bool more = true; more;) {
    const size_t end = std::min(rest.find('/'), rest.size());
    auto segment = decode(rest.substr(0, end), false);
    if (!segment || *segment == "." || *segment == "..") return std::nullopt;
    target.path += '/';
    for (const char c : *segment) {
      if (c == '/') {
        target.path += "%2F";
      } else {
        target.path += c;
      }
    }
    more = end < rest.size();
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (question < text.size() && !add_parameters(text.substr(question + 1), &target.query)) return std::nullopt;
  return target;
}

std::string decode_segment(std::string_view segment) {
  if (segment.find('%') == std::string_view::npos) return std::string(segment);
  return decode(segment, false).value_or(std::string(segment));
}

}  // namespace kaogong::http
