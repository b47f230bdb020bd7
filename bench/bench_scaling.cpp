// Row stages by one thread and by two: the counter `scaling` is how much faster two are, of runs taken in turns.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "bench/small_scheme.h"

namespace {

using namespace kaogong;

// A month's pay without a cohort: points, a grade, commission, deductions, tax.
constexpr const char* kPay =
    "decisions:\n"
    "  grade: {type: count, bands: {of: score, at_least: [[91, 0], [81, 1], [71, 2], [61, 3]], else: 4}}\n"
    "  coefficient: {type: factor, bands: {of: grade, up_to: [[0, 1.3], [1, 1.1], [2, 1.0], [3, 0.8]], else: 0.4}}\n"
    "  commission: {type: money, expr: 'amount * 0.0085 * coefficient'}\n"
    "  paid: {type: money, expr: commission * 0.7}\n"
    "  retained: {type: money, expr: commission - paid}\n"
    "  bonus: {type: money, expr: 'if score >= 80 then 3000.15 * coefficient else 1200.55 * score / 100'}\n"
    "  gross: {type: money, expr: 'max(0, 4500 + paid + bonus - 0.1 * retained)'}\n"
    "  taxable: {type: money, expr: 'max(0, 12 * gross - 60000)'}\n"
    "  tax_rate:\n    type: rate\n    bands: {of: taxable, up_to: [[36000, 0.03], [144000, 0.10], [300000, 0.20], "
    "[420000, "
    "0.25]], else: 0.30}\n"
    "  quick_deduction:\n    type: money\n    bands: {of: taxable, up_to: [[36000, 0], [144000, 2520], [300000, "
    "16920], "
    "[420000, 31920]], else: 52920}\n"
    "  tax: {type: money, expr: (taxable * tax_rate - quick_deduction) / 12}\n"
    "  net_pay: {type: money, expr: gross - tax}\n"
    "outputs: [grade, coefficient, commission, paid, retained, bonus, gross, taxable, tax, net_pay]\n";

void row_stages(benchmark::State& state) {
  const auto rows = static_cast<size_t>(state.range(0));
  const auto small = bench::small_scheme(kPay, rows, 1);
  column::Workspace workspace;
  std::vector<double> seconds[2];
  const auto run = [&](int threads) {
    plan::RunOptions options;
    options.threads = threads;
    options.workspace = &workspace;
    const auto start = std::chrono::steady_clock::now();
    auto result = plan::run(*small.program, small.inputs, {}, options);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    benchmark::DoNotOptimize(result.columns.data());
    plan::recycle(std::move(result), &workspace);
    seconds[threads - 1].push_back(took.count());
  };
  for (auto _ : state) {
    run(1);
    run(2);
  }
  const auto median = [](std::vector<double>& times) {
    std::nth_element(times.begin(), times.begin() + static_cast<ptrdiff_t>(times.size() / 2), times.end());
    return times[times.size() / 2];
  };
  const auto least = [](const std::vector<double>& times) { return *std::min_element(times.begin(), times.end()); };
  state.counters["scaling"] = median(seconds[0]) / median(seconds[1]);
  state.counters["scaling_of_least"] = least(seconds[0]) / least(seconds[1]);
  state.counters["ns_row_1"] = median(seconds[0]) / static_cast<double>(rows) * 1e9;
  state.counters["ns_row_2"] = median(seconds[1]) / static_cast<double>(rows) * 1e9;
}
BENCHMARK(row_stages)->Arg(100'000)->Arg(1'000'000)->UseRealTime();

}  // namespace
