// The schemes and definition sets that ship with the program, as text.
#pragma once

#include <span>
#include <string_view>

namespace kaogong::templates {

/// A scheme that a tenant can install as it is, change, or learn from. Both live as long as the program.
struct Template {
  std::string_view id;    // "trade-monthly"
  std::string_view yaml;  // the scheme document, UTF-8
};

/// A ready set of KPI definitions for the template `kpi-weighted`.
struct DefinitionSet {
  std::string_view id;    // "logistics-service"
  std::string_view csv;   // in the format of kpi_definitions.csv, with its header
  std::string_view yaml;  // labels of the set and its KPIs, and where they come from
};

/// All templates, by id.
std::span<const Template> all();

/// The template with that id, or null. Costs a binary search.
const Template* find(std::string_view id);

/// All definition sets, by id.
std::span<const DefinitionSet> definition_sets();

/// The definition set with that id, or null. Costs a binary search.
const DefinitionSet* find_definition_set(std::string_view id);

}  // namespace kaogong::templates
