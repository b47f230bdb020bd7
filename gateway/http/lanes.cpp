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
  return true;
}

/// One at a time: who wakes sees to the next if there is more to do.
bool ThreadLane::must_wake() {
  if (queue_.empty() || idle_ == 0 || is_waking_) return false;
  is_waking_ = true;
  return true;
}

void ThreadLane::wake() {
  {
    const std::lock_guard lock(mutex_);
    if (!must_wake()) return;
  }
  wake_.notify_one();
}

ThreadLane::Status ThreadLane::status() const {
  const std::lock_guard lock(mutex_);
  return {busy_, queue_.size()};
}

void ThreadLane::work() {
  if (options_.nice != 0) ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), options_.nice);
  std::unique_lock lock(mutex_);
  for (;;) {
    while (queue_.empty() && !ends_) {
      ++idle_;
      wake_.wait(lock);
      --idle_;
      is_waking_ = false;
    }
    if (queue_.empty()) return;
    auto job = std::move(queue_.front());
    queue_.pop_front();
    ++busy_;
    const bool wakes = must_wake();
    lock.unlock();
    if (wakes) wake_.notify_one();
    job();
    job = nullptr;
    lock.lock();
    --busy_;
  }
}

}  // namespace kaogong::http
