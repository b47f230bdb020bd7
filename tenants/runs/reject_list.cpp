#include "tenants/runs/reject_list.h"

#include <algorithm>

namespace kaogong::runs {

RejectList::RejectList(const Calculated& calculated) : calculated_(calculated) {
  const auto& rejects = calculated.snapshot->rejects.list;
  order_.resize(rejects.size());
  for (uint32_t i = 0; i < rejects.size(); ++i) order_[i] = i;
  static_assert(folder::kNoRow == UINT32_MAX, "what belongs to nobody is sorted last");
  std::stable_sort(order_.begin(), order_.end(),
                   [&](uint32_t a, uint32_t b) { return rejects[a].row < rejects[b].row; });
}

RejectRow RejectList::of_reading(const folder::Reject& reject) const {
  const folder::FolderInputs& folder = *calculated_.snapshot;
  const folder::FileSpec& file = folder.spec.files[reject.file];
  RejectRow row;
  row.employee = reject.row == folder::kNoRow ? std::string(folder.rejects.employee(reject))
                                              : std::string(folder.inputs.employees[reject.row]);
  row.file = file.name;
  row.line = reject.line;
  if (reject.column != folder::kNoColumn && reject.column < file.columns.size())
    row.column = file.columns[reject.column].name;
  row.value = std::string(folder.rejects.value(reject));
  const scheme::Labels error = folder::error_text(reject, row.value, file);
  row.error_zh = error.zh;
  row.error_en = error.en;
  return row;
}

void RejectList::append(size_t begin, size_t end, std::vector<RejectRow>* out) const {
  const auto& rejects = calculated_.snapshot->rejects.list;
  const auto& faults = calculated_.faults;
  auto read = std::partition_point(order_.begin(), order_.end(), [&](uint32_t i) { return rejects[i].row < begin; });
  auto fault = std::partition_point(faults.begin(), faults.end(), [&](const auto& f) { return f.row < begin; });
  for (;;) {
    const bool has_read = read != order_.end() && rejects[*read].row < end;
    const bool has_fault = fault != faults.end() && fault->row < end;
    if (!has_read && !has_fault) return;
    if (has_read && (!has_fault || rejects[*read].row <= fault->row)) {
      out->push_back(of_reading(rejects[*read]));
      ++read;
    } else {
      out->push_back({std::string(calculated_.snapshot->inputs.employees[fault->row]), fault->file, fault->line,
                      fault->column, fault->value, fault->error.zh, fault->error.en});
      ++fault;
    }
  }
}

void RejectList::append_of_nobody(std::vector<RejectRow>* out) const {
  const auto& rejects = calculated_.snapshot->rejects.list;
  const auto first =
      std::partition_point(order_.begin(), order_.end(), [&](uint32_t i) { return rejects[i].row != folder::kNoRow; });
  for (auto read = first; read != order_.end(); ++read) out->push_back(of_reading(rejects[*read]));
}

}  // namespace kaogong::runs
