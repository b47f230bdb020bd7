// Results: of one employee, of all, the best, how they are spread, payslips, and why a figure is what it is.
#pragma once

#include "gateway/http/route.h"

namespace kaogong::api {

void add_results_routes(http::RouteTable& routes);

}  // namespace kaogong::api
