// The keys of the server's log lines.
#pragma once

#include "infra/log/field.h"

namespace kaogong::http::keys {

inline constexpr log::Key kRequestId{"request_id"};
inline constexpr log::Key kOperation{"operation"};
inline constexpr log::Key kMethod{"method"};
inline constexpr log::Key kStatus{"status"};
inline constexpr log::Key kReceivedBytes{"received_bytes"};
inline constexpr log::Key kSentBytes{"sent_bytes"};
inline constexpr log::DurationKey kElapsedUs{"elapsed_us"};

}  // namespace kaogong::http::keys
