// Lookups and their inline rows.
#include <algorithm>
#include <map>

#include "engine/scheme/load.h"
#include "engine/scheme/loader.h"

namespace kaogong::scheme {

void Loader::read_inline_rows(const Node& rows, Lookup& lookup, const std::string& what) {
  lookup.is_inline = true;
  if (rows.children.size() > kRulesMax) {
    error(rows, "too-many-rows",
          what + " has " + std::to_string(rows.children.size()) + " rows; at most " + std::to_string(kRulesMax) +
              " are read inline",
          "give it as a CSV file");
    return;
  }
  std::vector<size_t> key_columns;
  for (const std::string& key : lookup.key) {
    for (size_t i = 0; i < lookup.columns.size(); ++i) {
      if (lookup.columns[i].name == key) key_columns.push_back(i);
    }
  }
  std::map<std::vector<std::string>, uint32_t> keys;
  for (const Node& node : rows.children) {
    if (!expect(node, Node::Kind::kList, "a row of " + what)) continue;
    if (node.children.size() != lookup.columns.size()) {
      error(node, "wrong-cell-count",
            "this row of " + what + " has " + std::to_string(node.children.size()) + " cells for " +
                std::to_string(lookup.columns.size()) + " columns",
            "write one cell a column, in the order of the columns");
      continue;
    }
    std::vector<std::string> cells;
    bool good = true;
    for (size_t i = 0; i < lookup.columns.size(); ++i) {
      const Column& column = lookup.columns[i];
      auto cell = literal(node.children[i], column.type, "column \"" + column.name + "\" of " + what);
      good = good && cell.has_value();
      cells.push_back(cell.value_or(std::string()));
    }
    if (!good) continue;
    std::vector<std::string> key;
    std::string shown;
    for (const size_t i : key_columns) {
      key.push_back(cells[i]);
      shown += (shown.empty() ? "" : ", ") + cells[i];
    }
    const auto [where, fresh] = keys.emplace(std::move(key), node.offset);
    if (!fresh) {
      error(
          node, "duplicate-row",
          "the key " + shown + " of " + what + " is already in line " + std::to_string(source_.at(where->second).line),
          "keep one row a key");
    }
    lookup.rows.push_back(std::move(cells));
    lookup.row_positions.push_back(at(node));
  }
}

void Loader::read_lookups(const Node& map) {
  each_named(map, "lookup", [&](const Node& key, const Node& value) {
    declare(key, "lookup");
    const std::string what = "lookup \"" + key.text + "\"";
    const Fields fields(*this, value, keys::kLookup, what);
    Lookup lookup;
    lookup.name = key.text;
    lookup.at = at(key);
    std::unordered_map<std::string, uint32_t> declared;
    if (const Node* node = fields.find("columns"); node && expect(*node, Node::Kind::kMap, fields.name_of("columns"))) {
      lookup.columns = read_columns(*node, what, declared);
    }
    std::vector<std::string_view> columns;
    for (const Column& column : lookup.columns) columns.push_back(column.name);
    if (const Node* node = fields.find("key")) lookup.key = columns_named(*node, fields.name_of("key"), columns);
    for (const Column& column : lookup.columns) {
      const bool is_key = std::find(lookup.key.begin(), lookup.key.end(), column.name) != lookup.key.end();
      if (is_key && column.type.nullable) {
        error_at(value.offset, "bad-value", "the key column \"" + column.name + "\" of " + what + " may be null",
                 "remove nullable: a key is always there");
      }
    }
    if (const Node* node = fields.find("rows"); node && expect(*node, Node::Kind::kList, fields.name_of("rows"))) {
      read_inline_rows(*node, lookup, what);
    }
    if (!lookup.is_inline) declare_file(key, "lookup");
    if (const Node* node = fields.find("computed");
        node && expect(*node, Node::Kind::kMap, fields.name_of("computed"))) {
      lookup.computed = read_computed(*node, what, lookup.columns, declared);
    }
    if (const Node* node = fields.find("checks"); node && expect(*node, Node::Kind::kList, fields.name_of("checks"))) {
      for (const Decision& column : lookup.computed) columns.push_back(column.name);
      read_checks(*node, what, columns, lookup.checks);
    }
    if (const Node* node = fields.find("labels")) lookup.labels = labels(*node, fields.name_of("labels"));
    if (const Node* node = fields.find("source")) lookup.source = source_note(*node, fields.name_of("source"));
    if (const Node* node = fields.find("remark")) lookup.remark = text(*node, fields.name_of("remark"));
    document.lookups.push_back(std::move(lookup));
  });
}

}  // namespace kaogong::scheme
