// Fuzz target: a seed makes a random scheme and random data; the column plan must give what the reference evaluator
// gives.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "engine/plan/program.h"
#include "engine/scheme/load.h"
#include "tests/engine/plan/random_scheme.h"

using namespace kaogong;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 8) return 0;
  uint64_t seed = 0;
  std::memcpy(&seed, data, 8);
  auto loaded = scheme::load(plan::random_scheme(seed));
  if (!loaded.document) std::abort();
  const auto compiled = plan::compile(std::move(*loaded.document));
  if (compiled.program == nullptr) return 0;
  const auto inputs = plan::random_inputs(plan::document_of(*compiled.program), seed, 20);
  plan::RunOptions options;
  options.threads = 1;
  const auto planned = plan::run(*compiled.program, inputs, {}, options);
  options.reference_only = true;
  const auto reference = plan::run(*compiled.program, inputs, {}, options);
  bool same = planned.failure == reference.failure && planned.refused == reference.refused;
  for (size_t c = 0; same && c < planned.columns.size(); ++c)
    for (size_t r = 0; same && r < inputs.rows(); ++r)
      same = planned.refused[r] != 0 ||
             column::format_value(planned.columns[c], r) == column::format_value(reference.columns[c], r);
  if (!same) {
    std::fprintf(stderr, "plan and reference differ: KAOGONG_SEED=%llu\n", static_cast<unsigned long long>(seed));
    std::abort();
  }
  return 0;
}
