// Is it UTF-8?
#pragma once

#include <cstddef>

namespace kaogong::csv {

/// Whether text[0, size) is valid UTF-8 (no overlong forms, no surrogates, nothing above U+10FFFF).
bool is_utf8(const char* text, size_t size);

}  // namespace kaogong::csv
