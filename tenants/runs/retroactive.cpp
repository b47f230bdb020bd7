#include "tenants/runs/retroactive.h"

#include <algorithm>
#include <deque>

#include "tenants/runs/diff.h"
#include "tenants/runs/publish.h"

namespace kaogong::runs {

using tenants::Actor;
using tenants::Result;
using tenants::Tenant;
using tenants::TenantDatabase;
using tenants::TenantTransaction;

namespace {

struct Todo {
  std::string scheme_id;
  scheme::Period period;
  int64_t snapshot = 0;
  int32_t version = 0;
};

/// Whether a published run looks back on any of the outputs of the run `past`.
bool looks_at(const Run& run, RunId past, const std::vector<std::string>& outputs) {
  for (const auto& month : run.sources) {
    for (const auto& line : split_lines(month.history)) {
      for (const auto& output : outputs) {
        const std::string begin = output + "\t", end = "\t" + std::to_string(number_of(past));
        if (line.starts_with(begin) && line.ends_with(end)) return true;
      }
    }
  }
  return false;
}

}  // namespace

Result<std::vector<Correction>> correct_retroactively(TenantDatabase& database, EffectiveResults& results,
                                                      const Tenant& tenant, const Actor& actor,
                                                      const std::string& scheme_id, scheme::Period period,
                                                      int64_t snapshot, const RetroactiveOptions& options,
                                                      const AwaitRun& await, std::vector<Correction>* so_far) {
  std::vector<Correction> own;
  std::vector<Correction>& corrections = so_far == nullptr ? own : *so_far;
  std::vector<RunId> instead;
  std::deque<Todo> todo = {{scheme_id, period, snapshot, 0}};
  while (!todo.empty()) {
    if (corrections.size() == kCorrectionsMax) return tenants::conflict("the change reaches too many periods");
    // The earliest period first: what it carries must be there when a later one is computed.
    const auto earliest = std::min_element(todo.begin(), todo.end(), [](const Todo& a, const Todo& b) {
      return scheme::last_day(a.period) < scheme::last_day(b.period);
    });
    const Todo next = *earliest;
    todo.erase(earliest);
    NewRun request;
    request.kind = RunKind::kCorrection;
    request.scheme_id = next.scheme_id;
    request.period = next.period;
    request.snapshot = next.snapshot;
    request.priority = options.priority;
    request.instead = instead;
    if (next.version != 0) request.version = next.version;
    if (!options.idempotency_key.empty())
      request.idempotency_key = options.idempotency_key + "/" + next.scheme_id + "/" + scheme::to_text(next.period);
    RunId made_id = corrections.empty() ? options.first : RunId{};
    if (made_id == RunId{}) {
      const auto made = create_run(database, tenant, actor, request);
      if (!made) return made.failure();
      made_id = made->id;
    }
    auto run = await(made_id);
    if (!run) return run.failure();
    if (run->checksum.empty() || is_over(run->state))
      return tenants::conflict(named(run->id) + " is " + std::string(to_text(run->state)) +
                               (run->failure.empty() ? "" : ": " + run->failure));
    Correction correction{*run, {}};
    const auto before = results.get(tenant, actor, run->base), after = results.get(tenant, actor, run->id);
    if (!before) return before.failure();
    if (!after) return after.failure();
    std::vector<std::string> changed;
    const DiffSummary summary = diff(source_of((*before)->view()), source_of((*after)->view()), {}, {});
    for (const auto& output : summary.outputs)
      if (output.changed != 0) changed.push_back(output.name);
    const auto dependents = database.transact(tenant, actor, [&](TenantTransaction& t) -> Result<std::vector<Run>> {
      std::vector<Run> runs;
      for (const RunId id : published_dependents(t, run->base)) {
        auto one = read_run(t, id);
        if (!one) return one.failure();
        runs.push_back(std::move(*one));
      }
      return runs;
    });
    if (!dependents) return dependents.failure();
    for (const auto& dependent : *dependents) {
      if (!looks_at(dependent, run->base, changed)) continue;
      const auto same = [&](const Todo& other) {
        return other.scheme_id == dependent.scheme_id && other.period == dependent.period;
      };
      if (std::any_of(todo.begin(), todo.end(), same)) continue;
      const MonthSources& month = dependent.sources.front();
      todo.push_back({dependent.scheme_id, dependent.period, month.snapshot, month.version});
    }
    for (const auto& output : changed) {
      const auto looked = [&](const Run& dependent) { return looks_at(dependent, run->base, {output}); };
      if (std::any_of(dependents->begin(), dependents->end(), looked)) correction.carried.push_back(output);
    }
    instead.push_back(run->id);
    corrections.push_back(std::move(correction));
  }
  return corrections;
}

}  // namespace kaogong::runs
