// How wide a text is on a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kaogong::explain {

/// Columns that UTF-8 text takes: two for East Asian wide characters, one for others, none for combining marks and
/// control characters.
size_t display_width(std::string_view text);
/// The text with spaces behind it (or before it) up to `width` columns; a wider one stays as it is.
std::string padded(std::string_view text, size_t width, bool to_the_right = false);
/// At most `width` columns of the text, ending in "…" if something was left out.
std::string shortened(std::string_view text, size_t width);

}  // namespace kaogong::explain
