// Cohort stages: ranks and totals within teams of about fifty and over everyone; items are rows.
#include <benchmark/benchmark.h>

#include "bench/small_scheme.h"

namespace {

using namespace kaogong;

void cohort(benchmark::State& state, const char* expression) {
  constexpr size_t kRows = 200'000;
  const auto small = bench::small_scheme(
      std::string("decisions:\n  x: {type: money, expr: '") + expression + "'}\noutputs: [x]\n", kRows, kRows / 50);
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
BENCHMARK_CAPTURE(cohort, rank_in_team, "rank(of: score, within: team)")->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK_CAPTURE(cohort, rank_of_all, "rank(of: score)")->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK_CAPTURE(cohort, total_in_team, "total(of: amount, within: team)")->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK_CAPTURE(cohort, share_in_team, "share(of: 1000, by: amount, within: team)")->Arg(1)->Arg(2)->UseRealTime();

}  // namespace
