#include "gateway/command/run_session.h"

#include <chrono>
#include <thread>

#include "gateway/command/progress.h"
#include "infra/crypto/encode.h"
#include "tenants/runs/from_inputs.h"

namespace kaogong::gateway {

using runs::Run;
using tenants::Result;
using tenants::TenantTransaction;

namespace {

constexpr std::chrono::milliseconds kPause{100};

std::string text_of(const runs::Step& step) {
  if (!step.at) return {};
  return clock::to_rfc3339(*step.at) + (step.by.empty() ? "" : " by " + step.by);
}

}  // namespace

RunSession::RunSession(std::unique_ptr<Session> session, tenants::Tenant tenant)
    : session_(std::move(session)),
      tenant_(std::move(tenant)),
      results_(session_->database(), kResultsBytesMax),
      snapshots_(kSnapshotsBytesMax),
      builder_(session_->database(), programs_, results_, snapshots_, {}),
      steps_(session_->database()) {}

std::unique_ptr<RunSession> RunSession::open(const SessionArguments& arguments) {
  auto session = Session::open(arguments);
  if (session == nullptr) return nullptr;
  auto tenant = open_tenant(*session, arguments);
  if (!tenant) return nullptr;
  return std::unique_ptr<RunSession>(new RunSession(std::move(session), *std::move(tenant)));
}

Result<Run> RunSession::run(runs::RunId id) {
  return database().transact(tenant_, actor(), [&](TenantTransaction& t) { return runs::read_run(t, id); });
}

Result<freeze::SnapshotInfo> RunSession::freeze(const std::string& scheme_id, std::optional<int32_t> version,
                                                scheme::Period period) {
  return runs::freeze_inputs(database(), tenant_, actor(), scheme_id, version, period);
}

Result<Run> RunSession::await(runs::RunId id, bool quiet) {
  Progress progress(!quiet);
  const clock::Tick begun = session_->clock().tick();
  std::optional<int64_t> done_before;  // by others, before we looked
  for (;;) {
    auto now = run(id);
    if (!now || now->state != runs::RunState::kCalculating) {
      progress.clear();
      return now;
    }
    const auto done = database().transact(
        tenant_, actor(), [&](TenantTransaction& t) -> Result<runs::Progress> { return runs::progress_of(t, id); });
    if (done) {
      if (!done_before) done_before = done->people_done;
      const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(session_->clock().tick() - begun).count();
      const int64_t got = done->people_done - *done_before;
      std::string phase = "compute";
      if (got > 0 && ms > 0) {
        const int64_t left_ms = (now->people - done->people_done) * ms / got;
        phase += " " + std::to_string(got * 1000 / ms) + "/s, " + std::to_string((left_ms + 999) / 1000) + " s left";
      }
      progress.show(phase, static_cast<uint64_t>(done->people_done), static_cast<uint64_t>(now->people));
    }
    std::this_thread::sleep_for(kPause);
  }
}

void print_run(const Run& run) {
  print_line({"run", std::to_string(number_of(run.id))});
  print_line({"kind", to_text(run.kind)});
  print_line({"state", to_text(run.state)});
  print_line({"scheme", run.scheme_id});
  print_line({"period", scheme::to_text(run.period)});
  print_line({"priority", to_text(run.priority)});
  if (run.base != runs::RunId{}) print_line({"corrects", std::to_string(number_of(run.base))});
  for (const auto& month : run.sources)
    print_line({"from", scheme::to_text(month.period) + ": version " + std::to_string(month.version) + ", snapshot " +
                            std::to_string(month.snapshot)});
  print_line({"people", std::to_string(run.people)});
  if (run.rows) print_line({"rows", std::to_string(*run.rows)});
  if (run.refused) print_line({"refused", std::to_string(*run.refused)});
  if (!run.checksum.empty()) print_line({"result_hash", crypto::to_hex(run.checksum)});
  if (!run.failure.empty()) print_line({"failure", run.failure});
  print_line({"created", text_of(run.created)});
  if (run.calculated.at) print_line({"calculated", text_of(run.calculated)});
  if (run.approved.at) print_line({"approved", text_of(run.approved)});
  if (run.published.at) print_line({"published", text_of(run.published)});
  if (run.ended.at) print_line({"ended", text_of(run.ended) + (run.ended_why.empty() ? "" : ": " + run.ended_why)});
}

}  // namespace kaogong::gateway
