#include "gateway/command/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace kaogong::gateway {

Progress::Progress(bool wanted) : shown_(wanted && ::isatty(STDERR_FILENO) != 0) {}

void Progress::show(const std::string& phase, uint64_t done, uint64_t total) {
  if (!shown_) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (drawn_ && phase == phase_ && done < total && now - last_ < std::chrono::milliseconds(100)) return;
  last_ = now;
  phase_ = phase;
  drawn_ = true;
  if (total == 0) {
    std::fprintf(stderr, "\r\033[K%-8s", phase.c_str());
  } else {
    constexpr uint64_t kWidth = 40;
    const uint64_t part = std::min(done, total), filled = part * kWidth / total;
    const std::string bar = std::string(filled, '#') + std::string(kWidth - filled, '.');
    std::fprintf(stderr, "\r\033[K%-8s [%s] %3u %%", phase.c_str(), bar.c_str(),
                 static_cast<unsigned>(part * 100 / total));
  }
  std::fflush(stderr);
}

void Progress::clear() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (drawn_) std::fputs("\r\033[K", stderr);
  drawn_ = false;
}

}  // namespace kaogong::gateway
