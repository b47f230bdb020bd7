// Long work as an operation: how far it is.
#pragma once

#include <string>

#include "gateway/api/call.h"
#include "gateway/api/problem.h"
#include "gateway/json/writer.h"
#include "tenants/runs/run.h"

namespace kaogong::api {

/// A run and how far it is, of one moment.
struct Operation {
  runs::Run run;
  runs::Progress progress;

  bool is_done() const { return run.state != runs::RunState::kCalculating && run.state != runs::RunState::kDraft; }
  /// Changes whenever anything that is shown has changed; the id of an event.
  std::string version() const;
};

tenants::Result<Operation> read_operation(tenants::TenantDatabase& database, const tenants::Tenant& tenant,
                                          const tenants::Actor& actor, runs::RunId run);
void write_operation(json::Writer& writer, const Operation& operation, clock::Instant now);
/// 202 with the operation, and where it is.
http::Response accepted(Call& call, const runs::Run& run);

}  // namespace kaogong::api
