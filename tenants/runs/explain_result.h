// Why an employee's stored figures are what they are.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/explain/explanation.h"
#include "tenants/runs/build.h"

namespace kaogong::runs {

struct ExplainRequest {
  std::string employee;
  std::vector<std::string> values;  // names or labels of decisions; empty: all outputs
  uint32_t depth_max = UINT32_MAX;  // levels of decisions below the ones asked for
};

/// Calculates a run again, from all that it names, and explains one employee's figures, or says why he was refused.
/// Every output is compared with what is stored: an explanation of anything else is not given. The first costs a
/// calculation of the whole run, because of ranks and pools; it stays in memory for those that follow. Failures:
/// kInvalid: no such value, or a year end's run, whose months are explained instead; kNotFound: no such employee;
/// kConflict: the run is not calculated; kInternal: what is stored is not what the run's inputs give; and as of
/// Builder::build.
tenants::Result<explain::Explanation> explain_result(tenants::TenantDatabase& database, Builder& builder,
                                                     const tenants::Tenant& tenant, const tenants::Actor& actor,
                                                     const Run& run, const ExplainRequest& request);

}  // namespace kaogong::runs
