#include "tenants/worker/stalled.h"

#include "infra/postgres/transact.h"

namespace kaogong::worker {

tenants::Result<int64_t> end_stalled_sessions(tenants::TenantDatabase& database, int64_t older_than_ms) {
  // As the login itself, which may end its own sessions and sees what they wait for; it reads nothing of any tenant's.
  int64_t ended = 0;
  const auto committed = postgres::transact_as_login_role(database.pool(), {}, [&](postgres::Transaction& sql) {
    const auto rows = sql.query(
        "SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a WHERE a.datname = current_database() AND a.usename "
        "= session_user AND a.pid <> pg_backend_pid() AND a.wait_event = 'ClientRead' AND a.xact_start < "
        "clock_timestamp() - $1 * interval '1 millisecond' AND EXISTS (SELECT FROM pg_locks l JOIN pg_class c ON c.oid "
        "= "
        "l.relation WHERE l.pid = a.pid AND l.granted AND l.mode = 'RowExclusiveLock' AND c.relname = 'run_chunks')",
        {older_than_ms});
    ended = static_cast<int64_t>(rows.size());
  });
  if (!committed.committed())
    return tenants::Failure{tenants::FailureCode::kUnavailable, "sessions that are stalled could not be looked for"};
  return ended;
}

}  // namespace kaogong::worker
