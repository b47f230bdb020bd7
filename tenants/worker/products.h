// Calculated runs that a worker holds while it writes their chunks: each is made once, and memory is bounded.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "tenants/runs/product.h"
#include "tenants/worker/queue.h"

namespace kaogong::worker {

/// Bounds of what is held at once.
struct ProductBounds {
  /// Bytes, as estimated from the number of people before a run is calculated. One run alone may be larger.
  uint64_t bytes_max = uint64_t{2} << 30;
  /// Runs with at least so many people are large: of them only so many are calculated at once, so that a thread is left
  /// for the small ones.
  int64_t large_people = 50'000;
  int large_max = 1;
};
/// What one person's inputs and results are taken to need, in bytes.
inline constexpr uint64_t kBytesAPerson = 1024;

/// Thread-safe.
class Products {
 public:
  explicit Products(ProductBounds bounds) : bounds_(bounds) {}

  enum class State : uint8_t { kMissing, kBeingMade, kReady };
  State state(const Waiting& run) const;
  std::shared_ptr<const runs::Product> find(const Waiting& run) const;

  /// Reserves the making of a run's product; false: somebody is making it, has made it, or there is no room for it now.
  /// After true: put() or give_up().
  bool begin(const Waiting& run);
  void put(const Waiting& run, std::shared_ptr<const runs::Product> product);
  void give_up(const Waiting& run);

  /// Forgets all that is in none of these lists and is not being made.
  void keep_only(const std::vector<Waiting>& waiting);
  void forget(const Waiting& run);

 private:
  struct Entry {
    Waiting run;
    std::shared_ptr<const runs::Product> product;  // null: being made
  };
  bool is_large(const Waiting& run) const { return run.people >= bounds_.large_people; }

  const ProductBounds bounds_;
  mutable std::mutex mutex_;
  std::vector<Entry> entries_;
};

}  // namespace kaogong::worker
