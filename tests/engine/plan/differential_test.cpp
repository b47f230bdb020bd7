// The column plan against the reference evaluator: random schemes, random data, any threads and morsels: the same
// results, the same refused rows. A failure prints its seed; KAOGONG_SEED and KAOGONG_ROUNDS choose what is tried.
#include <gtest/gtest.h>

#include <cstdlib>

#include "engine/plan/program.h"
#include "engine/scheme/load.h"
#include "tests/engine/plan/random_scheme.h"

namespace kaogong::plan {
namespace {

std::string differences(const RunResult& plan, const RunResult& reference, const column::Inputs& inputs) {
  if (plan.failure != reference.failure) return "failure: '" + plan.failure + "' and '" + reference.failure + "'";
  for (size_t r = 0; r < inputs.rows(); ++r) {
    if (plan.refused[r] != reference.refused[r])
      return "row " + std::to_string(r) + " refused: " + std::to_string(plan.refused[r]) + " and " +
             std::to_string(reference.refused[r]);
    if (plan.refused[r] != 0) continue;
    for (size_t c = 0; c < plan.columns.size(); ++c) {
      const auto a = column::format_value(plan.columns[c], r), b = column::format_value(reference.columns[c], r);
      if (a != b) return "row " + std::to_string(r) + " " + plan.names[c] + ": " + a + " and " + b;
    }
  }
  const auto text_of = [](const std::vector<column::Fault>& faults) {
    std::string text;
    for (const auto& f : faults)
      text += std::to_string(f.row) + " " + f.file + " " + f.column + " '" + f.value + "': " + f.error.en + "\n";
    return text;
  };
  const std::string a = text_of(plan.faults), b = text_of(reference.faults);
  return a == b ? std::string() : "faults:\n" + a + "reference:\n" + b;
}

TEST(Differential, RandomSchemesGiveWhatTheReferenceGives) {
  const char* given = std::getenv("KAOGONG_SEED");
  const uint64_t first = given != nullptr ? std::strtoull(given, nullptr, 10) : 1;
  const char* tries = std::getenv("KAOGONG_ROUNDS");
  const uint64_t count = tries != nullptr ? std::strtoull(tries, nullptr, 10) : given != nullptr ? 1 : 150;
  size_t compared = 0, planned = 0, rounds = 0;
  for (uint64_t seed = first; seed < first + count; ++seed) {
    const scheme::PackLibrary packs = random_packs(seed);
    const std::string text = random_scheme(seed);
    auto loaded = scheme::load(text, packs);
    ASSERT_TRUE(loaded.document) << "seed " << seed << "\n" << loaded.findings.front().message << "\n" << text;
    const auto compiled = compile(std::move(*loaded.document));
    if (compiled.program == nullptr) continue;  // a literal division by zero and the like: refused by the checker
    const auto inputs = random_inputs(document_of(*compiled.program), seed, 60 + seed % 50);
    RunOptions options;
    options.reference_only = true;
    const RunResult reference = run(*compiled.program, inputs, {}, options);
    options.reference_only = false;
    for (const auto& [threads, morsel] : {std::pair{1, 0}, {2, 7}, {7, 1}}) {
      options.threads = threads;
      options.morsel_rows = static_cast<size_t>(morsel);
      const RunResult plan = run(*compiled.program, inputs, {}, options);
      planned += !plan.by_reference;
      rounds += plan.cohort_rounds > 1;
      const std::string difference = differences(plan, reference, inputs);
      ASSERT_EQ(difference, "") << "KAOGONG_SEED=" << seed << " threads " << threads << "\n"
                                << text << packs.all()[0]->hash;
    }
    ++compared;
  }
  // Most random schemes must compile, or nothing is tested.
  EXPECT_GT(compared * 2, given != nullptr ? 0 : count);
  if (given == nullptr) {
    EXPECT_GT(planned, compared) << "most runs must go through the plan";
    EXPECT_GT(rounds, compared / 10) << "rows must fail because of cohorts";
  }
  RecordProperty("planned", static_cast<int>(planned));
  RecordProperty("compared", static_cast<int>(compared));
  std::printf("%zu schemes, %zu runs of %zu by the plan, %zu of several rounds\n", compared, planned, compared * 3,
              rounds);
}

}  // namespace
}  // namespace kaogong::plan
