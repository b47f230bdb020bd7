#include "gateway/command/show_json.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "gateway/json/writer.h"
#include "infra/csv/writer.h"

namespace kaogong::gateway {

namespace {

std::string_view take(std::string_view* text, char end) {
  const size_t at = std::min(text->find(end), text->size());
  const auto part = text->substr(0, at);
  text->remove_prefix(std::min(at + 1, text->size()));
  return part;
}

std::string with_spaces(std::string_view literal) {
  std::string text(literal);
  std::replace(text.begin(), text.end(), '~', ' ');
  return text;
}

/// `a`, `a|b`, `a?b:c`, `a:8`.
std::string token_text(json::Value entry, std::string_view token) {
  if (const size_t mark = token.find('?'); mark != std::string_view::npos) {
    const auto text = member_text(entry, token.substr(0, mark));
    auto rest = token.substr(mark + 1);
    const auto yes = take(&rest, ':');
    if (text.empty() || text == "false" || text == "0") return with_spaces(rest);
    return yes.starts_with('@') ? member_text(entry, yes.substr(1)) : with_spaces(yes);
  }
  if (const size_t bar = token.find('|'); bar != std::string_view::npos) {
    auto text = member_text(entry, token.substr(0, bar));
    const auto other = token.substr(bar + 1);
    if (!text.empty()) return text;
    return other.starts_with('@') ? member_text(entry, other.substr(1)) : with_spaces(other);
  }
  auto rest = token;
  const auto path = take(&rest, ':');
  auto text = member_text(entry, path);
  if (!rest.empty()) text = text.substr(0, std::stoul(std::string(rest)));
  return text;
}

/// What was in them would be taken for the lines' own.
std::string on_one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  return text;
}

void print(std::string_view name, const std::string& value) {
  std::printf("%s\t%s\n", with_spaces(name).c_str(), on_one_line(value).c_str());
}

void print_members(json::Value value) {
  for (const auto member : value.members()) print(member.name, text_of(member.value));
  for (const auto item : value.items()) {
    std::string line;
    for (const auto member : item.members()) line += (line.empty() ? "" : "\t") + on_one_line(text_of(member.value));
    std::printf("%s\n", line.c_str());
  }
}

}  // namespace

std::string text_of(json::Value value) {
  std::string text;
  switch (value.kind()) {
    case json::Kind::kNull:
      break;
    case json::Kind::kBoolean:
      return value.truth() ? "true" : "false";
    case json::Kind::kNumber:
    case json::Kind::kString:
      return std::string(value.text());
    case json::Kind::kArray:
      for (const auto item : value.items()) text += (text.empty() ? "" : ",") + text_of(item);
      break;
    case json::Kind::kObject:
      for (const auto member : value.members())
        text += (text.empty() ? "" : " ") + std::string(member.name) + "=" + text_of(member.value);
      break;
  }
  return text;
}

std::optional<json::Value> member_at(json::Value value, std::string_view path) {
  if (path == ".") return value;
  if (path.empty()) return std::nullopt;
  while (!path.empty()) {
    const auto found = value.find(take(&path, '.'));
    if (!found) return std::nullopt;
    value = *found;
  }
  return value;
}

std::string member_text(json::Value value, std::string_view path) {
  const auto found = member_at(value, path);
  return found ? text_of(*found) : std::string();
}

void show_entry(json::Value entry, std::string_view shown) {
  while (!shown.empty()) {
    auto tokens = take(&shown, ';');
    std::string line;
    bool is_line = false;
    while (!tokens.empty()) {
      const auto token = take(&tokens, ' ');
      if (const size_t equal = token.find('='); equal != std::string_view::npos) {
        const auto path = token.substr(equal + 1);
        const auto found = member_at(entry, path.empty() ? token.substr(0, equal) : path);
        if (!found || found->is(json::Kind::kNull)) continue;
        path.empty() ? print_members(*found) : print(token.substr(0, equal), text_of(*found));
        continue;
      }
      // A document of many lines stays as it is.
      const auto text = token_text(entry, token);
      line += (is_line ? "\t" : "") + (token == "document" ? text : on_one_line(text));
      is_line = true;
    }
    if (is_line && !line.ends_with('\n')) line += '\n';
    std::fwrite(line.data(), 1, line.size(), stdout);
  }
}

void print_csv(std::initializer_list<std::string_view> fields) {
  std::string line;
  for (const auto& field : fields) {
    if (&field != fields.begin()) line += ',';
    csv::append_field(&line, field);
  }
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stdout);
}

void print_rejects(json::Value faults, const std::string& file, bool chinese) {
  if (faults.size() == 0) return;
  print_csv({"file", "line", "employee", "column", "value", "error"});
  for (const auto fault : faults.items()) {
    const auto sheet = member_text(fault, "sheet");
    print_csv({sheet.empty() ? file : sheet + ".csv", member_text(fault, "line"), member_text(fault, "employee"),
               member_text(fault, "column"), member_text(fault, "value"),
               member_text(fault, chinese ? "error.zh" : "error.en")});
  }
}

void show_csv(json::Value rows) {
  std::string text;
  const auto add = [&](bool first, std::string_view field) {
    if (!first) text += ',';
    csv::append_field(&text, field);
  };
  bool header = true;
  for (const auto row : rows.items()) {
    bool first = true;
    if (std::exchange(header, false)) {
      for (const auto member : row.members()) add(std::exchange(first, false), member.name);
      text += '\n';
      first = true;
    }
    for (const auto member : row.members()) add(std::exchange(first, false), text_of(member.value));
    text += '\n';
  }
  std::fwrite(text.data(), 1, text.size(), stdout);
}

}  // namespace kaogong::gateway
