// A compiled scheme and its runs: the engine's front door.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/column/inputs.h"
#include "engine/scheme/document.h"
#include "engine/scheme/pack.h"

namespace kaogong::plan {

class Program;  // immutable; safe to share between threads

struct Compiled {
  std::shared_ptr<const Program> program;  // null when there is a finding of severity kError
  std::vector<scheme::Finding> findings;   // errors and warnings, by position
};

/// Checks types, resolves names and orders the decisions; makes the column plan. Errors: see scheme::Finding.
Compiled compile(scheme::Document document);

/// Checks the types of a pack's functions, whatever they are called with: errors and warnings, as compile() finds them
/// in a scheme, at their places in the pack's text; a note for what does not vectorise.
std::vector<scheme::Finding> check_pack(const std::shared_ptr<const scheme::Pack>& pack);

/// The document that a program was compiled from.
const scheme::Document& document_of(const Program& program);

/// Whether a decision looks at other employees (rank, total, share …): if not, a population may be run in parts.
bool needs_whole_population(const Program& program);

/// Decisions that the row-at-a-time evaluator computes because they do not vectorise.
std::vector<std::string> interpreted_decisions(const Program& program);

struct RunOptions {
  int threads = 0;                         // 0: as many as the hardware has
  size_t morsel_rows = 0;                  // 0: the engine's choice; any value gives the same bytes
  bool keep_all = false;                   // also return decisions that are not outputs (for explanation and tests)
  bool reference_only = false;             // compute everything by the reference evaluator (differential tests)
  column::Workspace* workspace = nullptr;  // memory kept between runs; null: fresh memory
  std::function<void(uint64_t done, uint64_t total)> progress;  // called from the calling thread's arena, may be empty
};

struct RunResult {
  std::vector<std::string> names;  // outputs in the document's order; with keep_all all other decisions behind them
  std::vector<column::Column> columns;  // one a name, one row an employee; undefined where refused
  std::vector<uint8_t> refused;         // 1: this row was refused, here or by the caller
  std::vector<column::Fault> faults;    // by row, then in the document's order
  uint64_t rows_by_reference = 0;       // rows that the reference evaluator looked at: mostly to word their faults
  uint32_t cohort_rounds = 0;           // how often cohorts were computed: again whenever rows failed because of them
  bool by_reference = false;            // the reference evaluator computed it: a decision or fault asked for that
  std::string failure;                  // not empty: the whole run failed (parameters), in English; nothing else is set
};

/// Gives the columns of a result that is no longer needed back to the workspace.
void recycle(RunResult result, column::Workspace* workspace);

/// Computes a population. `refused` marks rows that the caller refused while reading (they take no part in cohorts); it
/// is empty or has one byte a row. Errors: a missing or wrong parameter fails the run; a faulty row is refused with
/// every fault found.
RunResult run(const Program& program, const column::Inputs& inputs, std::vector<uint8_t> refused,
              const RunOptions& options = {});

}  // namespace kaogong::plan
