#include "tests/engine/reference/text_inputs.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include "engine/column/inline_lookups.h"
#include "engine/scheme/literal.h"

namespace kaogong::tests {
namespace {

using Record = std::vector<std::string>;

struct Sheet {
  Record header;
  std::vector<Record> rows;

  explicit Sheet(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      Record record(1);
      for (const char c : line) {
        if (c == ',') {
          record.emplace_back();
        } else if (c != '\r') {
          record.back() += c;
        }
      }
      if (header.empty()) {
        header = std::move(record);
      } else {
        rows.push_back(std::move(record));
      }
    }
  }
  size_t place(const std::string& name) const {
    const auto found = std::find(header.begin(), header.end(), name);
    if (found == header.end()) throw std::runtime_error("no column " + name);
    return static_cast<size_t>(found - header.begin());
  }
};

void set(column::Column* column, size_t row, const std::string& text) {
  using scheme::TypeName;
  if (text.empty()) return column->set_null(row);
  switch (column->type) {
    case TypeName::kString:
      return column->set(row, column->dictionary->insert(text));
    case TypeName::kBoolean:
      return column->set(row, text == "true");
    case TypeName::kDate:
      return column->set(row, scheme::parse_date(text).value());
    default:
      return column->set(row, std::get<int64_t>(scheme::parse_scaled(text, column->scale)));
  }
}

column::Column wide(const scheme::TypeDecl& type, size_t rows) {
  column::Column column = column::make_column(type);
  if (type.name == scheme::TypeName::kString) column.physical = column::Physical::kI32;
  column.allocate(rows, type.nullable);
  return column;
}

}  // namespace

column::Inputs text_inputs(const scheme::Document& document, const std::string& period,
                           const std::map<std::string, std::string>& texts) {
  column::Inputs in;
  in.period = scheme::parse_period(period).value();
  const auto text_of = [&](const std::string& name) {
    const auto found = texts.find(name);
    return found == texts.end() ? std::string() : found->second;
  };
  const Sheet population(text_of("population"));
  const size_t rows = population.rows.size();
  std::map<std::string, size_t> row_of;
  for (size_t r = 0; r < rows; ++r) {
    const std::string& id = population.rows[r][population.place("employee")];
    in.employees.push_back(id);
    row_of.emplace(id, r);
  }
  in.enrolled = row_of.size();
  for (const scheme::Input& input : document.inputs) {
    column::Column column = wide(input.type, rows);
    for (size_t r = 0; r < rows; ++r) set(&column, r, population.rows[r][population.place(input.name)]);
    in.inputs.push_back(std::move(column));
  }
  for (const scheme::Table& table : document.tables) {
    const Sheet sheet(text_of(table.name));
    std::vector<std::pair<size_t, size_t>> order;  // employee's row, line
    for (size_t line = 0; line < sheet.rows.size(); ++line) {
      order.emplace_back(row_of.at(sheet.rows[line][sheet.place("employee")]), line);
    }
    std::sort(order.begin(), order.end());
    column::ChildTable child;
    child.offsets.assign(rows + 1, 0);
    for (const auto& [row, line] : order) {
      ++child.offsets[row + 1];
      child.lines.push_back(static_cast<uint32_t>(line + 2));
    }
    for (size_t r = 0; r < rows; ++r) child.offsets[r + 1] += child.offsets[r];
    for (const scheme::Column& decl : table.columns) {
      column::Column column = wide(decl.type, order.size());
      for (size_t i = 0; i < order.size(); ++i) set(&column, i, sheet.rows[order[i].second][sheet.place(decl.name)]);
      child.columns.push_back(std::move(column));
    }
    in.tables.push_back(std::move(child));
  }
  for (const scheme::Lookup& lookup : document.lookups) {
    column::LookupTable table;
    if (!lookup.is_inline) {
      const Sheet sheet(text_of(lookup.name));
      table.rows = sheet.rows.size();
      for (size_t line = 0; line < sheet.rows.size(); ++line) table.lines.push_back(static_cast<uint32_t>(line + 2));
      for (const scheme::Column& decl : lookup.columns) {
        column::Column column = wide(decl.type, table.rows);
        for (size_t r = 0; r < table.rows; ++r) set(&column, r, sheet.rows[r][sheet.place(decl.name)]);
        table.columns.push_back(std::move(column));
      }
    }
    in.lookups.push_back(std::move(table));
  }
  const Sheet history(text_of("history"));
  for (const scheme::HistoryColumn& decl : document.history) {
    column::HistoryColumnData data;
    data.kind = decl.every.empty() ? in.period.kind : scheme::parse_period_kind(decl.every).value();
    data.newest = in.period.index - 1;
    if (data.kind != in.period.kind) {
      data.newest = scheme::first_within({in.period.kind, in.period.index + 1}, data.kind).index - 1;
    }
    for (const Record& record : history.rows) {
      const auto recorded = scheme::parse_period(record[history.place("period")]).value();
      const auto row = row_of.find(record[history.place("employee")]);
      if (recorded.kind != data.kind || recorded.index > data.newest || row == row_of.end()) continue;
      const auto lag = static_cast<size_t>(data.newest - recorded.index);
      while (data.by_period.size() <= lag) data.by_period.emplace_back();
      column::Column& column = data.by_period[lag];
      if (column.rows == 0) {
        column = wide(decl.type, rows);
        for (size_t r = 0; r < rows; ++r) column.set_null(r);
      }
      const std::string& value = record[history.place(decl.name)];
      if (value.empty()) continue;
      set(&column, row->second, value);
      column.valid.data()[row->second] = std::byte{1};
    }
    in.history.push_back(std::move(data));
  }
  const Sheet parameters(text_of("parameters"));
  for (const scheme::Parameter& decl : document.parameters) {
    column::Column column = column::make_column(decl.type);
    for (const Record& record : parameters.rows) {
      if (record[0] != decl.name) continue;
      column = wide(decl.type, 1);
      set(&column, 0, record[1]);
    }
    in.parameters.push_back(std::move(column));
  }
  return in;
}

}  // namespace kaogong::tests
