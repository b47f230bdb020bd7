#include "gateway/api/gate/known_callers.h"

#include <utility>

namespace kaogong::api {

KnownCallers::Entry* KnownCallers::believed(const crypto::Digest& shown, clock::Tick now) {
  const auto found = entries_.find(shown);
  if (found == entries_.end() || !found->second.fresh) return nullptr;
  auto& entry = found->second;
  if (now - entry.at >= fresh_) return nullptr;
  if (entry.known->expires_at && *entry.known->expires_at <= clock_.now()) return nullptr;
  return &entry;
}

std::shared_ptr<const KnownCallers::Known> KnownCallers::find(const crypto::Digest& shown) {
  const std::scoped_lock lock(mutex_);
  Entry* const entry = believed(shown, clock_.tick());
  if (entry == nullptr) return nullptr;
  if (entry->renewal == Renewal::kDue) {
    entry->renewal = Renewal::kRuns;
    return nullptr;
  }
  return entry->known;
}

std::shared_ptr<const KnownCallers::Known> KnownCallers::find_at_once(const crypto::Digest& shown) {
  const std::scoped_lock lock(mutex_);
  const auto now = clock_.tick();
  Entry* const entry = believed(shown, now);
  if (entry == nullptr) return nullptr;
  if (entry->renewal == Renewal::kNone && now - entry->at >= fresh_ / 2) {
    entry->renewal = Renewal::kDue;
    return nullptr;
  }
  return entry->known;
}

bool KnownCallers::was_known(const crypto::Digest& shown) {
  const std::scoped_lock lock(mutex_);
  const auto found = entries_.find(shown);
  return found != entries_.end() && clock_.tick() - found->second.at < kRemembered;
}

void KnownCallers::keep(const crypto::Digest& shown, Known known, uint64_t doubts) {
  const std::scoped_lock lock(mutex_);
  const auto [at, added] = entries_.try_emplace(shown);
  if (added) {
    by_age_.push_front(shown);
  } else {
    by_age_.splice(by_age_.begin(), by_age_, at->second.place);
  }
  at->second = {std::make_shared<const Known>(std::move(known)), clock_.tick(), doubts == doubts_, Renewal::kNone,
                by_age_.begin()};
  while (entries_.size() > kKeptMax) {
    entries_.erase(by_age_.back());
    by_age_.pop_back();
  }
}

void KnownCallers::doubt_all() {
  const std::scoped_lock lock(mutex_);
  ++doubts_;
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
