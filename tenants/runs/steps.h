// The steps of a run's life, each in a transaction of its own. Every one may be repeated: a step that is done already
// gives the run as it is.
#pragma once

#include <string_view>

#include "tenants/registry/tenant_database.h"
#include "tenants/runs/run.h"

namespace kaogong::runs {

/// Where a run is changed. What all functions here may give: kNotFound, kConflict (the run's state forbids the step;
/// the message says which state), and the failures of TenantDatabase::transact, but never kUnknown unless the database
/// stays away: whether a COMMIT happened is found out by reading.
class RunSteps {
 public:
  /// Outlived by the database.
  explicit RunSteps(tenants::TenantDatabase& database) : database_(database) {}

  using Tenant = tenants::Tenant;
  using Actor = tenants::Actor;
  template <class T>
  using Result = tenants::Result<T>;

  /// draft → calculating: hands it to the workers.
  Result<Run> start(const Tenant& tenant, const Actor& actor, RunId id);
  /// calculated → approved: from now on neither results nor rejects can be changed, by anybody.
  Result<Run> approve(const Tenant& tenant, const Actor& actor, RunId id);
  /// Before approval: stops it; workers give up at their next chunk. What they wrote is cleaned away later.
  Result<Run> cancel(const Tenant& tenant, const Actor& actor, RunId id, std::string_view why);
  /// approved → published: readers of the scheme and period see this run's results from one moment to the next, and its
  /// ledger entries are posted, in the same transaction. Conflicts: it corrects something else than what is published
  /// now; earlier results that it used are not published (any more); the period is closed.
  Result<Run> publish(const Tenant& tenant, const Actor& actor, RunId id);
  /// After approval: what it published is taken back, ledger entries reversed, and what was published before is shown
  /// again. Conflict: other published runs build on it.
  Result<Run> declare_void(const Tenant& tenant, const Actor& actor, RunId id, std::string_view why);

 private:
  template <class Body>
  Result<Run> step(const Tenant& tenant, const Actor& actor, RunId id, RunState to, const Body& body);

  tenants::TenantDatabase& database_;
};

inline constexpr size_t kReasonBytesMax = 4000;

}  // namespace kaogong::runs
