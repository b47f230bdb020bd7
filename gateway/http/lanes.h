// Threads that handlers run on, where they may block: so many at once, so many that wait, and no more.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace kaogong::http {

/// One lane. Threads begin when there is work and none is free; they stay until the end. Any thread may submit.
class ThreadLane {
 public:
  struct Options {
    size_t threads_max = 1;
    size_t queue_max = 0;  // jobs that wait while all threads are busy
    int nice = 0;
  };
  explicit ThreadLane(const Options& options);
  ~ThreadLane() { end(); }
  ThreadLane(const ThreadLane&) = delete;
  ThreadLane& operator=(const ThreadLane&) = delete;

  /// False: all threads are busy and the queue is full, or the lane has ended. A job must not throw. It is begun by a
  /// thread that has no other, or when wake() is called.
  bool submit(std::function<void()> job);
  /// Has what was submitted begun. Once behind many jobs: to wake a thread costs more than many of them.
  void wake();
  /// Takes no more jobs and waits until those that it has are done. By one thread.
  void end();

  struct Status {
    size_t busy = 0, waiting = 0;
  };
  Status status() const;

 private:
  void work();
  bool must_wake();

  const Options options_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  size_t busy_ = 0, idle_ = 0;
  bool is_waking_ = false;  // a thread is told to wake, and has not done so yet
  bool ends_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace kaogong::http
