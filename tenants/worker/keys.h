// The words of this room in logs.
#pragma once

#include "infra/log/keys.h"

namespace kaogong::worker::keys {

inline constexpr log::Key kRun{"run"};
inline constexpr log::Key kChunk{"chunk"};
inline constexpr log::Key kChunks{"chunks"};
inline constexpr log::Key kLanes{"lanes"};
inline constexpr log::Key kSessions{"sessions"};

}  // namespace kaogong::worker::keys
