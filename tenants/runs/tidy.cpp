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

void tidy(tenants::TenantDatabase& database, const tenants::Actor& actor) {
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
    }
    if (page->size() < static_cast<size_t>(tenants::kTenantsPageMax)) return;
    after = page->back().id().text();
  }
}

}  // namespace kaogong::runs
