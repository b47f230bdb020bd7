#include "tenants/worker/lease_keeper.h"

#include <algorithm>
#include <chrono>

namespace kaogong::worker {

namespace {

constexpr int64_t kRenewalsInALease = 3;

bool same(const runs::Claim& a, const runs::Claim& b) {
  return a.run == b.run && a.chunk == b.chunk && a.epoch == b.epoch;
}

}  // namespace

LeaseKeeper::LeaseKeeper(tenants::TenantDatabase& database, tenants::Actor actor, int64_t lease_ms)
    : database_(database), actor_(std::move(actor)), lease_ms_(lease_ms), thread_([this] { keep(); }) {}

LeaseKeeper::~LeaseKeeper() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void LeaseKeeper::hold(const tenants::Tenant& tenant, const runs::Claim& claim) {
  const std::lock_guard<std::mutex> lock(mutex_);
  held_.push_back({tenant, claim});
}

void LeaseKeeper::let_go(const tenants::Tenant& tenant, const runs::Claim& claim) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::erase_if(held_, [&](const Held& held) { return held.tenant.id() == tenant.id() && same(held.claim, claim); });
}

size_t LeaseKeeper::held() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return held_.size();
}

void LeaseKeeper::keep() {
  std::unique_lock<std::mutex> lock(mutex_);
  // A renewal that waits longer is of no use; it may wait for the very transaction that writes the chunk.
  postgres::TransactionOptions options;
  options.statement_timeout_ms = options.idle_timeout_ms = std::max<int64_t>(1, lease_ms_);
  options.lock_timeout_ms = std::max<int64_t>(1, lease_ms_ / kRenewalsInALease);
  const auto pause = std::chrono::milliseconds(std::max<int64_t>(1, lease_ms_ / kRenewalsInALease));
  while (!changed_.wait_for(lock, pause, [&] { return ending_; })) {
    const std::vector<Held> held = held_;
    lock.unlock();
    for (size_t i = 0; i < held.size(); ++i) {
      // All of a tenant's in one transaction. What is lost is found out when the chunk is written.
      const auto before = [&](const Held& other) { return other.tenant.id() == held[i].tenant.id(); };
      if (std::any_of(held.begin(), held.begin() + static_cast<ptrdiff_t>(i), before)) continue;
      std::vector<runs::Claim> claims;
      for (const auto& other : held)
        if (other.tenant.id() == held[i].tenant.id()) claims.push_back(other.claim);
      (void)database_.transact(
          held[i].tenant, actor_,
          [&](tenants::TenantTransaction& transaction) -> tenants::Result<tenants::Done> {
            runs::renew(transaction, claims, lease_ms_);
            return tenants::Done{};
          },
          options);
    }
    lock.lock();
  }
}

}  // namespace kaogong::worker
