// Chunks of a run as work: claimed under a lease, written with the epoch of the claim, and the run finished by the
// last.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tenants/registry/tenant_database.h"
#include "tenants/runs/product.h"
#include "tenants/runs/run.h"

namespace kaogong::runs {

/// The right to write one chunk, until somebody else claims it: that can happen once the lease has run out.
struct Claim {
  RunId run{};
  int64_t chunk = 0;
  int64_t epoch = 0;
};

/// Claims the first chunk that is ready, or whose lease has run out; skips those that somebody is claiming or writing
/// at this moment. Nothing: there is none, or the run is not being calculated.
std::optional<Claim> claim_chunk(tenants::TenantTransaction& transaction, RunId run, std::string_view worker,
                                 int64_t lease_ms);

/// Makes leases last `lease_ms` from now. Gives those that are lost: claimed by another, or their run is over.
std::vector<Claim> renew(tenants::TenantTransaction& transaction, const std::vector<Claim>& claims, int64_t lease_ms);

/// Gives a chunk back before it is written.
void release(tenants::TenantTransaction& transaction, const Claim& claim);

enum class WriteOutcome : uint8_t {
  kWritten,
  kFenced,  // somebody else has claimed the chunk since: nothing is written
  kOver,    // the run was cancelled: nothing is written
};
/// Writes a chunk's pages and rejects and marks it done, all in this transaction, if the claim still holds.
WriteOutcome write_chunk(tenants::TenantTransaction& transaction, const Claim& claim, const ChunkRows& rows,
                         const std::vector<std::string>& outputs);
/// Whether the chunk was written under this very claim: after a COMMIT whose outcome is not known.
bool was_written(tenants::TenantTransaction& transaction, const Claim& claim);

/// Makes the run calculated if all its chunks are done; says whether it is calculated now. Any number of workers may
/// try.
bool finish_run(tenants::TenantTransaction& transaction, RunId run);
/// The run as a whole cannot be calculated: `why` in English, without anybody's data.
void fail_run(tenants::TenantTransaction& transaction, RunId run, std::string_view why);

}  // namespace kaogong::runs
