// What stays in memory between calls: snapshots, for what-if, preview and verification, and more of that kind.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "tenants/registry/result.h"
#include "tenants/registry/tenant.h"
#include "tenants/snapshot/snapshot.h"

namespace kaogong::freeze {

/// Values by tenant and number that are costly to have and never change, so that what is here is never stale: a
/// tenant's id and its numbers are never used again. The least recently used go first when their bytes become too many;
/// who holds one may go on when it has been dropped. Thread-safe.
template <class Value, uint64_t (*memory_of)(const Value&)>
class Resident {
 public:
  using Held = std::shared_ptr<const Value>;
  using Load = std::function<tenants::Result<Value>()>;

  /// One that is larger than `bytes_max` alone is given out, but not kept.
  explicit Resident(uint64_t bytes_max) : bytes_max_(bytes_max) {}

  /// The value from memory, or by `load`, which one thread calls while others who ask for the same wait for it; the
  /// caller's, unlocked. Failures: those of `load`, of which those who waited try their own.
  tenants::Result<Held> get(const tenants::TenantId& tenant, int64_t number, const Load& load);
  /// Forgets a tenant's values.
  void drop(const tenants::TenantId& tenant);

  struct Status {
    uint64_t bytes = 0, values = 0;
    uint64_t hits_total = 0, loads_total = 0, evictions_total = 0;
  };
  Status status() const;

 private:
  using Key = std::pair<std::string, int64_t>;
  struct Entry {
    Held value;  // null: it is being loaded
    uint64_t bytes = 0;
    std::list<Key>::iterator place;
  };
  void settle(const Key& key, const Held& value);
  void erase(typename std::map<Key, Entry>::iterator entry);

  const uint64_t bytes_max_;
  mutable std::mutex mutex_;
  std::condition_variable loaded_;
  std::map<Key, Entry> entries_;
  std::list<Key> by_use_;  // the latest first
  Status status_;
};

using ResidentSnapshots = Resident<folder::FolderInputs, snapshot::memory_of>;

template <class Value, uint64_t (*memory_of)(const Value&)>
auto Resident<Value, memory_of>::get(const tenants::TenantId& tenant, int64_t number, const Load& load)
    -> tenants::Result<Held> {
  const Key key{tenant.text(), number};
  {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      const auto found = entries_.find(key);
      if (found == entries_.end()) break;
      if (found->second.value != nullptr) {
        by_use_.splice(by_use_.begin(), by_use_, found->second.place);
        ++status_.hits_total;
        return found->second.value;
      }
      loaded_.wait(lock);
    }
    by_use_.push_front(key);
    entries_[key].place = by_use_.begin();
    ++status_.loads_total;
  }
  std::optional<tenants::Result<Value>> result;
  Held value;
  try {
    result.emplace(load());
    if (*result) value = std::make_shared<const Value>(std::move(**result));
  } catch (...) {
    settle(key, nullptr);  // those who wait must learn of it
    throw;
  }
  settle(key, value);
  if (value == nullptr) return result->failure();
  return value;
}

/// Ends a load; null: it came to nothing.
template <class Value, uint64_t (*memory_of)(const Value&)>
void Resident<Value, memory_of>::settle(const Key& key, const Held& value) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto loading = entries_.find(key);  // only this call may remove it while it is being loaded
  loaded_.notify_all();
  if (value == nullptr) return erase(loading);
  loading->second.value = value;
  loading->second.bytes = memory_of(*value);
  status_.bytes += loading->second.bytes;
  ++status_.values;
  // From the end, passing over those that are being loaded.
  for (auto place = by_use_.end(); status_.bytes > bytes_max_ && place != by_use_.begin();) {
    --place;
    const auto entry = entries_.find(*place);
    if (entry->second.value == nullptr) continue;
    ++place;
    erase(entry);
    ++status_.evictions_total;
  }
}

template <class Value, uint64_t (*memory_of)(const Value&)>
void Resident<Value, memory_of>::erase(typename std::map<Key, Entry>::iterator entry) {
  if (entry->second.value != nullptr) {
    status_.bytes -= entry->second.bytes;
    --status_.values;
  }
  by_use_.erase(entry->second.place);
  entries_.erase(entry);
}

template <class Value, uint64_t (*memory_of)(const Value&)>
void Resident<Value, memory_of>::drop(const tenants::TenantId& tenant) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto entry = entries_.lower_bound({tenant.text(), INT64_MIN}); entry != entries_.end();) {
    if (entry->first.first != tenant.text()) break;
    const auto next = std::next(entry);
    if (entry->second.value != nullptr) erase(entry);
    entry = next;
  }
}

template <class Value, uint64_t (*memory_of)(const Value&)>
auto Resident<Value, memory_of>::status() const -> Status {
  const std::lock_guard<std::mutex> lock(mutex_);
  return status_;
}

}  // namespace kaogong::freeze
