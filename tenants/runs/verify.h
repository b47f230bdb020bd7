// Calculating a run again and comparing it with what is stored, bit for bit.
#pragma once

#include <string>
#include <vector>

#include "tenants/runs/build.h"

namespace kaogong::runs {

struct Verification {
  uint64_t chunks = 0, pages = 0, rejects = 0;  // compared
  std::vector<std::string> differences;         // English; empty: all is the same; at most kDifferencesMax
  bool same() const { return differences.empty(); }
};
inline constexpr size_t kDifferencesMax = 20;

/// Builds a calculated run from what it names and compares checksums, every page's bytes, every reject and the result
/// hash with those stored. Failures: kConflict (the run has no results), and as of Builder::build.
tenants::Result<Verification> verify_run(tenants::TenantDatabase& database, Builder& builder,
                                         const tenants::Tenant& tenant, const tenants::Actor& actor, RunId id);

}  // namespace kaogong::runs
