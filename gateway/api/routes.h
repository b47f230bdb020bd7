// Routes as most rooms need them.
#pragma once

#include <optional>
#include <string_view>

#include "gateway/api/call.h"
#include "gateway/http/route.h"

namespace kaogong::api {

using Handler = http::Response (*)(Call&);

/// GET of a tenant's.
http::Route reading(std::string_view pattern, std::string_view operation_id, std::optional<tenants::Scope> scope,
                    Handler handler);
/// A change of a tenant's: with an Idempotency-Key, and a JSON body unless it is DELETE.
http::Route changing(http::Method method, std::string_view pattern, std::string_view operation_id, tenants::Scope scope,
                     Handler handler);

}  // namespace kaogong::api
