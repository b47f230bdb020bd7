// Child tables, groups and checks.
#include <algorithm>

#include "engine/scheme/loader.h"
#include "engine/scheme/near.h"

namespace kaogong::scheme {
namespace {

std::vector<std::string_view> names_of(const std::vector<Column>& columns) {
  std::vector<std::string_view> names;
  for (const Column& column : columns) names.push_back(column.name);
  return names;
}

void append_names(const std::vector<Decision>& computed, std::vector<std::string_view>& names) {
  for (const Decision& column : computed) names.push_back(column.name);
}

}  // namespace

std::vector<Decision> Loader::read_computed(const Node& map, const std::string& what,
                                            const std::vector<Column>& columns,
                                            std::unordered_map<std::string, uint32_t>& declared) {
  std::vector<Decision> computed;
  // All names first: a computed column may use a later one.
  std::vector<uint32_t> good;
  each_named(map, "computed column", [&](const Node& key, const Node& value) {
    declare_column(key, what, declared);
    good.push_back(static_cast<uint32_t>(&value - map.children.data()));
  });
  row_columns_ = &columns;
  row_names_ = &declared;
  for (const uint32_t index : good) {
    const Node& key = map.children[index - 1];
    const Fields fields(*this, map.children[index], keys::kComputed, "computed column \"" + key.text + "\" of " + what);
    Decision column;
    column.name = key.text;
    column.at = at(key);
    column.type = type(fields, TypeUse::kComputed);
    read_named(fields, column);
    read_rule(fields, column, key.text);
    computed.push_back(std::move(column));
  }
  row_columns_ = nullptr;
  row_names_ = nullptr;
  return computed;
}

void Loader::read_checks(const Node& list, std::string_view what, const std::vector<std::string_view>& columns,
                         std::vector<Check>& checks) {
  for (const Node& node : list.children) {
    if (!expect(node, Node::Kind::kMap, "a check of " + std::string(what))) continue;
    const Fields fields(*this, node, keys::kCheck, "a check of " + std::string(what));
    Check check;
    check.at = at(node);
    if (const Node* require = fields.find("require")) check.require = expression(*require, fields.name_of("require"));
    if (const Node* when = fields.find("when")) check.when = expression(*when, fields.name_of("when"));
    if (const Node* message = fields.find("message")) check.message = labels(*message, fields.name_of("message"));
    if (const Node* column = fields.find("column")) {
      check.column = text(*column, fields.name_of("column"));
      if (column->is_text() && std::find(columns.begin(), columns.end(), check.column) == columns.end()) {
        unknown(*column, "column in a check of " + std::string(what) + ", named", check.column, columns);
      }
    }
    checks.push_back(std::move(check));
  }
}

Complete Loader::read_complete(const Node& node, const Table& table, const std::string& what) {
  Complete complete;
  complete.at = at(node);
  const std::string name = "\"complete\" of " + what;
  if (!expect(node, Node::Kind::kMap, name)) return complete;
  const Fields fields(*this, node, keys::kComplete, name);
  const auto columns = names_of(table.columns);
  if (const Node* when = fields.find("when")) complete.when = expression(*when, fields.name_of("when"));
  if (const Node* per = fields.find("per")) complete.per = columns_named(*per, fields.name_of("per"), columns);
  const Node* each = fields.find("each");
  if (each == nullptr || !expect(*each, Node::Kind::kMap, fields.name_of("each"))) return complete;
  if (each->children.empty())
    error(*each, "bad-value", fields.name_of("each") + " is empty", "write each: {item: all}");
  for (size_t i = 0; i < each->pairs(); ++i) {
    const Node& key = each->key(i);
    const auto column =
        std::find_if(table.columns.begin(), table.columns.end(), [&](const Column& c) { return c.name == key.text; });
    if (column == table.columns.end()) {
      unknown(key, "column for " + fields.name_of("each"), key.text, columns);
      continue;
    }
    if (std::find(complete.per.begin(), complete.per.end(), key.text) != complete.per.end()) {
      error(key, "duplicate-value", "the column \"" + key.text + "\" stands in both per and each of " + name,
            "leave it in one of the two");
    }
    Complete::Each item;
    item.column = key.text;
    item.all = each->value(i).is_text() && each->value(i).text == "all";
    if (!item.all) {
      item.of = expression(each->value(i), "\"" + key.text + "\" of " + name);
    } else if (column->type.values.empty()) {
      error(each->value(i), "no-values", "all: the column \"" + key.text + "\" does not list its values",
            "give the column values: […], or write an expression that gives a list");
    }
    complete.each.push_back(std::move(item));
  }
  return complete;
}

void Loader::read_tables(const Node& map) {
  each_named(map, "table", [&](const Node& key, const Node& value) {
    declare(key, "table");
    declare_file(key, "table");
    const std::string what = "table \"" + key.text + "\"";
    const Fields fields(*this, value, keys::kTable, what);
    Table table;
    table.name = key.text;
    table.at = at(key);
    std::unordered_map<std::string, uint32_t> declared;
    if (const Node* node = fields.find("columns"); node && expect(*node, Node::Kind::kMap, fields.name_of("columns"))) {
      table.columns = read_columns(*node, what, declared);
    }
    const auto columns = names_of(table.columns);
    if (const Node* node = fields.find("key")) table.key = columns_named(*node, fields.name_of("key"), columns);
    if (const Node* node = fields.find("min_rows")) {
      table.min_rows = whole_number(*node, fields.name_of("min_rows"), 1'000'000'000).value_or(0);
    }
    if (const Node* node = fields.find("max_rows")) {
      table.max_rows = whole_number(*node, fields.name_of("max_rows"), 1'000'000'000);
      if (table.max_rows && *table.max_rows < table.min_rows) {
        error(*node, "bad-value", "max_rows is below min_rows in " + what, "correct one of the two");
      }
    }
    if (const Node* node = fields.find("complete")) {
      if (node->is_map()) {
        table.complete.push_back(read_complete(*node, table, what));
      } else if (expect(*node, Node::Kind::kList, fields.name_of("complete"))) {
        for (const Node& item : node->children) table.complete.push_back(read_complete(item, table, what));
      }
    }
    if (const Node* node = fields.find("refuse_when")) {
      table.refuse_when = expression(*node, fields.name_of("refuse_when"));
    }
    if (const Node* node = fields.find("computed");
        node && expect(*node, Node::Kind::kMap, fields.name_of("computed"))) {
      table.computed = read_computed(*node, what, table.columns, declared);
    }
    if (const Node* node = fields.find("checks"); node && expect(*node, Node::Kind::kList, fields.name_of("checks"))) {
      auto all = columns;
      append_names(table.computed, all);
      read_checks(*node, what, all, table.checks);
    }
    if (const Node* node = fields.find("labels")) table.labels = labels(*node, fields.name_of("labels"));
    if (const Node* node = fields.find("source")) table.source = source_note(*node, fields.name_of("source"));
    if (const Node* node = fields.find("remark")) table.remark = text(*node, fields.name_of("remark"));
    document.tables.push_back(std::move(table));
  });
}

void Loader::read_groups(const Node& map) {
  each_named(map, "group", [&](const Node& key, const Node& value) {
    declare(key, "group");
    const std::string what = "group \"" + key.text + "\"";
    const Fields fields(*this, value, keys::kGroup, what);
    Group group;
    group.name = key.text;
    group.at = at(key);
    const Table* base = nullptr;
    if (const Node* node = fields.find("of")) {
      group.of = text(*node, fields.name_of("of"));
      std::vector<std::string_view> tables;
      for (const Table& table : document.tables) {
        tables.push_back(table.name);
        if (table.name == group.of) base = &table;
      }
      if (base == nullptr && node->is_text()) unknown(*node, "table", group.of, tables);
    }
    std::unordered_map<std::string, uint32_t> declared;
    std::vector<Column> row;
    if (const Node* node = fields.find("by"); node != nullptr && base != nullptr) {
      auto columns = names_of(base->columns);
      append_names(base->computed, columns);
      group.by = columns_named(*node, fields.name_of("by"), columns);
      for (const std::string& name : group.by) {
        declared.emplace(name, node->offset);
        for (const Column& column : base->columns) {
          if (column.name == name) row.push_back(column);
        }
      }
    }
    if (const Node* node = fields.find("computed");
        node && expect(*node, Node::Kind::kMap, fields.name_of("computed"))) {
      group.computed = read_computed(*node, what, row, declared);
    }
    if (const Node* node = fields.find("labels")) group.labels = labels(*node, fields.name_of("labels"));
    if (const Node* node = fields.find("source")) group.source = source_note(*node, fields.name_of("source"));
    if (const Node* node = fields.find("remark")) group.remark = text(*node, fields.name_of("remark"));
    document.groups.push_back(std::move(group));
  });
}

}  // namespace kaogong::scheme
