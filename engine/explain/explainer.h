// Explains figures of a run: every value shown is the one that the plan computed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/column/inputs.h"
#include "engine/explain/explanation.h"
#include "engine/plan/program.h"

namespace kaogong::explain {

struct Options {
  uint32_t depth_max =
      UINT32_MAX;  // levels of decisions below the ones asked for; deeper ones are named with their value
};

/// Answers for one run. Not for use from several threads at once. The first question about a cohort costs one pass over
/// the population (about a microsecond or two a row); everything else is in proportion to what one employee's figures
/// read.
class Explainer {
 public:
  /// All three must outlive it. `result`: of plan::run with keep_all and without failure.
  Explainer(const plan::Program& program, const column::Inputs& inputs, const plan::RunResult& result);
  Explainer(const Explainer&) = delete;
  Explainer& operator=(const Explainer&) = delete;
  ~Explainer();

  /// Explains decisions of the employee in that row of the population; a refused one has the faults of the result.
  /// Names that are no decision's are left out. A decision is shown in full once, where it is first needed.
  Explanation explain(size_t row, const std::vector<std::string>& decisions, const Options& options = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace kaogong::explain
