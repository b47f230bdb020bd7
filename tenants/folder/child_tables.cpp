// <table>.csv: child rows, grouped by employee.
#include <algorithm>
#include <numeric>

#include "tenants/folder/folder_reader.h"
#include "tenants/folder/growing_column.h"

namespace kaogong::folder {

bool FolderReader::read_table(size_t table) {
  const scheme::Table& declared = document_.tables[table];
  const size_t file = out_.spec.table(table);
  out_.inputs.tables.emplace_back();
  std::vector<GrowingColumn> columns;
  for (const auto& column : declared.columns) columns.emplace_back(column.type);
  std::vector<uint32_t> employees, lines;
  bool too_many = false;
  const auto reader = open(file, out_.spec.files[file], true, declared.min_rows > 0 ? Need::kMust : Need::kMay);
  if (failed()) return false;
  if (reader != nullptr) {
    bool first = true;
    const auto take = [&](Chunk& chunk) {
      if (first && chunk.rows != 0) {
        first = false;
        const uint64_t rows = reader->rows_estimate();
        employees.reserve(rows);
        lines.reserve(rows);
        for (auto& column : columns) column.reserve(rows);
      }
      for (const auto& fault : chunk.faults) reject(chunk, fault, chunk.employees[fault.chunk_row]);
      std::vector<uint32_t> known;
      known.reserve(chunk.rows);
      for (size_t row = 0; row < chunk.rows; ++row) {
        if (chunk.employees[row] == kNoRow) continue;
        known.push_back(static_cast<uint32_t>(row));
        employees.push_back(chunk.employees[row]);
        lines.push_back(static_cast<uint32_t>(chunk.first_line + chunk.lines[row]));
      }
      too_many = too_many || employees.size() >= kNoRow;
      for (size_t i = 0; i < columns.size(); ++i)
        columns[i].append(chunk.columns[i], chunk.rows, known.size() == chunk.rows ? nullptr : &known);
    };
    if (!reader->read(take, &error_)) return false;
  }
  if (too_many) {
    error_ = {declared.name + ".csv行数过多",
              declared.name + ".csv has more rows than one calculation can hold (4,294,967,294)"};
    return false;
  }
  std::vector<column::Column> finished;
  for (auto& column : columns) finished.push_back(column.finish());
  group_by_employee(table, std::move(employees), std::move(finished), std::move(lines));
  if (!declared.key.empty()) refuse_duplicate_keys(table);
  return true;
}

/// A stable counting sort, which is nothing to do where the file has the population's order.
void FolderReader::group_by_employee(size_t table, std::vector<uint32_t> employees, std::vector<column::Column> columns,
                                     std::vector<uint32_t> lines) {
  column::ChildTable& child = out_.inputs.tables[table];
  const size_t population = out_.inputs.rows(), rows = employees.size();
  child.offsets.assign(population + 1, 0);
  for (const uint32_t employee : employees) ++child.offsets[employee + size_t{1}];
  std::partial_sum(child.offsets.begin(), child.offsets.end(), child.offsets.begin());
  if (std::is_sorted(employees.begin(), employees.end())) {
    child.columns = std::move(columns);
    child.lines = std::move(lines);
    return;
  }
  std::vector<uint32_t> order(rows);
  {
    std::vector<uint64_t> next(child.offsets.begin(), child.offsets.end() - 1);
    for (size_t row = 0; row < rows; ++row) order[next[employees[row]]++] = static_cast<uint32_t>(row);
  }
  std::vector<uint32_t>().swap(employees);
  for (auto& column : columns) {
    child.columns.push_back(reordered(column, order));
    column = column::Column{};
  }
  child.lines.resize(rows);
  for (size_t row = 0; row < rows; ++row) child.lines[row] = lines[order[row]];
}

void FolderReader::refuse_duplicate_keys(size_t table) {
  const scheme::Table& declared = document_.tables[table];
  const column::ChildTable& child = out_.inputs.tables[table];
  std::vector<const column::Column*> key;
  std::vector<uint16_t> places;
  for (const auto& name : declared.key) {
    const auto found = std::find_if(declared.columns.begin(), declared.columns.end(),
                                    [&](const auto& column) { return column.name == name; });
    if (found == declared.columns.end()) continue;
    key.push_back(&child.columns[static_cast<size_t>(found - declared.columns.begin())]);
    places.push_back(static_cast<uint16_t>(found - declared.columns.begin() + 1));
  }
  if (key.empty()) return;
  // The key of one employee's rows as numbers, compared by sorting.
  struct Keyed {
    uint64_t hash;
    uint64_t row;
  };
  std::vector<Keyed> rows;
  const auto same = [&](uint64_t a, uint64_t b) {
    return std::all_of(key.begin(), key.end(), [&](const column::Column* column) {
      return column->get(a) == column->get(b) && column->is_null(a) == column->is_null(b);
    });
  };
  for (size_t employee = 0; employee + 1 < child.offsets.size(); ++employee) {
    const uint64_t begin = child.offsets[employee], end = child.offsets[employee + 1];
    if (end - begin < 2 || out_.refused[employee] != 0) continue;
    rows.clear();
    for (uint64_t row = begin; row < end; ++row) {
      uint64_t hash = 0;
      for (const column::Column* column : key)
        hash = (hash ^ static_cast<uint64_t>(column->get(row))) * 0x9E3779B97F4A7C15ULL + column->is_null(row);
      rows.push_back({hash, row});
    }
    std::sort(rows.begin(), rows.end(),
              [](const Keyed& a, const Keyed& b) { return a.hash != b.hash ? a.hash < b.hash : a.row < b.row; });
    std::vector<std::pair<uint64_t, uint64_t>> found;  // row, first row with the key
    for (size_t i = 1; i < rows.size(); ++i) {
      for (size_t j = i; j > 0 && rows[j - 1].hash == rows[i].hash;) {
        --j;
        if (!same(rows[j].row, rows[i].row)) continue;
        const bool known = !found.empty() && found.back().first == rows[j].row;
        found.emplace_back(rows[i].row, known ? found.back().second : rows[j].row);
        break;
      }
    }
    std::sort(found.begin(), found.end());
    for (const auto& [row, first] : found) {
      Reject reject;
      reject.kind = RejectKind::kDuplicateKey;
      reject.row = static_cast<uint32_t>(employee);
      reject.file = static_cast<uint16_t>(out_.spec.table(table));
      reject.column = places.back();
      reject.line = child.lines[row];
      reject.detail = child.lines[first];
      std::string value;
      for (const column::Column* column : key)
        value += (value.empty() ? "" : ", ") + column::format_value(*column, row);
      out_.rejects.add(reject, value);
      refuse(reject.row);
    }
  }
}

}  // namespace kaogong::folder
