// The names that may stand in a log: looked at by the compiler.
#pragma once

#include <string_view>

namespace kaogong::log {

inline constexpr size_t kNameBytesMax = 40;

/// Words that no key may have, because what they name is about a person or is a secret. Numbers of things (employees,
/// rows) are no such words.
inline constexpr std::string_view kPersonalWords[] = {
    "account",  "address", "age",   "amount", "bank",  "birth", "birthday", "bonus",    "email",
    "employee", "gender",  "grade", "mobile", "money", "name",  "pay",      "password", "person",
    "phone",    "salary",  "score", "secret", "tax",   "token", "user",     "wage",     "wages"};

/// Whether a name is snake_case of lower-case letters and digits, begins with a letter, and is not too long.
constexpr bool is_snake_case(std::string_view name) {
  if (name.empty() || name.size() > kNameBytesMax || name.back() == '_') return false;
  if (name.front() < 'a' || name.front() > 'z') return false;
  char before = '_';
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (!letter && (c != '_' || before == '_')) return false;
    before = c;
  }
  return true;
}

/// Whether one of the words of a snake_case name is in kPersonalWords.
constexpr bool is_personal(std::string_view name) {
  while (!name.empty()) {
    const size_t end = name.find('_');
    const std::string_view word = name.substr(0, end);
    for (const std::string_view personal : kPersonalWords)
      if (word == personal) return true;
    name = end == std::string_view::npos ? std::string_view{} : name.substr(end + 1);
  }
  return false;
}

}  // namespace kaogong::log
