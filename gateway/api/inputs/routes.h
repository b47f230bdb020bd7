// Inputs: what is entered for a period.
#pragma once

#include "gateway/http/route.h"

namespace kaogong::api {

void add_inputs_routes(http::RouteTable& routes);

}  // namespace kaogong::api
