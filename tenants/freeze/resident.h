// Snapshots that stay in memory between runs: what-if, preview and verification read them from here.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "tenants/folder/read_folder.h"
#include "tenants/registry/result.h"
#include "tenants/registry/tenant.h"

namespace kaogong::freeze {

/// The least recently used go first when their bytes become too many. Thread-safe. A snapshot never changes, so that
/// what is here is never stale; who holds one may go on when it has been dropped.
class ResidentSnapshots {
 public:
  using Snapshot = std::shared_ptr<const folder::FolderInputs>;
  using Load = std::function<tenants::Result<folder::FolderInputs>()>;

  /// One that is larger than `bytes_max` alone is given out, but not kept.
  explicit ResidentSnapshots(uint64_t bytes_max) : bytes_max_(bytes_max) {}

  /// The snapshot from memory, or by `load`, which one thread calls while others who ask for the same wait for it; the
  /// caller's, unlocked. Failures: those of `load`, of which those who waited try their own.
  tenants::Result<Snapshot> get(const tenants::TenantId& tenant, int64_t snapshot_id, const Load& load);
  /// Forgets a tenant's snapshots.
  void drop(const tenants::TenantId& tenant);

  struct Status {
    uint64_t bytes = 0, snapshots = 0;
    uint64_t hits_total = 0, loads_total = 0, evictions_total = 0;
  };
  Status status() const;

 private:
  using Key = std::pair<std::string, int64_t>;
  struct Entry {
    Snapshot snapshot;  // null: it is being loaded
    uint64_t bytes = 0;
    std::list<Key>::iterator place;
  };
  void erase(std::map<Key, Entry>::iterator entry);

  const uint64_t bytes_max_;
  mutable std::mutex mutex_;
  std::condition_variable loaded_;
  std::map<Key, Entry> entries_;
  std::list<Key> by_use_;  // the latest first
  Status status_;
};

}  // namespace kaogong::freeze
