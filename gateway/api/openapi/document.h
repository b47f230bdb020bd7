// The description of the API as one document of OpenAPI 3.1.
#pragma once

#include <string>
#include <vector>

#include "gateway/http/route.h"

namespace kaogong::api {

/// The document for the routes of a table: paths, access, scopes and keys are the table's, the rest is what the rooms'
/// fragments say. Routes that no fragment speaks of (health) are left out.
std::string openapi_document(const http::RouteTable& routes);

/// The operations that fragments speak of.
std::vector<std::string> described_operations();

}  // namespace kaogong::api
