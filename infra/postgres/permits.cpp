#include "infra/postgres/permits.h"

namespace kaogong::postgres {

Permits::Outcome Permits::acquire(std::chrono::steady_clock::time_point until, bool* waited) {
  std::unique_lock lock(mutex_);
  *waited = false;
  if (closed_) return Outcome::kClosed;
  if (free_ > 0 && waiters_.empty()) {
    --free_;
    return Outcome::kGranted;
  }
  *waited = true;
  Waiter waiter;
  const auto place = waiters_.insert(waiters_.end(), &waiter);
  waiter.wake.wait_until(lock, until, [&] { return waiter.granted || closed_; });
  if (waiter.granted) return Outcome::kGranted;  // grant() has taken it out of the list
  waiters_.erase(place);
  return closed_ ? Outcome::kClosed : Outcome::kTimeout;
}

void Permits::release() {
  const std::lock_guard lock(mutex_);
  ++free_;
  grant();
}

void Permits::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  for (Waiter* waiter : waiters_) waiter->wake.notify_one();
}

int Permits::waiting() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(waiters_.size());
}

void Permits::grant() {
  while (free_ > 0 && !waiters_.empty()) {
    Waiter* waiter = waiters_.front();
    waiters_.pop_front();
    --free_;
    waiter->granted = true;
    waiter->wake.notify_one();
  }
}

}  // namespace kaogong::postgres
