// Tenants, as operators make and end them.
#pragma once

#include "gateway/http/route.h"

namespace kaogong::api {

void add_tenants_routes(http::RouteTable& routes);

}  // namespace kaogong::api
