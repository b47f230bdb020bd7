// Exports: whole results as files, for who has a key and by links that expire.
#pragma once

#include "gateway/http/route.h"

namespace kaogong::api {

void add_exports_routes(http::RouteTable& routes);

}  // namespace kaogong::api
