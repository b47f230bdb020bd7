// FEEL's string functions (OMG DMN 1.5, section 10.3.4.3) on UTF-8. Every std::string_view given here must be valid
// UTF-8 (is_valid_utf8); positions and lengths count Unicode code points, the first is 1.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/feel/regex.h"

namespace kaogong::feel::text {

/// Says whether bytes are UTF-8 without overlong forms, surrogates, or code points above U+10FFFF.
bool is_valid_utf8(std::string_view bytes);

/// Counts code points.
int64_t string_length(std::string_view text);

/// Returns the code points from `start` on, at most `length` of them. A negative start counts from the end: -1 is the
/// last. Empty: start is 0 or beyond the text, or length is below 1.
std::optional<std::string_view> substring(std::string_view text, int64_t start,
                                          std::optional<int64_t> length = std::nullopt);

/// Full Unicode case mapping of the root locale: "ß" becomes "SS", a final "Σ" becomes "ς".
std::string upper_case(std::string_view text);
std::string lower_case(std::string_view text);

/// Before the first occurrence of `match`; "" when it does not occur.
std::string_view substring_before(std::string_view text, std::string_view match);
/// After the first occurrence of `match`; "" when it does not occur.
std::string_view substring_after(std::string_view text, std::string_view match);
bool contains(std::string_view text, std::string_view match);
bool starts_with(std::string_view text, std::string_view match);
bool ends_with(std::string_view text, std::string_view match);

/// Joins, leaving out nulls (empty optionals) as FEEL's string join does.
std::string string_join(const std::vector<std::optional<std::string>>& parts, std::string_view delimiter = {});

}  // namespace kaogong::feel::text
