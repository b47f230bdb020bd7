// Regular expressions as FEEL has them: XPath and XQuery Functions 3.1, section 5.6, on UTF-8, run by PCRE2.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace kaogong::feel::text {

/// Why a pattern, a replacement or a search was refused. `offset` is the byte in the pattern or replacement, 0 when
/// none is to blame.
struct RegexError {
  std::string message;
  uint32_t offset = 0;
};

template <class T>
using RegexResult = std::variant<T, RegexError>;

/// The longest pattern accepted, in bytes.
inline constexpr uint32_t kRegexBytesMax = 16u << 10;
/// The deepest nesting of groups and classes accepted.
inline constexpr uint32_t kRegexDepthMax = 100;
/// The work that one call may do, roughly in characters looked at: a search that needs more ends with an error instead
/// of running on, within about a second. It counts steps, not time, so the same inputs always end the same way. Four
/// more for each byte of the text come on top.
inline constexpr int64_t kRegexStepsMax = 10'000'000;

/// A compiled pattern: cheap to copy, immutable, used from many threads at once.
class Regex {
 public:
  /// Compiles. Flags: any of s (dot matches newlines), m (^ and $ match at lines), i (without regard to case), x (white
  /// space in the pattern is ignored), q (the pattern is plain text). Errors: anything that is not an XPath regular
  /// expression (look-around, possessive quantifiers, \b and \h, a back-reference to a group that is not yet closed …),
  /// an unknown flag, a pattern beyond the limits above.
  static RegexResult<Regex> compile(std::string_view pattern, std::string_view flags = {});

  /// FEEL's matches(): whether the pattern occurs anywhere in the text. Errors: the step limit.
  RegexResult<bool> matches(std::string_view text) const;

  /// FEEL's replace(): every occurrence by `replacement`, in which $0 … $99 are groups, \$ and \\ literal characters.
  /// Errors: a pattern that matches the empty string, a `$` or `\` followed by anything else, the step limit, a result
  /// beyond kReplaceBytesMax.
  RegexResult<std::string> replace(std::string_view text, std::string_view replacement) const;

  /// FEEL's split(): the parts between occurrences, empty ones too. Errors: a pattern that matches the empty string,
  /// the step limit.
  RegexResult<std::vector<std::string>> split(std::string_view text) const;

 private:
  struct Program;
  explicit Regex(std::shared_ptr<const Program> program) : program_(std::move(program)) {}
  std::shared_ptr<const Program> program_;
};

/// The largest result of replace(), in bytes.
inline constexpr size_t kReplaceBytesMax = size_t{64} << 20;

/// Compile and run in one step, for patterns that are used once.
RegexResult<bool> matches(std::string_view text, std::string_view pattern, std::string_view flags = {});
RegexResult<std::string> replace(std::string_view text, std::string_view pattern, std::string_view replacement,
                                 std::string_view flags = {});
RegexResult<std::vector<std::string>> split(std::string_view text, std::string_view pattern);

}  // namespace kaogong::feel::text
