// XPath regular expression to PCRE2 pattern.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "engine/feel/regex.h"

namespace kaogong::feel::text {

struct RegexFlags {
  bool dot_all = false;             // s
  bool multi_line = false;          // m
  bool ignore_case = false;         // i
  bool ignore_white_space = false;  // x
  bool literal = false;             // q
};

/// Reads a flags argument. Errors: a letter that is not a flag.
RegexResult<RegexFlags> parse_regex_flags(std::string_view flags);

/// A pattern for PCRE2 with options UTF, DOTALL, MATCH_UNSET_BACKREF and, when case is ignored, CASELESS; newline is
/// LF.
struct TranslatedPattern {
  std::string pattern;
  uint32_t group_count = 0;
  /// Characters that may be looked at between two callouts without being counted by them.
  uint32_t uncounted_steps = 0;
};

/// Checks a pattern against XPath's grammar and rewrites it. Callouts `(?C)` stand where a match begins, where an
/// alternative or a repeated group begins, and after every repetition and back-reference: between two of them the work
/// is bounded by uncounted_steps and by how far the match has moved, so that counting callouts counts the work. The
/// pattern must be valid UTF-8.
RegexResult<TranslatedPattern> translate_regex(std::string_view pattern, const RegexFlags& flags);

}  // namespace kaogong::feel::text
