// Which values of a result a caller may see.
#pragma once

#include <string>
#include <string_view>

#include "engine/scheme/document.h"
#include "gateway/api/call.h"
#include "tenants/registry/result.h"

namespace kaogong::api {

/// Whether the caller sees values of this type in the results of `employee` (empty: of many people). Amounts of money
/// in the results of others need the scope `pay:read`; everything else is seen by whoever sees the result.
inline bool may_see(const Caller& caller, scheme::TypeName type, std::string_view employee = {}) {
  if (type != scheme::TypeName::kMoney || caller.scopes.has(tenants::Scope::kPayRead)) return true;
  return !employee.empty() && caller.employee == employee;
}

/// Why whoever does not see amounts may not filter, rank or be warned by an output that is one.
inline tenants::Failure hidden_amount(std::string_view output) {
  return {tenants::FailureCode::kForbidden, "'" + std::string(output) + "' is an amount: it takes the scope pay:read"};
}

/// Whether the caller may see the results of `employee` at all: with `results:read` everybody's, with `results:own`
/// his own.
inline bool may_see_result(const Caller& caller, std::string_view employee) {
  if (caller.scopes.has(tenants::Scope::kResultsRead)) return true;
  return caller.scopes.has(tenants::Scope::kResultsOwn) && !employee.empty() && caller.employee == employee;
}

}  // namespace kaogong::api
