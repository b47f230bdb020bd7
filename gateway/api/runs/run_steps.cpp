#include "gateway/api/answer.h"
#include "gateway/api/body.h"
#include "gateway/api/operations/operation.h"
#include "gateway/api/runs/handlers.h"
#include "gateway/api/runs/run_json.h"
#include "gateway/api/transact.h"

namespace kaogong::api {

using runs::Run;
using runs::RunId;
using tenants::Result;

namespace {

/// Takes a step and answers with the run as it is then.
template <typename Take>
http::Response step(Call& call, const Take& take) {
  const auto id = run_in_path(call);
  if (!id) return problem(id.failure());
  const Result<Run> run = take(*id);
  if (!run) return problem(run.failure());
  call.services.hints.run_went_on(call.tenant->id().text(), *id);
  return tagged(call.request, run_json(*run));
}

/// The same with a reason in the body.
template <typename Take>
http::Response step_with_reason(Call& call, json::Need need, const Take& take) {
  std::string why;
  if (need == json::Need::kRequired || !call.request.body.empty()) {
    JsonBody body(call.request);
    why = body->text("reason", runs::kReasonBytesMax, need).value_or("");
    if (auto wrong = body.problem()) return *std::move(wrong);
  }
  return step(call, [&](RunId id) { return take(id, why); });
}

}  // namespace

http::Response start_run(Call& call) {
  const auto id = run_in_path(call);
  if (!id) return problem(id.failure());
  const auto run = call.services.steps.start(*call.tenant, call.caller.actor, *id);
  if (!run) return problem(run.failure());
  call.services.hints.work_waits();
  return accepted(call, *run);
}

http::Response approve_run(Call& call) {
  return step(call, [&](RunId id) { return call.services.steps.approve(*call.tenant, call.caller.actor, id); });
}

http::Response publish_run(Call& call) {
  return step(call, [&](RunId id) { return call.services.steps.publish(*call.tenant, call.caller.actor, id); });
}

http::Response cancel_run(Call& call) {
  return step_with_reason(call, json::Need::kOptional, [&](RunId id, const std::string& why) {
    return call.services.steps.cancel(*call.tenant, call.caller.actor, id, why);
  });
}

http::Response void_run(Call& call) {
  return step_with_reason(call, json::Need::kRequired, [&](RunId id, const std::string& why) {
    return call.services.steps.declare_void(*call.tenant, call.caller.actor, id, why);
  });
}

}  // namespace kaogong::api
