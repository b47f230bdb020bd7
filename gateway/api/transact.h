// A call's transactions: of its tenant, by its caller.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "gateway/api/call.h"
#include "gateway/api/services.h"

namespace kaogong::api {

/// Runs `body(TenantTransaction&)`, which returns a Result, as TenantDatabase::transact.
template <typename Body>
auto transact(Call& call, const Body& body, const postgres::TransactionOptions& options = {}) {
  return call.services.database.transact(*call.tenant, call.caller.actor, body, options);
}

/// The same where nothing is changed: everything of one moment.
template <typename Body>
auto read_only(Call& call, const Body& body) {
  postgres::TransactionOptions options;
  options.isolation = postgres::Isolation::kRepeatableRead;
  options.read_only = true;
  return transact(call, body, options);
}

/// The number in a path: "12"; nothing for anything else, and for 0.
std::optional<int64_t> parse_number(std::string_view text);

}  // namespace kaogong::api
