// Every route of the API.
#pragma once

#include "gateway/http/route.h"

namespace kaogong::api {

/// Adds the routes of all rooms. The table outlives the server: the description of the API is made of it.
void add_api_routes(http::RouteTable& routes);

}  // namespace kaogong::api
