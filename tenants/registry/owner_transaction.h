// Transactions with the owner's rights: for making and erasing tenants, never for their business.
#pragma once

#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "infra/postgres/transact.h"
#include "tenants/registry/result.h"
#include "tenants/registry/tenant_database.h"

namespace kaogong::tenants {

/// Runs `body(postgres::Transaction&)`, which returns a Result, as the pool's own login role; commits if that has a
/// value. Failures as of TenantDatabase::transact.
template <typename Body>
auto transact_as_owner(postgres::Pool& pool, const Body& body, const postgres::TransactionOptions& options = {})
    -> std::invoke_result_t<const Body&, postgres::Transaction&> {
  std::optional<std::invoke_result_t<const Body&, postgres::Transaction&>> answer;
  const auto committed = postgres::transact_as_login_role(pool, options, [&](postgres::Transaction& sql) {
    answer.emplace(body(sql));
    if (!answer->ok()) sql.rollback();
  });
  return settle(std::move(answer), committed);
}

/// Appends to the operators' audit log.
inline void record(postgres::Transaction& sql, clock::Instant now, const Actor& actor, std::string_view action,
                   std::string_view subject, std::string_view detail) {
  audit::append(sql, operator_audit_log(), now,
                {actor.name, std::string(action), std::string(subject), std::string(detail)});
}

}  // namespace kaogong::tenants
