#include "tenants/runs/from_inputs.h"

#include "engine/scheme/load.h"
#include "tenants/packs/packs.h"
#include "tenants/runs/programs.h"

namespace kaogong::runs {

using tenants::Actor;
using tenants::Result;
using tenants::Tenant;
using tenants::TenantDatabase;
using tenants::TenantTransaction;

namespace {

/// What a request that was made before has given; nothing: it was not.
Result<std::optional<Run>> made_before(TenantDatabase& database, const Tenant& tenant, const Actor& actor,
                                       const NewRun& request) {
  if (request.idempotency_key.empty()) return std::optional<Run>();
  return database.transact(tenant, actor, [&](TenantTransaction& t) -> Result<std::optional<Run>> {
    auto run = find_run(t, request.idempotency_key);
    if (run && run->request_hash != request_hash(request))
      return tenants::conflict("the idempotency key was used for another request: run " +
                               std::to_string(number_of(run->id)));
    return run;
  });
}

Result<Run> create_year(TenantDatabase& database, const Tenant& tenant, const Actor& actor, const NewRun& request) {
  const auto published = database.transact(tenant, actor, [&](TenantTransaction& t) -> Result<std::vector<Run>> {
    return published_in_year(t, request.scheme_id, scheme::year_of(request.period));
  });
  if (!published) return published.failure();
  if (published->empty())
    return tenants::conflict("nothing is published for " + scheme::to_text(request.period) +
                             ": there is no year to recompute");
  std::vector<YearMonth> months;
  for (const auto& run : *published) {
    const auto version = request.version.value_or(run.sources.front().version);
    const auto snapshot = freeze_inputs(database, tenant, actor, run.scheme_id, version, run.period);
    if (!snapshot) return snapshot.failure();
    months.push_back({run.period, snapshot->id});
  }
  return create_year_end(database, tenant, actor, request, months);
}

}  // namespace

Result<freeze::SnapshotInfo> freeze_inputs(TenantDatabase& database, const Tenant& tenant, const Actor& actor,
                                           const std::string& scheme_id, std::optional<int32_t> version,
                                           scheme::Period period) {
  const auto text = database.transact(
      tenant, actor, [&](TenantTransaction& t) { return read_scheme(t, scheme_id, version); }, {.read_only = true});
  if (!text) return text.failure();
  const auto loaded = scheme::load(text->document, packs::library());
  if (!loaded.document) return tenants::invalid("scheme " + scheme_id + " cannot be read any more");
  freeze::FreezeRequest request;
  request.scheme_id = scheme_id;
  request.period = period;
  request.document = &*loaded.document;
  return freeze::freeze(database, tenant, actor, request);
}

Result<Run> create_of_inputs(TenantDatabase& database, const Tenant& tenant, const Actor& actor,
                             const NewRun& request) {
  const auto before = made_before(database, tenant, actor, request);
  if (!before) return before.failure();
  if (*before) return **before;
  if (request.kind == RunKind::kYearEnd) return create_year(database, tenant, actor, request);
  auto version = request.version;
  if (request.kind == RunKind::kCorrection && !version) {
    const auto published = database.transact(tenant, actor, [&](TenantTransaction& t) -> Result<Run> {
      const auto id = published_run(t, request.scheme_id, request.period);
      if (!id)
        return tenants::conflict("nothing is published for " + scheme::to_text(request.period) +
                                 ": there is nothing to correct");
      return read_run(t, *id);
    });
    if (!published) return published.failure();
    version = published->sources.front().version;
  }
  const auto snapshot = freeze_inputs(database, tenant, actor, request.scheme_id, version, request.period);
  if (!snapshot) return snapshot.failure();
  NewRun over = request;
  over.snapshot = snapshot->id;
  return create_run(database, tenant, actor, over);
}

Result<FollowUps> follow_up(TenantDatabase& database, EffectiveResults& results, const Tenant& tenant,
                            const Actor& actor, RunId first) {
  const auto read = [&](RunId id) {
    return database.transact(tenant, actor, [&](TenantTransaction& t) { return read_run(t, id); }, {.read_only = true});
  };
  const auto run = read(first);
  if (!run) return run.failure();
  if (run->kind != RunKind::kCorrection || run->sources.size() != 1)
    return tenants::conflict(named(first) + " is no correction");
  FollowUps found;
  RetroactiveOptions options{"corrections/" + std::to_string(number_of(first)), run->priority, first};
  auto corrections = correct_retroactively(
      database, results, tenant, actor, run->scheme_id, run->period, run->sources.front().snapshot, options,
      [&](RunId id) -> Result<Run> {
        auto next = read(id);
        if (!next) return next;
        if (next->state == RunState::kCalculating || next->state == RunState::kDraft) {
          found.waiting = *next;
          return tenants::conflict("it is being calculated");
        }
        return next;
      },
      &found.corrections);
  if (!corrections && !found.waiting) return corrections.failure();
  return found;
}

}  // namespace kaogong::runs
