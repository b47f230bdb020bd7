// Webhooks: where a tenant wants to be told what happens.
#pragma once

#include "gateway/http/route.h"

namespace kaogong::api {

void add_webhooks_routes(http::RouteTable& routes);

}  // namespace kaogong::api
