#include "tenants/registry/registry.h"

#include <chrono>
#include <utility>

#include "tenants/audit/json_object.h"
#include "tenants/registry/export.h"
#include "tenants/registry/migrations.h"
#include "tenants/registry/owner_transaction.h"
#include "tenants/registry/tenant_rows.h"

namespace kaogong::tenants {

namespace {

Failure no_id() {
  return invalid("an id is a lower-case letter, then lower-case letters, digits and underscores, 40 at most");
}
Failure no_tenant(std::string_view id) { return not_found("there is no tenant " + std::string(id)); }

bool is_out_of_bounds(const Quotas& quotas) {
  for (const auto& bound :
       {quotas.people_max, quotas.runs_per_day_max, quotas.stored_bytes_max, quotas.requests_per_second_max}) {
    if (bound && *bound < 0) return true;
  }
  return false;
}

std::string quota_text(const std::optional<int64_t>& bound) { return bound ? std::to_string(*bound) : "none"; }

std::string quotas_json(const Quotas& quotas) {
  return audit::json_object({{"people_max", quota_text(quotas.people_max)},
                             {"runs_per_day_max", quota_text(quotas.runs_per_day_max)},
                             {"stored_bytes_max", quota_text(quotas.stored_bytes_max)},
                             {"requests_per_second_max", quota_text(quotas.requests_per_second_max)}});
}

}  // namespace

Result<Tenant> Registry::create(std::string_view id, std::string_view name, const Quotas& quotas, const Actor& actor,
                                const AlsoInTransaction& also) {
  const auto parsed = TenantId::parse(id);
  if (!parsed) return no_id();
  if (name.empty() || name.size() > kTenantNameBytesMax)
    return invalid("a tenant has a name of at most " + std::to_string(kTenantNameBytesMax) + " bytes");
  if (is_out_of_bounds(quotas)) return invalid("a quota is below 0");
  return transact_as_owner(pool_, [&](postgres::Transaction& sql) -> Result<Tenant> {
    if (find_tenant(sql, *parsed))
      return exists("there is or was a tenant " + parsed->text() + "; an id is never used again");
    const auto now = clock_.now();
    const Tenant tenant(*parsed, std::string(name), TenantState::kActive, quotas, now);
    const auto now_text = clock::to_rfc3339(now);
    sql.execute(
        "INSERT INTO kaogong.tenants (tenant_id, name, state, people_max, runs_per_day_max, stored_bytes_max, "
        "requests_per_second_max, created_at, changed_at) VALUES ($1, $2, 'active', $3, $4, $5, $6, $7, $7)",
        {parsed->text(), name, quotas.people_max, quotas.runs_per_day_max, quotas.stored_bytes_max,
         quotas.requests_per_second_max, now_text});
    if (const auto made = provision(pool_, sql, tenant); !made) return made.failure();
    record(sql, now, actor, "tenant.create", parsed->text(), quotas_json(quotas));
    if (also) {
      if (const auto done = also(sql, tenant); !done) return done.failure();
    }
    return tenant;
  });
}

Result<Tenant> Registry::get(std::string_view id) {
  const auto parsed = TenantId::parse(id);
  if (!parsed) return no_id();
  return transact_as_owner(pool_, [&](postgres::Transaction& sql) -> Result<Tenant> {
    auto tenant = find_tenant(sql, *parsed);
    if (!tenant || tenant->state() == TenantState::kErased) return no_tenant(id);
    return *std::move(tenant);
  });
}

Result<std::vector<Tenant>> Registry::list(std::string_view after, int64_t limit, bool with_erased) {
  return transact_as_owner(pool_, [&](postgres::Transaction& sql) -> Result<std::vector<Tenant>> {
    return list_tenants(sql, after, limit, with_erased);
  });
}

Result<Tenant> Registry::change_state(std::string_view id, TenantState to, std::string_view reason,
                                      const Actor& actor) {
  const auto parsed = TenantId::parse(id);
  if (!parsed) return no_id();
  const bool active = to == TenantState::kActive;
  return transact_as_owner(pool_, [&](postgres::Transaction& sql) -> Result<Tenant> {
    sql.query("SELECT 1 FROM kaogong.tenants WHERE tenant_id = $1 FOR UPDATE", {parsed->text()});
    const auto tenant = find_tenant(sql, *parsed);
    if (!tenant || tenant->state() == TenantState::kErased) return no_tenant(id);
    if (tenant->state() == TenantState::kErasing) return conflict("tenant " + parsed->text() + " is being erased");
    if (tenant->state() == to) return *tenant;
    const auto now = clock_.now();
    sql.execute("UPDATE kaogong.tenants SET state = $2, changed_at = $3 WHERE tenant_id = $1",
                {parsed->text(), to_text(to), clock::to_rfc3339(now)});
    sql.execute((active ? "GRANT " : "REVOKE ") + tenant->role().quoted() + (active ? " TO " : " FROM ") +
                "kaogong_app");
    record(sql, now, actor, active ? "tenant.resume" : "tenant.suspend", parsed->text(),
           audit::json_object({{"reason", std::string(reason)}}));
    return Tenant(tenant->id(), tenant->name(), to, tenant->quotas(), tenant->created_at());
  });
}

Result<Tenant> Registry::suspend(std::string_view id, std::string_view reason, const Actor& actor) {
  return change_state(id, TenantState::kSuspended, reason, actor);
}

Result<Tenant> Registry::resume(std::string_view id, std::string_view reason, const Actor& actor) {
  return change_state(id, TenantState::kActive, reason, actor);
}

Result<Tenant> Registry::set_quotas(std::string_view id, const Quotas& quotas, const Actor& actor, const Agree& agree) {
  const auto parsed = TenantId::parse(id);
  if (!parsed) return no_id();
  if (is_out_of_bounds(quotas)) return invalid("a quota is below 0");
  return transact_as_owner(pool_, [&](postgres::Transaction& sql) -> Result<Tenant> {
    const auto now = clock_.now();
    if (agree) {
      sql.query("SELECT 1 FROM kaogong.tenants WHERE tenant_id = $1 FOR UPDATE", {parsed->text()});
      const auto tenant = find_tenant(sql, *parsed);
      if (!tenant || tenant->state() == TenantState::kErased) return no_tenant(id);
      if (const auto agreed = agree(*tenant); !agreed) return agreed.failure();
    }
    const auto changed = sql.execute(
        "UPDATE kaogong.tenants SET people_max = $2, runs_per_day_max = $3, stored_bytes_max = $4, "
        "requests_per_second_max = $5, changed_at = $6 WHERE tenant_id = $1 AND state IN ('active', 'suspended')",
        {parsed->text(), quotas.people_max, quotas.runs_per_day_max, quotas.stored_bytes_max,
         quotas.requests_per_second_max, clock::to_rfc3339(now)});
    if (changed == 0) return no_tenant(id);
    record(sql, now, actor, "tenant.quota", parsed->text(), quotas_json(quotas));
    return *find_tenant(sql, *parsed);
  });
}

Result<Tenant> Registry::begin_export(std::string_view id, const Actor& actor) {
  auto tenant = get(id);
  if (!tenant) return tenant;
  const auto recorded = transact_as_owner(pool_, [&](postgres::Transaction& sql) -> Result<Done> {
    record(sql, clock_.now(), actor, "tenant.export", tenant->id().text(), "{}");
    return Done{};
  });
  return recorded ? std::move(tenant) : recorded.failure();
}

Result<Export> Registry::write_export(const Tenant& tenant, ExportFiles& files) {
  postgres::TransactionOptions options;
  options.isolation = postgres::Isolation::kRepeatableRead;
  options.read_only = true;
  options.statement_timeout_ms = 0;
  bool begun = false;
  return transact_as_owner(
      pool_,
      [&](postgres::Transaction& sql) -> Result<Export> {
        // What has been written cannot be taken back.
        if (std::exchange(begun, true)) return Failure{FailureCode::kUnavailable, "the export broke off: try it again"};
        return export_tables(sql, tenant, clock_.now(), files);
      },
      options);
}

Result<Done> Registry::begin_erasing(const TenantId& id, const Actor& actor) {
  return transact_as_owner(pool_, [&](postgres::Transaction& sql) -> Result<Done> {
    sql.query("SELECT 1 FROM kaogong.tenants WHERE tenant_id = $1 FOR UPDATE", {id.text()});
    const auto tenant = find_tenant(sql, id);
    if (!tenant) return no_tenant(id.text());
    if (tenant->state() == TenantState::kErasing || tenant->state() == TenantState::kErased) return Done{};
    const auto now = clock_.now();
    sql.execute("UPDATE kaogong.tenants SET state = 'erasing', changed_at = $2 WHERE tenant_id = $1",
                {id.text(), clock::to_rfc3339(now)});
    if (tenant->state() == TenantState::kActive) sql.execute("REVOKE " + tenant->role().quoted() + " FROM kaogong_app");
    record(sql, now, actor, "tenant.erase.begin", id.text(), "{}");
    return Done{};
  });
}

Result<Erasure> Registry::erase(std::string_view id, const Actor& actor) {
  const auto parsed = TenantId::parse(id);
  if (!parsed) return no_id();
  if (const auto begun = begin_erasing(*parsed, actor); !begun) return begun.failure();
  postgres::TransactionOptions options;
  options.statement_timeout_ms = 0;
  options.lock_timeout_ms = kEraseLockMs;
  return transact_as_owner(
      pool_,
      [&](postgres::Transaction& sql) -> Result<Erasure> {
        const auto found = sql.query("SELECT erased_at, erasure FROM kaogong.tenants WHERE tenant_id = $1 FOR UPDATE",
                                     {parsed->text()});
        const auto before = found.one();
        if (!before.is_null(0)) {
          return Erasure{*parsed, clock::Instant{std::chrono::microseconds{before.timestamp_us(0)}},
                         std::string(before.text(1))};
        }
        const auto now = clock_.now();
        const auto tenant = *find_tenant(sql, *parsed);
        const auto keys = sql.execute("DELETE FROM kaogong.api_keys WHERE tenant_id = $1", {parsed->text()});
        sql.execute("DELETE FROM kaogong.token_issuers WHERE tenant_id = $1", {parsed->text()});
        auto remains = what_will_be_erased(sql, tenant, keys);
        // Runs of its that wait, and what it was served. A queue that names an erased tenant would keep workers asking.
        sql.execute("DELETE FROM kaogong.run_queue WHERE tenant_id = $1", {parsed->text()});
        sql.execute("DELETE FROM kaogong.tenant_service WHERE tenant_id = $1", {parsed->text()});
        unprovision(sql, tenant);
        sql.execute(
            "UPDATE kaogong.tenants SET state = 'erased', name = '', people_max = NULL, runs_per_day_max = NULL, "
            "stored_bytes_max = NULL, requests_per_second_max = NULL, changed_at = $2, erased_at = $2, erasure = $3 "
            "WHERE tenant_id = $1",
            {parsed->text(), clock::to_rfc3339(now), remains});
        record(sql, now, actor, "tenant.erase", parsed->text(), remains);
        return Erasure{*parsed, now, std::move(remains)};
      },
      options);
}

}  // namespace kaogong::tenants
