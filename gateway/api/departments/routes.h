// Departments: a tree that changes over time.
#pragma once

#include "gateway/http/route.h"

namespace kaogong::api {

void add_departments_routes(http::RouteTable& routes);

}  // namespace kaogong::api
