// A scheme of one decision over generated columns, for the benchmarks of cohorts and tables.
#pragma once

#include <memory>
#include <string>

#include "engine/plan/program.h"
#include "engine/scheme/load.h"

namespace kaogong::bench {

struct SmallScheme {
  std::shared_ptr<const plan::Program> program;
  column::Inputs inputs;
};

/// `decision`: YAML of decisions and outputs over inputs score (0..100, two decimals), amount (money), team (count).
inline SmallScheme small_scheme(const std::string& decision, size_t rows, int64_t teams) {
  auto loaded = scheme::load(
      "kaogong: 1\nid: bench\nversion: 1\nlabels: {zh: 基准, en: Bench}\nsource: {part: 0, title: bench}\nperiods: "
      "[month]\ninputs:\n"
      "  score: {type: score, min: 0, max: 100}\n  amount: {type: money, min: 0, max: 1000000}\n  team: {type: count, "
      "min: 0, max: 1000000}\n" +
      decision);
  SmallScheme small;
  small.program = plan::compile(std::move(*loaded.document)).program;
  small.inputs.period = *scheme::parse_period("2026-10");
  small.inputs.enrolled = rows;
  for (const auto& declared : plan::document_of(*small.program).inputs) {
    auto& c = small.inputs.inputs.emplace_back();
    c.type = declared.type.name;
    c.scale = declared.type.scale;
    c.physical = column::physical_for(declared.type);
    c.allocate(rows, false);
  }
  for (size_t i = 0; i < rows; ++i) {
    small.inputs.employees.push_back(std::to_string(i));
    const uint64_t mixed = (i + 1) * 0x9e3779b97f4a7c15ull;
    small.inputs.inputs[0].set(i, static_cast<int64_t>((mixed >> 20) % 10'001));
    small.inputs.inputs[1].set(i, static_cast<int64_t>((mixed >> 13) % 100'000'001));
    small.inputs.inputs[2].set(i, static_cast<int64_t>((mixed >> 33) % static_cast<uint64_t>(teams)));
  }
  return small;
}

}  // namespace kaogong::bench
