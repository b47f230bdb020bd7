// What the API says of itself: /openapi.json, /docs, /problems/….
#pragma once

#include "gateway/http/route.h"

namespace kaogong::api {

/// `routes` outlives the server: its document is made when somebody first asks, of all routes that are there then.
void add_openapi_routes(http::RouteTable& routes);

}  // namespace kaogong::api
