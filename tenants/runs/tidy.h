// Cleaning away what nobody will ask for again.
#pragma once

#include "tenants/registry/tenant_database.h"

namespace kaogong::runs {

/// Deletes the rows of one tenant's cancelled runs and its expired previews, a bounded number at a time; true: there
/// may be more.
tenants::Result<bool> tidy_tenant(tenants::TenantDatabase& database, const tenants::Tenant& tenant,
                                  const tenants::Actor& actor);
inline constexpr int64_t kRunsTidiedAtOnce = 16;

struct TidyOptions {
  /// A snapshot that no run names goes so long after a later one of the same inputs was made; 0: it stays. At least a
  /// day: whoever froze from it has ended by then.
  int64_t snapshot_days = 30;
};

/// Deletes one tenant's snapshots that are past their time, and chunks that no snapshot has any more, a bounded number
/// at a time; true: there may be more. Those that a run names stay, whatever became of the run, and the latest of every
/// scheme and period.
tenants::Result<bool> tidy_snapshots(tenants::TenantDatabase& database, const tenants::Tenant& tenant,
                                     const tenants::Actor& actor, int64_t days);
inline constexpr int64_t kSnapshotsTidiedAtOnce = 16;

/// All of it for all tenants that are active.
void tidy(tenants::TenantDatabase& database, const tenants::Actor& actor, const TidyOptions& options);

}  // namespace kaogong::runs
