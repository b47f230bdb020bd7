// A progress bar on a terminal; silence everywhere else.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

namespace kaogong::gateway {

/// May be called from any thread.
class Progress {
 public:
  /// Shows itself only where standard error is a terminal and `wanted`.
  explicit Progress(bool wanted);
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Draws the bar, at most ten times a second. `total` 0: unknown.
  void show(const std::string& phase, uint64_t done, uint64_t total);
  void clear();

 private:
  bool shown_, drawn_ = false;
  std::string phase_;
  std::chrono::steady_clock::time_point last_{};
  std::mutex mutex_;
};

}  // namespace kaogong::gateway
