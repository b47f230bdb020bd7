#include "tenants/worker/stalled.h"

#include <algorithm>
#include <chrono>
#include <string>

#include "infra/postgres/transact.h"

namespace kaogong::worker {

namespace {

// In the middle of a statement, and waiting for the client. What a COPY has moved is seen in its progress.
const std::string kWaiting =
    " FROM (SELECT a.pid::bigint AS pid, (extract(epoch FROM a.query_start) * 1000000)::bigint AS begun, "
    "coalesce(c.bytes_processed, 0) AS bytes FROM pg_stat_activity a LEFT JOIN pg_stat_progress_copy c USING (pid) "
    "WHERE a.datname = current_database() AND a.usename = session_user AND a.state = 'active' AND a.wait_event IN "
    "('ClientRead', 'ClientWrite')) AS waiting";

}  // namespace

tenants::Result<int64_t> StalledSessions::end(tenants::TenantDatabase& database, int64_t older_than_ms) {
  const std::lock_guard lock(mutex_);
  const auto now = database.clock().tick();
  int64_t ended = 0;
  std::vector<Seen> seen;
  // As the login itself, which may end its own sessions and sees what they wait for; it reads nothing of any tenant's.
  const auto committed = postgres::transact_as_login_role(database.pool(), {}, [&](postgres::Transaction& sql) {
    ended = 0;
    seen.clear();
    for (const auto& row : sql.query("SELECT pid, begun, bytes" + kWaiting))
      seen.push_back({row.int64(0), row.int64(1), row.int64(2), now});
    for (auto& one : seen) {
      const auto before =
          std::find_if(seen_.begin(), seen_.end(), [&](const Seen& other) { return other.is_same(one); });
      if (before != seen_.end()) one.since = before->since;
      if (now - one.since < std::chrono::milliseconds(older_than_ms)) continue;
      const auto gone = sql.query(
          "SELECT pg_terminate_backend(pid::integer)" + kWaiting + " WHERE pid = $1 AND begun = $2 AND bytes = $3",
          {one.pid, one.begun_us, one.bytes});
      ended += static_cast<int64_t>(gone.size());
    }
  });
  if (!committed.committed())
    return tenants::Failure{tenants::FailureCode::kUnavailable, "sessions that are stalled could not be looked for"};
  seen_ = std::move(seen);
  return ended;
}

}  // namespace kaogong::worker
