// Amounts that are carried from period to period.
#pragma once

#include "gateway/http/route.h"

namespace kaogong::api {

void add_ledgers_routes(http::RouteTable& routes);

}  // namespace kaogong::api
