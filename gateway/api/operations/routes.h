// Operations: long work that goes on after its call was answered.
#pragma once

#include "gateway/http/route.h"

namespace kaogong::api {

void add_operations_routes(http::RouteTable& routes);

}  // namespace kaogong::api
