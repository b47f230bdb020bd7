#include "engine/feel/regex_translate.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "engine/feel/regex_classes.h"

namespace kaogong::feel::text {
namespace {

/// PCRE2's largest count of a repetition.
constexpr uint32_t kRepeatMax = 65'535;
/// Literals are compared without a callout, but fast, and mostly fail at the first: so many count as one step.
constexpr uint32_t kLiteralsPerStep = 32;
constexpr std::string_view kCallout = "(?C1)";

struct Character {
  char32_t code;
  uint32_t offset;  // byte in the pattern
};

/// Decodes valid UTF-8.
std::vector<Character> decode(std::string_view text) {
  std::vector<Character> out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t code = size == 1 ? lead : lead & (0x7Fu >> size);
    for (size_t k = 1; k < size; ++k) code = code << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3Fu);
    out.push_back({code, static_cast<uint32_t>(i)});
    i += size;
  }
  return out;
}

bool is_white_space(char32_t c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }

/// Flag x: white space goes, except inside character class expressions.
void drop_white_space(std::vector<Character>& characters) {
  int depth = 0;
  bool escaped = false;
  std::erase_if(characters, [&](const Character& character) {
    const char32_t c = character.code;
    if (depth == 0 && is_white_space(c)) return true;
    if (escaped) {
      escaped = false;
    } else if (c == '\\') {
      escaped = true;
    } else if (c == '[') {
      ++depth;
    } else if (c == ']' && depth > 0) {
      --depth;
    }
    return false;
  });
}

/// A character that stands for itself, inside or outside a class.
std::string literal(char32_t c) {
  const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c);
  if (word) return std::string(1, static_cast<char>(c));
  return code_point_escape(c);
}

/// Recursive descent over XML Schema's grammar with XPath's additions. The first error is kept and unwinds everything.
class Translator {
 public:
  Translator(std::vector<Character> characters, size_t pattern_bytes, const RegexFlags& flags)
      : characters_(std::move(characters)), pattern_bytes_(static_cast<uint32_t>(pattern_bytes)), flags_(flags) {}

  RegexResult<TranslatedPattern> run() {
    out_ = kCallout;
    alternatives(0);
    if (!error_ && !done()) fail("')' closes no group");
    if (error_) return *error_;
    return TranslatedPattern{std::move(out_), group_count_, largest_minimum_ + pattern_bytes_ / kLiteralsPerStep};
  }

 private:
  /// What a quantifier would find in the translation: one PCRE2 item, a group of the pattern's, or something to wrap.
  enum class Atom { kSingle, kGroup, kSeveral };

  bool done() const { return error_.has_value() || position_ >= characters_.size(); }
  /// The next character, U+10FFFF + 1 at the end.
  char32_t peek(size_t ahead = 0) const {
    return position_ + ahead < characters_.size() ? characters_[position_ + ahead].code : char32_t{0x110000};
  }
  bool take(char32_t c) {
    if (done() || peek() != c) return false;
    ++position_;
    return true;
  }
  void fail(std::string message) {
    if (error_) return;
    const uint32_t offset = position_ < characters_.size() ? characters_[position_].offset : pattern_bytes_;
    error_ = RegexError{std::move(message), offset};
  }

  // regExp ::= branch ('|' branch)*
  void alternatives(uint32_t depth) {
    if (depth > kRegexDepthMax) return fail("the pattern is nested too deeply");
    const size_t begin = out_.size();
    bool several = false;
    for (;;) {
      while (!done() && peek() != '|' && peek() != ')') piece(depth);
      if (!take('|')) break;
      several = true;
      out_ += '|';
      out_ += kCallout;
    }
    if (several) out_.insert(begin, kCallout);
  }

  // piece ::= atom quantifier?
  void piece(uint32_t depth) {
    const size_t begin = out_.size();
    const Atom kind = atom(depth);
    if (error_) return;
    const auto quantifier = read_quantifier(kind);
    if (!quantifier) return;
    if (kind == Atom::kGroup) {
      // The callout binds to the first alternative only; the others begin with their own.
      out_.insert(begin + (out_.compare(begin, 3, "(?:") == 0 ? 3 : 1), kCallout);
    } else if (kind == Atom::kSeveral) {
      out_.insert(begin, "(?:");
      out_ += ')';
    }
    out_ += *quantifier;
    out_ += kCallout;
  }

