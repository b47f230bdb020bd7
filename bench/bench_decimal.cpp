// Numbers of generic FEEL (34 digits, exact fractions) against fixed-point integers.
#include <benchmark/benchmark.h>

#include "engine/number/fixed.h"
#include "engine/number/number.h"

namespace {

using kaogong::number::Arithmetic;
using kaogong::number::Number;

void parse(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(Number::parse("1234567.89"));
}
BENCHMARK(parse);

void to_text(benchmark::State& state) {
  const Number n = *Number::parse("1234567.89");
  for (auto _ : state) benchmark::DoNotOptimize(n.to_text(2));
}
BENCHMARK(to_text);

void parse_fixed(benchmark::State& state) {
  for (auto _ : state) {
    int64_t value = 0;
    benchmark::DoNotOptimize(kaogong::fixed::parse("1234567.89", 2, &value));
    benchmark::DoNotOptimize(value);
  }
}
BENCHMARK(parse_fixed);

}  // namespace
