#include "gateway/api/operations/operation.h"

#include <chrono>

#include "gateway/api/answer.h"
#include "gateway/api/services.h"

namespace kaogong::api {

using runs::RunState;

namespace {

std::string_view state_of(RunState state) {
  switch (state) {
    case RunState::kDraft:
      return "waiting";
    case RunState::kCalculating:
      return "running";
    case RunState::kFailed:
      return "failed";
    case RunState::kCancelled:
      return "cancelled";
    case RunState::kCalculated:
    case RunState::kApproved:
    case RunState::kPublished:
    case RunState::kVoid:
      return "succeeded";
  }
  return "running";
}

/// People a second and seconds left, from what was written after the first chunk; null while that says nothing.
void write_rate(json::Writer& writer, const Operation& operation, clock::Instant now) {
  const auto& progress = operation.progress;
  const int64_t since = progress.people_done - progress.people_in_first;
  int64_t us = 0;
  if (progress.first_done_at) us = (now - *progress.first_done_at).count();
  std::optional<int64_t> rate, left;
  if (!operation.is_done() && since > 0 && us > 0) {
    constexpr int64_t kSecond = 1'000'000;
    rate = static_cast<int64_t>(static_cast<__int128>(since) * kSecond / us);
    const auto rest = static_cast<__int128>(operation.run.people - progress.people_done) * us;
    left = static_cast<int64_t>((rest / since + kSecond - 1) / kSecond);
  }
  writer.member_or_null("people_per_second", rate).member_or_null("seconds_left", left);
}

}  // namespace

std::string Operation::version() const {
  return std::string(to_text(run.state)) + "-" + std::to_string(progress.done) + "-" +
         std::to_string(progress.people_done);
}

tenants::Result<Operation> read_operation(tenants::TenantDatabase& database, const tenants::Tenant& tenant,
                                          const tenants::Actor& actor, runs::RunId id) {
  postgres::TransactionOptions options;
  options.isolation = postgres::Isolation::kRepeatableRead;
  options.read_only = true;
  return database.transact(
      tenant, actor,
      [&](tenants::TenantTransaction& t) -> tenants::Result<Operation> {
        auto run = runs::read_run(t, id);
        if (!run) return run.failure();
        return Operation{*std::move(run), runs::progress_of(t, id)};
      },
      options);
}

void write_operation(json::Writer& writer, const Operation& operation, clock::Instant now) {
  const auto& run = operation.run;
  const auto id = std::to_string(number_of(run.id));
  writer.begin_object()
      .member("id", id)
      .member("state", state_of(run.state))
      .member("done", operation.is_done())
      .member("run", number_of(run.id))
      .member("run_state", to_text(run.state))
      .member("kind", to_text(run.kind))
      .member("result", "/v1/runs/" + id)
      .name("progress")
      .begin_object()
      .member("people", run.people)
      .member("people_done", operation.progress.people_done)
      .member("chunks", operation.progress.chunks)
      .member("chunks_done", operation.progress.done);
  write_rate(writer, operation, now);
  writer.end_object().name("error");
  if (run.state == RunState::kFailed) {
    writer.begin_object().member("detail", run.failure).end_object();
  } else {
    writer.null();
  }
  writer.member("created_at", clock::to_rfc3339(run.created.at.value_or(clock::Instant{}))).end_object();
}

http::Response accepted(Call& call, const runs::Run& run) {
  const auto operation = read_operation(call.services.database, *call.tenant, call.caller.actor, run.id);
  if (!operation) return problem(operation.failure());
  json::Writer writer;
  write_operation(writer, *operation, call.services.clock.now());
  auto response = answer(202, writer);
  response.fields.add("Location", "/v1/operations/" + std::to_string(number_of(run.id)));
  response.fields.add("Retry-After", "1");
  return response;
}

}  // namespace kaogong::api
