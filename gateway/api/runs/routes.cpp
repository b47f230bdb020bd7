#include "gateway/api/runs/routes.h"

#include "gateway/api/runs/handlers.h"

namespace kaogong::api {

using http::BodyKind;
using http::Lane;
using http::Method;
using tenants::Scope;

void add_runs_routes(http::RouteTable& routes) {
  const auto read = [&](std::string_view pattern, std::string_view id, Scope scope, Lane lane,
                        http::Response (*handler)(Call&)) {
    routes.add({.pattern = pattern, .operation_id = id, .scope = scope, .lane = lane, .handler = handler});
  };
  const auto post = [&](std::string_view pattern, std::string_view id, Scope scope, Lane lane,
                        http::Response (*handler)(Call&), BodyKind body = BodyKind::kJson) {
    routes.add({.method = Method::kPost,
                .pattern = pattern,
                .operation_id = id,
                .scope = scope,
                .body = body,
                .needs_idempotency_key = true,
                .lane = lane,
                .handler = handler});
  };
  read("/v1/runs", "listRuns", Scope::kRunsRead, Lane::kInteractive, list_runs);
  read("/v1/runs/{run}", "getRun", Scope::kRunsRead, Lane::kInteractive, get_run);
  read("/v1/runs/{run}/rejects", "listRejects", Scope::kRunsRead, Lane::kInteractive, list_rejects);
  read("/v1/runs/{run}/diff", "diffRun", Scope::kResultsRead, Lane::kBulk, diff_runs);
  // What these freeze and compute may be a whole company.
  post("/v1/runs", "createRun", Scope::kRunsWrite, Lane::kBulk, create_run);
  post("/v1/corrections", "createCorrection", Scope::kRunsWrite, Lane::kBulk, create_correction);
  post("/v1/corrections/{run}/follow-ups", "followUpCorrection", Scope::kRunsWrite, Lane::kBulk, follow_up_correction,
       BodyKind::kNone);
  post("/v1/year-ends", "createYearEnd", Scope::kRunsWrite, Lane::kBulk, create_year_end);
  post("/v1/runs/{run}/start", "startRun", Scope::kRunsWrite, Lane::kInteractive, start_run, BodyKind::kNone);
  post("/v1/runs/{run}/cancel", "cancelRun", Scope::kRunsWrite, Lane::kInteractive, cancel_run);
  post("/v1/runs/{run}/approve", "approveRun", Scope::kRunsApprove, Lane::kInteractive, approve_run, BodyKind::kNone);
  post("/v1/runs/{run}/publish", "publishRun", Scope::kRunsApprove, Lane::kInteractive, publish_run, BodyKind::kNone);
  post("/v1/runs/{run}/void", "voidRun", Scope::kRunsApprove, Lane::kInteractive, void_run);
  // These change nothing, and may be repeated: no key is asked for.
  const auto ask = [&](std::string_view pattern, std::string_view id, Scope scope, BodyKind body,
                       http::Response (*handler)(Call&)) {
    routes.add({.method = Method::kPost,
                .pattern = pattern,
                .operation_id = id,
                .scope = scope,
                .body = body,
                .body_bytes_max = size_t{4} << 20,
                .lane = Lane::kBulk,
                .handler = handler});
  };
  ask("/v1/runs/{run}/what-if", "whatIfRun", Scope::kResultsRead, BodyKind::kJson, what_if_run);
  ask("/v1/runs/{run}/verify", "verifyRun", Scope::kRunsRead, BodyKind::kNone, verify_run);
}

}  // namespace kaogong::api