  /// Reads ?, *, +, {n}, {n,}, {n,m} and the ? of a reluctant one, as PCRE2 writes it.
  std::optional<std::string> read_quantifier(Atom kind) {
    std::string out;
    if (take('?')) {
      out = "?";
    } else if (take('*')) {
      out = "*";
    } else if (take('+')) {
      out = "+";
    } else if (take('{')) {
      const auto minimum = read_count();
      if (!minimum) return {};
      out = "{" + std::to_string(*minimum);
      if (take(',')) {
        out += ',';
        if (peek() != '}') {
          const auto maximum = read_count();
          if (!maximum) return {};
          if (*maximum < *minimum) {
            fail("the repetition's minimum is above its maximum");
            return {};
          }
          out += std::to_string(*maximum);
        }
      }
      if (!take('}')) {
        fail("'{' is not closed: a repetition is {n}, {n,} or {n,m}");
        return {};
      }
      out += '}';
      // A group's repetitions are counted by the callout that it begins with.
      if (kind != Atom::kGroup) largest_minimum_ = std::max(largest_minimum_, *minimum);
    } else {
      return {};
    }
    if (take('?')) out += '?';
    return out;
  }

  std::optional<uint32_t> read_count() {
    if (done() || !is_digit(peek())) {
      fail("a repetition is {n}, {n,} or {n,m}");
      return {};
    }
    uint32_t count = 0;
    while (!done() && is_digit(peek())) {
      count = count * 10 + (peek() - '0');
      if (count > kRepeatMax) {
        fail("a repetition is at most " + std::to_string(kRepeatMax));
        return {};
      }
      ++position_;
    }
    return count;
  }

  // atom ::= NormalChar | charClass | '(' '?:'? regExp ')' | backReference
  Atom atom(uint32_t depth) {
    const char32_t c = peek();
    switch (c) {
      case '(':
        group(depth);
        return Atom::kGroup;
      case '\\':
        return escape();
      case '[':
        ++position_;
        out_ += class_expression(depth);
        return Atom::kSingle;
      case '.':
        ++position_;
        out_ += flags_.dot_all ? "." : "[^\\x{a}\\x{d}]";
        return Atom::kSingle;
      case '^':
        ++position_;
        out_ += flags_.multi_line ? "(?m:^)" : "\\A";
        return Atom::kSeveral;
      case '$':
        ++position_;
        out_ += flags_.multi_line ? "(?m:$)" : "\\z";
        return Atom::kSeveral;
      case '?':
      case '*':
      case '+':
      case '{':
        fail("there is nothing to repeat here; write a backslash before a literal character");
        break;
      case '}':
      case ']':
        fail("a literal bracket needs a backslash before it");
        break;
      default:
        ++position_;
        out_ += literal(c);
    }
    return Atom::kSingle;
  }

  void group(uint32_t depth) {
    ++position_;
    uint32_t number = 0;
    if (peek() == '?') {
      if (peek(1) != ':') return fail("of the (? forms only (?: exists here");
      position_ += 2;
      out_ += "(?:";
    } else {
      out_ += '(';
      number = ++group_count_;
      closed_.push_back(false);
    }
    alternatives(depth + 1);
    if (!take(')')) return fail("a group is not closed");
    out_ += ')';
    if (number != 0) closed_[number - 1] = true;
  }

  /// An escape outside a class.
  Atom escape() {
    if (is_digit(peek(1))) {
      back_reference();
      return Atom::kSeveral;
    }
    ++position_;
    if (const auto single = single_escape()) {
      out_ += literal(*single);
      return Atom::kSingle;
    }
    const bool is_property = peek() == 'p' || peek() == 'P';
    const auto items = class_escape();
    if (!items) {
      fail("no such escape");
      return Atom::kSingle;
    }
    // Flag i does not widen categories and blocks.
    out_ += flags_.ignore_case && is_property ? "(?-i:[" + *items + "])" : "[" + *items + "]";
    return Atom::kSingle;
  }

  void back_reference() {
    const size_t begin = position_++;
    uint32_t number = peek() - '0';
    ++position_;
    // More digits belong to the number while there are that many groups before it.
    while (is_digit(peek()) && number * 10 + (peek() - '0') <= group_count_) {
      number = number * 10 + (peek() - '0');
      ++position_;
    }
    if (number == 0 || number > group_count_ || !closed_[number - 1]) {
      position_ = begin;
      return fail("a back-reference needs a group that is closed before it");
    }
    out_ += "\\g{" + std::to_string(number) + "}";
    out_ += kCallout;
  }

  /// After a backslash: the character that the escape stands for, when it stands for one.
  std::optional<char32_t> single_escape() {
    const char32_t c = peek();
    char32_t meant = c;
    switch (c) {
      case 'n':
        meant = '\n';
        break;
      case 'r':
        meant = '\r';
        break;
      case 't':
        meant = '\t';
        break;
      case '\\':
      case '|':
      case '.':
      case '?':
      case '*':
      case '+':
      case '(':
      case ')':
      case '{':
      case '}':
      case '-':
      case '[':
      case ']':
      case '^':
      case '$':
        break;
      default:
        return {};
    }
    ++position_;
    return meant;
  }

  /// After a backslash: the class items that the escape stands for.
  std::optional<std::string> class_escape() {
    const char32_t c = peek();
    if (c == 'p' || c == 'P') return property(c == 'P');
    auto items = escape_items(c);
    if (items) ++position_;
    return items;
  }

