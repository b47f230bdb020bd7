// One call of the API, after it is known who calls and what he may.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/http/message.h"
#include "gateway/http/route.h"
#include "tenants/access/roles.h"
#include "tenants/registry/tenant.h"
#include "tenants/registry/tenant_database.h"

namespace kaogong::api {

struct Services;
class Claim;

/// What a key_id begins with that is a token's.
inline constexpr std::string_view kTokenPrefix = "jwt:";

/// Who calls.
struct Caller {
  tenants::AccessRole role = tenants::AccessRole::kEmployee;
  tenants::Scopes scopes;
  std::string employee;  // whose key or token it is; empty: nobody's in particular
  std::string key_id;    // "kg_live_…", or "jwt:<subject>"
  tenants::Actor actor;  // as it stands in audit logs
};

struct Call {
  const http::Request& request;
  const http::Route& route;
  const std::vector<std::string>& values;  // of the pattern's {names}
  Services& services;
  Caller caller;                          // of kPublic: role and scopes are empty
  std::optional<tenants::Tenant> tenant;  // of kTenant: always there
  bool chinese = false;                   // `Accept-Language` asks for Chinese first
  /// Of routes with an Idempotency-Key. A handler whose change is one transaction keeps its answer there (change.h). An
  /// answer below 400 that it has not kept is kept afterwards, and the claim of any other is given back; but who
  /// streams the answer holds the claim until it has ended, and does both itself.
  std::shared_ptr<Claim> claim;
};

}  // namespace kaogong::api
