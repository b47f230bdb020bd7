// Runs: made, looked at, compared, approved, published, corrected.
#pragma once

#include "gateway/http/route.h"

namespace kaogong::api {

void add_runs_routes(http::RouteTable& routes);

}  // namespace kaogong::api
