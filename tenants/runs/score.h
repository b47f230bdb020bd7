// One calculation over rows that are handed in: nothing is read from the database, nothing is stored.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "engine/plan/program.h"
#include "tenants/registry/result.h"
#include "tenants/runs/calculate.h"

namespace kaogong::runs {

struct ScoreRequest {
  std::shared_ptr<const plan::Program> program;
  scheme::Period period;
  std::map<std::string, std::string> sheets;  // by name, CSV with a header
  std::string parameters;                     // CSV `name,value`, over those of the sheet; empty: none
  int threads = 1;
};

/// Calculates them as a run over the same inputs would be; results by the order of the employees' ids. Failures:
/// kInvalid: a sheet is missing or cannot be read, a parameter is none, the calculation as a whole fails.
tenants::Result<Calculated> score(const ScoreRequest& request);

}  // namespace kaogong::runs
