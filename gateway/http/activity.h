// Timeouts of all connections of one thread by one sweep, instead of a timer a connection: what has the same timeout
// stands in one list, in the order in which it began, so that only the front is looked at.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace kaogong::http {

using SteadyTime = std::chrono::steady_clock::time_point;

/// What a connection waits for; kAnswer: a handler's, for which it waits as long as it takes.
enum class Waiting : uint8_t { kHandshake, kHead, kIdle, kLinger, kAnswer, kBody, kWrite };
inline constexpr size_t kWaitings = static_cast<size_t>(Waiting::kWrite) + 1;

class ActivityLists;

/// One thing that a connection waits for. In one list at most; not to be moved.
class Activity {
 public:
  Activity() = default;
  ~Activity() { end(); }
  Activity(const Activity&) = delete;
  Activity& operator=(const Activity&) = delete;

  /// Begins to wait, also if it waited for something already.
  void begin(ActivityLists& lists, Waiting waiting, SteadyTime now);
  void end();
  bool is_on() const { return lists_ != nullptr; }
  bool is_on(Waiting waiting) const { return lists_ != nullptr && waiting_ == waiting; }
  /// Bytes that moved: of kBody and kWrite.
  void moved(size_t bytes) { bytes_ += bytes; }

  enum class Why : uint8_t { kTime, kRoom };  // its time is over, or its place is needed
  /// Called after it was taken off the list.
  virtual void on_timeout(Waiting waiting, Why why) = 0;

 private:
  friend class ActivityLists;
  ActivityLists* lists_ = nullptr;
  Activity* before_ = nullptr;
  Activity* after_ = nullptr;
  SteadyTime since_;
  uint64_t bytes_ = 0;
  Waiting waiting_ = Waiting::kIdle;
};

/// The lists of one thread. Outlives what is in them.
class ActivityLists {
 public:
  struct Limits {
    std::array<std::chrono::milliseconds, kWaitings> timeouts;
    uint64_t bytes_per_second_min = 0;  // of kBody and kWrite, over each timeout
  };
  explicit ActivityLists(const Limits& limits) : limits_(limits) {}

  /// Ends what has waited too long. kBody and kWrite that moved enough begin a new time instead.
  void sweep(SteadyTime now);
  /// Ends what has waited longest for something, because its place is needed; false: there is nothing.
  bool expire_oldest(Waiting waiting);
  /// Ends all that wait for something, as if its time were over.
  void expire_all(Waiting waiting);

 private:
  friend class Activity;
  struct List {
    Activity* first = nullptr;
    Activity* last = nullptr;
  };
  void append(Activity& one);
  void take_off(Activity& one);

  Limits limits_;
  std::array<List, kWaitings> lists_;
};

}  // namespace kaogong::http
