// Scoring of rows that come with the call: nothing is stored.
#pragma once

#include "gateway/http/route.h"

namespace kaogong::api {

void add_score_routes(http::RouteTable& routes);

inline constexpr size_t kScoreRowsMax = 10'000;        // of the population
inline constexpr size_t kScoreChildRowsMax = 200'000;  // of all other sheets together
inline constexpr size_t kScoreBodyBytesMax = size_t{32} << 20;
inline constexpr size_t kScoreDocumentBytesMax = size_t{512} << 10;
static_assert(kScoreRowsMax <= kScoreChildRowsMax);

}  // namespace kaogong::api
