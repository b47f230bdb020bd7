// What counting costs: alone, and by several threads in the same metric.
#include <benchmark/benchmark.h>

#include "infra/metrics/registry.h"

namespace kaogong::metrics {
namespace {

constexpr CounterDefinition kDone{"kaogong_bench_done_total", "What was done."};
constexpr HistogramDefinition kWaited{"kaogong_bench_waited_seconds", "How long it took.", kDurations};

Registry& registry() {
  static Registry all;
  return all;
}

void count(benchmark::State& state) {
  Counter& done = registry().counter(kDone);
  for (auto _ : state) done.add();
}
BENCHMARK(count)->ThreadRange(1, 4);

void observe(benchmark::State& state) {
  Histogram& waited = registry().histogram(kWaited);
  uint64_t value_ns = 1;
  for (auto _ : state) {
    waited.observe(value_ns);
    value_ns = value_ns * 7 % 10'000'000'019;
  }
}
BENCHMARK(observe)->ThreadRange(1, 4);

void write_text(benchmark::State& state) {
  registry().counter(kDone);
  registry().histogram(kWaited);
  for (auto _ : state) benchmark::DoNotOptimize(registry().text());
}
BENCHMARK(write_text);

}  // namespace
}  // namespace kaogong::metrics
