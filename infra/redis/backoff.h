// How long to wait before the next try.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace kaogong::redis {

/// Doubles from the least to the most, less up to a half by chance, so that many clients do not come back at once.
class Backoff {
 public:
  /// Precondition: 0 < delay_min_ms <= delay_max_ms.
  Backoff(int64_t delay_min_ms, int64_t delay_max_ms, uint64_t seed);
  std::chrono::milliseconds next();
  /// A try succeeded.
  void reset() { delay_ms_ = delay_min_ms_; }

 private:
  int64_t delay_min_ms_, delay_max_ms_, delay_ms_;
  std::mt19937_64 random_;
};

}  // namespace kaogong::redis
