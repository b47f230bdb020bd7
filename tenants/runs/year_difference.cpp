#include "tenants/runs/year_difference.h"

#include <algorithm>
#include <optional>

#include "engine/number/fixed.h"
#include "tenants/runs/correction.h"
#include "tenants/runs/number_column.h"

namespace kaogong::runs {

namespace {

constexpr std::string_view kMonthsOutput = ":months";

}  // namespace

size_t YearDifference::number_of(const OutputSummary& output, scheme::TypeName type) {
  const auto same = [&](const Number& number) { return number.output == output.name; };
  const auto found = std::find_if(numbers_.begin(), numbers_.end(), same);
  if (found != numbers_.end()) {
    found->scale = std::max(found->scale, output.scale);
    return static_cast<size_t>(found - numbers_.begin());
  }
  numbers_.push_back({output.name, type, output.scale});
  return numbers_.size() - 1;
}

void YearDifference::add(const std::string& period, const ResultView& published, const ResultView& now) {
  const DiffSummary summary = diff(source_of(published), source_of(now), {}, {});
  Month month{period, {}};
  std::vector<size_t> places(summary.outputs.size(), SIZE_MAX);
  for (size_t i = 0; i < summary.outputs.size(); ++i) {
    const OutputSummary& output = summary.outputs[i];
    if (!output.numeric || output.changed == 0) continue;
    const column::Column* like = now.find(output.name);
    if (like == nullptr) like = published.find(output.name);
    places[i] = number_of(output, like->type);
    month.numbers.push_back(places[i]);
  }
  const auto month_place = static_cast<uint16_t>(months_.size());
  diff(source_of(published), source_of(now), {}, [&](const EmployeeChange& change) {
    auto found = rows_.find(change.employee);
    if (found == rows_.end()) found = rows_.emplace(change.employee, Row{}).first;
    Row& row = found->second;
    ++row.months;
    for (const auto& output : change.outputs) {
      const size_t place = places[output.output];
      if (place == SIZE_MAX) continue;
      row.deltas.push_back({month_place, static_cast<uint16_t>(place), summary.outputs[output.output].scale,
                            output.has_delta, output.delta});
    }
  });
  months_.push_back(std::move(month));
}

ResultSet YearDifference::finish() {
  ResultSet out;
  for (const auto& [employee, row] : rows_) out.employees.push_back(employee);
  const size_t rows = rows_.size();
  NumberColumn months(scheme::TypeName::kCount, 0, rows);
  std::vector<NumberColumn> sums;
  for (const auto& number : numbers_) sums.emplace_back(number.type, number.scale, rows);
  std::map<std::pair<size_t, size_t>, NumberColumn> by_month;  // number, month
  for (size_t m = 0; m < months_.size(); ++m)
    for (const size_t n : months_[m].numbers)
      by_month.emplace(std::pair(n, m), NumberColumn(numbers_[n].type, numbers_[n].scale, rows));
  for (auto& [place, column] : by_month)
    for (size_t row = 0; row < rows; ++row) column.set(row, 0);
  size_t at = 0;
  for (const auto& [employee, row] : rows_) {
    months.set(at, row.months);
    std::vector<std::optional<__int128>> totals(numbers_.size(), 0);
    for (const Delta& delta : row.deltas) {
      std::optional<__int128> value;  // at the number's scale, which may have grown with a later month
      __int128 scaled = 0, sum = 0;
      if (delta.known && fixed::rescale_exact(delta.value, delta.scale, numbers_[delta.number].scale, &scaled))
        value = scaled;
      by_month.at({delta.number, delta.month}).set(at, value);
      auto& total = totals[delta.number];
      const bool known = value && total && fixed::add_checked(*total, *value, &sum);
      total = known ? std::optional<__int128>(sum) : std::nullopt;
    }
    for (size_t n = 0; n < totals.size(); ++n) sums[n].set(at, totals[n]);
    ++at;
  }
  out.names.emplace_back(kMonthsOutput);
  out.columns.push_back(months.take());
  for (size_t n = 0; n < numbers_.size(); ++n) {
    out.names.push_back(numbers_[n].output + std::string(kDeltaSuffix));
    out.columns.push_back(sums[n].take());
  }
  for (auto& [place, column] : by_month) {
    out.names.push_back(numbers_[place.first].output + ":" + months_[place.second].period);
    out.columns.push_back(column.take());
  }
  return out;
}

}  // namespace kaogong::runs
