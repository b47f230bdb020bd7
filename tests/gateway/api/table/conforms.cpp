#include "tests/gateway/api/table/conforms.h"

#include <algorithm>
#include <charconv>
#include <regex>

namespace kaogong::api::test {

namespace {

std::string unescaped(std::string_view step) {
  std::string out;
  for (size_t i = 0; i < step.size(); ++i) {
    if (step[i] == '~' && i + 1 < step.size()) {
      out += step[++i] == '1' ? '/' : '~';
    } else {
      out += step[i];
    }
  }
  return out;
}

std::string type_of(json::Value value) {
  switch (value.kind()) {
    case json::Kind::kNull:
      return "null";
    case json::Kind::kBoolean:
      return "boolean";
    case json::Kind::kNumber:
      return value.text().find_first_of(".eE") == std::string_view::npos ? "integer" : "number";
    case json::Kind::kString:
      return "string";
    case json::Kind::kArray:
      return "array";
    case json::Kind::kObject:
      return "object";
  }
  return "";
}

bool is_one_of(json::Value list, std::string_view text) {
  if (list.is(json::Kind::kString)) return list.text() == text;
  for (const auto item : list.items())
    if (item.text() == text || (item.is(json::Kind::kNull) && text.empty())) return true;
  return false;
}

}  // namespace

std::optional<json::Value> value_at(json::Value root, std::string_view pointer) {
  auto value = root;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const size_t end = std::min(pointer.find('/'), pointer.size());
    const auto next = value.find(unescaped(pointer.substr(0, end)));
    if (!next) return std::nullopt;
    value = *next;
    pointer.remove_prefix(end);
  }
  return value;
}

std::string fault_against(json::Value root, json::Value schema, json::Value value, const std::string& pointer) {
  if (const auto reference = schema.find("$ref")) {
    const auto found = value_at(root, reference->text().substr(1));
    return found ? fault_against(root, *found, value, pointer) : "no schema " + std::string(reference->text());
  }
  if (const auto choices = schema.find("oneOf")) {
    for (const auto choice : choices->items())
      if (fault_against(root, choice, value, pointer).empty()) return {};
    return pointer + ": is none of several";
  }
  if (const auto type = schema.find("type"); type && !is_one_of(*type, type_of(value)))
    return pointer + ": is " + type_of(value);
  if (const auto choices = schema.find("enum"); choices && !is_one_of(*choices, value.text()))
    return pointer + ": is not one of the texts";
  if (const auto pattern = schema.find("pattern");
      pattern && value.is(json::Kind::kString) &&
      !std::regex_search(std::string(value.text()), std::regex(std::string(pattern->text()))))
    return pointer + ": is not of the form: " + std::string(value.text());
  if (const auto required = schema.find("required"); required && value.is(json::Kind::kObject))
    for (const auto name : required->items())
      if (!value.find(name.text())) return pointer + ": lacks " + std::string(name.text());
  if (const auto items = schema.find("items")) {
    size_t index = 0;
    for (const auto item : value.items())
      if (auto fault = fault_against(root, *items, item, pointer + "/" + std::to_string(index++)); !fault.empty())
        return fault;
  }
  const auto properties = schema.find("properties"), others = schema.find("additionalProperties");
  for (const auto& [name, inner] : value.members()) {
    const auto known = properties ? properties->find(name) : std::nullopt;
    const auto below = pointer + "/" + std::string(name);
    if (!known && properties && !others) return below + ": is not described";
    const auto of = known ? known : others;
    if (!of || !of->is(json::Kind::kObject)) continue;
    if (auto fault = fault_against(root, *of, inner, below); !fault.empty()) return fault;
  }
  return {};
}

}  // namespace kaogong::api::test
