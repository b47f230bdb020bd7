#include "engine/plan/prepare.h"

#include <algorithm>

#include "engine/column/inline_lookups.h"
#include "engine/reference/reference.h"
#include "engine/scheme/literal.h"
#include "engine/scheme/period.h"

namespace kaogong::plan {

namespace {

// Distinct `by` tuples of each employee, in order of first appearance.
GroupLayout group_rows(const scheme::Document& document, const scheme::Group& group, const column::Inputs& inputs) {
  GroupLayout layout;
  const auto t = static_cast<size_t>(std::find_if(document.tables.begin(), document.tables.end(),
                                                  [&](const auto& table) { return table.name == group.of; }) -
                                     document.tables.begin());
  const auto& table = inputs.tables[t];
  std::vector<const column::Column*> by;
  for (const auto& name : group.by)
    for (size_t c = 0; c < document.tables[t].columns.size(); ++c)
      if (document.tables[t].columns[c].name == name) by.push_back(&table.columns[c]);
  layout.offsets.push_back(0);
  layout.group_of.resize(table.offsets.empty() ? 0 : table.offsets.back());
  std::vector<uint64_t> first;  // child row that began each group
  std::vector<uint64_t> sizes;
  for (size_t r = 0; r + 1 < table.offsets.size(); ++r) {
    const size_t begin = first.size();
    for (uint64_t c = table.offsets[r]; c < table.offsets[r + 1]; ++c) {
      size_t g = first.size();
      const auto same = [&](uint64_t other) {
        return std::all_of(by.begin(), by.end(), [&](const auto* column) {
          return column->get(c) == column->get(other) && column->is_null(c) == column->is_null(other);
        });
      };
      while (g > begin && !same(first[g - 1])) --g;
      if (g == begin) {
        first.push_back(c);
        sizes.push_back(0);
        g = first.size();
      }
      layout.group_of[c] = static_cast<uint32_t>(g - 1);
      ++sizes[g - 1];
    }
    layout.rows_max = std::max<uint64_t>(layout.rows_max, first.size() - begin);
    layout.offsets.push_back(first.size());
  }
  for (const uint64_t size : sizes) layout.rows_max = std::max(layout.rows_max, size);
  for (const auto* column : by) {
    column::Column key;
    key.type = column->type;
    key.scale = column->scale;
    key.physical = column->physical;
    key.dictionary = column->dictionary;
    key.allocate(first.size(), false);
    for (size_t g = 0; g < first.size(); ++g) {
      if (column->is_null(first[g])) {
        key.set_null(g);
      } else {
        key.set(g, column->get(first[g]));
      }
    }
    layout.keys.push_back(std::move(key));
  }
  return layout;
}

}  // namespace

namespace {

// Parameters that must add up (weights) are held to it with the values of this run, too. Not empty: what is wrong.
std::string sums_of_parameters(const scheme::Document& document, const column::Inputs& inputs) {
  constexpr int kScale = 18;
  for (const auto& assertion : document.assertions) {
    if (assertion.kind != scheme::Assertion::Kind::kAddUp || !assertion.in.empty()) continue;
    const auto wanted = scheme::parse_scaled(assertion.to, 6);
    if (!std::holds_alternative<int64_t>(wanted)) continue;
    Int sum = 0;
    for (const auto& name : assertion.of) {
      for (size_t p = 0; p < document.parameters.size(); ++p) {
        const auto& parameter = document.parameters[p];
        if (parameter.name != name || !scheme::is_decimal(parameter.type.name)) continue;
        Int value = 0;
        if (inputs.parameters[p].rows != 0) {
          value = inputs.parameters[p].get(0);
        } else if (parameter.default_value) {
          const auto read = scheme::parse_scaled(*parameter.default_value, parameter.type.scale);
          value = std::holds_alternative<int64_t>(read) ? std::get<int64_t>(read) : 0;
        }
        for (int i = parameter.type.scale; i < kScale; ++i) value *= 10;
        sum += value;
      }
    }
    Int to = std::get<int64_t>(wanted);
    for (int i = 6; i < kScale; ++i) to *= 10;
    if (sum == to) continue;
    std::string names;
    for (const auto& name : assertion.of) names += (names.empty() ? "" : ", ") + name;
    return "the parameters " + names + " do not add up to " + assertion.to + ": correct them in parameters.csv";
  }
  return {};
}

}  // namespace

void prepare(const scheme::Document& document, const column::Inputs& inputs, Prepared* prepared) {
  BindInput& input = prepared->input;
  input.document = &document;
  input.inputs = &inputs;
  for (size_t p = 0; p < document.parameters.size(); ++p) {
    const auto& parameter = document.parameters[p];
    if (inputs.parameters[p].rows == 0 && !parameter.default_value && !parameter.default_expression) {
      prepared->failure =
          "parameter '" + parameter.name + "' is not given and has no default: add it to parameters.csv";
      return;
    }
  }
  prepared->failure = sums_of_parameters(document, inputs);
  if (!prepared->failure.empty()) return;
  const int32_t day = scheme::last_day(inputs.period);
  prepared->failure = scheme::missing_rows(document, day);
  if (!prepared->failure.empty()) return;
  for (const auto& pack : document.packs) input.packs.push_back(bind_pack_tables(*pack, day));
  for (size_t l = 0; l < document.lookups.size(); ++l) {
    const auto& decl = document.lookups[l];
    column::LookupTable made = decl.is_inline ? column::make_inline(decl) : column::LookupTable{};
    const column::LookupTable& table = decl.is_inline ? made : inputs.lookups[l];
    BoundLookup bound;
    bound.rows = table.rows;
    bound.faulty = table.faulty;
    auto& columns = prepared->lookup_columns.emplace_back();
    for (const auto& c : table.columns) columns.push_back(column::copied(c));
    if (!decl.computed.empty() || !decl.checks.empty()) {
      reference::LookupRows computed = reference::compute_lookup(document, inputs, l);
      if (!computed.failure.empty()) {
        prepared->failure = computed.failure;
        return;
      }
      for (size_t c = table.columns.size(); c < computed.columns.size(); ++c)
        columns.push_back(std::move(computed.columns[c]));
      bound.faulty.resize(table.rows, 0);
      for (size_t r = 0; r < table.rows; ++r)
        if (computed.faults[r]) bound.faulty[r] = 1;
    }
    bound.columns = &columns;
    input.lookups.push_back(std::move(bound));
  }
  for (const auto& group : document.groups) input.groups.push_back(group_rows(document, group, inputs));
}

}  // namespace kaogong::plan
