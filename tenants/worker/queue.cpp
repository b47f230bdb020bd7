#include "tenants/worker/queue.h"

#include <unistd.h>

#include <array>

#include "infra/crypto/random.h"

namespace kaogong::worker {

using tenants::Done;
using tenants::Result;

namespace {

constexpr std::array<std::string_view, 4> kStates = {"idle", "working", "draining", "gone"};

std::string host_name() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return "unknown";
  return name.data();
}

/// Of what may be forgotten by a crash of the server.
void without_waiting_for_the_disk(postgres::Transaction& sql) {
  sql.query("SELECT set_config('synchronous_commit', 'off', true)");
}

}  // namespace

Result<std::vector<Waiting>> waiting(tenants::TenantDatabase& database) {
  postgres::TransactionOptions options;
  options.read_only = true;
  return database.transact_control(
      [](postgres::Transaction& sql) -> Result<std::vector<Waiting>> {
        const auto rows = sql.query(
            "SELECT q.tenant_id, q.run_id, q.people FROM kaogong.run_queue q LEFT JOIN kaogong.tenant_service s USING "
            "(tenant_id) ORDER BY q.priority, coalesce(s.served, 0), q.tenant_id, q.run_id LIMIT $1",
            {kWaitingMax});
        std::vector<Waiting> list;
        for (const auto& row : rows)
          list.push_back({std::string(row.text(0)), runs::RunId{row.int64(1)}, row.int64(2)});
        return list;
      },
      options);
}

Result<Done> count_served(tenants::TenantDatabase& database, std::string_view tenant, int64_t rows) {
  return database.transact_control([&](postgres::Transaction& sql) -> Result<Done> {
    without_waiting_for_the_disk(sql);
    sql.execute("UPDATE kaogong.tenant_service SET served = served + $2 WHERE tenant_id = $1", {tenant, rows});
    return Done{};
  });
}

Result<Done> report(tenants::TenantDatabase& database, std::string_view worker, WorkerState state) {
  return database.transact_control([&](postgres::Transaction& sql) -> Result<Done> {
    without_waiting_for_the_disk(sql);
    sql.execute(
        "INSERT INTO kaogong.workers (worker, host, pid, state, started_at, seen_at) VALUES ($1, $2, $3, $4, now(), "
        "now()) "
        "ON CONFLICT (worker) DO UPDATE SET state = $4, seen_at = now()",
        {worker, host_name(), static_cast<int64_t>(getpid()), kStates[static_cast<size_t>(state)]});
    sql.execute("DELETE FROM kaogong.workers WHERE seen_at < now() - interval '1 day'");
    return Done{};
  });
}

Result<std::vector<WorkerSeen>> workers_seen(tenants::TenantDatabase& database) {
  return database.transact_control([](postgres::Transaction& sql) -> Result<std::vector<WorkerSeen>> {
    const auto rows = sql.query(
        "SELECT worker, host, state, pid, (extract(epoch FROM now() - seen_at) * 1000)::bigint FROM kaogong.workers "
        "ORDER "
        "BY started_at, worker LIMIT 1000");
    std::vector<WorkerSeen> list;
    for (const auto& row : rows)
      list.push_back(
          {std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)), row.int64(3), row.int64(4)});
    return list;
  });
}

std::string new_worker_name() {
  constexpr size_t kRandomCharacters = 10;
  return host_name() + ":" + std::to_string(getpid()) + ":" + crypto::random_base62(kRandomCharacters);
}

}  // namespace kaogong::worker
