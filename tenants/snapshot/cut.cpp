// The order of employees, and where chunks end.
#include <algorithm>
#include <numeric>

#include "tenants/snapshot/limits.h"
#include "tenants/snapshot/snapshot.h"

namespace kaogong::snapshot {

namespace {

template <class T>
void reorder_rows(const std::vector<uint32_t>& order, std::vector<T>* rows) {
  if (rows->empty()) return;
  std::vector<T> sorted(rows->size());
  for (size_t i = 0; i < order.size(); ++i) sorted[i] = (*rows)[order[i]];
  *rows = std::move(sorted);
}

void reorder_column(const std::vector<uint32_t>& order, column::Column* column) {
  if (column->rows == 0) return;
  const size_t width = column::width_of(column->physical);
  column::Buffer data(order.size() * width);
  for (size_t i = 0; i < order.size(); ++i)
    std::memcpy(data.data() + i * width, column->data.data() + order[i] * width, width);
  column->data = std::move(data);
  if (column->valid.bytes() == 0) return;
  column::Buffer valid(order.size());
  for (size_t i = 0; i < order.size(); ++i) valid.data()[i] = column->valid.data()[order[i]];
  column->valid = std::move(valid);
}

void reorder_table(const std::vector<uint32_t>& order, column::ChildTable* table) {
  std::vector<uint64_t> offsets{0};
  std::vector<uint32_t> rows;
  offsets.reserve(order.size() + 1);
  rows.reserve(table->offsets.back());
  for (const uint32_t employee : order) {
    for (uint64_t row = table->offsets[employee]; row < table->offsets[employee + size_t{1}]; ++row)
      rows.push_back(static_cast<uint32_t>(row));
    offsets.push_back(rows.size());
  }
  table->offsets = std::move(offsets);
  for (auto& column : table->columns) reorder_column(rows, &column);
  reorder_rows(rows, &table->lines);
}

}  // namespace

void sort_by_employee(folder::FolderInputs* folder) {
  column::Inputs& inputs = folder->inputs;
  const column::StringRows& ids = inputs.employees;
  std::vector<uint32_t> order(inputs.rows());
  std::iota(order.begin(), order.end(), 0);
  const auto before = [&](uint32_t a, uint32_t b) { return ids[a] < ids[b]; };
  if (std::is_sorted(order.begin(), order.end(), before)) return;
  std::stable_sort(order.begin(), order.end(), before);
  // Lines are those of the file, also where they followed from the row.
  if (inputs.lines.empty())
    for (size_t row = 0; row < order.size(); ++row) inputs.lines.push_back(static_cast<uint32_t>(row + 2));
  reorder_rows(order, &inputs.lines);
  reorder_rows(order, &folder->refused);
  for (auto& column : inputs.inputs) reorder_column(order, &column);
  for (auto& table : inputs.tables) reorder_table(order, &table);
  for (auto& history : inputs.history)
    for (auto& period : history.by_period) reorder_column(order, &period);
  column::StringRows sorted;
  sorted.reserve(ids.size(), ids.bytes_total());
  for (const uint32_t row : order) sorted.push_back(ids[row]);
  inputs.employees = std::move(sorted);
  std::vector<uint32_t> place(order.size());
  for (size_t i = 0; i < order.size(); ++i) place[order[i]] = static_cast<uint32_t>(i);
  for (auto& reject : folder->rejects.list)
    if (reject.row != folder::kNoRow) reject.row = place[reject.row];
}

void order_rejects_of_nobody(folder::Rejects* rejects) {
  const auto known = std::stable_partition(rejects->list.begin(), rejects->list.end(),
                                           [](const folder::Reject& reject) { return reject.row != folder::kNoRow; });
  std::stable_sort(known, rejects->list.end(), [&](const folder::Reject& a, const folder::Reject& b) {
    const auto x = rejects->employee(a), y = rejects->employee(b);
    return x != y ? x < y : std::pair(a.file, a.line) < std::pair(b.file, b.line);
  });
}

bool may_end_before(size_t rows, std::string_view next_employee) {
  return rows == kChunkRowsMax || (rows >= kChunkRowsMin && (stable_hash(next_employee) & (kChunkCut - 1)) == 0);
}

std::vector<size_t> cut(const column::Inputs& inputs) {
  std::vector<size_t> ends;
  const size_t rows = inputs.rows();
  for (size_t begin = 0, row = 1; row <= rows; ++row) {
    bool ends_here = row == rows || may_end_before(row - begin, inputs.employees[row]);
    for (size_t t = 0; t < inputs.tables.size() && !ends_here; ++t)
      ends_here = inputs.tables[t].offsets[row + 1] - inputs.tables[t].offsets[begin] > kChunkChildRowsMax;
    if (!ends_here) continue;
    ends.push_back(row);
    begin = row;
  }
  return ends;
}

}  // namespace kaogong::snapshot
