// One calculation of a run: a scheme over a snapshot and the past.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/plan/program.h"
#include "tenants/folder/read_folder.h"
#include "tenants/runs/history_sources.h"
#include "tenants/runs/result_view.h"

namespace kaogong::runs {

/// Gives the results that a source names, which live until the calculation is over; nothing, and why in `error`, if
/// they cannot be read.
using EarlierResults = std::function<std::shared_ptr<const ResultSet>(const HistorySource& source, std::string* error)>;

/// Another value of one input of one employee: only for what-if.
struct InputChange {
  std::string employee, input;
  std::string value;  // as in a data folder; empty: null
};

/// What is calculated. The snapshot is shared and never written.
struct Calculation {
  std::shared_ptr<const plan::Program> program;
  std::shared_ptr<const folder::FolderInputs> snapshot;  // sorted by employee
  /// CSV `name,value` each, or empty: what a later one gives goes before the earlier ones and the snapshot's.
  std::vector<std::string> parameters;
  HistoryPlan history;
  EarlierResults earlier;           // for the plan's sources
  std::vector<InputChange> inputs;  // instead of what the snapshot has
  int threads = 0;                  // 0: as many as the hardware has; any number gives the same results
  bool keep_all = false;            // also decisions that are no outputs, and `inputs` of what came of it
};

/// What came of it. Keeps the snapshot alive.
struct Calculated {
  std::shared_ptr<const folder::FolderInputs> snapshot;
  plan::RunResult result;
  std::vector<column::Fault> faults;  // those of history and of the engine, by row
  uint64_t rows = 0, refused = 0;
  std::shared_ptr<const column::Inputs> inputs;  // with keep_all: the snapshot's, with history and parameters
  std::string failure;  // not empty: the whole calculation failed, in English; nothing else is set

  ResultView view() const { return {&snapshot->inputs.employees, &result.names, &result.columns, &result.refused}; }
};

Calculated calculate(const Calculation& calculation);

/// The same inputs over the same memory, to put other history and parameters into. `inputs` must outlive it.
column::Inputs borrowed(const column::Inputs& inputs);

}  // namespace kaogong::runs
