#include "tenants/freeze/resident.h"

#include "tenants/snapshot/snapshot.h"

namespace kaogong::freeze {

tenants::Result<ResidentSnapshots::Snapshot> ResidentSnapshots::get(const tenants::TenantId& tenant,
                                                                    int64_t snapshot_id, const Load& load) {
  const Key key{tenant.text(), snapshot_id};
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) break;
    if (found->second.snapshot != nullptr) {
      by_use_.splice(by_use_.begin(), by_use_, found->second.place);
      ++status_.hits_total;
      return found->second.snapshot;
    }
    loaded_.wait(lock);
  }
  by_use_.push_front(key);
  entries_[key].place = by_use_.begin();
  ++status_.loads_total;
  lock.unlock();
  // Whatever happens, those who wait must learn of it.
  Snapshot snapshot;
  const auto settle = [&] {
    lock.lock();
    const auto found = entries_.find(key);  // only this call may remove it while it is being loaded
    if (snapshot != nullptr) {
      found->second.snapshot = snapshot;
      found->second.bytes = snapshot::memory_of(*snapshot);
      status_.bytes += found->second.bytes;
      ++status_.snapshots;
      // From the end, passing over those that are being loaded.
      for (auto place = by_use_.end(); status_.bytes > bytes_max_ && place != by_use_.begin();) {
        --place;
        const auto entry = entries_.find(*place);
        if (entry->second.snapshot == nullptr) continue;
        ++place;
        erase(entry);
        ++status_.evictions_total;
      }
    } else {
      erase(found);
    }
    loaded_.notify_all();
  };
  try {
    auto result = load();
    if (result) snapshot = std::make_shared<const folder::FolderInputs>(std::move(*result));
    settle();
    if (!result) return result.failure();
    return snapshot;
  } catch (...) {
    snapshot = nullptr;
    if (!lock.owns_lock()) settle();
    throw;
  }
}

void ResidentSnapshots::erase(std::map<Key, Entry>::iterator entry) {
  if (entry->second.snapshot != nullptr) {
    status_.bytes -= entry->second.bytes;
    --status_.snapshots;
  }
  by_use_.erase(entry->second.place);
  entries_.erase(entry);
}

void ResidentSnapshots::drop(const tenants::TenantId& tenant) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto entry = entries_.lower_bound({tenant.text(), INT64_MIN}); entry != entries_.end();) {
    if (entry->first.first != tenant.text()) break;
    const auto next = std::next(entry);
    if (entry->second.snapshot != nullptr) erase(entry);
    entry = next;
  }
}

ResidentSnapshots::Status ResidentSnapshots::status() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return status_;
}

}  // namespace kaogong::freeze
