// How often a line of one kind may be written.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "infra/clock/clock.h"

namespace kaogong::log {

struct RateLimits {
  uint32_t lines_max = 20;                   // of one event in a window; the next ones are counted, not written
  std::chrono::milliseconds window{10'000};  // from the first line of an event on
};

/// Counts lines by the name of their event. Not for several threads at once. Memory: one entry an event; events are
/// constants of the program.
class RateLimit {
 public:
  explicit RateLimit(RateLimits limits) : limits_(limits) {}

  struct Verdict {
    bool write = true;
    uint64_t suppressed = 0;  // lines of this event that were left out since the last one that was written
  };
  /// Precondition: the bytes of `event` live as long as this does.
  Verdict take(std::string_view event, clock::Tick now);

  struct Left {
    std::string_view event;
    uint64_t suppressed;
  };
  /// What was left out and not yet told, which counts as told now.
  std::vector<Left> take_untold();

 private:
  struct State {
    clock::Tick begin{};
    uint32_t lines = 0;
    uint64_t suppressed = 0;
  };
  RateLimits limits_;
  std::map<std::string_view, State> states_;
};

}  // namespace kaogong::log
