// Fuzz target: eight bytes seed a random scheme and random data, the others are the first choices that the scheme is
// made by; the column plan must give what the reference evaluator gives.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "engine/plan/program.h"
#include "engine/scheme/load.h"
#include "tests/engine/plan/random_scheme.h"

using namespace kaogong;

namespace {

constexpr size_t kRows = 20;

/// Where the two differ; empty: nowhere.
std::string difference(const plan::RunResult& planned, const plan::RunResult& reference) {
  if (planned.failure != reference.failure) return "failure: " + planned.failure + " and " + reference.failure;
  for (size_t r = 0; r < kRows; ++r) {
    if (planned.refused[r] != reference.refused[r]) return "row " + std::to_string(r) + " refused by one only";
    for (size_t c = 0; planned.refused[r] == 0 && c < planned.columns.size(); ++c) {
      const std::string a = column::format_value(planned.columns[c], r);
      const std::string b = column::format_value(reference.columns[c], r);
      if (a != b) return "row " + std::to_string(r) + " " + planned.names[c] + ": " + a + " and " + b;
    }
  }
  return {};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  uint64_t seed = 0;
  if (size < sizeof seed) return 0;
  std::memcpy(&seed, data, sizeof seed);
  const std::string_view script(reinterpret_cast<const char*>(data) + sizeof seed, size - sizeof seed);
  const std::string text = plan::random_scheme(seed, script);
  auto loaded = scheme::load(text, plan::random_packs(seed));
  if (!loaded.document) std::abort();
  const auto compiled = plan::compile(std::move(*loaded.document));
  if (compiled.program == nullptr) return 0;  // a literal division by zero and the like: refused by the checker
  const auto inputs = plan::random_inputs(plan::document_of(*compiled.program), seed, kRows);
  plan::RunOptions options;
  options.threads = 1;
  options.morsel_rows = seed % 8;
  const auto planned = plan::run(*compiled.program, inputs, {}, options);
  options.reference_only = true;
  const auto reference = plan::run(*compiled.program, inputs, {}, options);
  if (const std::string where = difference(planned, reference); !where.empty()) {
    std::fprintf(stderr, "plan and reference differ: %s\nseed %llu, scheme:\n%s\n", where.c_str(),
                 static_cast<unsigned long long>(seed), text.c_str());
    std::abort();
  }
  return 0;
}
