#include "tenants/runs/result_view.h"

namespace kaogong::runs {

size_t first_row_from(const column::StringRows& employees, std::string_view employee) {
  size_t low = 0, high = employees.size();
  while (low < high) {
    const size_t middle = (low + high) / 2;
    if (employees[middle] < employee) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

std::vector<uint32_t> rows_in(const ResultView& results, const column::StringRows& wanted) {
  std::vector<uint32_t> rows(wanted.size(), kNoRow);
  size_t at = 0;
  for (size_t row = 0; row < wanted.size(); ++row) {
    const std::string_view employee = wanted[row];
    while (at < results.rows() && (*results.employees)[at] < employee) ++at;
    if (at == results.rows()) break;
    if ((*results.employees)[at] == employee && results.has_row(at)) rows[row] = static_cast<uint32_t>(at);
  }
  return rows;
}

}  // namespace kaogong::runs
