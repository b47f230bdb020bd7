// Dated tables: columns, bands, editions; which rows are in force when.
#include <algorithm>
#include <map>

#include "engine/scheme/literal.h"
#include "engine/scheme/load.h"
#include "engine/scheme/pack_loader.h"

namespace kaogong::scheme {
namespace {

size_t place_of(const std::vector<Column>& columns, const std::string& name) {
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const Column& c) { return c.name == name; });
  return static_cast<size_t>(found - columns.begin());
}

std::string joined(const std::vector<std::string>& parts) {
  std::string all;
  for (const std::string& part : parts) all += (all.empty() ? "" : ", ") + part;
  return all.empty() ? all : " of " + all;
}

std::vector<std::string> key_of(const PackTable& table, const std::vector<std::string>& row) {
  std::vector<std::string> key;
  for (const std::string& name : table.key) key.push_back(row[place_of(table.columns, name)]);
  return key;
}

}  // namespace

std::optional<int32_t> PackLoader::date_of(const Node& node, const std::string& what) {
  if (!expect(node, Node::Kind::kText, what)) return std::nullopt;
  const auto date = parse_date(node.text);
  if (!date) error(node, "bad-literal", what + ": \"" + node.text.substr(0, 50) + "\" is no date", "write 2026-07-01");
  return date;
}

void PackLoader::read_pack_bands(const Node& node, PackTable& table, const std::string& what) {
  const std::string name = "\"bands\" of " + what;
  if (!expect(node, Node::Kind::kMap, name)) return;
  const Fields fields(*this, node, keys::kPackBands, name);
  using Kind = Bands::Kind;
  for (const auto& [key, kind] : {std::pair{"at_least", Kind::kAtLeast}, std::pair{"above", Kind::kAbove},
                                  std::pair{"up_to", Kind::kUpTo}, std::pair{"below", Kind::kBelow}}) {
    const Node* column = fields.find(key);
    if (column == nullptr) continue;
    if (table.bands) {
      error(*column, "bad-value", name + " has bounds of two kinds", "keep one of at_least, above, up_to, below");
      continue;
    }
    table.bands = kind;
    table.bound = text(*column, fields.name_of(key));
    const size_t place = place_of(table.columns, table.bound);
    if (place == table.columns.size()) {
      std::vector<std::string_view> known;
      for (const Column& c : table.columns) known.emplace_back(c.name);
      unknown(*column, "column for " + name, table.bound, known);
      table.bands.reset();
      continue;
    }
    const TypeDecl& type = table.columns[place].type;
    if (!is_decimal(type.name) && type.name != TypeName::kDate) {
      error(*column, "bad-value", name + ": \"" + table.bound + "\" is neither a number nor a date",
            "name a column of numbers or dates");
      table.bands.reset();
    }
    if (std::find(table.key.begin(), table.key.end(), table.bound) != table.key.end()) {
      error(*column, "duplicate-value", "the column \"" + table.bound + "\" is both a key and a bound",
            "leave it in one of the two");
    }
  }
  if (!table.bands && node.children.empty()) {
    error(node, "missing-key", name + " has no bounds", "name the column: {up_to: limit}");
  }
}

