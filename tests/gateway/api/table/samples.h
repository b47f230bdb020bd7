// A request for every route, by the examples of its description.
#pragma once

#include <string>
#include <vector>

#include "gateway/http/route.h"
#include "gateway/json/document.h"

namespace kaogong::api::test {

struct Sample {
  const http::Route* route = nullptr;
  std::string room;
  std::string target;  // with the example's path and query; "…" stands where an id of the answers before is needed
  std::string body;
  bool if_match = false;
  std::string needs;    // what must be there before, if that is more than the examples before it make
  std::string lines;    // an example of a stream
  int status = 200;     // that the description promises
  std::string answers;  // a JSON pointer to the described answers, by status
  int also = 0;         // another one, with the same answer; 0: none
  std::string schema;   // of the answer, as a JSON pointer into the document; empty: none
};

/// What of an answer's status, media type and header fields is not described, or described and not there; empty:
/// nothing.
std::string undescribed(json::Value document, const Sample& sample, const http::Response& answered);

/// In the order of the descriptions, in which examples can be tried one after another.
std::vector<Sample> samples(const http::RouteTable& routes);

}  // namespace kaogong::api::test
