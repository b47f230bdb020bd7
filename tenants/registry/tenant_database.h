// The way to a tenant's data: every transaction is one tenant's, with the rights of its role, or the control schema's.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "infra/clock/clock.h"
#include "infra/postgres/pool.h"
#include "infra/postgres/transact.h"
#include "infra/postgres/transaction.h"
#include "tenants/audit/chain.h"
#include "tenants/registry/result.h"
#include "tenants/registry/tenant.h"

namespace kaogong::tenants {

/// Who does it: as it will stand in the audit log and beside what was entered. "key:kg_live_…", "operator".
struct Actor {
  std::string name;
};

inline constexpr size_t kActorBytesMax = 200;

/// A transaction of a tenant's: the only thing that services of tenants take. Runs as the tenant's role, which has no
/// rights outside the tenant's schema. Only TenantDatabase makes one. One thread at a time.
class TenantTransaction {
 public:
  TenantTransaction(const TenantTransaction&) = delete;
  TenantTransaction& operator=(const TenantTransaction&) = delete;

  const Tenant& tenant() const { return tenant_; }
  const Actor& actor() const { return actor_; }
  /// When the transaction began: the one time of everything that it writes.
  clock::Instant now() const { return now_; }
  /// The same as SQL reads it.
  const std::string& now_text() const { return now_text_; }
  /// A table of the tenant as it stands in SQL: `"kg_acme"."people"`.
  std::string table(std::string_view name) const { return tenant_.schema().quoted(name); }
  postgres::Transaction& sql() { return sql_; }

  /// Records what this transaction does. Append it last: it locks the log's head until COMMIT.
  void audit(std::string_view action, std::string_view subject, std::string_view detail = "{}");
  audit::Log audit_log() const;

  /// Takes the next `count` numbers of a counter: gives the last of them. Locks the counter until COMMIT, so that
  /// numbers appear in the order of commits. A counter that was never used gives 1 first.
  int64_t take(std::string_view counter, int64_t count = 1);
  /// The number that was taken last; 0: none.
  int64_t taken(std::string_view counter);

 private:
  friend class TenantDatabase;
  TenantTransaction(postgres::Transaction& sql, const Tenant& tenant, const Actor& actor, clock::Instant now);

  postgres::Transaction& sql_;
  const Tenant& tenant_;
  const Actor& actor_;
  clock::Instant now_;
  std::string now_text_;
};

/// The control schema's log of what operators did.
audit::Log operator_audit_log();

/// What a transaction's failure is for a caller: never with a value of a parameter or column in it.
Failure failure_of(const postgres::CommitResult& committed);
Failure failure_of(const postgres::Error& error);

/// The answer of a transaction's body, or why that is not what happened. `answer`: nothing if the body threw.
template <typename Answer>
Answer settle(std::optional<Answer> answer, const postgres::CommitResult& committed) {
  if (answer.has_value() && (!answer->ok() || committed.committed())) return *std::move(answer);
  return failure_of(committed);
}

/// Opens tenants and runs transactions. Thread-safe.
class TenantDatabase {
 public:
  /// `application`: a pool whose login role is kaogong_app, or another that is a member of the tenants' roles and owns
  /// nothing. Pool and clock outlive it.
  TenantDatabase(postgres::Pool& application, const clock::Clock& clock) : pool_(application), clock_(clock) {}

  /// The tenant with that id. Failures: kInvalid (no id), kNotFound, kSuspended (also one that is being erased).
  Result<Tenant> open(std::string_view tenant_id);

  /// Runs `body(TenantTransaction&)`, which returns a Result, and commits if that has a value; rolls back otherwise.
  /// Failures of its own: kInvalid (the actor has no name or too long a one), kSuspended (since it was opened),
  /// kUnavailable, kUnknown, and what failure_of() makes of PostgreSQL's errors. The body may be run several times: see
  /// postgres::transact.
  template <typename Body>
  auto transact(const Tenant& tenant, const Actor& actor, const Body& body,
                const postgres::TransactionOptions& options = {})
      -> std::invoke_result_t<const Body&, TenantTransaction&> {
    if (actor.name.empty() || actor.name.size() > kActorBytesMax) return invalid("it is not said who does this");
    std::optional<std::invoke_result_t<const Body&, TenantTransaction&>> answer;
    bool begun = false;
    const auto committed = postgres::transact(pool_, tenant.role(), options, [&](postgres::Transaction& sql) {
      begun = true;
      TenantTransaction transaction(sql, tenant, actor, clock_.now());
      answer.emplace(body(transaction));
      if (!answer->ok()) sql.rollback();
    });
    if (!begun && committed.error) return failure_to_begin(tenant, *committed.error);
    return settle(std::move(answer), committed);
  }

  /// The same in the control schema, as kaogong_control: `body(postgres::Transaction&)`.
  template <typename Body>
  auto transact_control(const Body& body, const postgres::TransactionOptions& options = {})
      -> std::invoke_result_t<const Body&, postgres::Transaction&> {
    std::optional<std::invoke_result_t<const Body&, postgres::Transaction&>> answer;
    const auto committed = postgres::transact(pool_, control_role(), options, [&](postgres::Transaction& sql) {
      answer.emplace(body(sql));
      if (!answer->ok()) sql.rollback();
    });
    return settle(std::move(answer), committed);
  }

  const clock::Clock& clock() const { return clock_; }
  postgres::Pool& pool() { return pool_; }

 private:
  static const postgres::Role& control_role();
  static Failure failure_to_begin(const Tenant& tenant, const postgres::Error& error);

  postgres::Pool& pool_;
  const clock::Clock& clock_;
};

}  // namespace kaogong::tenants
