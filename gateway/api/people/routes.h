// People and what holds of them from a day on.
#pragma once

#include "gateway/http/route.h"

namespace kaogong::api {

void add_people_routes(http::RouteTable& routes);

}  // namespace kaogong::api
