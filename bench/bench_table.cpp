// Decision tables and bands over whole columns; items are rows.
#include <benchmark/benchmark.h>

#include "bench/small_scheme.h"

namespace {

using namespace kaogong;

void table(benchmark::State& state, const char* decision) {
  constexpr size_t kRows = 200'000;
  const auto small = bench::small_scheme(decision, kRows, 100);
  column::Workspace workspace;
  plan::RunOptions options;
  options.threads = static_cast<int>(state.range(0));
  options.workspace = &workspace;
  for (auto _ : state) {
    auto result = plan::run(*small.program, small.inputs, {}, options);
    benchmark::DoNotOptimize(result.columns.data());
    plan::recycle(std::move(result), &workspace);
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kRows));
}
BENCHMARK_CAPTURE(table, bands,
                  "decisions:\n  x: {type: factor, bands: {of: score, at_least: [[91, 1.3], [81, 1.1], [71, 1], [61, "
                  "0.8]], else: 0.4}}\noutputs: [x]\n")
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime();
BENCHMARK_CAPTURE(
    table, rules,
    "decisions:\n  x:\n    type: money\n    table:\n      hit: F\n      inputs: [score, team]\n      rules:\n"
    "        - ['>= 90', '< 10', '2000']\n        - ['[80..90)', '-', 'amount * 0.1']\n        - ['-', '[10..50]', "
    "'500']\n"
    "      default: '0'\noutputs: [x]\n")
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime();

}  // namespace