void PackLoader::read_edition(const Node& node, PackTable& table, const std::string& what) {
  const std::string name = "an edition of " + what;
  if (!expect(node, Node::Kind::kMap, name)) return;
  const Fields fields(*this, node, keys::kEdition, name);
  Edition edition;
  edition.at = at(node);
  if (const Node* source = fields.find("source")) edition.source = source_note(*source, fields.name_of("source"));
  if (const Node* remark = fields.find("remark")) edition.remark = text(*remark, fields.name_of("remark"));
  const Node* from = fields.find("effective_from");
  const auto first = from == nullptr ? std::nullopt : date_of(*from, fields.name_of("effective_from"));
  edition.effective_from = first.value_or(0);
  if (const Node* to = fields.find("effective_to")) {
    edition.effective_to = date_of(*to, fields.name_of("effective_to"));
    if (first && edition.effective_to && *edition.effective_to < *first) {
      error(*to, "bad-value", name + " ends before it begins", "correct one of the two");
    }
  }
  const Node* rows = fields.find("rows");
  if (rows == nullptr || !expect(*rows, Node::Kind::kList, fields.name_of("rows"))) return;
  if (rows->children.empty()) error(*rows, "bad-value", fields.name_of("rows") + " is empty", "list the rows");
  count_rules(*rows, rows->children.size());
  if (rules_count_ > kRulesMax) return;
  for (const Node& row : rows->children) {
    if (!expect(row, Node::Kind::kList, "a row of " + what)) continue;
    if (row.children.size() != table.columns.size()) {
      error(row, "wrong-cell-count",
            "this row of " + what + " has " + std::to_string(row.children.size()) + " cells for " +
                std::to_string(table.columns.size()) + " columns",
            "write one cell a column, in the order of the columns");
      continue;
    }
    std::vector<std::string> cells;
    bool good = true;
    for (size_t i = 0; i < table.columns.size(); ++i) {
      const Column& column = table.columns[i];
      auto cell = literal(row.children[i], column.type, "column \"" + column.name + "\" of " + what);
      good = good && cell.has_value();
      cells.push_back(cell.value_or(std::string()));
    }
    if (!good) continue;
    edition.rows.push_back(std::move(cells));
    edition.row_positions.push_back(at(row));
  }
  check_pack_bands(table, edition);
  table.editions.push_back(std::move(edition));
}

// Within an edition: one row a key, or with bands rising bounds of which one may be open.
void PackLoader::check_pack_bands(const PackTable& table, const Edition& edition) {
  std::map<std::vector<std::string>, std::vector<size_t>> groups;
  for (size_t r = 0; r < edition.rows.size(); ++r) groups[key_of(table, edition.rows[r])].push_back(r);
  const auto report = [&](Severity severity, size_t row, const std::string& code, const std::string& message,
                          const std::string& remedy) {
    findings.push_back({severity, code, edition.row_positions[row], message, remedy});
  };
  const std::string what = "table \"" + table.name + "\"";
  for (const auto& [key, rows] : groups) {
    if (!table.bands) {
      if (rows.size() > 1) {
        report(Severity::kError, rows[1], "duplicate-row",
               "the key" + joined(key) + " stands twice in one edition of " + what, "keep one row a key");
      }
      continue;
    }
    const size_t bound = place_of(table.columns, table.bound);
    const bool downwards = *table.bands == Bands::Kind::kAtLeast || *table.bands == Bands::Kind::kAbove;
    const TypeDecl& type = table.columns[bound].type;
    const auto units = [&](const std::string& cell) -> int64_t {
      if (type.name == TypeName::kDate) return parse_date(cell).value_or(0);
      const auto parsed = parse_scaled(cell, type.scale);
      const auto* value = std::get_if<int64_t>(&parsed);
      return value == nullptr ? 0 : *value;
    };
    std::optional<int64_t> last;
    bool open = false;
    for (size_t i = 0; i < rows.size(); ++i) {
      const std::string& cell = edition.rows[rows[i]][bound];
      if (cell.empty()) {
        const bool place = downwards ? i == 0 : i + 1 == rows.size();
        if (open || !place) {
          report(Severity::kError, rows[i], "bands-order",
                 std::string("an open bound stands ") + (downwards ? "first" : "last") + " in " + what,
                 "write the bounds in rising order");
        }
        open = true;
        continue;
      }
      const int64_t value = units(cell);
      if (last && value <= *last) {
        report(Severity::kError, rows[i], value == *last ? "bands-duplicate" : "bands-order",
               "the bound " + cell + " does not rise above the one before it in " + what,
               "write the bounds in rising order, each once");
      }
      last = value;
    }
    if (!open) {
      const size_t edge = downwards ? rows.front() : rows.back();
      report(Severity::kWarning, edge, "bands-gap",
             std::string("values ") + (downwards ? "below" : "above") + " the " + (downwards ? "first" : "last") +
                 " bound" + joined(key) + " of " + what + " are in no band: they will be refused",
             "add a row whose bound is null, if there are such values");
    }
  }
}

