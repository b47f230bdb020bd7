#include "gateway/client/problem_text.h"

#include <algorithm>

#include "gateway/json/read.h"

namespace kaogong::client {

namespace {

constexpr size_t kShownBytesMax = 500;

/// Control characters of a foreign text could do things to a terminal.
std::string printable(std::string_view text) {
  std::string out(text.substr(0, kShownBytesMax));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  return out;
}

std::string_view text_of(const json::Value& object, std::string_view name) {
  const auto value = object.find(name);
  return value && value->is(json::Kind::kString) ? value->text() : std::string_view();
}

}  // namespace

std::string problem_text(const Response& response) {
  const auto read = json::read(response.body);
  const auto* document = std::get_if<json::Document>(&read);
  if (document == nullptr)
    return "the server answered " + std::to_string(response.status) + ": " + printable(response.body);
  const auto root = document->root();
  const auto title = text_of(root, "title"), detail = text_of(root, "detail");
  std::string text = std::to_string(response.status) + " " + printable(title);
  if (!detail.empty()) text += ": " + printable(detail);
  const auto errors = root.find("errors");
  if (!errors) return text;
  for (const auto error : errors->items()) {
    const auto pointer = text_of(error, "pointer"), parameter = text_of(error, "parameter");
    const auto where = pointer.empty() ? parameter : pointer;
    text += "\n  " + (where.empty() ? std::string() : printable(where) + ": ") + printable(text_of(error, "detail"));
  }
  return text;
}

std::string problem_code(const Response& response) {
  const auto read = json::read(response.body);
  const auto* document = std::get_if<json::Document>(&read);
  if (document == nullptr) return {};
  const auto type = text_of(document->root(), "type");
  const auto slash = type.rfind('/');
  return slash == std::string_view::npos ? std::string() : std::string(type.substr(slash + 1));
}

}  // namespace kaogong::client
