// The plan's loops, one morsel at a time; items are rows.
#include <benchmark/benchmark.h>

#include <vector>

#include "engine/plan/kernels.h"

namespace {

using namespace kaogong::plan;
constexpr size_t kRows = 2048;

void sum_of_72_bytes(benchmark::State& state) {
  std::vector<std::vector<int8_t>> columns(72, std::vector<int8_t>(kRows, 37));
  std::vector<Term> terms;
  for (size_t c = 0; c < columns.size(); ++c)
    terms.push_back({columns[c].data(), Physical::kI8, c < 24 ? 2 : c < 48 ? 3 : 5});
  std::vector<int32_t> out(kRows);
  KernelArgs args;
  args.out = out.data();
  args.n = kRows;
  args.terms = terms.data();
  args.term_count = terms.size();
  for (auto _ : state) {
    kernels().linear[2](args);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kRows));
}
BENCHMARK(sum_of_72_bytes);

void round_by_constant(benchmark::State& state) {
  std::vector<int64_t> in(kRows, 123'456'789'012), out(kRows);
  const Magic magic = Magic::of(100'000);
  KernelArgs args;
  args.a = in.data();
  args.out = out.data();
  args.n = kRows;
  args.constant = 100'000;
  args.magic = &magic;
  for (auto _ : state) {
    kernels().divide_constant[0][3][3](args);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kRows));
}
BENCHMARK(round_by_constant);

void multiply_wide(benchmark::State& state) {
  std::vector<int64_t> a(kRows, 1'000'000'007), b(kRows, 998'244'353);
  std::vector<Int> out(kRows);
  KernelArgs args;
  args.a = a.data();
  args.b = b.data();
  args.out = out.data();
  args.n = kRows;
  for (auto _ : state) {
    kernels().mul_wide(args);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kRows));
}
BENCHMARK(multiply_wide);

void bands_of_seven(benchmark::State& state) {
  std::vector<int64_t> in(kRows);
  for (size_t i = 0; i < kRows; ++i) in[i] = static_cast<int64_t>(i * 50'000);
  std::vector<int8_t> out(kRows);
  const int64_t thresholds[] = {3'600'001, 14'400'001, 30'000'001, 42'000'001, 66'000'001, 96'000'001};
  KernelArgs args;
  args.a = in.data();
  args.out = out.data();
  args.n = kRows;
  args.table = thresholds;
  args.table_size = 6;
  for (auto _ : state) {
    kernels().band[3][0](args);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kRows));
}
BENCHMARK(bands_of_seven);

}  // namespace
