#include "gateway/api/gate/abandoned.h"

namespace kaogong::api {

void AbandonedClaims::add(const std::string& table, const crypto::Digest& id, int64_t epoch) {
  const std::lock_guard lock(mutex_);
  epochs_[{table, id}] = epoch;
  by_age_.emplace_back(table, id);
  while (by_age_.size() > kKeptMax) {
    epochs_.erase(by_age_.front());
    by_age_.pop_front();
  }
}

std::optional<int64_t> AbandonedClaims::take(const std::string& table, const crypto::Digest& id) {
  const std::lock_guard lock(mutex_);
  const auto found = epochs_.find({table, id});
  if (found == epochs_.end()) return std::nullopt;
  const auto epoch = found->second;
  epochs_.erase(found);
  return epoch;
}

}  // namespace kaogong::api
