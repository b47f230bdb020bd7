// <lookup>.csv: tables keyed by something else than the employee.
#include <algorithm>
#include <unordered_map>

#include "tenants/folder/folder_reader.h"
#include "tenants/folder/growing_column.h"

namespace kaogong::folder {

bool FolderReader::read_lookup(size_t lookup) {
  const scheme::Lookup& declared = document_.lookups[lookup];
  const size_t file = out_.spec.lookup(lookup);
  out_.inputs.lookups.emplace_back();
  column::LookupTable& table = out_.inputs.lookups.back();
  if (declared.is_inline) return true;
  const auto reader = open(file, out_.spec.files[file], false, Need::kMust);
  if (reader == nullptr) return false;
  std::vector<GrowingColumn> columns;
  for (const auto& column : declared.columns) columns.emplace_back(column.type);
  std::vector<uint16_t> key;  // places among the columns
  for (const auto& name : declared.key)
    for (size_t i = 0; i < declared.columns.size(); ++i)
      if (declared.columns[i].name == name) key.push_back(static_cast<uint16_t>(i));
  // Whom a row serves is known in the run only: it refuses whoever reads it.
  const auto mark = [&](size_t row, const Reject& reject, std::string_view value) {
    table.faulty.resize(table.rows, 0);
    table.fault_texts.resize(table.rows);
    table.fault_columns.resize(table.rows);
    table.fault_values.resize(table.rows);
    if (table.faulty[row] != 0) return;
    table.faulty[row] = 1;
    table.fault_values[row] = printable(value, kShownBytesMax);
    table.fault_texts[row] = error_text(reject, value, out_.spec.files[file]);
    if (reject.column != kNoColumn) table.fault_columns[row] = declared.columns[reject.column].name;
  };
  const auto take = [&](Chunk& chunk) {
    // A row whose key cannot be read serves nobody that can be told: it is a reject of its own.
    std::vector<uint8_t> unreadable(chunk.rows, 0), faulty(chunk.rows, 0);
    for (const auto& fault : chunk.faults) {
      faulty[fault.chunk_row] = 1;
      if (fault.reject.column == kNoColumn || std::find(key.begin(), key.end(), fault.reject.column) != key.end())
        unreadable[fault.chunk_row] = 1;
    }
    std::vector<uint32_t> kept, places(chunk.rows, 0);
    for (size_t row = 0; row < chunk.rows; ++row) {
      if (unreadable[row] != 0) continue;
      places[row] = static_cast<uint32_t>(table.rows + kept.size());
      kept.push_back(static_cast<uint32_t>(row));
      table.lines.push_back(static_cast<uint32_t>(chunk.first_line + chunk.lines[row]));
    }
    table.rows += kept.size();
    for (size_t i = 0; i < columns.size(); ++i) columns[i].append(chunk.columns[i], chunk.rows, &kept);
    for (const auto& fault : chunk.faults) {
      if (unreadable[fault.chunk_row] != 0) {
        reject(chunk, fault, kNoRow);
      } else {
        mark(places[fault.chunk_row], fault.reject,
             std::string_view(chunk.fault_texts).substr(fault.reject.value_at, fault.reject.value_size));
      }
    }
  };
  if (!reader->read(take, &error_)) return false;
  for (auto& column : columns) table.columns.push_back(column.finish());
  if (key.empty()) return true;
  std::unordered_map<std::string, size_t> rows_by_key;
  for (size_t row = 0; row < table.rows; ++row) {
    std::string text, shown;
    for (const uint16_t place : key) {
      const std::string value = column::format_value(table.columns[place], row);
      text += std::to_string(value.size()) + ':' + value;
      shown += (shown.empty() ? "" : ", ") + value;
    }
    const auto [known, fresh] = rows_by_key.emplace(std::move(text), row);
    if (fresh) continue;
    for (const auto& [at, other] : {std::pair{row, known->second}, std::pair{known->second, row}}) {
      Reject reject;
      reject.kind = RejectKind::kDuplicateKey;
      reject.column = key.back();
      reject.detail = table.lines[other];
      mark(at, reject, shown);
    }
  }
  return true;
}

}  // namespace kaogong::folder
