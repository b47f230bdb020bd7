#include "tenants/worker/products.h"

#include <algorithm>

namespace kaogong::worker {

namespace {

uint64_t estimate(const Waiting& run) { return static_cast<uint64_t>(run.people) * kBytesAPerson; }

}  // namespace

Products::State Products::state(const Waiting& run) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& entry : entries_)
    if (entry.run == run) return entry.product == nullptr ? State::kBeingMade : State::kReady;
  return State::kMissing;
}

std::shared_ptr<const runs::Product> Products::find(const Waiting& run) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& entry : entries_)
    if (entry.run == run) return entry.product;
  return nullptr;
}

bool Products::begin(const Waiting& run) {
  const std::lock_guard<std::mutex> lock(mutex_);
  uint64_t bytes = estimate(run);
  int large = is_large(run) ? 1 : 0;
  for (const auto& entry : entries_) {
    if (entry.run == run) return false;
    bytes += estimate(entry.run);
    large += entry.product == nullptr && is_large(entry.run) ? 1 : 0;
  }
  if (large > bounds_.large_max || (bytes > bounds_.bytes_max && !entries_.empty())) return false;
  entries_.push_back({run, nullptr});
  return true;
}

void Products::put(const Waiting& run, std::shared_ptr<const runs::Product> product) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto& entry : entries_)
    if (entry.run == run) entry.product = std::move(product);
}

void Products::give_up(const Waiting& run) { forget(run); }

void Products::keep_only(const std::vector<Waiting>& waiting) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::erase_if(entries_, [&](const Entry& entry) {
    return entry.product != nullptr && std::find(waiting.begin(), waiting.end(), entry.run) == waiting.end();
  });
}

void Products::forget(const Waiting& run) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::erase_if(entries_, [&](const Entry& entry) { return entry.run == run; });
}

}  // namespace kaogong::worker
