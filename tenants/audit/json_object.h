// The small JSON objects that say what an action was about.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace kaogong::tenants::audit {

/// A member's value: a text, a whole number, or a truth. There is no floating point.
using JsonValue = std::variant<std::string, int64_t, bool>;

/// An object with its members in the order given, without white space: `{"version":3}`. Texts are UTF-8; control
/// characters, quotes and backslashes are escaped.
std::string json_object(std::initializer_list<std::pair<std::string_view, JsonValue>> members);

/// A text as a JSON string, with its quotes.
std::string json_string(std::string_view text);

}  // namespace kaogong::tenants::audit
