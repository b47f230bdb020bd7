#include "tenants/runs/steps.h"

#include "tenants/audit/json_object.h"
#include "tenants/runs/publish.h"
#include "tenants/runs/settle_unknown.h"

namespace kaogong::runs {

using tenants::Actor;
using tenants::Result;
using tenants::Tenant;
using tenants::TenantTransaction;

namespace {

tenants::Failure not_possible(const Run& run, RunState to) {
  return tenants::conflict(named(run.id) + " is " + std::string(to_text(run.state)) + " (" +
                           std::string(to_text(run.kind)) + "): it cannot become " + std::string(to_text(to)));
}

void set(TenantTransaction& transaction, RunId id, RunState to, std::string_view columns, std::string_view why = {}) {
  const std::string sql =
      "UPDATE " + transaction.table("runs") + " SET state = $2" + std::string(columns) + " WHERE run_id = $1";
  const std::string_view state = to_text(to);
  if (columns.find("$5") != std::string_view::npos) {
    transaction.sql().execute(sql, {number_of(id), state, transaction.actor().name, transaction.now_text(), why});
  } else if (columns.empty()) {
    transaction.sql().execute(sql, {number_of(id), state});
  } else {
    transaction.sql().execute(sql, {number_of(id), state, transaction.actor().name, transaction.now_text()});
  }
}

constexpr std::string_view kEnded = ", ended_by = $3, ended_at = $4::timestamptz, ended_why = $5";

}  // namespace

template <class Body>
Result<Run> RunSteps::step(const Tenant& tenant, const Actor& actor, RunId id, RunState to, const Body& body) {
  return settle_unknown([&] {
    return database_.transact(tenant, actor, [&](TenantTransaction& transaction) -> Result<Run> {
      auto run = read_run(transaction, id, true);
      if (!run || run->state == to) return run;
      if (!may_go(run->kind, run->state, to)) return not_possible(*run, to);
      if (auto failure = body(transaction, *run)) return *failure;
      return read_run(transaction, id);
    });
  });
}

Result<Run> RunSteps::start(const Tenant& tenant, const Actor& actor, RunId id) {
  return step(tenant, actor, id, RunState::kCalculating,
              [](TenantTransaction& transaction, const Run& run) -> std::optional<tenants::Failure> {
                set(transaction, run.id, RunState::kCalculating, "");
                transaction.audit("run.start", named(run.id));
                return std::nullopt;
              });
}

Result<Run> RunSteps::approve(const Tenant& tenant, const Actor& actor, RunId id) {
  return step(tenant, actor, id, RunState::kApproved,
              [](TenantTransaction& transaction, const Run& run) -> std::optional<tenants::Failure> {
                set(transaction, run.id, RunState::kApproved, ", approved_by = $3, approved_at = $4::timestamptz");
                transaction.audit("run.approve", named(run.id));
                return std::nullopt;
              });
}

Result<Run> RunSteps::cancel(const Tenant& tenant, const Actor& actor, RunId id, std::string_view why) {
  if (why.size() > kReasonBytesMax) return tenants::invalid("the reason is too long");
  return step(tenant, actor, id, RunState::kCancelled,
              [&](TenantTransaction& transaction, const Run& run) -> std::optional<tenants::Failure> {
                set(transaction, run.id, RunState::kCancelled, kEnded, why);
                transaction.audit("run.cancel", named(run.id));
                return std::nullopt;
              });
}

Result<Run> RunSteps::publish(const Tenant& tenant, const Actor& actor, RunId id) {
  return step(tenant, actor, id, RunState::kPublished,
              [](TenantTransaction& transaction, const Run& run) -> std::optional<tenants::Failure> {
                if (auto failure = make_public(transaction, run)) return failure;
                transaction.audit(
                    "run.publish", named(run.id),
                    tenants::audit::json_object({{"scheme", run.scheme_id}, {"period", scheme::to_text(run.period)}}));
                return std::nullopt;
              });
}

Result<Run> RunSteps::declare_void(const Tenant& tenant, const Actor& actor, RunId id, std::string_view why) {
  if (why.empty()) return tenants::invalid("say why the run is declared void");
  if (why.size() > kReasonBytesMax) return tenants::invalid("the reason is too long");
  return step(tenant, actor, id, RunState::kVoid,
              [&](TenantTransaction& transaction, const Run& run) -> std::optional<tenants::Failure> {
                set(transaction, run.id, RunState::kVoid, kEnded, why);
                if (run.state == RunState::kPublished) {
                  if (auto failure = take_back(transaction, run)) return failure;
                }
                transaction.audit("run.void", named(run.id));
                return std::nullopt;
              });
}

}  // namespace kaogong::runs
