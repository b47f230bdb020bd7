// The keys that any room may use. A word of the business is declared in the folder whose word it is.
#pragma once

#include "infra/log/field.h"

namespace kaogong::log::keys {

inline constexpr Key kTraceId{"trace_id"};     // of the request that all this is done for (W3C trace context)
inline constexpr Key kComponent{"component"};  // the room that speaks
inline constexpr Key kReason{"reason"};
inline constexpr Key kErrorCode{"error_code"};  // SQLSTATE, errno, the code of an answer
inline constexpr Key kEndpoint{"endpoint"};     // host and port, or the path of a socket
inline constexpr Key kAttempt{"attempt"};
inline constexpr Key kCount{"count"};
inline constexpr Key kRows{"rows"};
inline constexpr Key kSizeBytes{"size_bytes"};
inline constexpr DurationKey kElapsedMs{"elapsed_ms"};
inline constexpr DurationKey kDelayMs{"delay_ms"};

}  // namespace kaogong::log::keys