  std::optional<std::string> property(bool negated) {
    ++position_;
    if (!take('{')) return {};
    std::string name;
    while (!done() && peek() != '}' && peek() < 0x80) {
      name += static_cast<char>(peek());
      ++position_;
    }
    auto items = property_items(name, negated);
    if (!items) {
      fail("no such category or block: " + name);
      return {};
    }
    if (!take('}')) return {};
    return items;
  }

  // charClassExpr ::= '[' '^'? (range | escape | character)+ ('-' charClassExpr)? ']', the first bracket being read.
  std::string class_expression(uint32_t depth) {
    if (depth > kRegexDepthMax) {
      fail("the pattern is nested too deeply");
      return {};
    }
    const bool negated = take('^');
    std::string items;
    std::string subtracted;
    bool first = true;
    for (;; first = false) {
      if (done()) {
        fail("a character class is not closed");
        return {};
      }
      if (peek() == ']') break;
      if (peek() == '-' && peek(1) == '[' && !first) {
        position_ += 2;
        subtracted = class_expression(depth + 1);
        if (!error_ && peek() != ']') fail("a subtracted class stands last");
        break;
      }
      class_item(first, items);
      if (error_) return {};
    }
    if (error_) return {};
    if (first) {
      fail("a character class is empty");
      return {};
    }
    ++position_;
    std::string out = (negated ? "[^" : "[") + items + "]";
    if (subtracted.empty()) return out;
    return "(?:(?!" + subtracted + ")" + out + ")";
  }

  void class_item(bool first, std::string& items) {
    const auto low = class_character(first, items);
    if (!low) return;
    // A hyphen makes a range unless it is last or begins a subtraction.
    if (peek() != '-' || peek(1) == ']' || peek(1) == '[' || (peek(1) == '-' && peek(2) == '[')) {
      items += literal(*low);
      return;
    }
    ++position_;
    if (peek() == '-') return fail("a literal hyphen stands first, last, or after a backslash");
    std::string ignored;
    const auto high = class_character(false, ignored);
    if (!high) return fail("a range ends with a character");
    if (*high < *low) return fail("a range ends before it begins");
    items += range_items({*low, *high});
    // "a-c-e": the second hyphen is neither a range nor literal.
    if (peek() == '-' && peek(1) != ']' && peek(1) != '[') fail("a range cannot begin with a range");
  }

  /// One character of a class; empty when it was a set, which is then in `items`, or wrong.
  std::optional<char32_t> class_character(bool first, std::string& items) {
    const char32_t c = peek();
    if (c == '[') {
      fail("a literal bracket needs a backslash before it");
      return {};
    }
    if (c == '-' && !first && peek(1) != ']' && !(peek(1) == '-' && peek(2) == '[')) {
      fail("a literal hyphen stands first, last, or after a backslash");
      return {};
    }
    ++position_;
    if (c != '\\') return c;
    if (const auto single = single_escape()) return single;
    const auto set = class_escape();
    if (!set) {
      fail("no such escape");
      return {};
    }
    items += *set;
    if (peek() == '-' && peek(1) != ']' && peek(1) != '[') fail("a range begins with a character");
    return {};
  }

  const std::vector<Character> characters_;
  const uint32_t pattern_bytes_;
  const RegexFlags flags_;
  size_t position_ = 0;
  std::string out_;
  uint32_t group_count_ = 0;
  std::vector<bool> closed_;
  uint32_t largest_minimum_ = 0;
  std::optional<RegexError> error_;
};

}  // namespace

RegexResult<RegexFlags> parse_regex_flags(std::string_view flags) {
  RegexFlags out;
  for (size_t i = 0; i < flags.size(); ++i) {
    switch (flags[i]) {
      case 's':
        out.dot_all = true;
        break;
      case 'm':
        out.multi_line = true;
        break;
      case 'i':
        out.ignore_case = true;
        break;
      case 'x':
        out.ignore_white_space = true;
        break;
      case 'q':
        out.literal = true;
        break;
      default:
        return RegexError{"no such flag; the flags are s, m, i, x and q", static_cast<uint32_t>(i)};
    }
  }
  return out;
}

RegexResult<TranslatedPattern> translate_regex(std::string_view pattern, const RegexFlags& flags) {
  std::vector<Character> characters = decode(pattern);
  if (flags.literal) {
    TranslatedPattern out{std::string(kCallout), 0, static_cast<uint32_t>(pattern.size() / kLiteralsPerStep)};
    for (const Character& character : characters) out.pattern += literal(character.code);
    return out;
  }
  if (flags.ignore_white_space) drop_white_space(characters);
  return Translator(std::move(characters), pattern.size(), flags).run();
}

}  // namespace kaogong::feel::text
