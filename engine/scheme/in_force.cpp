#include "engine/scheme/in_force.h"

#include <algorithm>
#include <map>
#include <set>

#include "engine/scheme/expressions.h"
#include "engine/scheme/literal.h"

namespace kaogong::scheme {
namespace {

size_t place_of(const std::vector<Column>& columns, const std::string& name) {
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const Column& c) { return c.name == name; });
  return static_cast<size_t>(found - columns.begin());
}

// A bound as a number that orders bounds of one column.
std::optional<int64_t> bound_value(const TypeDecl& type, const std::string& text) {
  if (text.empty()) return std::nullopt;
  if (type.name == TypeName::kDate) return parse_date(text);
  const auto parsed = parse_scaled(text, type.scale);
  const auto* units = std::get_if<int64_t>(&parsed);
  return units == nullptr ? std::nullopt : std::optional(*units);
}

}  // namespace

std::shared_ptr<const TableInForce> rows_in_force(const PackTable& table, std::optional<int32_t> day) {
  auto result = std::make_shared<TableInForce>();
  result->table = &table;
  Lookup& lookup = result->lookup;
  lookup.name = table.name;
  lookup.columns = table.columns;
  lookup.key = table.key;
  lookup.is_inline = true;
  lookup.labels = table.labels;
  lookup.source = table.source;
  lookup.remark = table.remark;
  lookup.at = table.at;
  std::vector<size_t> key_places;
  for (const std::string& key : table.key) key_places.push_back(place_of(table.columns, key));
  const auto key_of = [&](const std::vector<std::string>& row) {
    std::vector<std::string> key;
    for (const size_t place : key_places) key.push_back(row[place]);
    return key;
  };
  // What holds for each key; keys in the order of their first appearance.
  struct Held {
    uint32_t edition = 0;
    std::vector<size_t> rows;
  };
  std::map<std::vector<std::string>, Held> holds;
  std::vector<std::vector<std::string>> keys;
  for (uint32_t e = 0; e < table.editions.size(); ++e) {
    const Edition& edition = table.editions[e];
    if (day && edition.effective_from > *day) continue;
    for (size_t r = 0; r < edition.rows.size(); ++r) {
      auto key = key_of(edition.rows[r]);
      const auto [at, fresh] = holds.try_emplace(key);
      if (fresh) keys.push_back(std::move(key));
      if (at->second.edition != e) at->second = {e, {}};
      at->second.rows.push_back(r);
    }
  }
  const size_t bound = table.bands ? place_of(table.columns, table.bound) : 0;
  const bool downwards = table.bands == Bands::Kind::kAtLeast || table.bands == Bands::Kind::kAbove;
  for (const auto& key : keys) {
    auto& [e, rows] = holds[key];
    const Edition& edition = table.editions[e];
    if (day && edition.effective_to && *edition.effective_to < *day) continue;
    if (table.bands) {
      const TypeDecl& type = table.columns[bound].type;
      std::stable_sort(rows.begin(), rows.end(), [&](size_t a, size_t b) {
        const auto x = bound_value(type, edition.rows[a][bound]), y = bound_value(type, edition.rows[b][bound]);
        if (!x || !y) return downwards ? !x && y : x && !y;
        return *x < *y;
      });
    }
    result->groups.push_back({static_cast<uint32_t>(lookup.rows.size()), static_cast<uint32_t>(rows.size())});
    for (const size_t r : rows) {
      lookup.rows.push_back(edition.rows[r]);
      lookup.row_positions.push_back(edition.row_positions[r]);
      result->editions.push_back(e);
    }
  }
  return result;
}

std::string missing_rows(const Document& document, int32_t day) {
  std::set<const PackTable*> checked;
  std::string missing;
  for (const PackFunctionId id : document.called) {
    const Pack& pack = *document.packs[id.pack];
    for_each_tree(pack.functions[id.function], [&](const feel::Expr& tree) {
      for_each_part(tree, [&](const feel::Expr& part) {
        if (!missing.empty() || part.kind != feel::ExprKind::kName) return;
        const PackTable* table = pack.table(static_cast<const feel::NameRef&>(part).name);
        if (table == nullptr || !checked.insert(table).second) return;
        if (!rows_in_force(*table, day)->lookup.rows.empty()) return;
        missing = "the pack " + pack.id + " (version " + std::to_string(pack.version) + ") has no rows of '" +
                  table->name + "' in force on " + date_to_text(day);
        const auto first = std::min_element(table->editions.begin(), table->editions.end(),
                                            [](auto& a, auto& b) { return a.effective_from < b.effective_from; });
        if (first != table->editions.end() && first->effective_from > day) {
          missing += ": they begin on " + date_to_text(first->effective_from);
        } else if (!table->editions.empty() && table->editions.back().effective_to) {
          missing += ": they end on " + date_to_text(*table->editions.back().effective_to);
        }
        missing += "; use a newer version of the pack, or one that has them";
      });
    });
  }
  return missing;
}

}  // namespace kaogong::scheme
