// Strict JSON (RFC 8259). YAML reads most of it, but not surrogate pairs in \u escapes.
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/scheme/tree_builder.h"

namespace kaogong::scheme {
namespace {

struct NotJson {};

class JsonReader {
 public:
  JsonReader(std::string_view text, TreeBuilder& builder) : text_(text), builder_(builder) {}

  void read() {
    value();
    skip_space();
    if (at_ != text_.size()) throw NotJson{};
  }

 private:
  void skip_space() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
      ++at_;
    }
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool accept(char c) {
    skip_space();
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) throw NotJson{};
  }

  void value() {  // the builder bounds the depth
    skip_space();
    const size_t begin = at_;
    switch (peek()) {
      case '{':
        builder_.open(Node::Kind::kMap, begin);
        ++at_;
        if (!accept('}')) {
          do {
            skip_space();
            if (peek() != '"') throw NotJson{};
            value();
            expect(':');
            value();
          } while (accept(','));
          expect('}');
        }
        builder_.close();
        return;
      case '[':
        builder_.open(Node::Kind::kList, begin);
        ++at_;
        if (!accept(']')) {
          do {
            value();
          } while (accept(','));
          expect(']');
        }
        builder_.close();
        return;
      case '"':
        builder_.add(Node::Kind::kText, Node::Style::kDoubleQuoted, begin, string());
        return;
      default:
        word(begin);
        return;
    }
  }

  void word(size_t begin) {
    while (at_ < text_.size() && std::string_view(" \t\r\n,:[]{}\"").find(text_[at_]) == std::string_view::npos) ++at_;
    const std::string_view found = text_.substr(begin, at_ - begin);
    if (found == "null") {
      builder_.add(Node::Kind::kNull, Node::Style::kPlain, begin, std::string(found));
    } else if (found == "true" || found == "false" || is_number(found)) {
      builder_.add(Node::Kind::kText, Node::Style::kPlain, begin, std::string(found));
    } else {
      throw NotJson{};
    }
  }

  static bool is_number(std::string_view s) {
    size_t i = 0;
    const auto digits = [&] {
      const size_t from = i;
      while (i < s.size() && s[i] >= '0' && s[i] <= '9') ++i;
      return i - from;
    };
    if (i < s.size() && s[i] == '-') ++i;
    const size_t whole = i;
    const size_t count = digits();
    if (count == 0 || (count > 1 && s[whole] == '0')) return false;
    if (i < s.size() && s[i] == '.') {
      ++i;
      if (digits() == 0) return false;
    }
    if (i < s.size() && (s[i] == 'e' || s[i] == 'E')) {
      ++i;
      if (i < s.size() && (s[i] == '+' || s[i] == '-')) ++i;
      if (digits() == 0) return false;
    }
    return i == s.size();
  }

  uint32_t hex4() {
    if (at_ + 4 > text_.size()) throw NotJson{};
    uint32_t code = 0;
    for (int i = 0; i < 4; ++i) {
      const char c = text_[at_++];
      const int digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0) throw NotJson{};
      code = code * 16 + static_cast<uint32_t>(digit);
    }
    return code;
  }

  static void append_utf8(std::string& out, uint32_t code) {
    const auto put = [&](uint32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (code < 0x80) {
      put(code);
    } else if (code < 0x800) {
      put(0xC0 | (code >> 6));
      put(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
      put(0xE0 | (code >> 12));
      put(0x80 | ((code >> 6) & 0x3F));
      put(0x80 | (code & 0x3F));
    } else {
      put(0xF0 | (code >> 18));
      put(0x80 | ((code >> 12) & 0x3F));
      put(0x80 | ((code >> 6) & 0x3F));
      put(0x80 | (code & 0x3F));
    }
  }

  void escape(std::string& out) {
    switch (const char c = peek(); ++at_, c) {
      case '"':
      case '\\':
      case '/':
        out.push_back(c);
        return;
      case 'b':
        out.push_back('\b');
        return;
      case 'f':
        out.push_back('\f');
        return;
      case 'n':
        out.push_back('\n');
        return;
      case 'r':
        out.push_back('\r');
        return;
      case 't':
        out.push_back('\t');
        return;
      case 'u':
        break;
      default:
        throw NotJson{};
    }
    const size_t begin = at_ - 2;
    uint32_t code = hex4();
    if (code >= 0xD800 && code < 0xDC00 && text_.substr(at_, 2) == "\\u") {
      at_ += 2;
      const uint32_t low = hex4();
      if (low >= 0xDC00 && low < 0xE000) code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    if (code == 0 || (code >= 0xD800 && code < 0xE000)) {
      builder_.refuse(begin, "encoding", "this escape is no character", "write the character itself");
    }
    append_utf8(out, code);
  }

  std::string string() {
    std::string out;
    ++at_;
    while (true) {
      const char c = peek();
      if (at_ >= text_.size() || static_cast<unsigned char>(c) < 0x20) throw NotJson{};
      ++at_;
      if (c == '"') return out;
      if (c == '\\') {
        escape(out);
      } else {
        out.push_back(c);
      }
    }
  }

  std::string_view text_;
  TreeBuilder& builder_;
  size_t at_ = 0;
};

}  // namespace

bool read_json(const SourceText& source, Tree& tree) {
  TreeBuilder builder(source, tree);
  try {
    JsonReader(source.text(), builder).read();
    return true;
  } catch (const NotJson&) {
    // YAML in flow style also begins with a brace: start again as YAML, which has the better messages.
    tree = Tree{};
    return false;
  }
}

}  // namespace kaogong::scheme
