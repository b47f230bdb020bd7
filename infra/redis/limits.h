// The bounds of this room that are not options.
#pragma once

#include <cstddef>
#include <cstdint>

namespace kaogong::redis {

/// Values in one reply, those inside arrays included.
inline constexpr size_t kReplyValuesMax = 100'000;
/// Read from the socket at once.
inline constexpr size_t kReadBytes = size_t{64} << 10;
/// Channels of one subscriber.
inline constexpr size_t kChannelsMax = 10'000;
/// Scores are whole numbers that Redis' floating point holds exactly.
inline constexpr int64_t kScoreMax = int64_t{1} << 53;
/// Of an error's text; the rest is cut off.
inline constexpr size_t kErrorBytesMax = 500;

}  // namespace kaogong::redis
