// The pointer flip, and what goes with it.
#pragma once

#include <optional>

#include "tenants/registry/tenant_database.h"
#include "tenants/runs/run.h"

namespace kaogong::runs {

/// Publishes an approved run inside the caller's transaction, which holds its row: state, pointer, ledger entries. A
/// failure: the transaction must not commit.
std::optional<tenants::Failure> make_public(tenants::TenantTransaction& transaction, const Run& run);

/// Takes back what a run that was just declared void had published.
std::optional<tenants::Failure> take_back(tenants::TenantTransaction& transaction, const Run& run);

/// The published runs that took values of earlier periods from this run.
std::vector<RunId> published_dependents(tenants::TenantTransaction& transaction, RunId run);

}  // namespace kaogong::runs
