// Keeps leases alive while their chunks are computed and written.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

#include "tenants/registry/tenant_database.h"
#include "tenants/runs/chunks.h"

namespace kaogong::worker {

/// A thread that renews what is held, three times in the time of a lease. A lease that cannot be renewed (the database
/// is away, the process was stopped) runs out: then somebody else may claim the chunk, and the epoch fences this holder
/// off. Thread-safe.
class LeaseKeeper {
 public:
  /// The database outlives it.
  LeaseKeeper(tenants::TenantDatabase& database, tenants::Actor actor, int64_t lease_ms);
  ~LeaseKeeper();
  LeaseKeeper(const LeaseKeeper&) = delete;
  LeaseKeeper& operator=(const LeaseKeeper&) = delete;

  void hold(const tenants::Tenant& tenant, const runs::Claim& claim);
  void let_go(const tenants::Tenant& tenant, const runs::Claim& claim);
  size_t held() const;

 private:
  struct Held {
    tenants::Tenant tenant;
    runs::Claim claim;
  };
  void keep();

  tenants::TenantDatabase& database_;
  const tenants::Actor actor_;
  const int64_t lease_ms_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Held> held_;
  bool ending_ = false;
  std::thread thread_;
};

/// For holding a lease as long as a scope lasts.
class HeldLease {
 public:
  HeldLease(LeaseKeeper& keeper, const tenants::Tenant& tenant, const runs::Claim& claim)
      : keeper_(keeper), tenant_(tenant), claim_(claim) {
    keeper_.hold(tenant_, claim_);
  }
  ~HeldLease() { keeper_.let_go(tenant_, claim_); }
  HeldLease(const HeldLease&) = delete;
  HeldLease& operator=(const HeldLease&) = delete;

 private:
  LeaseKeeper& keeper_;
  const tenants::Tenant& tenant_;
  const runs::Claim& claim_;
};

}  // namespace kaogong::worker
