// Ledger entries of a published run.
#pragma once

#include <optional>

#include "tenants/registry/tenant_database.h"
#include "tenants/runs/run.h"

namespace kaogong::runs {

/// Posts what the rules of the scheme's version say: of a correction its signed differences; of a regular run its
/// amounts, less what earlier runs of the period have posted, so that taking it back leaves things as they were. In the
/// caller's transaction. Memory: the amounts that are posted.
std::optional<tenants::Failure> post_ledgers(tenants::TenantTransaction& transaction, const Run& run,
                                             std::optional<RunId> replaced);

/// Posts the opposite of what a run has posted.
std::optional<tenants::Failure> unpost_ledgers(tenants::TenantTransaction& transaction, const Run& run);

}  // namespace kaogong::runs
