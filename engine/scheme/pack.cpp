#include "engine/scheme/pack.h"

#include <algorithm>

namespace kaogong::scheme {

const PackFunction* Pack::function(std::string_view wanted) const {
  const auto found =
      std::find_if(functions.begin(), functions.end(), [&](const PackFunction& f) { return f.name == wanted; });
  return found == functions.end() ? nullptr : &*found;
}

const PackTable* Pack::table(std::string_view wanted) const {
  const auto found = std::find_if(tables.begin(), tables.end(), [&](const PackTable& t) { return t.name == wanted; });
  return found == tables.end() ? nullptr : &*found;
}

std::shared_ptr<const Pack> PackLibrary::find(std::string_view id, std::optional<uint32_t> version) const {
  const auto is_it = [&](const std::shared_ptr<const Pack>& pack) {
    return pack->id == id && (!version || pack->version == *version);
  };
  const auto found = std::find_if(packs_.rbegin(), packs_.rend(), is_it);
  return found == packs_.rend() ? nullptr : *found;
}

std::vector<UsedPack> used_packs(const Document& document) {
  std::vector<UsedPack> used;
  for (const auto& pack : document.packs) used.push_back({pack->id, pack->version, pack->hash});
  return used;
}

}  // namespace kaogong::scheme
