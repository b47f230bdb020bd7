// What waits for workers, over all tenants, in the order in which it is fair to take it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tenants/registry/tenant_database.h"
#include "tenants/runs/state.h"

namespace kaogong::worker {

/// A run that is being calculated.
struct Waiting {
  std::string tenant;
  runs::RunId run{};
  int64_t people = 0;
  friend bool operator==(const Waiting& a, const Waiting& b) { return a.tenant == b.tenant && a.run == b.run; }
};

inline constexpr int64_t kWaitingMax = 256;

/// The runs that are being calculated, those to take first in front: by class of priority, then the tenants who were
/// served least, then the runs that were made first. At most kWaitingMax.
tenants::Result<std::vector<Waiting>> waiting(tenants::TenantDatabase& database);

/// Adds rows to what a tenant was served.
tenants::Result<tenants::Done> count_served(tenants::TenantDatabase& database, std::string_view tenant, int64_t rows);

enum class WorkerState : uint8_t { kIdle, kWorking, kDraining, kGone };
/// Says that a worker is there, for those who look.
tenants::Result<tenants::Done> report(tenants::TenantDatabase& database, std::string_view worker, WorkerState state);
struct WorkerSeen {
  std::string worker, host, state;
  int64_t pid = 0;
  int64_t seen_ms_ago = 0;
};
tenants::Result<std::vector<WorkerSeen>> workers_seen(tenants::TenantDatabase& database);

/// `host:pid:random`: no two workers have the same name, not even one after the other.
std::string new_worker_name();

}  // namespace kaogong::worker
