#include "infra/log/rate_limit.h"

#include <utility>

namespace kaogong::log {

RateLimit::Verdict RateLimit::take(std::string_view event, clock::Tick now) {
  State& state = states_.try_emplace(event, State{now}).first->second;
  if (now - state.begin >= limits_.window) {
    state.begin = now;
    state.lines = 0;
  }
  if (state.lines >= limits_.lines_max) {
    ++state.suppressed;
    return {false, 0};
  }
  ++state.lines;
  return {true, std::exchange(state.suppressed, 0)};
}

std::vector<RateLimit::Left> RateLimit::take_untold() {
  std::vector<Left> left;
  for (auto& [event, state] : states_)
    if (state.suppressed > 0) left.push_back({event, std::exchange(state.suppressed, 0)});
  return left;
}

}  // namespace kaogong::log
