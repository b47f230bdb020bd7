// Time, handed in: whoever needs it takes a Clock, so that a test can turn it.
#pragma once

#include <atomic>
#include <chrono>
#include <string>

namespace kaogong::clock {

/// A point in time, UTC, in microseconds: what PostgreSQL's timestamptz holds.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;
/// A point on a clock that only goes forward, from some beginning: for deadlines and durations, never for a date.
using Tick = std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>;

/// What time it is. Every implementation may be used by many threads.
class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;
  /// The time of day. May jump, also backwards, when somebody sets the machine's clock.
  virtual Instant now() const = 0;
  /// Never goes backwards.
  virtual Tick tick() const = 0;
};

/// The machine's clock.
class SystemClock final : public Clock {
 public:
  Instant now() const override;
  Tick tick() const override;
};

/// A clock that stands still until it is turned.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start = Instant{}) : now_us_(start.time_since_epoch().count()) {}

  Instant now() const override { return Instant{std::chrono::microseconds{now_us_.load()}}; }
  Tick tick() const override { return Tick{std::chrono::microseconds{tick_us_.load()}}; }

  /// Goes forward, both the time of day and the tick. Precondition: not negative.
  void advance(std::chrono::microseconds by);
  /// Sets the time of day, also backwards; the tick stays.
  void set(Instant now) { now_us_.store(now.time_since_epoch().count()); }

 private:
  std::atomic<int64_t> now_us_;
  std::atomic<int64_t> tick_us_{0};
};

/// RFC 3339 in UTC with six decimals of the second: `2026-10-31T08:15:00.000123Z`. Years 0 to 9999; an instant outside
/// is shown as the nearest one inside.
std::string to_rfc3339(Instant instant);

}  // namespace kaogong::clock
