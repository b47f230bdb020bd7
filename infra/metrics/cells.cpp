#include "infra/metrics/cells.h"

namespace kaogong::metrics {

size_t cell_of_this_thread() {
  static std::atomic<size_t> next{0};
  thread_local const size_t mine = next.fetch_add(1, std::memory_order_relaxed) % kCells;
  return mine;
}

uint64_t Counter::value() const {
  uint64_t sum = 0;
  for (const Cell& cell : cells_) sum += cell.value.load(std::memory_order_relaxed);
  return sum;
}

Histogram::Spread Histogram::spread() const {
  Spread spread;
  for (const Cell& cell : cells_) {
    for (size_t i = 0; i <= buckets_.count; ++i) {
      const uint64_t count = cell.counts[i].load(std::memory_order_relaxed);
      spread.counts[i] += count;
      spread.count += count;
    }
    spread.sum += cell.sum.load(std::memory_order_relaxed);
  }
  return spread;
}

}  // namespace kaogong::metrics
