// Working days, and the periods that are worked on.
#pragma once

#include "gateway/http/route.h"

namespace kaogong::api {

void add_calendar_routes(http::RouteTable& routes);

}  // namespace kaogong::api
