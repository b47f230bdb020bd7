#include "engine/explain/asked_for.h"

#include <algorithm>
#include <string_view>

#include "engine/scheme/near.h"

namespace kaogong::explain {

std::optional<std::vector<std::string>> asked_for(const scheme::Document& document,
                                                  const std::vector<std::string>& asked, std::string* error) {
  if (asked.empty()) return document.outputs;
  std::vector<std::string> names;
  for (const std::string& value : asked) {
    const auto is_it = [&](const scheme::Decision& decision) {
      return decision.name == value || decision.labels.zh == value || decision.labels.en == value;
    };
    const auto found = std::find_if(document.decisions.begin(), document.decisions.end(), is_it);
    if (found == document.decisions.end()) {
      std::vector<std::string_view> known;
      for (const scheme::Decision& decision : document.decisions) known.emplace_back(decision.name);
      *error = "'" + value + "' is not a value of " + document.id + "; " +
               scheme::suggest(value, known, "the scheme has no decisions");
      return std::nullopt;
    }
    names.push_back(found->name);
  }
  return names;
}

}  // namespace kaogong::explain
