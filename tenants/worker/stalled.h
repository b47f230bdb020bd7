// Sessions of workers that were stopped in the middle of sending: the server waits for the rest, and heeds no timeout.
#pragma once

#include <cstdint>

#include "tenants/registry/tenant_database.h"

namespace kaogong::worker {

/// Ends the sessions of this login in this database that have changed chunks in a transaction which is older than
/// `older_than_ms` and in which the server waits for the client. In the middle of a COPY or of a statement that has not
/// arrived whole neither statement_timeout nor idle_in_transaction_session_timeout ends one, so that a worker that was
/// stopped there would keep its chunk locked as long as it is stopped. Ending one is always safe: it rolls back, and
/// who goes on after all tries again or is fenced off. How many it ended.
tenants::Result<int64_t> end_stalled_sessions(tenants::TenantDatabase& database, int64_t older_than_ms);

}  // namespace kaogong::worker
