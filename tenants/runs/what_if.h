// What would be, if: a changed scheme, parameters or inputs over the real data, in memory; nothing is stored.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tenants/runs/build.h"

namespace kaogong::runs {

struct WhatIf {
  std::string document;    // a scheme with the same inputs; empty: the run's own
  std::string parameters;  // CSV `name,value`, over the run's own
  std::vector<InputChange> inputs;
};
inline constexpr size_t kInputChangesMax = 10'000;

/// Calculates what a run (of one period, in any state) would give. Failures: kInvalid: the scheme has errors or other
/// inputs, a parameter or input is none; and as of Builder::build. The snapshot comes from memory if it is there.
tenants::Result<Calculated> what_if(Builder& builder, const tenants::Tenant& tenant, const tenants::Actor& actor,
                                    const Run& run, const WhatIf& change);

}  // namespace kaogong::runs
