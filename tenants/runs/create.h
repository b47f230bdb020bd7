// Making runs: everything that one is computed from is settled and written down in one transaction.
#pragma once

#include "tenants/registry/tenant_database.h"
#include "tenants/runs/new_run.h"
#include "tenants/runs/run.h"

namespace kaogong::runs {

/// Makes a run over a snapshot that is there already: its row, its chunks and its idempotency key appear together or
/// not at all. The same key with the same request gives the run that it made. Failures: kInvalid, kNotFound (scheme,
/// version, snapshot), kConflict (the key was used for another request; history that two schemes could give; nothing to
/// correct), kQuotaExceeded, and those of TenantDatabase::transact, but never kUnknown unless the database stays away.
/// Precondition: request.snapshot is given, of a kYearEnd run for none of its months (see create_year_end).
tenants::Result<Run> create_run(tenants::TenantDatabase& database, const tenants::Tenant& tenant,
                                const tenants::Actor& actor, const NewRun& request);

/// A month of a year that is recomputed: its inputs as they are now.
struct YearMonth {
  scheme::Period period;
  int64_t snapshot = 0;
};
/// Makes a run that computes the year's published months again, in order, each from the snapshot given, with what was
/// recomputed as the past of the following ones. `request.period` is the year. Months must be published, ascending and
/// inside the year. Failures as of create_run.
tenants::Result<Run> create_year_end(tenants::TenantDatabase& database, const tenants::Tenant& tenant,
                                     const tenants::Actor& actor, const NewRun& request,
                                     const std::vector<YearMonth>& months);

}  // namespace kaogong::runs
