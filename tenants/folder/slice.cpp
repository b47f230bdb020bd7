#include "tenants/folder/slice.h"

#include "tenants/folder/growing_column.h"

namespace kaogong::folder {

void slice(column::Inputs* from, size_t begin, size_t end, column::Inputs* to) {
  to->period = from->period;
  to->enrolled = from->enrolled;
  if (!from->lookups.empty()) to->lookups = std::move(from->lookups);
  if (!from->parameters.empty()) to->parameters = std::move(from->parameters);
  from->lookups.clear();
  from->parameters.clear();
  to->employees = column::StringRows{};
  to->lines.clear();
  for (size_t row = begin; row < end; ++row) {
    to->employees.push_back(from->employees[row]);
    to->lines.push_back(from->lines.empty() ? static_cast<uint32_t>(row + 2) : from->lines[row]);
  }
  to->inputs.clear();
  for (const auto& column : from->inputs) to->inputs.push_back(sliced(column, begin, end));
  to->tables.clear();
  for (const auto& table : from->tables) {
    const uint64_t first = table.offsets[begin], last = table.offsets[end];
    column::ChildTable part;
    for (const auto& column : table.columns) part.columns.push_back(sliced(column, first, last));
    part.offsets.reserve(end - begin + 1);
    for (size_t row = begin; row <= end; ++row) part.offsets.push_back(table.offsets[row] - first);
    if (!table.lines.empty())
      part.lines.assign(table.lines.begin() + static_cast<ptrdiff_t>(first),
                        table.lines.begin() + static_cast<ptrdiff_t>(last));
    to->tables.push_back(std::move(part));
  }
  to->history.clear();
  for (const auto& history : from->history) {
    column::HistoryColumnData part{history.kind, history.newest, {}};
    for (const auto& column : history.by_period) part.by_period.push_back(sliced(column, begin, end));
    to->history.push_back(std::move(part));
  }
}

}  // namespace kaogong::folder
