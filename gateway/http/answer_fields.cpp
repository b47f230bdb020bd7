#include "gateway/http/answer_fields.h"

#include <algorithm>

namespace kaogong::http {

namespace {

constexpr std::string_view kColon = ": ", kLineEnd = "\r\n";

bool has_line_end(std::string_view text) {
  return text.find('\r') != std::string_view::npos || text.find('\n') != std::string_view::npos;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

}  // namespace

bool same_field_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

void AnswerFields::add(std::string_view name, std::string_view value) {
  if (has_line_end(name) || has_line_end(value)) {
    whole_ = false;
    return;
  }
  lines_.append(name).append(kColon).append(value).append(kLineEnd);
}

void AnswerFields::add(const AnswerFields& others) {
  whole_ = whole_ && others.whole_;
  lines_ += others.lines_;
}

std::vector<AnswerFields::View> AnswerFields::all() const {
  std::vector<View> fields;
  for (std::string_view rest = lines_; !rest.empty();) {
    const size_t end = rest.find(kLineEnd);
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end + kLineEnd.size());
    const size_t colon = line.find(kColon);
    fields.push_back({line.substr(0, colon), line.substr(colon + kColon.size())});
  }
  return fields;
}

std::optional<std::string_view> AnswerFields::find(std::string_view name) const {
  for (const auto& field : all())
    if (same_field_name(field.name, name)) return field.value;
  return std::nullopt;
}

}  // namespace kaogong::http
