// Stands before TBB's own header in builds with ThreadSanitizer. Debian's libtbb is not instrumented, so that the
// sanitizer sees neither where its threads begin nor where they are waited for, and reports every result as a race.
// Here the same loop runs on threads that it does see; what the bodies do to each other is what is being tested.
#pragma once

#include <tbb/blocked_range.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace tbb {

/// Calls `body` over pieces of the range, at most a grain each, on as many threads as the arena has. Rethrows the first
/// exception of a body when all have ended.
template <class Value, class Body, class... Options>
void parallel_for(const blocked_range<Value>& range, const Body& body, const Options&...) {
  const auto size = static_cast<size_t>(range.end() - range.begin());
  const size_t grain = std::max<size_t>(1, range.grainsize());
  std::atomic<size_t> next{0};
  std::mutex mutex;
  std::exception_ptr first_error;
  const auto work = [&] {
    try {
      for (size_t begin = next.fetch_add(grain); begin < size; begin = next.fetch_add(grain)) {
        const size_t end = std::min(size, begin + grain);
        body(blocked_range<Value>(range.begin() + static_cast<Value>(begin), range.begin() + static_cast<Value>(end),
                                  grain));
      }
    } catch (...) {
      const std::lock_guard<std::mutex> lock(mutex);
      if (!first_error) first_error = std::current_exception();
    }
  };
  std::vector<std::thread> threads;
  for (int i = 1; i < this_task_arena::max_concurrency() && size > grain; ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  if (first_error) std::rethrow_exception(first_error);
}

/// The same for each number from `first` to before `last`.
template <class Index, class Body>
void parallel_for(Index first, Index last, const Body& body) {
  parallel_for(blocked_range<Index>(first, last), [&](const blocked_range<Index>& range) {
    for (Index i = range.begin(); i < range.end(); ++i) body(i);
  });
}

}  // namespace tbb
