#include "tenants/runs/queries.h"

#include <algorithm>
#include <array>
#include <map>

#include "engine/number/fixed.h"
#include "tenants/runs/correction.h"
#include "tenants/runs/effective.h"

namespace kaogong::runs {

using tenants::Result;
using tenants::TenantTransaction;

namespace {

/// The rows that have a value.
std::vector<uint32_t> rows_with(const ResultView& results, const column::Column& column) {
  std::vector<uint32_t> rows;
  for (size_t row = 0; row < results.rows(); ++row)
    if (results.has_row(row) && !column.is_null(row)) rows.push_back(static_cast<uint32_t>(row));
  return rows;
}

std::string number_text(__int128 value, uint8_t scale) {
  std::array<char, fixed::kFormatBytesMax> text{};
  return {text.data(), fixed::format(value, scale, text.data())};
}

tenants::Failure no_output(std::string_view output) {
  return tenants::not_found("the run has no output '" + std::string(output) + "'");
}

}  // namespace

EffectiveResult of_correction(RunId run, const std::vector<std::string>& outputs, const EmployeeResult& row) {
  EffectiveResult result{run, {}, {}};
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (is_marginal(outputs[i])) continue;
    result.outputs.push_back(outputs[i]);
    result.result.values.push_back(row.values[i]);
    result.result.types.push_back(row.types[i]);
  }
  return result;
}

Result<std::optional<EffectiveResult>> effective_result(TenantTransaction& transaction, RunId id,
                                                        std::string_view employee) {
  for (int deep = 0; deep <= kCorrectionsDeepMax; ++deep) {
    auto run = read_run(transaction, id);
    if (!run) return run.failure();
    auto row = read_employee(transaction, *run, employee);
    if (!row) return row.failure();
    if (run->kind != RunKind::kCorrection) {
      if (!*row) return std::optional<EffectiveResult>();
      return std::optional<EffectiveResult>({run->id, run->outputs, **std::move(row)});
    }
    if (*row && !(*row)->values.empty()) {
      if ((*row)->values.front() == to_text(ChangeKind::kRemoved)) return std::optional<EffectiveResult>();
      return std::optional<EffectiveResult>(of_correction(run->id, run->outputs, **row));
    }
    id = run->base;
  }
  return tenants::conflict("too many corrections of corrections: publish the period anew");
}

std::vector<PlacedReject> rejects_of(TenantTransaction& transaction, RunId run, RejectPlace after, int64_t limit,
                                     std::string_view employee) {
  const auto rows = transaction.sql().query(
      "SELECT chunk, seq, employee, file, line, column_name, value, error_zh, error_en FROM " +
          transaction.table("rejects") +
          " WHERE run_id = $1 AND (chunk, seq) > ($2, $3) AND ($4 = '' OR employee = $4) ORDER BY chunk, seq LIMIT $5",
      {number_of(run), after.chunk, after.seq, employee, std::clamp<int64_t>(limit, 1, kRejectsPageMax)});
  std::vector<PlacedReject> rejects;
  for (const auto& row : rows)
    rejects.push_back(
        {{row.int64(0), row.int64(1)},
         {std::string(row.text(2)), std::string(row.text(3)), static_cast<uint64_t>(row.int64(4)),
          std::string(row.text(5)), std::string(row.text(6)), std::string(row.text(7)), std::string(row.text(8))}});
  return rejects;
}

Result<std::vector<Leader>> leaders(const ResultView& results, std::string_view output, size_t count) {
  const column::Column* column = results.find(output);
  if (column == nullptr) return no_output(output);
  if (!scheme::is_numeric(column->type)) return tenants::invalid("'" + std::string(output) + "' is not a number");
  std::vector<uint32_t> rows = rows_with(results, *column);
  count = std::min({count, rows.size(), kLeadersMax});
  std::partial_sort(rows.begin(), rows.begin() + static_cast<ptrdiff_t>(count), rows.end(),
                    [&](uint32_t a, uint32_t b) {
                      const __int128 left = column->get(a), right = column->get(b);
                      return left != right ? left > right : a < b;
                    });
  std::vector<Leader> list;
  for (size_t i = 0; i < count; ++i) {
    const bool shared = i != 0 && column->get(rows[i]) == column->get(rows[i - 1]);
    list.push_back({std::string((*results.employees)[rows[i]]), column::format_value(*column, rows[i]),
                    shared ? list.back().place : static_cast<int64_t>(i) + 1});
  }
  return list;
}

Result<Distribution> distribution(const ResultView& results, std::string_view output) {
  const column::Column* column = results.find(output);
  if (column == nullptr) return no_output(output);
  Distribution out;
  out.numeric = scheme::is_numeric(column->type);
  const std::vector<uint32_t> rows = rows_with(results, *column);
  for (size_t row = 0; row < results.rows(); ++row) out.nulls += results.has_row(row) && column->is_null(row) ? 1 : 0;
  out.rows = rows.size();
  if (out.numeric) {
    std::vector<__int128> values;
    __int128 sum = 0;
    bool overflow = false;
    for (const uint32_t row : rows) {
      values.push_back(column->get(row));
      overflow = overflow || !fixed::add_checked(sum, values.back(), &sum);
    }
    if (values.empty()) return out;
    std::sort(values.begin(), values.end());
    out.least = number_text(values.front(), column->scale);
    out.most = number_text(values.back(), column->scale);
    if (!overflow) out.sum = number_text(sum, column->scale);
    for (const int percent : {5, 25, 50, 75, 95}) {
      const size_t rank = (values.size() * static_cast<size_t>(percent) + 99) / 100;
      out.percentiles.emplace_back(percent, number_text(values[std::max<size_t>(rank, 1) - 1], column->scale));
    }
    return out;
  }
  std::map<__int128, uint64_t> counts;
  for (const uint32_t row : rows) ++counts[column->get(row)];
  std::map<__int128, uint32_t> example;
  for (const uint32_t row : rows) example.emplace(column->get(row), row);
  for (const auto& [value, count] : counts)
    out.frequency.emplace_back(column::format_value(*column, example.at(value)), count);
  std::sort(out.frequency.begin(), out.frequency.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  if (out.frequency.size() > kValuesMax) out.frequency.resize(kValuesMax);
  return out;
}

}  // namespace kaogong::runs
