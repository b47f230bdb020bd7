// Changes that are one transaction, with their answer in it.
#pragma once

#include "gateway/api/call.h"
#include "gateway/api/gate/claim.h"
#include "gateway/api/problem.h"
#include "gateway/api/services.h"
#include "gateway/api/transact.h"

namespace kaogong::api {

/// Runs `body(TenantTransaction&)`, which gives a Result<http::Response>: what it did and the answer are committed
/// together, so that whoever repeats the call gets the same answer, whatever broke in between. An answer of 400 or more
/// undoes everything.
template <typename Body>
http::Response change(Call& call, const Body& body, const postgres::TransactionOptions& options = {}) {
  std::optional<http::Response> refusal;
  auto answer = call.services.database.transact(
      *call.tenant, call.caller.actor,
      [&](tenants::TenantTransaction& t) -> tenants::Result<http::Response> {
        refusal.reset();
        tenants::Result<http::Response> made = body(t);
        if (!made.ok()) return made;
        if (made->status >= 400) {
          refusal = std::move(*made);
          return tenants::invalid("refused");  // rolls back
        }
        if (call.claim != nullptr) {
          if (const auto kept = call.claim->keep(t.sql(), *made); !kept) return kept.failure();
        }
        return made;
      },
      options);
  if (refusal) return *std::move(refusal);
  return answer ? *std::move(answer) : problem(answer.failure());
}

/// Waits for whoever changes the same subject, until COMMIT: so that what If-Match was compared with is still there
/// when it is changed.
inline void lock_subject(tenants::TenantTransaction& t, std::string_view kind, std::string_view subject) {
  t.sql().query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))",
                {t.tenant().id().text() + "/" + std::string(kind) + "/" + std::string(subject)});
}

/// Runs `body(TenantTransaction&)`, which gives a Result of anything, then `show(value)`, which makes the answer. For
/// reading: nothing is changed.
template <typename Body, typename Show>
http::Response look(Call& call, const Body& body, const Show& show) {
  auto found = read_only(call, body);
  return found ? show(*found) : problem(found.failure());
}

}  // namespace kaogong::api
