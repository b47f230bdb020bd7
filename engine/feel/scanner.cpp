#include "engine/feel/scanner.h"

#include <algorithm>
#include <array>

namespace kaogong::feel {
namespace {

constexpr std::array<std::string_view, 17> kKeywords = {"and",      "between",   "else", "every",    "false", "for",
                                                        "function", "if",        "in",   "instance", "null",  "or",
                                                        "return",   "satisfies", "some", "then",     "true"};

struct CodePoint {
  char32_t value = 0;
  uint32_t bytes = 0;  // 0: end of text
};

// Malformed UTF-8 reads as U+FFFD, one byte long: it is in no character class, so it ends as a syntax error.
CodePoint decode(std::string_view text, size_t at) {
  if (at >= text.size()) return {};
  const auto byte = [&](size_t i) -> uint32_t { return at + i < text.size() ? static_cast<uint8_t>(text[at + i]) : 0; };
  const auto tail = [&](size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const uint32_t b = byte(0);
  if (b < 0x80) return {b, 1};
  if (b >= 0xC2 && b < 0xE0 && tail(1)) return {((b & 0x1F) << 6) | (byte(1) & 0x3F), 2};
  if (b >= 0xE0 && b < 0xF0 && tail(1) && tail(2)) {
    return {((b & 0x0F) << 12) | ((byte(1) & 0x3F) << 6) | (byte(2) & 0x3F), 3};
  }
  if (b >= 0xF0 && b < 0xF5 && tail(1) && tail(2) && tail(3)) {
    return {((b & 0x07) << 18) | ((byte(1) & 0x3F) << 12) | ((byte(2) & 0x3F) << 6) | (byte(3) & 0x3F), 4};
  }
  return {0xFFFD, 1};
}

bool is_space(char32_t c) {
  if (c <= 0x20) return c == ' ' || (c >= 9 && c <= 13);
  return c == 0x85 || c == 0xA0 || c == 0x1680 || c == 0x180E || (c >= 0x2000 && c <= 0x200B) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void append_utf8(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

std::optional<char32_t> read_hex(std::string_view text, size_t at, size_t digits) {
  if (at + digits > text.size()) return std::nullopt;
  char32_t value = 0;
  for (size_t i = 0; i < digits; ++i) {
    const char c = text[at + i];
    uint32_t d = 0;
    if (is_digit(c)) {
      d = static_cast<uint32_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      d = static_cast<uint32_t>(c - 'a' + 10);
    } else if (c >= 'A' && c <= 'F') {
      d = static_cast<uint32_t>(c - 'A' + 10);
    } else {
      return std::nullopt;
    }
    value = value * 16 + d;
  }
  return value;
}

}  // namespace

bool is_keyword(std::string_view word) {
  return std::find(kKeywords.begin(), kKeywords.end(), word) != kKeywords.end();
}

bool is_name_start(char32_t c) {
  if (c < 0x80) return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
  return (c >= 0xC0 && c <= 0xD6) || (c >= 0xD8 && c <= 0xF6) || (c >= 0xF8 && c <= 0x2FF) ||
         (c >= 0x370 && c <= 0x37D) || (c >= 0x37F && c <= 0x167F) || (c >= 0x1681 && c <= 0x180D) ||
         (c >= 0x180F && c <= 0x1FFF) || (c >= 0x200C && c <= 0x200D) || (c >= 0x2070 && c <= 0x218F) ||
         (c >= 0x2C00 && c <= 0x2FEF) || (c >= 0x3001 && c <= 0xD7FF) || (c >= 0xF900 && c <= 0xFDCF) ||
         (c >= 0xFDF0 && c <= 0xFEFE) || (c >= 0xFF00 && c <= 0xFFFC) || (c >= 0x10000 && c <= 0xEFFFF);
}

bool is_name_part(char32_t c) {
  return is_name_start(c) || (c >= '0' && c <= '9') || c == 0xB7 || (c >= 0x300 && c <= 0x36F) ||
         (c >= 0x203F && c <= 0x2040);
}

void Scanner::skip_space() {
  for (;;) {
    const CodePoint c = decode(text_, position_);
    if (c.bytes != 0 && is_space(c.value)) {
      position_ += c.bytes;
    } else if (c.value == '/' && peek(1) == '/') {
      const size_t end = text_.find('\n', position_);
      position_ = static_cast<uint32_t>(end == std::string_view::npos ? text_.size() : end + 1);
    } else if (c.value == '/' && peek(1) == '*') {
      const size_t end = text_.find("*/", position_ + 2);
      if (end == std::string_view::npos) fail("the comment does not end");
      position_ = static_cast<uint32_t>(end + 2);
    } else {
      return;
    }
  }
}

bool Scanner::at_end() {
  skip_space();
  return position_ >= text_.size();
}

char Scanner::peek(uint32_t ahead) const {
  const size_t at = static_cast<size_t>(position_) + ahead;
  return at < text_.size() ? text_[at] : '\0';
}

bool Scanner::looking_at(std::string_view symbol) {
  skip_space();
  return text_.substr(position_, symbol.size()) == symbol;
}

bool Scanner::accept(std::string_view symbol) {
  if (!looking_at(symbol)) return false;
  advance(symbol.size());
  return true;
}

void Scanner::expect(std::string_view symbol) {
  if (!accept(symbol)) fail_expected("'" + std::string(symbol) + "'");
}

bool Scanner::looking_at_keyword(std::string_view keyword) {
  skip_space();
  return word() == keyword;
}

bool Scanner::accept_keyword(std::string_view keyword) {
  if (!looking_at_keyword(keyword)) return false;
  advance(keyword.size());
  return true;
}

std::string_view Scanner::word() const {
  CodePoint c = decode(text_, position_);
  if (c.bytes == 0 || !is_name_start(c.value)) return {};
  size_t end = position_ + c.bytes;
  for (c = decode(text_, end); c.bytes != 0 && is_name_part(c.value); c = decode(text_, end)) end += c.bytes;
  return text_.substr(position_, end - position_);
}

std::string_view Scanner::name_part() const {
  if (const std::string_view w = word(); !w.empty()) return w;
  size_t end = position_;
  while (end < text_.size() && is_digit(text_[end])) ++end;
  if (end > position_) return text_.substr(position_, end - position_);
  switch (peek()) {
    case '.':
    case '/':
    case '-':
    case '\'':
    case '+':
    case '*':
      return text_.substr(position_, 1);
    default:
      return {};
  }
}

std::optional<std::string> Scanner::accept_number() {
  size_t end = position_;
  const auto digit_at = [&](size_t i) { return i < text_.size() && is_digit(text_[i]); };
  while (digit_at(end)) ++end;
  const bool whole = end > position_;
  if (end < text_.size() && text_[end] == '.' && digit_at(end + 1)) {
    ++end;
    while (digit_at(end)) ++end;
  } else if (!whole) {
    return std::nullopt;
  }
  if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
    size_t exponent = end + 1;
    if (exponent < text_.size() && (text_[exponent] == '+' || text_[exponent] == '-')) ++exponent;
    if (digit_at(exponent)) {
      while (digit_at(exponent)) ++exponent;
      end = exponent;
    }
  }
  std::string number(text_.substr(position_, end - position_));
  position_ = static_cast<uint32_t>(end);
  return number;
}

std::optional<std::string> Scanner::accept_string() {
  if (peek() != '"') return std::nullopt;
  const uint32_t start = position_;
  size_t at = position_ + 1;
  std::string out;
  for (;;) {
    if (at >= text_.size()) {
      position_ = start;
      fail("the string does not end");
    }
    const char c = text_[at];
    if (c == '"') break;
    if (c != '\\' || at + 1 >= text_.size()) {
      out += c;
      ++at;
      continue;
    }
    const char escape = text_[at + 1];
    size_t used = 2;
    switch (escape) {
      case '"':
      case '\\':
      case '\'':
        out += escape;
        break;
      case 'n':
        out += '\n';
        break;
      case 'r':
        out += '\r';
        break;
      case 't':
        out += '\t';
        break;
      case 'u':
      case 'U': {
        const size_t digits = escape == 'u' ? 4 : 6;
        std::optional<char32_t> code = read_hex(text_, at + 2, digits);
        used += digits;
        if (code && *code >= 0xD800 && *code < 0xDC00 && text_.substr(at + 6, 2) == "\\u") {
          const std::optional<char32_t> low = read_hex(text_, at + 8, 4);
          if (low && *low >= 0xDC00 && *low < 0xE000) {
            code = 0x10000 + ((*code - 0xD800) << 10) + (*low - 0xDC00);
            used += 6;
          }
        }
        if (!code || *code > 0x10FFFF || (*code >= 0xD800 && *code < 0xE000)) {
          position_ = static_cast<uint32_t>(at);
          fail("not a Unicode code point");
        }
        append_utf8(out, *code);
        break;
      }
      default:  // regular expressions are often written with single backslashes: "\d" stays as it is
        out += c;
        out += escape;
    }
    at += used;
  }
  position_ = static_cast<uint32_t>(at + 1);
  return out;
}

std::string Scanner::found() {
  if (at_end()) return "the end";
  std::string_view part = name_part();
  if (part.empty()) part = text_.substr(position_, std::max<uint32_t>(1, decode(text_, position_).bytes));
  return "'" + std::string(part.substr(0, 40)) + "'";
}

void Scanner::fail(std::string message) const { throw ParseFailure{std::move(message), position_}; }

void Scanner::fail_expected(std::string_view what) {
  const std::string have = found();
  fail("expected " + std::string(what) + ", found " + have);
}

}  // namespace kaogong::feel
