// Runs of what is entered now: the inputs are frozen first, then the run is made over them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tenants/freeze/freeze.h"
#include "tenants/runs/create.h"
#include "tenants/runs/effective.h"
#include "tenants/runs/new_run.h"
#include "tenants/runs/retroactive.h"

namespace kaogong::runs {

/// Freezes a period's inputs as they are now, for a version of a scheme; without one the latest that is published.
/// Failures: kNotFound (scheme, version), kInvalid (the document), and as of freeze::freeze.
tenants::Result<freeze::SnapshotInfo> freeze_inputs(tenants::TenantDatabase& database, const tenants::Tenant& tenant,
                                                    const tenants::Actor& actor, const std::string& scheme_id,
                                                    std::optional<int32_t> version, scheme::Period period);

/// Makes a run of any kind: of a year the months that are published, each from its inputs as they are now; of a
/// correction with the version of what it corrects. `request.snapshot` is not looked at. A key that was used for the
/// same request gives its run, without freezing again. Failures: as of freeze_inputs and create_run.
tenants::Result<Run> create_of_inputs(tenants::TenantDatabase& database, const tenants::Tenant& tenant,
                                      const tenants::Actor& actor, const NewRun& request);

/// What follows from a correction that was made: corrections of the runs that look back on it.
struct FollowUps {
  std::vector<Correction> corrections;  // calculated, the first of all included, in the order to approve and publish
  std::optional<Run> waiting;           // the next one, which is being calculated: ask again when it is; nothing: all
                                        // are there
};
/// Goes on with what `first`, the correction of a period, entails, as far as it can without waiting. Any number of
/// times, by anybody: it makes each correction once. Failures: kNotFound, kConflict (no correction; one of them failed
/// or was cancelled), and as of correct_retroactively.
tenants::Result<FollowUps> follow_up(tenants::TenantDatabase& database, EffectiveResults& results,
                                     const tenants::Tenant& tenant, const tenants::Actor& actor, RunId first);

}  // namespace kaogong::runs
