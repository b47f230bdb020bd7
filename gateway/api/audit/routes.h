// The audit logs, read and verified.
#pragma once

#include "gateway/http/route.h"

namespace kaogong::api {

void add_audit_routes(http::RouteTable& routes);

}  // namespace kaogong::api
