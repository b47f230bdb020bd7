#include "infra/config/show.h"

#include <algorithm>

namespace kaogong::config {
namespace {

std::string shown_value(const Key& key) {
  if (key.value_text.empty()) return "-";
  return key.description.secret ? std::string(kMask) : key.value_text;
}

std::string_view section_of(std::string_view name) { return name.substr(0, name.find('.')); }

std::string padded(std::string text, size_t width) {
  text.append(width - std::min(width, text.size()), ' ');
  return text;
}

}  // namespace

std::string values_as_text(const Registry& registry) {
  constexpr size_t kValueWidth = 24;
  size_t width = 0;
  for (const Key& key : registry.keys()) width = std::max(width, key.description.name.size());
  std::string out;
  for (const Key& key : registry.keys()) {
    out += padded(key.description.name, width + 2) + padded(shown_value(key), kValueWidth) + "  " + key.source + "\n";
  }
  return out;
}

std::string reference_as_markdown(const Registry& registry, Language language) {
  const bool zh = language == Language::kZh;
  std::string out;
  std::string_view section;
  for (const Key& key : registry.keys()) {
    const Description& described = key.description;
    if (section_of(described.name) != section) {
      section = section_of(described.name);
      if (!out.empty()) out += "\n";
      out += "### " + std::string(section) + "\n\n";
      out += zh ? "| 键 | 默认值 | 取值 | 含义 |\n" : "| key | default | allowed | what it is |\n";
      out += "|---|---|---|---|\n";
    }
    out += "| `" + described.name + "` | ";
    out += key.default_text.empty() ? "" : described.secret ? std::string(kMask) : "`" + key.default_text + "`";
    out += " | " + key.allowed + " | " + (zh ? described.zh : described.en);
    if (described.secret) out += zh ? "（机密）" : " (secret)";
    if (described.reloadable) out += zh ? "（可热更新）" : " (reloadable)";
    out += " |\n";
  }
  return out;
}

}  // namespace kaogong::config
