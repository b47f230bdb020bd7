// What the functions that an expression may call take and give, as far as it is known before there is data.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace kaogong::scheme {

/// What kind of value an expression has. kAny: it cannot be told.
enum class ValueKind : uint8_t { kAny, kNull, kNumber, kString, kBoolean, kDate, kList, kRow, kContext, kFunction };

/// "a number", "a list", …
std::string_view words_of(ValueKind kind);

/// Kinds of a function's result and arguments.
struct Signature {
  ValueKind result = ValueKind::kAny;
  std::vector<ValueKind> arguments;  // by place; kAny also for those behind the last
};

/// The function of this name, of FEEL or of the scheme language; null pointer if there is none.
const Signature* find_signature(std::string_view name);

/// The names of all functions, for "did you mean …".
const std::vector<std::string_view>& function_names();

/// `now` and `today`: a calculation looks at no clock.
bool looks_at_the_clock(std::string_view function);

}  // namespace kaogong::scheme
