// API keys of a tenant, and who may issue tokens for it.
#pragma once

#include "gateway/http/route.h"

namespace kaogong::api {

void add_keys_routes(http::RouteTable& routes);

}  // namespace kaogong::api
