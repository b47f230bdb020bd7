// population.csv: one row an employee.
#include "tenants/folder/folder_reader.h"
#include "tenants/folder/growing_column.h"

namespace kaogong::folder {

bool FolderReader::read_population() {
  const auto reader = open(FolderSpec::kPopulation, out_.spec.files[FolderSpec::kPopulation], false, Need::kMust);
  if (reader == nullptr) return false;
  column::Inputs& inputs = out_.inputs;
  std::vector<GrowingColumn> columns;
  for (const auto& input : document_.inputs) columns.emplace_back(input.type);
  bool first = true, plain_lines = true, too_many = false;
  std::vector<std::pair<uint32_t, uint32_t>> duplicates;  // row, first row with the id
  const auto take = [&](Chunk& chunk) {
    if (too_many) return;
    const size_t base = inputs.employees.size();
    if (base + chunk.rows >= kNoRow) {
      too_many = true;
      return;
    }
    if (first && chunk.rows != 0) {
      first = false;
      const uint64_t rows = reader->rows_estimate();
      inputs.employees.reserve(rows, rows * (chunk.ids.size() / chunk.rows + 2));
      index_.reserve(rows);
      for (auto& column : columns) column.reserve(rows);
      out_.refused.reserve(rows);
    }
    for (size_t row = 0; row < chunk.rows; ++row) inputs.employees.push_back(chunk.id(row));
    out_.refused.resize(base + chunk.rows, 0);
    for (size_t row = 0; row < chunk.rows; ++row) {
      constexpr size_t kAhead = 12;  // the table does not fit into any cache
      if (row + kAhead < chunk.rows) index_.prefetch(chunk.id_hashes[row + kAhead]);
      if (inputs.employees[base + row].empty()) continue;
      const auto at = static_cast<uint32_t>(base + row);
      const uint32_t known = index_.insert(at, chunk.id_hashes[row]);
      if (known != at) duplicates.emplace_back(at, known);
    }
    for (size_t row = 0; row < chunk.rows; ++row) {
      const auto line = static_cast<uint32_t>(chunk.first_line + chunk.lines[row]);
      if (plain_lines && line != base + row + 2) {
        plain_lines = false;
        for (size_t i = 0; i < base + row; ++i) inputs.lines.push_back(static_cast<uint32_t>(i + 2));
      }
      if (!plain_lines) inputs.lines.push_back(line);
    }
    for (size_t i = 0; i < columns.size(); ++i) columns[i].append(chunk.columns[i], chunk.rows, nullptr);
    for (const auto& fault : chunk.faults) reject(chunk, fault, static_cast<uint32_t>(base + fault.chunk_row));
  };
  if (!reader->read(take, &error_)) return false;
  if (too_many) {
    error_ = {"population.csv行数过多", "population.csv has more rows than one calculation can hold (4,294,967,294)"};
    return false;
  }
  for (auto& column : columns) inputs.inputs.push_back(column.finish());
  inputs.enrolled = index_.size();
  const auto line_of = [&](uint32_t row) { return inputs.lines.empty() ? row + 2 : inputs.lines[row]; };
  constexpr uint8_t kReported = 2;
  const auto duplicate = [&](uint32_t row, uint32_t other) {
    Reject reject;
    reject.kind = RejectKind::kDuplicateEmployee;
    reject.row = row;
    reject.column = 0;
    reject.line = line_of(row);
    reject.detail = line_of(other);
    out_.rejects.add(reject, inputs.employees[row]);
  };
  for (const auto& [row, known] : duplicates) {
    if ((out_.refused[known] & kReported) == 0) duplicate(known, row);
    out_.refused[known] |= kReported;
    duplicate(row, known);
    out_.refused[row] |= kReported;
  }
  for (const auto& [row, known] : duplicates) out_.refused[row] = out_.refused[known] = 1;
  return true;
}

}  // namespace kaogong::folder
