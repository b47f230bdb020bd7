// Progress as server-sent events.
#pragma once

#include "gateway/api/call.h"

namespace kaogong::api {

/// `text/event-stream`: an event `progress` whenever the operation got on, then `done`. The id of an event says what it
/// has shown: who comes back with `Last-Event-ID` is not told again. 204 to who comes back after `done`, which ends a
/// browser's reconnecting.
http::Response operation_events(Call& call);

}  // namespace kaogong::api
