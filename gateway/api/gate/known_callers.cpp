#include "gateway/api/gate/known_callers.h"

#include <utility>

namespace kaogong::api {

std::optional<KnownCallers::Known> KnownCallers::find(const crypto::Digest& shown) {
  const std::scoped_lock lock(mutex_);
  const auto found = entries_.find(shown);
  if (found == entries_.end() || !found->second.fresh) return std::nullopt;
  const auto& entry = found->second;
  if (clock_.tick() - entry.at >= fresh_) return std::nullopt;
  if (entry.known.expires_at && *entry.known.expires_at <= clock_.now()) return std::nullopt;
  return entry.known;
}

bool KnownCallers::was_known(const crypto::Digest& shown) {
  const std::scoped_lock lock(mutex_);
  const auto found = entries_.find(shown);
  return found != entries_.end() && clock_.tick() - found->second.at < kRemembered;
}

void KnownCallers::keep(const crypto::Digest& shown, Known known) {
  const std::scoped_lock lock(mutex_);
  const auto [at, added] = entries_.try_emplace(shown);
  if (added) {
    by_age_.push_front(shown);
  } else {
    by_age_.splice(by_age_.begin(), by_age_, at->second.place);
  }
  at->second = {std::move(known), clock_.tick(), true, by_age_.begin()};
  while (entries_.size() > kKeptMax) {
    entries_.erase(by_age_.back());
    by_age_.pop_back();
  }
}

void KnownCallers::doubt_all() {
  const std::scoped_lock lock(mutex_);
  for (auto& [shown, entry] : entries_) entry.fresh = false;
}

void KnownCallers::forget(const crypto::Digest& shown) {
  const std::scoped_lock lock(mutex_);
  const auto found = entries_.find(shown);
  if (found == entries_.end()) return;
  by_age_.erase(found->second.place);
  entries_.erase(found);
}

}  // namespace kaogong::api
