#include "gateway/http/lanes.h"

#include <sys/resource.h>
#include <unistd.h>

#include <system_error>

namespace kaogong::http {

ThreadLane::ThreadLane(const Options& options) : options_(options) { threads_.reserve(options_.threads_max); }

void ThreadLane::end() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_)
    if (thread.joinable()) thread.join();
}

bool ThreadLane::submit(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    if (ends_) return false;
    const size_t free = threads_.size() - busy_;
    if (free <= queue_.size() && threads_.size() < options_.threads_max) {
      try {
        threads_.emplace_back([this] { work(); });
      } catch (const std::system_error&) {
        if (threads_.empty()) return false;  // the system gives no thread now
      }
    }
    if (queue_.size() >= options_.queue_max + (threads_.size() - busy_)) return false;
    queue_.push_back(std::move(job));
  }
  wake_.notify_one();
  return true;
}

ThreadLane::Status ThreadLane::status() const {
  const std::lock_guard lock(mutex_);
  return {busy_, queue_.size()};
}

void ThreadLane::work() {
  if (options_.nice != 0) ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), options_.nice);
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return ends_ || !queue_.empty(); });
    if (queue_.empty()) return;
    auto job = std::move(queue_.front());
    queue_.pop_front();
    ++busy_;
    lock.unlock();
    job();
    job = nullptr;
    lock.lock();
    --busy_;
  }
}

}  // namespace kaogong::http
