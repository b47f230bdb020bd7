// Names of requests: an id for each, and the trace that it belongs to.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "gateway/http/message.h"

namespace kaogong::http {

/// Makes ids that no two requests share. Not secret: whoever sees some may guess others. One thread.
class IdMaker {
 public:
  /// Begins at a random place.
  IdMaker();
  RequestId request_id();
  /// The trace id of a `traceparent` (W3C, version 00; of later versions what is the same); else a new one.
  TraceId trace_id(const std::string_view* traceparent);

 private:
  uint64_t next();
  std::array<uint64_t, 4> state_;
};

}  // namespace kaogong::http
