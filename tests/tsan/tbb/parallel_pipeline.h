// Stands before TBB's own header in builds with ThreadSanitizer (see parallel_for.h): the same pipeline on threads that
// the sanitizer sees.
#pragma once

#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>
#include <vector>

namespace tbb {

enum class filter_mode { parallel, serial_in_order, serial_out_of_order };

class flow_control {
 public:
  void stop() { stopped_ = true; }
  bool stopped() const { return stopped_; }

 private:
  bool stopped_ = false;
};

/// A stage: takes an item and gives the next stage's, whatever their types.
struct TsanStage {
  filter_mode mode;
  std::function<std::shared_ptr<void>(const std::shared_ptr<void>&, flow_control&)> run;
};

template <class Input, class Output>
struct filter {
  std::vector<TsanStage> stages;
};

template <class Input, class Output, class Body>
filter<Input, Output> make_filter(filter_mode mode, const Body& body) {
  const auto run = [body](const std::shared_ptr<void>& item, flow_control& control) -> std::shared_ptr<void> {
    if constexpr (std::is_void_v<Input>) {
      return std::make_shared<Output>(body(control));
    } else if constexpr (std::is_void_v<Output>) {
      body(std::move(*std::static_pointer_cast<Input>(item)));
      return nullptr;
    } else {
      return std::make_shared<Output>(body(std::move(*std::static_pointer_cast<Input>(item))));
    }
  };
  return {{TsanStage{mode, run}}};
}

template <class Input, class Between, class Output>
filter<Input, Output> operator&(filter<Input, Between> left, const filter<Between, Output>& right) {
  left.stages.insert(left.stages.end(), right.stages.begin(), right.stages.end());
  return {std::move(left.stages)};
}

/// Each thread carries one item at a time through all stages; a serial stage takes the items in their order.
inline void parallel_pipeline(size_t tokens, const filter<void, void>& chain) {
  std::mutex mutex;
  std::condition_variable moved;
  std::vector<size_t> turn(chain.stages.size(), 0);
  size_t items = 0;
  bool ended = false;
  std::exception_ptr first_error;
  const auto carry = [&] {
    flow_control control;
    while (true) {
      std::shared_ptr<void> item;
      size_t number = 0;
      {
        const std::lock_guard<std::mutex> lock(mutex);
        if (ended) return;
        item = chain.stages[0].run(nullptr, control);
        ended = control.stopped();
        if (ended) return;
        number = items++;
      }
      for (size_t stage = 1; stage < chain.stages.size(); ++stage) {
        if (chain.stages[stage].mode == filter_mode::parallel) {
          item = chain.stages[stage].run(item, control);
          continue;
        }
        std::unique_lock<std::mutex> lock(mutex);
        moved.wait(lock, [&] { return first_error != nullptr || turn[stage] == number; });
        if (first_error != nullptr) return;
        // The first stage may go on meanwhile: only the others of this stage must wait, and they do for their turn.
        lock.unlock();
        item = chain.stages[stage].run(item, control);
        lock.lock();
        ++turn[stage];
        moved.notify_all();
      }
    }
  };
  const auto guarded = [&] {
    try {
      carry();
    } catch (...) {
      const std::lock_guard<std::mutex> lock(mutex);
      if (first_error == nullptr) first_error = std::current_exception();
      ended = true;
      moved.notify_all();
    }
  };
  std::vector<std::thread> threads;
  const size_t wanted = std::min(tokens, static_cast<size_t>(this_task_arena::max_concurrency()));
  for (size_t i = 1; i < wanted; ++i) threads.emplace_back(guarded);
  guarded();
  for (std::thread& thread : threads) thread.join();
  if (first_error != nullptr) std::rethrow_exception(first_error);
}

}  // namespace tbb
