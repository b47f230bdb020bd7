#include "gateway/http/message.h"

#include <algorithm>

namespace kaogong::http {

namespace {

constexpr std::string_view kMethodTexts[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

}  // namespace

std::string_view to_text(Method method) { return kMethodTexts[static_cast<size_t>(method)]; }

std::optional<Method> parse_method(std::string_view text) {
  for (size_t i = 0; i < std::size(kMethodTexts); ++i)
    if (text == kMethodTexts[i]) return static_cast<Method>(i);
  return std::nullopt;
}

const std::string* Fields::find(std::string_view name) const {
  for (const auto& field : fields_)
    if (field.name == name) return &field.value;
  return nullptr;
}

size_t Fields::count(std::string_view name) const {
  return static_cast<size_t>(
      std::count_if(fields_.begin(), fields_.end(), [&](const Field& field) { return field.name == name; }));
}

const std::string* Request::parameter(std::string_view name) const {
  for (const auto& one : query)
    if (one.name == name) return &one.value;
  return nullptr;
}

}  // namespace kaogong::http
