// Lists of rows as tables: one line a row, a column for everything that was read.
#include <algorithm>

#include "engine/explain/text_tree.h"
#include "engine/explain/text_width.h"

namespace kaogong::explain {
namespace {

constexpr size_t kCellWidthMax = 28;
constexpr size_t kLabelWidth = 14;  // a longer label is cut where the column is not wider
constexpr size_t kOpenRowsMax = 3;  // rows of groups whose own parts are shown

struct Cell {
  std::string name;
  const Node* node;
};

void add_lookups(const Node& node, std::vector<Cell>* cells) {
  for (const Node& child : node.children) {
    if (child.kind != Kind::kLookup) continue;
    for (const Node& column : child.children) {
      std::string name = child.name + "." + column.name;
      const bool known = std::any_of(cells->begin(), cells->end(), [&](const Cell& cell) { return cell.name == name; });
      if (!known) cells->push_back({std::move(name), &column});
    }
  }
}

// The columns of a row; what a computed column looked up stands before it.
void flatten(const Node& node, std::vector<Cell>* cells) {
  add_lookups(node, cells);
  for (const Node& child : node.children) {
    if (child.kind == Kind::kColumn) {
      add_lookups(child, cells);
      cells->push_back({child.name, &child});
    }
  }
}

bool has_parts(const Node& column) {
  return std::any_of(column.children.begin(), column.children.end(), [](const Node& part) {
    return part.kind == Kind::kAggregate || part.kind == Kind::kRows || part.kind == Kind::kHistory ||
           part.kind == Kind::kPackCall;
  });
}

}  // namespace

// A row's computed columns that are made of lists themselves.
Entry TextTree::row_parts(const Node& row) const {
  Entry entry;
  for (const Node& column : row.children) {
    if (column.kind != Kind::kColumn) continue;
    if (column.expression.empty()) {
      if (!entry.head.empty()) entry.head += ", ";
      entry.head += column.name + " " + value(column.value);
    } else if (has_parts(column)) {
      entry.children.push_back(this->entry(column));
    }
  }
  if (!row.file.empty()) entry.note = place(row.file, row.line);
  return entry;
}

std::vector<std::string> TextTree::grid(const std::vector<const Node*>& rows, Entry* entry) const {
  std::vector<std::vector<Cell>> cells;
  std::vector<Cell> columns;  // of all rows, each with the first node of that name
  for (const Node* row : rows) {
    flatten(*row, &cells.emplace_back());
    size_t at = 0;
    for (const Cell& cell : cells.back()) {
      const auto known =
          std::find_if(columns.begin(), columns.end(), [&](const Cell& c) { return c.name == cell.name; });
      if (known == columns.end()) {
        columns.insert(columns.begin() + static_cast<std::ptrdiff_t>(at), cell);
        ++at;
      } else {
        at = static_cast<size_t>(known - columns.begin()) + 1;
      }
    }
  }
  const bool lines = std::any_of(rows.begin(), rows.end(), [](const Node* row) { return row->line != 0; });
  std::vector<std::vector<std::string>> texts(2);  // labels, names, rows
  std::vector<bool> right;
  if (lines) {
    texts[0].push_back(word("行", "line"));
    texts[1].emplace_back();
    right.push_back(true);
  }
  for (const Cell& column : columns) {
    texts[1].push_back(shortened(column.name, kCellWidthMax));
    texts[0].push_back(
        shortened(title(column.node->labels, {}), std::max(kLabelWidth, display_width(texts[1].back()))));
    right.push_back(column.node->value.kind == Shown::Kind::kNumber);
  }
  for (size_t r = 0; r < rows.size(); ++r) {
    auto& line = texts.emplace_back();
    if (lines) line.push_back(rows[r]->line == 0 ? "" : std::to_string(rows[r]->line));
    for (const Cell& column : columns) {
      const auto cell =
          std::find_if(cells[r].begin(), cells[r].end(), [&](const Cell& c) { return c.name == column.name; });
      line.push_back(cell == cells[r].end() ? "" : shortened(value(cell->node->value), kCellWidthMax));
    }
  }
  std::vector<size_t> widths(right.size(), 0);
  for (const auto& line : texts) {
    for (size_t c = 0; c < line.size(); ++c) widths[c] = std::max(widths[c], display_width(line[c]));
  }
  std::vector<std::string> result;
  for (const auto& line : texts) {
    std::string text;
    for (size_t c = 0; c < line.size(); ++c) text += (c == 0 ? "" : "  ") + padded(line[c], widths[c], right[c]);
    while (!text.empty() && text.back() == ' ') text.pop_back();
    if (!text.empty()) result.push_back(std::move(text));
  }
  for (const Cell& column : columns) {
    if (column.node->expression.empty() || column.name.find('.') != std::string::npos) continue;
    std::string text = column.name + ": " + column.node->expression;
    if (!column.node->source.empty()) text += word(" 依据 ", "; source ") + column.node->source;
    if (!column.node->remark.empty()) text += word(" 说明 ", "; ") + column.node->remark;
    entry->details.push_back(std::move(text));
  }
  return result;
}

Entry TextTree::rows(const Node& node) const {
  Entry entry;
  entry.head = title(node.labels, {});
  entry.head += (entry.head.empty() ? "" : " ") + node.expression;
  const std::string count = std::to_string(node.count), all = std::to_string(node.of);
  entry.note = word("计入" + count + "行,共" + all + "行", count + " of " + all + " rows counted");
  std::vector<const Node*> shown;
  size_t rows = 0, files = 0;
  std::string file;
  for (const Node& child : node.children) {
    if (child.kind != Kind::kRow) continue;
    if (!child.file.empty()) file = child.file, ++files;
    if (rows++ < options_.rows_max) shown.push_back(&child);
  }
  if (files != 0) entry.note += word(",", ", ") + file;
  if (!shown.empty()) {
    Entry legend;
    entry.details = grid(shown, &legend);
    if (rows > shown.size()) {
      const std::string more = std::to_string(rows - shown.size());
      entry.details.push_back(word("… 还有" + more + "行", "… " + more + " more rows"));
    }
    for (std::string& line : legend.details) entry.details.push_back(std::move(line));
  }
  size_t open = 0;
  for (const Node* row : shown) {
    const bool parts = std::any_of(row->children.begin(), row->children.end(), has_parts);
    if (!parts || open++ >= kOpenRowsMax) continue;
    entry.children.push_back(row_parts(*row));
  }
  if (open > kOpenRowsMax) {
    Entry more;
    const std::string others = std::to_string(open - kOpenRowsMax);
    more.head = word("… 其余" + others + "组同样计算", "… the other " + others + " in the same way");
    entry.children.push_back(std::move(more));
  }
  for (const Node& child : node.children) {
    if (child.kind != Kind::kRow) entry.children.push_back(this->entry(child));
  }
  return entry;
}

}  // namespace kaogong::explain
