#include "tenants/registry/tenant_database.h"

#include "tenants/registry/tenant_rows.h"

namespace kaogong::tenants {

TenantTransaction::TenantTransaction(postgres::Transaction& sql, const Tenant& tenant, const Actor& actor,
                                     clock::Instant now)
    : sql_(sql), tenant_(tenant), actor_(actor), now_(now), now_text_(clock::to_rfc3339(now)) {}

audit::Log TenantTransaction::audit_log() const { return {tenant_.id().text(), table("audit_log"), table("counters")}; }

void TenantTransaction::audit(std::string_view action, std::string_view subject, std::string_view detail) {
  audit::append(sql_, audit_log(), now_, {actor_.name, std::string(action), std::string(subject), std::string(detail)});
}

int64_t TenantTransaction::take(std::string_view counter, int64_t count) {
  return sql_
      .query("INSERT INTO " + table("counters") +
                 " AS c (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = c.value + $2 RETURNING "
                 "value",
             {counter, count})
      .one()
      .int64(0);
}

int64_t TenantTransaction::taken(std::string_view counter) {
  const auto found = sql_.query("SELECT value FROM " + table("counters") + " WHERE name = $1", {counter});
  return found.empty() ? 0 : found.one().int64(0);
}

audit::Log operator_audit_log() { return {"operators", "kaogong.operator_audit", "kaogong.counters"}; }

Failure failure_of(const postgres::CommitResult& committed) {
  if (committed.state == postgres::CommitState::kUnknown)
    return {FailureCode::kUnknown, "the connection broke while it was being committed: look whether it was done"};
  if (!committed.error) return {FailureCode::kInternal, "a transaction ended without a reason"};
  return failure_of(*committed.error);
}

Failure failure_of(const postgres::Error& error) {
  using postgres::ErrorCode;
  if (error.sqlstate() == "KG001")
    return conflict("the database refuses it: what is published or recorded stays as it is");
  switch (error.code()) {
    case ErrorCode::kUniqueViolation:
      return exists("there is one already (" + std::string(error.constraint()) + ")");
    case ErrorCode::kForeignKeyViolation:
      return conflict("something else depends on it, or what it depends on is missing (" +
                      std::string(error.constraint()) + ")");
    case ErrorCode::kCheckViolation:
    case ErrorCode::kNotNullViolation:
    case ErrorCode::kOtherViolation:
      return invalid("a value is out of bounds (" + std::string(error.constraint()) + ")");
    case ErrorCode::kInvalidData:
      return invalid(
          "a value is not of its form: a text with a NUL byte or not in UTF-8, or a number or date that is none");
    default:
      break;
  }
  if (error.retry_later()) return {FailureCode::kUnavailable, error.what()};
  return {FailureCode::kInternal, error.what()};
}

const postgres::Role& TenantDatabase::control_role() {
  static const postgres::Role kRole("kaogong_control");
  return kRole;
}

Failure TenantDatabase::failure_to_begin(const Tenant& tenant, const postgres::Error& error) {
  // Suspending takes the tenant's role away from the application's, erasing the role itself.
  using postgres::ErrorCode;
  if (error.code() == ErrorCode::kPermissionDenied || error.code() == ErrorCode::kUndefined ||
      error.code() == ErrorCode::kInvalidData)  // 22023: there is no such role
    return {FailureCode::kSuspended, "tenant " + tenant.id().text() + " is suspended or erased"};
  return failure_of(error);
}

Result<Tenant> TenantDatabase::open(std::string_view tenant_id) {
  const auto id = TenantId::parse(tenant_id);
  if (!id) return invalid("no tenant is named: an id is a lower-case letter, then letters, digits and underscores");
  return transact_control([&](postgres::Transaction& transaction) -> Result<Tenant> {
    auto tenant = find_tenant(transaction, *id);
    if (!tenant || tenant->state() == TenantState::kErased) return not_found("there is no tenant " + id->text());
    if (tenant->state() != TenantState::kActive)
      return Failure{FailureCode::kSuspended, "tenant " + id->text() + " is " + std::string(to_text(tenant->state()))};
    return *std::move(tenant);
  });
}

}  // namespace kaogong::tenants
