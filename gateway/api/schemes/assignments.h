// Routes of schemes beside the versions: whom they are for, and those that come with the program.
#pragma once

#include "gateway/http/route.h"

namespace kaogong::api {

void add_assignment_routes(http::RouteTable& routes);
void add_template_routes(http::RouteTable& routes);

}  // namespace kaogong::api
