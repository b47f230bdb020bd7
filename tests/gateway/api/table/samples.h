// A request for every route, by the examples of its description.
#pragma once

#include <string>
#include <vector>

#include "gateway/http/route.h"

namespace kaogong::api::test {

struct Sample {
  const http::Route* route = nullptr;
  std::string room;
  std::string target;  // with the example's path and query; "…" stands where an id of the answers before is needed
  std::string body;
  bool if_match = false;
  bool untried = false;  // its description says that it needs more than examples make
  int status = 200;      // that the description promises
  std::string schema;    // of the answer, as a JSON pointer into the document; empty: none
};

/// In the order of the descriptions, in which examples can be tried one after another.
std::vector<Sample> samples(const http::RouteTable& routes);

}  // namespace kaogong::api::test