// Between editions: what has the same key must not be in force twice on a day; days without are worth a word.
void PackLoader::check_editions(const PackTable& table, const Node& node) {
  std::map<std::vector<std::string>, const Edition*> last;
  for (const Edition& edition : table.editions) {
    std::map<std::vector<std::string>, const Edition*> own;
    for (const auto& row : edition.rows) own.emplace(key_of(table, row), &edition);
    for (const auto& [key, now] : own) {
      const auto before = last.find(key);
      if (before != last.end()) {
        const Edition& earlier = *before->second;
        const std::string whose = "table \"" + table.name + "\"" + joined(key);
        const std::string begins = date_to_text(edition.effective_from);
        if (earlier.effective_from == edition.effective_from) {
          findings.push_back({Severity::kError, "dated-overlap", edition.at,
                              "two editions of " + whose + " begin on " + begins, "make one edition of them"});
        } else if (earlier.effective_to && *earlier.effective_to >= edition.effective_from) {
          findings.push_back({Severity::kError, "dated-overlap", edition.at,
                              "two editions of " + whose + " are in force on " + begins + ": the earlier one ends on " +
                                  date_to_text(*earlier.effective_to),
                              "correct effective_to, or leave it out"});
        } else if (earlier.effective_to && *earlier.effective_to + 1 < edition.effective_from) {
          findings.push_back({Severity::kWarning, "dated-gap", edition.at,
                              whose + " has no rows in force from " + date_to_text(*earlier.effective_to + 1) + " to " +
                                  date_to_text(edition.effective_from - 1),
                              "correct the dates, if that is not meant"});
        }
      }
      last[key] = now;
    }
  }
  if (table.editions.empty()) {
    error(node, "bad-value", "table \"" + table.name + "\" has no edition: nothing is ever in force",
          "add effective_from and rows");
  }
}

void PackLoader::read_pack_tables(const Node& map) {
  each_named(map, "table", [&](const Node& key, const Node& value) {
    declare(key, "table");
    const std::string what = "table \"" + key.text + "\"";
    const Fields fields(*this, value, keys::kPackTable, what);
    PackTable table;
    table.name = key.text;
    table.at = at(key);
    if (const Node* node = fields.find("labels")) table.labels = labels(*node, fields.name_of("labels"));
    if (const Node* node = fields.find("source")) table.source = source_note(*node, fields.name_of("source"));
    if (const Node* node = fields.find("remark")) table.remark = text(*node, fields.name_of("remark"));
    std::unordered_map<std::string, uint32_t> declared;
    if (const Node* node = fields.find("columns"); node && expect(*node, Node::Kind::kMap, fields.name_of("columns"))) {
      table.columns = read_columns(*node, what, declared);
    }
    std::vector<std::string_view> columns;
    for (const Column& column : table.columns) columns.emplace_back(column.name);
    if (const Node* node = fields.find("key")) table.key = columns_named(*node, fields.name_of("key"), columns);
    for (const Column& column : table.columns) {
      const bool is_key = std::find(table.key.begin(), table.key.end(), column.name) != table.key.end();
      if (is_key && column.type.nullable) {
        error(value, "bad-value", "the key column \"" + column.name + "\" of " + what + " may be null",
              "remove nullable: a key is always there");
      }
    }
    if (const Node* node = fields.find("bands")) read_pack_bands(*node, table, what);
    const Node* editions = fields.find("editions");
    if (editions != nullptr && expect(*editions, Node::Kind::kList, fields.name_of("editions"))) {
      for (const Node& edition : editions->children) read_edition(edition, table, what);
      std::stable_sort(table.editions.begin(), table.editions.end(),
                       [](const Edition& a, const Edition& b) { return a.effective_from < b.effective_from; });
      check_editions(table, *editions);
    }
    pack->tables.push_back(std::move(table));
  });
}

}  // namespace kaogong::scheme
