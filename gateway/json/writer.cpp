#include "gateway/json/writer.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "gateway/json/document.h"

namespace kaogong::json {

namespace {

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "bug: JSON writer: %s\n", what);
  std::abort();
}

/// Bytes of the UTF-8 character that the text begins with; 0: there is none (Unicode 15, table 3-7).
size_t character_bytes(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const size_t size = first >= 0xC2 && first <= 0xDF   ? 2
                      : (first & 0xF0) == 0xE0         ? 3
                      : first >= 0xF0 && first <= 0xF4 ? 4
                                                       : 0;
  if (size == 0 || text.size() < size) return 0;
  const unsigned char least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned char most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (byte(1) < least || byte(1) > most) return 0;
  for (size_t i = 2; i < size; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  return size;
}

/// What a byte of ASCII is in a string; others begin a character of UTF-8, or none.
enum class Byte : uint8_t { kPlain, kEscaped, kOther };

constexpr std::array<Byte, 256> make_bytes() {
  std::array<Byte, 256> bytes{};
  for (size_t c = 0; c < bytes.size(); ++c) {
    const bool plain = c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
    bytes[c] = plain ? Byte::kPlain : c < 0x80 ? Byte::kEscaped : Byte::kOther;
  }
  return bytes;
}
constexpr auto kBytes = make_bytes();

/// How many bytes in front stand in a string as they are.
size_t plain_bytes(std::string_view text) {
  for (size_t at = 0;;) {
    while (at < text.size() && kBytes[static_cast<unsigned char>(text[at])] == Byte::kPlain) ++at;
    if (at == text.size() || kBytes[static_cast<unsigned char>(text[at])] == Byte::kEscaped) return at;
    const size_t character = character_bytes(text.substr(at));
    if (character == 0) return at;
    at += character;
  }
}

}  // namespace

void append_string(std::string* out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  *out += '"';
  for (;;) {
    const size_t plain = plain_bytes(text);
    *out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const char c = text.front();
    text.remove_prefix(1);
    if (static_cast<unsigned char>(c) >= 0x80) {
      *out += "\xEF\xBF\xBD";
    } else if (c == '"' || c == '\\') {
      *out += '\\';
      *out += c;
    } else if (c == '\n') {
      *out += "\\n";
    } else {
      *out += "\\u00";
      *out += kHex[static_cast<unsigned char>(c) >> 4];
      *out += kHex[c & 0xF];
    }
  }
  *out += '"';
}

bool is_text(std::string_view text) {
  while (!text.empty()) {
    const size_t size = character_bytes(text);
    if (size == 0 || text.front() == '\0') return false;
    text.remove_prefix(size);
  }
  return true;
}

void Writer::before_value() {
  if (open_.empty()) {
    require(out_.empty(), "a second document");
    return;
  }
  if (open_.back() == '{') {
    require(std::exchange(named_, false), "a value without a name in an object");
    return;
  }
  if (!std::exchange(first_, false)) out_ += ',';
}

Writer& Writer::name(std::string_view name) {
  require(!open_.empty() && open_.back() == '{' && !named_, "a name that is not in an object");
  if (!std::exchange(first_, false)) out_ += ',';
  append_string(&out_, name);
  out_ += ':';
  named_ = true;
  return *this;
}

Writer& Writer::open(char bracket) {
  before_value();
  out_ += bracket;
  open_.push_back(bracket);
  first_ = true;
  return *this;
}

Writer& Writer::close(char bracket) {
  require(!open_.empty() && open_.back() == bracket && !named_, "an end of what was not begun");
  out_ += bracket == '{' ? '}' : ']';
  open_.pop_back();
  first_ = false;
  return *this;
}

Writer& Writer::begin_object() { return open('{'); }
Writer& Writer::end_object() { return close('{'); }
Writer& Writer::begin_array() { return open('['); }
Writer& Writer::end_array() { return close('['); }

Writer& Writer::value(std::string_view text) {
  before_value();
  append_string(&out_, text);
  return *this;
}

Writer& Writer::raw(std::string_view json) {
  before_value();
  out_ += json;
  return *this;
}

Writer& Writer::copy(const Value& what) {
  switch (what.kind()) {
    case Kind::kNull:
      return null();
    case Kind::kBoolean:
      return value(what.truth());
    case Kind::kNumber:
      return raw(what.text());
    case Kind::kString:
      return value(what.text());
    case Kind::kArray:
      begin_array();
      for (const auto item : what.items()) copy(item);
      return end_array();
    case Kind::kObject:
      begin_object();
      for (const auto member : what.members()) name(member.name).copy(member.value);
      return end_object();
  }
  return *this;
}

std::string Writer::take() {
  require(open_.empty() && !out_.empty(), "a document that has not ended");
  return std::exchange(out_, {});
}

}  // namespace kaogong::json
