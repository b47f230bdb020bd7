#include "tenants/runs/tidy.h"

#include <vector>

#include "tenants/registry/tenant_rows.h"

namespace kaogong::runs {

using tenants::Result;
using tenants::TenantTransaction;

Result<bool> tidy_tenant(tenants::TenantDatabase& database, const tenants::Tenant& tenant,
                         const tenants::Actor& actor) {
  return database.transact(tenant, actor, [](TenantTransaction& transaction) -> Result<bool> {
    const std::string runs = transaction.table("runs"), results = transaction.table("results"),
                      rejects = transaction.table("rejects"), chunks = transaction.table("run_chunks");
    // A chunk that a worker is writing holds its run: wait for no one.
    const auto over = transaction.sql().query(
        "SELECT run_id, kind = 'preview' AND expires_at <= $1::timestamptz FROM " + runs +
            " r WHERE (expires_at <= $1::timestamptz AND state <> 'calculating') OR (state = 'cancelled' AND EXISTS "
            "(SELECT FROM " +
            chunks + " c WHERE c.run_id = r.run_id)) ORDER BY run_id LIMIT $2 FOR UPDATE SKIP LOCKED",
        {transaction.now_text(), kRunsTidiedAtOnce});
    for (const auto& row : over) {
      const int64_t run = row.int64(0);
      transaction.sql().execute("DELETE FROM " + results + " WHERE run_id = $1", {run});
      transaction.sql().execute("DELETE FROM " + rejects + " WHERE run_id = $1", {run});
      transaction.sql().execute("DELETE FROM " + chunks + " WHERE run_id = $1", {run});
      if (row.boolean(1)) transaction.sql().execute("DELETE FROM " + runs + " WHERE run_id = $1", {run});
    }
    return over.size() == static_cast<size_t>(kRunsTidiedAtOnce);
  });
}

Result<bool> tidy_snapshots(tenants::TenantDatabase& database, const tenants::Tenant& tenant,
                            const tenants::Actor& actor, int64_t days) {
  if (days <= 0) return false;
  return database.transact(tenant, actor, [&](TenantTransaction& transaction) -> Result<bool> {
    auto& sql = transaction.sql();
    const std::string snapshots = transaction.table("snapshots"), chunks = transaction.table("snapshot_chunks");
    // Whoever makes a run holds this counter: it is made before, and then it counts here, or after.
    transaction.take("runs", 0);
    std::vector<int64_t> over, owners;
    const auto rows = sql.query(
        "SELECT s.snapshot_id FROM " + snapshots + " s WHERE EXISTS (SELECT FROM " + snapshots +
            " later WHERE (later.scheme_id, later.period, later.signature) = (s.scheme_id, s.period, s.signature) AND "
            "(later.watermark, later.snapshot_id) > (s.watermark, s.snapshot_id) AND later.created_at < "
            "$1::timestamptz - "
            "$2 * interval '1 day') AND NOT EXISTS (SELECT FROM (SELECT unnest(snapshots) AS snapshot_id FROM " +
            transaction.table("runs") +
            ") named WHERE named.snapshot_id = s.snapshot_id) ORDER BY s.snapshot_id LIMIT $3",
        {transaction.now_text(), days, kSnapshotsTidiedAtOnce});
    for (const auto& row : rows) over.push_back(row.int64(0));
    if (over.empty()) return false;
    for (const auto& row :
         sql.query("SELECT DISTINCT unnest(chunk_of) FROM " + snapshots + " WHERE snapshot_id = ANY($1)", {over}))
      owners.push_back(row.int64(0));
    sql.execute("DELETE FROM " + snapshots + " WHERE snapshot_id = ANY($1)", {over});
    sql.execute("DELETE FROM " + chunks +
                    " c WHERE c.snapshot_id = ANY($1) AND NOT EXISTS (SELECT FROM (SELECT unnest(chunk_of) AS "
                    "snapshot_id, unnest(chunk_no) AS chunk FROM " +
                    snapshots + ") kept WHERE (kept.snapshot_id, kept.chunk) = (c.snapshot_id, c.chunk))",
                {owners});
    return over.size() == static_cast<size_t>(kSnapshotsTidiedAtOnce);
  });
}

void tidy(tenants::TenantDatabase& database, const tenants::Actor& actor, const TidyOptions& options) {
  for (std::string after;;) {
    const auto page =
        database.transact_control([&](postgres::Transaction& sql) -> Result<std::vector<tenants::Tenant>> {
          return tenants::list_tenants(sql, after, tenants::kTenantsPageMax);
        });
    if (!page) return;
    for (const auto& tenant : *page) {
      if (tenant.state() != tenants::TenantState::kActive) continue;
      for (;;) {
        const auto more = tidy_tenant(database, tenant, actor);
        if (!more || !*more) break;
      }
      for (;;) {
        const auto more = tidy_snapshots(database, tenant, actor, options.snapshot_days);
        if (!more || !*more) break;
      }
    }
    if (page->size() < static_cast<size_t>(tenants::kTenantsPageMax)) return;
    after = page->back().id().text();
  }
}

}  // namespace kaogong::runs
