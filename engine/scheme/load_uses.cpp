// The packs that a scheme uses.
#include <algorithm>

#include "engine/scheme/loader.h"
#include "engine/scheme/near.h"
#include "engine/scheme/pack_call.h"

namespace kaogong::scheme {

void Loader::read_uses(const Node& list, const PackLibrary& library) {
  const auto take = [&](const Node& node) {
    PackUse use;
    use.at = at(node);
    if (node.is_text()) {
      use.id = node.text;
    } else if (expect(node, Node::Kind::kMap, "a pack of \"uses\"")) {
      const Fields fields(*this, node, keys::kUse, "a pack of \"uses\"");
      if (const Node* id = fields.find("id")) use.id = text(*id, fields.name_of("id"));
      if (const Node* version = fields.find("version")) {
        use.version = whole_number(*version, fields.name_of("version"), 1'000'000'000);
      }
      if (use.id.empty()) return;
    } else {
      return;
    }
    const bool twice =
        std::any_of(document.uses.begin(), document.uses.end(), [&](const PackUse& u) { return u.id == use.id; });
    if (twice) return error(node, "duplicate-value", "the pack \"" + use.id + "\" is listed twice", "list it once");
    const auto pack = library.find(use.id, use.version);
    if (pack == nullptr) {
      std::vector<std::string_view> ids;
      std::string versions;
      for (const auto& other : library.all()) {
        ids.emplace_back(other->id);
        if (other->id == use.id) versions += (versions.empty() ? "" : ", ") + std::to_string(other->version);
      }
      if (!versions.empty()) {
        return error(node, "unknown-pack",
                     "there is no version " + std::to_string(*use.version) + " of the pack \"" + use.id + "\"",
                     "there is: " + versions);
      }
      std::sort(ids.begin(), ids.end());
      ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
      return error(node, "unknown-pack", "there is no pack \"" + use.id.substr(0, 100) + "\"",
                   suggest(use.id, ids, "give it with the scheme (--pack FILE), or remove it"));
    }
    const std::string first = use.id.substr(0, use.id.find('.'));
    if (const auto own = names_.find(first); own != names_.end()) {
      error(node, "duplicate-name",
            "the pack \"" + use.id + "\" cannot be told from the " + std::string(own->second.kind) + " \"" + first +
                "\" in line " + std::to_string(source_.at(own->second.offset).line),
            "rename the " + std::string(own->second.kind));
    }
    document.uses.push_back(std::move(use));
    document.packs.push_back(pack);
  };
  if (list.is_text() || list.is_map()) {
    take(list);
  } else if (expect(list, Node::Kind::kList, "\"uses\"")) {
    for (const Node& node : list.children) take(node);
  }
  if (find_called(document, kSchemePackCallsMax) > kSchemePackCallsMax) {
    error(list, "too-many-calls",
          "the scheme's calls of packs come to more than " + std::to_string(kSchemePackCallsMax) + " functions",
          "name a value once and use it where it is needed");
  }
}

}  // namespace kaogong::scheme
