#include "tenants/templates/templates.h"

#include <algorithm>

#include "tenants/templates/embedded.h"

namespace kaogong::templates {
namespace {

// The build lists them in the order of their ids.
template <typename Entry>
const Entry* find_in(std::span<const Entry> entries, std::string_view id) {
  const auto found = std::lower_bound(entries.begin(), entries.end(), id,
                                      [](const Entry& entry, std::string_view wanted) { return entry.id < wanted; });
  return found != entries.end() && found->id == id ? &*found : nullptr;
}

}  // namespace

std::span<const Template> all() { return embedded::templates(); }
const Template* find(std::string_view id) { return find_in(all(), id); }

std::span<const DefinitionSet> definition_sets() { return embedded::definition_sets(); }
const DefinitionSet* find_definition_set(std::string_view id) { return find_in(definition_sets(), id); }

}  // namespace kaogong::templates
