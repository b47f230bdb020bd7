// history.csv: results of earlier periods, one row an employee and period.
#include <algorithm>
#include <map>

#include "tenants/folder/folder_reader.h"
#include "tenants/folder/growing_column.h"

namespace kaogong::folder {

namespace {

/// Which periods a history column reads: `newest` and the `count` - 1 before it; beyond them `too_old` or simply
/// unused.
struct Reach {
  scheme::PeriodKind kind = scheme::PeriodKind::kMonth;
  int32_t newest = 0;
  int32_t count = kHistoryPeriodsMax;
  bool inside_only = false;  // the periods inside the run's own
};

Reach reach_of(const scheme::HistoryColumn& column, scheme::Period run) {
  Reach reach;
  reach.kind = column.every.empty() ? run.kind : scheme::parse_period_kind(column.every).value_or(run.kind);
  const int32_t run_months = scheme::months_of(run.kind), months = scheme::months_of(reach.kind);
  if (months < run_months) {
    reach.count = run_months / months;
    reach.newest = scheme::first_within(run, reach.kind).index + reach.count - 1;
    reach.inside_only = true;
  } else {
    reach.newest = run.index * run_months / months - 1;
  }
  return reach;
}

void write_value(column::Column* column, size_t row, const ChunkColumn& from, size_t from_row,
                 const std::vector<int32_t>& codes) {
  const auto get = [&](auto zero) { return reinterpret_cast<const decltype(zero)*>(from.data.data())[from_row]; };
  switch (column->physical) {
    case column::Physical::kI8:
      column->as<int8_t>()[row] = get(int8_t{});
      break;
    case column::Physical::kI16:
      column->as<int16_t>()[row] = get(int16_t{});
      break;
    case column::Physical::kI32:
      column->as<int32_t>()[row] = codes.empty() ? get(int32_t{}) : codes[static_cast<size_t>(get(int32_t{}))];
      break;
    default:
      column->as<int64_t>()[row] = get(int64_t{});
  }
}

void drop_full_valid(column::Column* column) {
  const std::byte* valid = column->valid.data();
  if (column->valid.bytes() != 0 && std::find(valid, valid + column->rows, std::byte{0}) == valid + column->rows)
    column->valid = column::Buffer{};
}

}  // namespace

bool FolderReader::read_history() {
  column::Inputs& inputs = out_.inputs;
  const size_t columns = document_.history.size(), file = out_.spec.history();
  const size_t rows = inputs.rows();
  std::vector<Reach> reaches;
  for (const auto& column : document_.history) {
    reaches.push_back(reach_of(column, inputs.period));
    inputs.history.push_back({reaches.back().kind, reaches.back().newest, {}});
  }
  if (columns == 0) return true;
  // An empty cell may belong to a column of another kind of period: whether it is a fault is decided row by row.
  FileSpec spec = out_.spec.files[file];
  for (auto& column : spec.columns) column.type.nullable = true;
  const auto reader = open(file, spec, true, Need::kMay);
  if (reader == nullptr) return !failed();

  std::vector<std::shared_ptr<column::Dictionary>> dictionaries;
  for (const auto& column : document_.history) dictionaries.push_back(empty_column(column.type).dictionary);
  // Which employees have a row of a period: duplicates refuse them.
  std::map<std::pair<scheme::PeriodKind, int32_t>, std::vector<uint64_t>> seen;
  struct Place {  // of a row's period: how far back it is in each column; -1: not read
    scheme::Period period;
    bool used = false, too_old = false;
    std::vector<int32_t> back;
    std::vector<uint64_t>* seen = nullptr;
  };
  Place place;
  bool has_place = false;
  const auto look_up = [&](scheme::Period period) {
    has_place = true;
    place = Place{period, false, false, std::vector<int32_t>(columns, -1), nullptr};
    for (size_t c = 0; c < columns; ++c) {
      const Reach& reach = reaches[c];
      const int64_t back = int64_t{reach.newest} - period.index;
      if (reach.kind != period.kind || back < 0) continue;
      if (back >= reach.count) {
        place.too_old = place.too_old || !reach.inside_only;
        continue;
      }
      place.back[c] = static_cast<int32_t>(back);
      place.used = true;
    }
    if (!place.used) return;
    place.too_old = false;
    place.seen = &seen[{period.kind, period.index}];
    if (place.seen->empty()) place.seen->resize(rows / 64 + 1, 0);
    for (size_t c = 0; c < columns; ++c) {
      if (place.back[c] < 0) continue;
      auto& by_period = inputs.history[c].by_period;
      while (by_period.size() <= static_cast<size_t>(place.back[c])) {
        by_period.push_back(empty_column(document_.history[c].type));
        by_period.back().dictionary = dictionaries[c];
      }
      column::Column& column = by_period[static_cast<size_t>(place.back[c])];
      if (column.rows != 0 || rows == 0) continue;
      column.allocate(rows, true);
      std::fill_n(column.data.data(), column.data.bytes(), std::byte{0});
      std::fill_n(column.valid.data(), rows, std::byte{0});
    }
  };
  const auto take = [&](Chunk& chunk) {
    std::vector<std::vector<int32_t>> codes(columns);
    for (size_t c = 0; c < columns; ++c)
      if (dictionaries[c] != nullptr && document_.history[c].type.values.empty())
        codes[c] = merged_codes(chunk.columns[c], dictionaries[c].get());
    size_t next_fault = 0;
    for (size_t row = 0; row < chunk.rows; ++row) {
      const uint32_t employee = chunk.employees[row];
      const bool known = chunk.period_known[row] != 0;
      if (known && (!has_place || !(place.period == chunk.periods[row]))) look_up(chunk.periods[row]);
      bool faulty = false;
      for (; next_fault < chunk.faults.size() && chunk.faults[next_fault].chunk_row == row; ++next_fault) {
        const ChunkFault& fault = chunk.faults[next_fault];
        const bool of_value = fault.reject.kind != RejectKind::kMalformedRow && fault.reject.column != kNoColumn &&
                              fault.reject.column >= 2;
        // What is not read is not looked at.
        if (of_value && known && place.back[fault.reject.column - size_t{2}] < 0) continue;
        reject(chunk, fault, employee);
        faulty = true;
      }
      if (!known || employee == kNoRow) continue;
      const auto complain = [&](RejectKind kind, uint16_t column, std::string_view value, uint32_t detail) {
        Reject reject;
        reject.kind = kind;
        reject.row = employee;
        reject.file = static_cast<uint16_t>(file);
        reject.column = column;
        reject.line = static_cast<uint32_t>(chunk.first_line + chunk.lines[row]);
        reject.detail = detail;
        out_.rejects.add(reject, value);
        refuse(employee);
      };
      if (place.too_old) complain(RejectKind::kPeriodTooOld, 1, scheme::to_text(place.period), 0);
      if (!place.used) continue;
      uint64_t& word = (*place.seen)[employee / 64];
      const uint64_t bit = uint64_t{1} << (employee % 64);
      if ((word & bit) != 0) {
        complain(RejectKind::kDuplicatePeriod, 1, scheme::to_text(place.period), 0);
        continue;
      }
      word |= bit;
      for (size_t c = 0; c < columns && !faulty; ++c) {
        if (place.back[c] < 0) continue;
        const ChunkColumn& from = chunk.columns[c];
        if (!from.valid.empty() && from.valid[row] == 0) {
          if (!document_.history[c].type.nullable)
            complain(RejectKind::kMissingValue, static_cast<uint16_t>(c + 2), {}, 0);
          continue;
        }
        column::Column& column = inputs.history[c].by_period[static_cast<size_t>(place.back[c])];
        write_value(&column, employee, from, row, codes[c]);
        column.valid.data()[employee] = std::byte{1};
      }
    }
  };
  if (!reader->read(take, &error_)) return false;
  for (size_t c = 0; c < columns; ++c) {
    if (dictionaries[c] != nullptr && dictionaries[c]->size() == 0) dictionaries[c]->insert("");
    for (auto& column : inputs.history[c].by_period) drop_full_valid(&column);
  }
  return true;
}

}  // namespace kaogong::folder
