// What stands between the server and the handlers: whoever is asked for the answer to a request.
#pragma once

#include <string>
#include <vector>

#include "gateway/http/message.h"
#include "gateway/http/route.h"

namespace kaogong::http {

/// Answers requests: finds out who calls and what he may, then runs the route's handler. Used by all threads of the
/// server at once; outlives it.
class Dispatcher {
 public:
  virtual ~Dispatcher() = default;
  /// The answer to a request whose route was found. A JSON body is in `request.body`, a streamed one comes by
  /// `request.stream`. Runs on a thread of the route's lane, where it may block; of Lane::kInline on an io thread,
  /// where it must not. What it throws becomes a 500 without a word about why; the reason is in the log.
  virtual Response handle(const Request& request, const Route& route, const std::vector<std::string>& values) = 0;
};

}  // namespace kaogong::http
