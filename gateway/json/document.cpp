#include "gateway/json/document.h"

namespace kaogong::json {

std::string_view to_text(Kind kind) {
  switch (kind) {
    case Kind::kNull:
      return "null";
    case Kind::kBoolean:
      return "a boolean";
    case Kind::kNumber:
      return "a number";
    case Kind::kString:
      return "a string";
    case Kind::kArray:
      return "an array";
    case Kind::kObject:
      return "an object";
  }
  return "";
}

std::string_view Value::text() const {
  const auto& at = node();
  if (at.kind != Kind::kString && at.kind != Kind::kNumber) return {};
  return std::string_view(tape_->text).substr(at.begin, at.size);
}

Items Value::items() const {
  const auto end = node().after;
  return {tape_, is(Kind::kArray) ? node_ + 1 : end, end};
}

Members Value::members() const {
  const auto end = node().after;
  return {tape_, is(Kind::kObject) ? node_ + 1 : end, end};
}

std::optional<Value> Value::find(std::string_view name) const {
  for (const auto& member : members())
    if (member.name == name) return member.value;
  return std::nullopt;
}

void extend_pointer(std::string* pointer, std::string_view name) {
  *pointer += '/';
  for (const char c : name) {
    if (c == '~') {
      *pointer += "~0";
    } else if (c == '/') {
      *pointer += "~1";
    } else {
      *pointer += c;
    }
  }
}

std::string pointer_to(std::string_view pointer, std::string_view name) {
  std::string result(pointer);
  extend_pointer(&result, name);
  return result;
}

std::string pointer_to(std::string_view pointer, size_t index) { return pointer_to(pointer, std::to_string(index)); }

}  // namespace kaogong::json
