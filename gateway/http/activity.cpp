#include "gateway/http/activity.h"

namespace kaogong::http {

void Activity::begin(ActivityLists& lists, Waiting waiting, SteadyTime now) {
  end();
  lists_ = &lists;
  waiting_ = waiting;
  since_ = now;
  bytes_ = 0;
  lists.append(*this);
}

void Activity::end() {
  if (lists_ == nullptr) return;
  lists_->take_off(*this);
  lists_ = nullptr;
}

void ActivityLists::append(Activity& one) {
  List& list = lists_[static_cast<size_t>(one.waiting_)];
  one.before_ = list.last;
  one.after_ = nullptr;
  (list.last == nullptr ? list.first : list.last->after_) = &one;
  list.last = &one;
}

void ActivityLists::take_off(Activity& one) {
  List& list = lists_[static_cast<size_t>(one.waiting_)];
  (one.before_ == nullptr ? list.first : one.before_->after_) = one.after_;
  (one.after_ == nullptr ? list.last : one.after_->before_) = one.before_;
  one.before_ = one.after_ = nullptr;
}

void ActivityLists::sweep(SteadyTime now) {
  for (size_t i = 0; i < kWaitings; ++i) {
    const auto waiting = static_cast<Waiting>(i);
    const auto timeout = limits_.timeouts[i];
    const bool by_rate = waiting == Waiting::kBody || waiting == Waiting::kWrite;
    const uint64_t bytes_min = limits_.bytes_per_second_min * static_cast<uint64_t>(timeout.count()) / 1000;
    while (Activity* const first = lists_[i].first) {
      if (now - first->since_ < timeout) break;
      if (by_rate && first->bytes_ > 0 && first->bytes_ >= bytes_min) {
        first->begin(*this, waiting, now);
        continue;
      }
      first->end();
      first->on_timeout(waiting, Activity::Why::kTime);
    }
  }
}

bool ActivityLists::expire_oldest(Waiting waiting) {
  Activity* const first = lists_[static_cast<size_t>(waiting)].first;
  if (first == nullptr) return false;
  first->end();
  first->on_timeout(waiting, Activity::Why::kRoom);
  return true;
}

void ActivityLists::expire_all(Waiting waiting) {
  while (Activity* const first = lists_[static_cast<size_t>(waiting)].first) {
    first->end();
    first->on_timeout(waiting, Activity::Why::kTime);
  }
}

}  // namespace kaogong::http
