// Characters to lexemes. FEEL cannot be cut into tokens before it is parsed (whether "a-b" is a name depends on what is
// in scope), so the parser asks the scanner for what it expects at the current position.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kaogong::feel {

/// Thrown inside the parser only; the public functions turn it into a SyntaxError.
struct ParseFailure {
  std::string message;
  uint32_t offset;
};

/// True for a word that ends a name: `and`, `or`, `then`, `in`, `if`, `true` … .
bool is_keyword(std::string_view word);

/// True for a code point that may start a name (DMN 1.5, grammar rule 28); `?` is a name of its own and not among them.
bool is_name_start(char32_t c);
/// True for a code point that may continue a name's part.
bool is_name_part(char32_t c);

/// A cursor over the text. The text outlives it.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  uint32_t position() const { return position_; }
  void rewind(uint32_t position) { position_ = position; }
  std::string_view text() const { return text_; }

  /// Skips white space and comments. Throws ParseFailure for a comment that does not end.
  void skip_space();
  /// True when nothing but white space is left.
  bool at_end();
  /// The byte at the cursor (plus `ahead`), 0 beyond the end. Skips no space.
  char peek(uint32_t ahead = 0) const;
  /// Skips space, then takes `symbol` if it stands there.
  bool accept(std::string_view symbol);
  /// Skips space, then tells whether `symbol` stands there.
  bool looking_at(std::string_view symbol);
  /// Takes `symbol` or throws ParseFailure.
  void expect(std::string_view symbol);
  /// Skips space, then takes the keyword if that whole word stands there.
  bool accept_keyword(std::string_view keyword);
  bool looking_at_keyword(std::string_view keyword);

  /// The word (name start, then name parts) at the cursor, empty if none. Does not move; skips no space.
  std::string_view word() const;
  /// The next part of a name at the cursor: a word, a run of digits, or one of . / - ' + *; empty if none. Does not
  /// move.
  std::string_view name_part() const;
  void advance(size_t bytes) { position_ += static_cast<uint32_t>(bytes); }

  /// Takes a number literal if one stands here (digits, point, exponent), as its text.
  std::optional<std::string> accept_number();
  /// Takes a string literal if one stands here, unescaped. Throws ParseFailure if it does not end or is malformed.
  std::optional<std::string> accept_string();

  /// "end of text" or the lexeme at the cursor in quotes, for messages.
  std::string found();
  [[noreturn]] void fail(std::string message) const;
  [[noreturn]] void fail_expected(std::string_view what);

 private:
  std::string_view text_;
  uint32_t position_ = 0;
};

}  // namespace kaogong::feel
