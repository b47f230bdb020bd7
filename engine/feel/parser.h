// Text to FEEL syntax tree.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <variant>

#include "engine/feel/ast.h"

namespace kaogong::feel {

/// What is wrong with a text, and where: `offset` is a byte offset into it; line and column count from 1, columns in
/// UTF-8 code points.
struct SyntaxError {
  std::string message;
  uint32_t offset = 0;
  uint32_t line = 1;
  uint32_t column = 1;
};

/// Names that may hold spaces or operator characters ("Monthly Income", "a+b"): FEEL reads the longest that fits.
/// Built-in functions' own names ("string length", "date and time") are always known.
struct ParseNames {
  std::unordered_set<std::string> known;
};

template <class T>
using Parsed = std::variant<T, SyntaxError>;

/// Parses one expression. Errors: anything that is not FEEL or not UTF-8, nesting deeper than kNestingMax, text longer
/// than kTextBytesMax.
Parsed<ExprPtr> parse_expression(std::string_view text, const ParseNames& names = {});

/// Parses the cell of a decision table: `-`, `< 5, [7..9]`, `not("a")`.
Parsed<std::unique_ptr<UnaryTests>> parse_unary_tests(std::string_view text, const ParseNames& names = {});

inline constexpr uint32_t kNestingMax = 200;
inline constexpr uint32_t kTextBytesMax = 1u << 20;

/// Writes a tree back as FEEL (one line, minimal brackets): explanation and error texts show it.
std::string to_text(const Expr& expr);

}  // namespace kaogong::feel
