#include "tenants/runs/history_sources.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace kaogong::runs {

namespace {

using Key = std::pair<scheme::PeriodKind, int32_t>;
constexpr Key key_of(scheme::Period period) { return {period.kind, period.index}; }

bool has_output(const Publication& publication, const std::string& name) {
  return std::find(publication.outputs.begin(), publication.outputs.end(), name) != publication.outputs.end();
}

std::string_view next_word(std::string_view* line) {
  const size_t end = std::min(line->find('\t'), line->size());
  const std::string_view word = line->substr(0, end);
  line->remove_prefix(std::min(end + 1, line->size()));
  return word;
}

}  // namespace

HistoryPlan plan_history(const scheme::Document& document, scheme::Period run,
                         const std::vector<Publication>& publications,
                         const std::map<std::string, std::string>& history_from, std::vector<HistoryFault>* faults) {
  HistoryPlan plan;
  for (const auto& [name, from] : history_from) {
    const auto same = [&, wanted = &name](const scheme::HistoryColumn& column) { return column.name == *wanted; };
    if (std::none_of(document.history.begin(), document.history.end(), same))
      faults->push_back({name,
                         {"方案没有名为 " + name + " 的历史列,无法指定其来源",
                          "the scheme looks back on no '" + name + "'; name a column of its history"}});
  }
  std::map<Key, std::vector<const Publication*>> by_period;
  for (const auto& publication : publications) by_period[key_of(publication.period)].push_back(&publication);
  const std::vector<HistoryReach> reaches = history_reach(document, run);
  for (uint32_t c = 0; c < reaches.size(); ++c) {
    const HistoryReach& reach = reaches[c];
    const std::string& name = document.history[c].name;
    const auto named = history_from.find(name);
    const bool own = std::find(document.outputs.begin(), document.outputs.end(), name) != document.outputs.end();
    const std::string from = named != history_from.end() ? named->second : own ? document.id : std::string();
    for (int32_t back = 0; back < reach.count; ++back) {
      const scheme::Period period{reach.kind, reach.newest - back};
      const auto found = by_period.find(key_of(period));
      if (found == by_period.end()) continue;
      const Publication* chosen = nullptr;
      std::set<std::string> others;  // the schemes that may be meant, where nothing says which
      for (const Publication* publication : found->second) {
        if (!has_output(*publication, name) || (!from.empty() && publication->scheme_id != from)) continue;
        chosen = publication;
        others.insert(publication->scheme_id);
      }
      if (others.size() > 1) {
        std::string list;
        for (const auto& other : others) list += (list.empty() ? "" : ", ") + other;
        faults->push_back({name,
                           {"历史列 " + name + " 在 " + scheme::to_text(period) + " 有多个方案发布过(" + list +
                                "),请用 history_from 指定其一",
                            "several schemes published '" + name + "' for " + scheme::to_text(period) + " (" + list +
                                "): say with history_from which one counts"}});
        break;
      }
      if (chosen != nullptr) plan.sources.push_back({c, period, chosen->run});
    }
  }
  return plan;
}

std::string to_text(const HistoryPlan& plan, const scheme::Document& document) {
  std::string text = plan.use_sheet ? "sheet\n" : "";
  for (const auto& source : plan.sources)
    text += document.history[source.column].name + "\t" + scheme::to_text(source.period) + "\t" +
            std::to_string(number_of(source.run)) + "\n";
  return text;
}

std::optional<HistoryPlan> parse_history_plan(std::string_view text, const scheme::Document& document) {
  HistoryPlan plan;
  plan.use_sheet = false;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (line == "sheet" && !plan.use_sheet && plan.sources.empty()) {
      plan.use_sheet = true;
      continue;
    }
    const std::string_view name = next_word(&line);
    const auto period = scheme::parse_period(next_word(&line));
    int64_t run = 0;
    const auto [stop, error] = std::from_chars(line.data(), line.data() + line.size(), run);
    if (!period || error != std::errc() || stop != line.data() + line.size() || run <= 0) return std::nullopt;
    const auto same = [&](const scheme::HistoryColumn& column) { return column.name == name; };
    const auto column = std::find_if(document.history.begin(), document.history.end(), same);
    if (column == document.history.end()) return std::nullopt;
    plan.sources.push_back({static_cast<uint32_t>(column - document.history.begin()), *period, RunId{run}});
  }
  return plan;
}

}  // namespace kaogong::runs
