// A change in the past: corrections of the period that it is in, and of the following ones as far as it reaches.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tenants/runs/create.h"
#include "tenants/runs/effective.h"

namespace kaogong::runs {

struct RetroactiveOptions {
  std::string idempotency_key;  // empty: none; each correction gets its own from it
  Priority priority = Priority::kMonthEnd;
  RunId first{};  // the correction of the period itself, which is there already; 0: it is made
};
/// One correction that was made and calculated.
struct Correction {
  Run run;
  std::vector<std::string> carried;  // outputs that differ and that later runs look back on
};

/// Waits until a run is no longer being calculated, and gives it.
using AwaitRun = std::function<tenants::Result<Run>(RunId)>;

/// Makes the corrections that follow from other inputs of one published period, in order: first of the period itself,
/// from `snapshot`; then, as long as outputs that published runs look back on differ, of those runs, from the inputs
/// that they had and with the corrected past. Everybody is computed again, so that ranks and pools follow; a correction
/// holds only those who differ. None is approved: do that in the order given. Failures: as of create_run; kConflict: a
/// correction failed, or is not in the state calculated. `so_far`, if given, has those before a failure, too.
tenants::Result<std::vector<Correction>> correct_retroactively(
    tenants::TenantDatabase& database, EffectiveResults& results, const tenants::Tenant& tenant,
    const tenants::Actor& actor, const std::string& scheme_id, scheme::Period period, int64_t snapshot,
    const RetroactiveOptions& options, const AwaitRun& await, std::vector<Correction>* so_far = nullptr);
inline constexpr size_t kCorrectionsMax = 1000;

}  // namespace kaogong::runs
