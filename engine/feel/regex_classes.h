// The named sets of characters in XPath regular expressions, written as the inside of a PCRE2 class.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kaogong::feel::text {

/// An inclusive range of code points.
struct CodeRange {
  char32_t first;
  char32_t last;
};

/// "\x{41}".
std::string code_point_escape(char32_t code_point);
/// The class items for one range; nothing for a range of surrogates alone.
std::string range_items(CodeRange range);

/// The set of a multi-character escape: letter is one of s S d D w W i I c C. Empty: another letter.
std::optional<std::string> escape_items(char32_t letter);
/// The set of \p{name} or, negated, \P{name}: a general category ("Lu") or a block ("IsBasicLatin"). Empty: no such
/// name.
std::optional<std::string> property_items(std::string_view name, bool negated);

/// The range of a Unicode 14 block by its name without spaces ("BasicLatin"), or by XML Schema 1.0's older name.
std::optional<CodeRange> find_block(std::string_view name);

}  // namespace kaogong::feel::text
