#include "infra/config/near.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace kaogong::config {
namespace {

constexpr size_t kTextBytesMax = 100;

size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i + 1);
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string_view nearest(std::string_view text, const std::vector<std::string_view>& names) {
  if (text.size() > kTextBytesMax) return {};
  std::string_view found;
  size_t fewest = text.size() / 3 + 1;
  for (const std::string_view name : names) {
    const size_t edits = edits_between(text, name);
    if (edits >= fewest) continue;
    fewest = edits;
    found = name;
  }
  return found;
}

}  // namespace kaogong::config
