// FEEL: parsing, and evaluation row by row with both semantics.
#include <benchmark/benchmark.h>

#include "engine/feel/evaluator.h"
#include "engine/feel/parser.h"

namespace {

using namespace kaogong::feel;
constexpr const char* kText =
    "if 3 * (120.5 - 20) >= 300 and not(false) then max(0, 1000 - 20 * 3.5) else sum([1, 2, 3]) / 7";

void parse(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(parse_expression(kText));
}
BENCHMARK(parse);

void evaluate_with(benchmark::State& state, Semantics semantics) {
  const auto parsed = parse_expression(kText);
  Options options;
  options.semantics = semantics;
  for (auto _ : state) benchmark::DoNotOptimize(evaluate(*std::get<ExprPtr>(parsed), EmptyScope(), options));
}
BENCHMARK_CAPTURE(evaluate_with, dmn, Semantics::kDmn);
BENCHMARK_CAPTURE(evaluate_with, strict, Semantics::kStrict);

}  // namespace
