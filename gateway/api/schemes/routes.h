// Schemes: checked, published, compared, assigned; templates.
#pragma once

#include "gateway/http/route.h"

namespace kaogong::api {

void add_schemes_routes(http::RouteTable& routes);

}  // namespace kaogong::api
