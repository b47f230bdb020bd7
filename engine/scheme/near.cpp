#include "engine/scheme/near.h"

#include <algorithm>
#include <array>

namespace kaogong::scheme {
namespace {

constexpr size_t kLongest = 64;

// Edit distance where two neighbours swapped count as one edit.
size_t distance(std::string_view a, std::string_view b) {
  std::array<std::array<size_t, kLongest + 1>, 3> rows{};
  for (size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i + 2) % 3];
    const auto& above_two = rows[(i + 1) % 3];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], above_two[j - 2] + 1);
    }
  }
  return rows[a.size() % 3][b.size()];
}

}  // namespace

std::string nearest(std::string_view text, const std::vector<std::string_view>& candidates) {
  if (text.empty() || text.size() > kLongest) return {};
  size_t best = std::min<size_t>(3, std::max<size_t>(1, text.size() / 3)) + 1;
  std::string_view found;
  for (const auto candidate : candidates) {
    if (candidate.size() > kLongest) continue;
    const size_t longer = std::max(candidate.size(), text.size());
    if (longer - std::min(candidate.size(), text.size()) >= best) continue;
    const size_t d = distance(text, candidate);
    if (d < best) {
      best = d;
      found = candidate;
    }
  }
  return std::string(found);
}

std::string suggest(std::string_view text, const std::vector<std::string_view>& candidates,
                    std::string_view otherwise) {
  if (const std::string near = nearest(text, candidates); !near.empty()) return "did you mean \"" + near + "\"?";
  if (candidates.empty()) return std::string(otherwise);
  std::string list = "use one of: ";
  constexpr size_t kShown = 12;
  for (size_t i = 0; i < std::min(kShown, candidates.size()); ++i) {
    if (i > 0) list += ", ";
    list += candidates[i];
  }
  if (candidates.size() > kShown) list += ", …";
  return list;
}

}  // namespace kaogong::scheme
