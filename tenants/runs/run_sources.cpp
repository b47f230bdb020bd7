#include "tenants/runs/run_sources.h"

#include <algorithm>
#include <charconv>

#include "engine/scheme/pack.h"

namespace kaogong::runs {

namespace {

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  for (;;) {
    const size_t end = std::min(line.find('\t'), line.size());
    fields.push_back(line.substr(0, end));
    if (end == line.size()) return fields;
    line.remove_prefix(end + 1);
  }
}

template <class T>
bool read(std::string_view text, T* value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
  return error == std::errc() && end == text.data() + text.size() && *value >= 0;
}

}  // namespace

std::vector<PackSource> pack_sources(const scheme::Document& document) {
  std::vector<PackSource> sources;
  for (const auto& pack : scheme::used_packs(document)) sources.push_back({pack.id, pack.hash});
  return sources;
}

std::string to_text(const std::vector<MonthSources>& months) {
  std::string text;
  for (const auto& month : months) {
    text += "month\t" + scheme::to_text(month.period) + "\t" + std::to_string(month.version) + "\t" +
            month.scheme_hash + "\t" + std::to_string(month.snapshot) + "\t" +
            std::to_string(number_of(month.published)) + "\n";
    for (const auto& pack : month.packs) text += "pack\t" + pack.id + "\t" + pack.hash + "\n";
    for (std::string_view rest = month.history; !rest.empty();) {
      const size_t end = std::min(rest.find('\n'), rest.size() - 1);
      text += "history\t" + std::string(rest.substr(0, end + 1));
      rest.remove_prefix(end + 1);
    }
  }
  return text;
}

std::optional<std::vector<MonthSources>> parse_sources(std::string_view text) {
  std::vector<MonthSources> months;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    const auto fields = fields_of(line);
    if (fields[0] == "month" && fields.size() == 6) {
      MonthSources& month = months.emplace_back();
      const auto period = scheme::parse_period(fields[1]);
      int64_t published = 0;
      if (!period || !read(fields[2], &month.version) || !read(fields[4], &month.snapshot) ||
          !read(fields[5], &published))
        return std::nullopt;
      month.period = *period;
      month.scheme_hash = fields[3];
      month.published = RunId{published};
    } else if (fields[0] == "pack" && fields.size() == 3 && !months.empty()) {
      months.back().packs.push_back({std::string(fields[1]), std::string(fields[2])});
    } else if (fields[0] == "history" && fields.size() > 1 && !months.empty()) {
      months.back().history += std::string(line.substr(fields[0].size() + 1)) + "\n";
    } else {
      return std::nullopt;
    }
  }
  if (months.empty()) return std::nullopt;
  return months;
}

}  // namespace kaogong::runs
