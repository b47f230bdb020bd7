// Numbers that many threads count in. Each thread has a cell of its own (as long as there are at most kCells threads),
// so that counting is one atomic addition to a cache line that no other thread writes.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>

#include "infra/metrics/definition.h"

namespace kaogong::metrics {

inline constexpr size_t kCells = 8;
inline constexpr size_t kCacheLineBytes = 64;

/// The number of this thread's cell.
size_t cell_of_this_thread();

/// What only grows. Any thread.
class Counter {
 public:
  Counter() = default;
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;

  void add(uint64_t count = 1) { cells_[cell_of_this_thread()].value.fetch_add(count, std::memory_order_relaxed); }
  uint64_t value() const;

 private:
  struct alignas(kCacheLineBytes) Cell {
    std::atomic<uint64_t> value{0};
  };
  std::array<Cell, kCells> cells_;
};

/// What goes up and down. Any thread; not meant for the innermost loops: all threads write to one place.
class Gauge {
 public:
  Gauge() = default;
  Gauge(const Gauge&) = delete;
  Gauge& operator=(const Gauge&) = delete;

  void set(int64_t value) { value_.store(value, std::memory_order_relaxed); }
  void add(int64_t difference) { value_.fetch_add(difference, std::memory_order_relaxed); }
  int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> value_{0};
};

/// How values are spread over buckets. Any thread.
class Histogram {
 public:
  explicit Histogram(const Buckets& buckets) : buckets_(buckets) {}
  Histogram(const Histogram&) = delete;
  Histogram& operator=(const Histogram&) = delete;

  /// Counts a value in the unit of the bounds.
  void observe(uint64_t value) {
    size_t bucket = 0;
    while (bucket < buckets_.count && value > buckets_.bounds[bucket]) ++bucket;
    Cell& cell = cells_[cell_of_this_thread()];
    cell.counts[bucket].fetch_add(1, std::memory_order_relaxed);
    cell.sum.fetch_add(value, std::memory_order_relaxed);
  }
  /// Counts a duration; a negative one as 0. Precondition: the bounds are nanoseconds.
  void observe(std::chrono::nanoseconds duration) {
    observe(duration.count() > 0 ? static_cast<uint64_t>(duration.count()) : uint64_t{0});
  }

  struct Spread {
    std::array<uint64_t, kBucketsMax + 1> counts{};  // of each bucket alone; behind the last bound what is above it
    uint64_t count = 0;
    uint64_t sum = 0;
  };
  Spread spread() const;
  const Buckets& buckets() const { return buckets_; }

 private:
  struct alignas(kCacheLineBytes) Cell {
    std::array<std::atomic<uint64_t>, kBucketsMax + 1> counts{};
    std::atomic<uint64_t> sum{0};
  };
  const Buckets buckets_;
  std::array<Cell, kCells> cells_;
};

}  // namespace kaogong::metrics
