// A counter of permits that are given out in the order of asking. Internal to this room.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <list>
#include <mutex>

namespace kaogong::postgres {

/// Thread-safe. Nobody overtakes: one who asks while others wait is put behind them even if a permit is free.
class Permits {
 public:
  enum class Outcome : uint8_t { kGranted, kTimeout, kClosed };

  explicit Permits(int count) : free_(count) {}

  /// Waits until `until` at most. `*waited`: whether there was none at once.
  Outcome acquire(std::chrono::steady_clock::time_point until, bool* waited);
  void release();
  /// All who wait and all who ask later get kClosed.
  void close();
  int waiting() const;

 private:
  struct Waiter {
    std::condition_variable wake;
    bool granted = false;
  };
  /// Gives free permits to those who wait longest. Precondition: the mutex is held.
  void grant();

  mutable std::mutex mutex_;
  std::list<Waiter*> waiters_;  // the longest waiting first
  int free_;
  bool closed_ = false;
};

}  // namespace kaogong::postgres
