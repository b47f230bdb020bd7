// Connections that are opened on a thread of their own: names are resolved and passwords are asked there, so that a
// loop that must not block never does. Internal to this room, but for those who own one.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace kaogong::postgres {

/// One thread that runs jobs in their order. Thread-safe.
class Opener {
 public:
  Opener() : thread_([this](const std::stop_token& stop) { work(stop); }) {}
  Opener(const Opener&) = delete;
  Opener& operator=(const Opener&) = delete;
  /// Forgets what waits, and waits for the job that runs.
  ~Opener() = default;

  /// A job must not throw.
  void submit(std::function<void()> job);

 private:
  void work(const std::stop_token& stop);

  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<std::function<void()>> jobs_;
  std::jthread thread_;
};

}  // namespace kaogong::postgres
