// What the commands that work on runs share.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "gateway/command/tenant_session.h"
#include "tenants/freeze/freeze.h"
#include "tenants/freeze/resident.h"
#include "tenants/runs/build.h"
#include "tenants/runs/effective.h"
#include "tenants/runs/programs.h"
#include "tenants/runs/steps.h"

namespace kaogong::gateway {

inline constexpr uint64_t kResultsBytesMax = uint64_t{1} << 30;    // that are kept in memory
inline constexpr uint64_t kSnapshotsBytesMax = uint64_t{2} << 30;  // likewise

/// A session with one tenant, and the services that runs need.
class RunSession {
 public:
  /// Nothing, after the reason was printed.
  static std::unique_ptr<RunSession> open(const SessionArguments& arguments);

  tenants::TenantDatabase& database() { return session_->database(); }
  const tenants::Tenant& tenant() const { return tenant_; }
  const tenants::Actor& actor() const { return session_->actor(); }
  runs::Builder& builder() { return builder_; }
  runs::EffectiveResults& results() { return results_; }
  runs::RunSteps& steps() { return steps_; }

  tenants::Result<runs::Run> run(runs::RunId id);
  /// Freezes a period's inputs as they are now, for a version of a scheme; without one the latest.
  tenants::Result<freeze::SnapshotInfo> freeze(const std::string& scheme_id, std::optional<int32_t> version,
                                               scheme::Period period);
  /// Waits until a run is no longer being calculated, and shows how far it is unless `quiet`.
  tenants::Result<runs::Run> await(runs::RunId id, bool quiet);

 private:
  RunSession(std::unique_ptr<Session> session, tenants::Tenant tenant);

  std::unique_ptr<Session> session_;
  tenants::Tenant tenant_;
  runs::Programs programs_;
  runs::EffectiveResults results_;
  freeze::ResidentSnapshots snapshots_;
  runs::Builder builder_;
  runs::RunSteps steps_;
};

/// A run as lines of `name<tab>value`.
void print_run(const runs::Run& run);

}  // namespace kaogong::gateway
