#include "infra/redis/backoff.h"

#include <algorithm>

namespace kaogong::redis {

Backoff::Backoff(int64_t delay_min_ms, int64_t delay_max_ms, uint64_t seed)
    : delay_min_ms_(delay_min_ms), delay_max_ms_(delay_max_ms), delay_ms_(delay_min_ms), random_(seed) {}

std::chrono::milliseconds Backoff::next() {
  const int64_t whole = delay_ms_;
  delay_ms_ = delay_ms_ > delay_max_ms_ / 2 ? delay_max_ms_ : delay_ms_ * 2;
  return std::chrono::milliseconds{std::uniform_int_distribution<int64_t>(whole - whole / 2, whole)(random_)};
}

}  // namespace kaogong::redis
