// Evaluates a whole scheme row by row, simply: the oracle for the column plan, and what computes the decisions and the
// rows that the plan leaves to it (row_evaluator.h).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/column/inputs.h"
#include "engine/feel/value.h"
#include "engine/scheme/document.h"

namespace kaogong::reference {

struct ReferenceOptions {
  bool keep_all = false;  // also return decisions that are not outputs
  std::function<void(uint64_t done, uint64_t total)> progress;
};

/// As plan::RunResult.
struct ReferenceResult {
  std::vector<std::string> names;  // outputs in the document's order; with keep_all all other decisions behind them
  std::vector<column::Column> columns;          // one a name, one row an employee; undefined where refused
  std::vector<std::vector<feel::Value>> exact;  // beside columns: the values of an `exact` one, which has no column
  std::vector<uint8_t> refused;                 // 1: this row was refused, here or by the caller
  std::vector<column::Fault> faults;            // by row, then in the document's order
  std::string failure;                          // not empty: nothing was computed
};

/// How often rows may fail because of cohort values that lost rows before: beyond it the scheme and the data go round
/// in circles (as a rule that always refuses the last of a ranking does), and the run fails.
inline constexpr uint32_t kCohortRoundsMax = 1'000;
/// The failure then, in English.
std::string too_many_rounds();

/// Computes a population. `refused` is empty or has one byte a row; rows with 1 are left out and have no faults here.
/// Rows with a fault of their own are refused first; then cohort values are worked out over the others, and again over
/// the rest whenever rows fail because of them, until none does.
/// Cost: some microseconds a row and decision. Memory: 9 bytes a row and decision.
ReferenceResult run_reference(const scheme::Document& document, const column::Inputs& inputs,
                              std::vector<uint8_t> refused, const ReferenceOptions& options = {});

/// The rows of a lookup with its computed columns.
struct LookupRows {
  std::vector<column::Column> columns;          // declared ones, then computed ones
  std::vector<std::vector<feel::Value>> exact;  // beside columns: the values of an `exact` one, which has no column
  std::vector<std::optional<column::Fault>>
      faults;  // one a row: why it refuses whoever reads it; duplicates are not here
  std::string failure;
};
LookupRows compute_lookup(const scheme::Document& document, const column::Inputs& inputs, size_t lookup);

}  // namespace kaogong::reference
