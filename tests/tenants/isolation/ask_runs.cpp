// Snapshots, results and runs: each with the ids of another tenant's.
#include <algorithm>

#include "engine/scheme/load.h"
#include "tenants/cache/cached_results.h"
#include "tenants/freeze/stored_snapshot.h"
#include "tenants/packs/packs.h"
#include "tenants/runs/explain_result.h"
#include "tenants/runs/from_inputs.h"
#include "tenants/runs/payslip.h"
#include "tenants/runs/post_ledgers.h"
#include "tenants/runs/publish.h"
#include "tenants/runs/published_chain.h"
#include "tenants/runs/queries.h"
#include "tenants/runs/result_pages.h"
#include "tenants/runs/retroactive.h"
#include "tenants/runs/verify.h"
#include "tenants/runs/what_if.h"
#include "tests/tenants/isolation/two_companies.h"

namespace kaogong::tenants::test {

namespace {

using T = TenantTransaction;

const scheme::Document& document() {
  static const auto loaded = scheme::load(runs::kPayScheme, packs::library());
  return *loaded.document;
}

runs::NewRun request_of(const Belongings& has) {
  runs::NewRun asked;
  asked.scheme_id = has.scheme;
  asked.period = has.period;
  asked.snapshot = has.snapshot;
  return asked;
}

runs::NewRun year_of(const Belongings& has) {
  auto asked = request_of(has);
  asked.kind = runs::RunKind::kYearEnd;
  asked.period = scheme::parse_period("2026").value();
  asked.snapshot.reset();
  return asked;
}

}  // namespace

#define ASK(body) [this, has = foreign](const Tenant& as) { return ask(as, [&](T& t) { return body; }); }
#define ASK_ALONE(body) [this, has = foreign](const Tenant& as) { return said(body); }

std::vector<Question> TwoCompaniesTest::about_snapshots() {
  return {
      {"describe", "not_found", ASK(freeze::describe(t, has.snapshot))},
      {"load", "not_found", ASK(freeze::load(t, has.snapshot, document()))},
      {"latest", "nothing",
       ASK(freeze::latest(
           t, has.scheme, has.period,
           *[&] {
             const auto stored = in(owner, [&](T& o) { return freeze::describe(o, has.snapshot); });
             return std::make_unique<snapshot::Checksum>(stored->signature);
           }()))},
      {"read_stored", "nothing", ASK(freeze::read_stored(t, has.snapshot))},
      {"freeze", "conflict", ASK_ALONE(freeze::freeze(tenants, as, actor, {has.scheme, has.period, &document()}))},
      {"freeze_inputs", "not_found",
       ASK_ALONE(runs::freeze_inputs(tenants, as, actor, has.scheme, std::nullopt, has.period))},
      {"get drop", "not_found",
       [this, has = foreign](const Tenant& as) {
         const auto load = [&](const Tenant& whose) {
           return snapshots.get(whose.id(), has.snapshot, [&] {
             return in(whose, [&](T& t) { return freeze::load(t, has.snapshot, document()); });
           });
         };
         EXPECT_OK(load(owner));  // it is in memory now, under its number
         auto answer = said(load(as));
         snapshots.drop(stranger.id());
         const auto loads = snapshots.status().loads_total;
         EXPECT_OK(load(owner));
         EXPECT_EQ(snapshots.status().loads_total, loads);  // the owner's is still there
         return answer;
       }},
  };
}

std::vector<Question> TwoCompaniesTest::about_results() {
  return {
      {"effective_result", "not_found", ASK(runs::effective_result(t, has.published.id, has.employee))},
      {"rejects_of", "nothing", ASK(runs::rejects_of(t, has.published.id, {}, 10))},
      {"read_employee", "nothing", ASK(runs::read_employee(t, has.published, has.employee))},
      {"read_results", "nothing", ASK(([&]() -> Result<size_t> {
         const auto results_of_run = runs::read_results(t, has.published);
         return results_of_run ? Result<size_t>(results_of_run->employees.size()) : results_of_run.failure();
       }()))},
      {"payslip", "not_found", ASK(runs::payslip(t, programs, has.published, has.employee))},
      {"published_result", "nothing",
       [this, has = foreign](const Tenant& as) {
         // The owner's is in the cache already.
         EXPECT_EQ(ask(owner,
                       [&](T& t) { return cache::published_result(*sealed, t, has.scheme, has.period, has.employee); }),
                   "found");
         return ask(as,
                    [&](T& t) { return cache::published_result(*sealed, t, has.scheme, has.period, has.employee); });
       }},
      {"chain_sql", "nothing",
       ASK(runs::chain_of(t.sql().query(runs::chain_sql(as), {has.scheme, scheme::to_text(has.period)})))},
      {"page_sql", "nothing",
       ASK(t.sql().query(runs::page_sql(as), {runs::number_of(has.published.id), has.employee}).size())},
      {"leaders", "not_found",
       [this, has = foreign](const Tenant& as) {
         const auto best = [&](const Tenant& of) {
           return said(cache::leaders(*sealed, tenants, results, of, actor, has.published.id, "pay", 3));
         };
         EXPECT_EQ(best(owner), "found");
         return best(as);
       }},
      {"get", "not_found",
       [this, has = foreign](const Tenant& as) {
         EXPECT_OK(results.get(owner, actor, has.published.id));  // it is in memory now
         return said(results.get(as, actor, has.published.id));
       }},
      {"explain_result", "not_found",
       ASK_ALONE(runs::explain_result(tenants, builder, as, actor, has.published, {has.employee, {}}))},
      {"verify_run", "not_found", ASK_ALONE(runs::verify_run(tenants, builder, as, actor, has.published.id))},
      {"what_if", "not_found", ASK_ALONE(runs::what_if(builder, as, actor, has.published, {}))},
      {"build", "not_found", ASK_ALONE(builder.build(as, actor, has.published))},
      {"calculate_month", "not_found",
       ASK_ALONE(builder.calculate_month(as, actor, has.published, has.published.sources.front(), {}))},
      {"calculated_run", "not_found",
       [this, has = foreign](const Tenant& as) {
         EXPECT_OK(builder.calculated_run(owner, actor, has.published));  // it is in memory now, under its number
         return said(builder.calculated_run(as, actor, has.published));
       }},
  };
}

std::vector<Question> TwoCompaniesTest::about_runs() {
  return {
      {"read_run", "not_found", ASK(runs::read_run(t, has.published.id))},
      {"find_run", "nothing", ASK(runs::find_run(t, has.run_key))},
      {"list_runs", "nothing",
       ASK(runs::list_runs(t, {.scheme_id = has.scheme, .period = {}, .kind = {}, .state = {}, .before = {}}))},
      {"progress_of", "nothing", ASK(runs::progress_of(t, has.published.id).chunks)},
      {"published_run", "nothing", ASK(runs::published_run(t, has.scheme, has.period))},
      {"published_in_year", "nothing", ASK(runs::published_in_year(t, has.scheme, 2026))},
      {"published_dependents", "nothing", ASK(runs::published_dependents(t, has.published.id)), true},
      {"claim_chunk", "nothing", ASK(runs::claim_chunk(t, has.waiting.id, "worker", 1'000)), true},
      // What could not be renewed.
      {"renew", "found", ASK(runs::renew(t, {has.claim}, 1'000)), true},
      {"release fail_run", "done", ASK(([&]() -> Result<Done> {
         runs::release(t, has.claim);
         runs::fail_run(t, has.published.id, "why");
         return Done{};
       }())),
       true},
      {"was_written", "nothing", ASK(runs::was_written(t, has.claim))},
      {"write_chunk", "found", ASK(runs::write_chunk(t, has.claim, {}, {}) != runs::WriteOutcome::kWritten), true},
      {"finish_run", "nothing", ASK(runs::finish_run(t, has.published.id)), true},
      // Parts of publish() and declare_void(), which hold the run: here its state forbids them to the owner, too.
      {"make_public", "conflict", ASK(runs::make_public(t, has.published)), true},
      {"take_back", "conflict", ASK(runs::take_back(t, has.published)), true},
      {"post_ledgers", "not_found", ASK(runs::post_ledgers(t, has.published, std::nullopt))},
      {"unpost_ledgers", "done", ASK(runs::unpost_ledgers(t, has.published)), true},
      {"create_run", "not_found", ASK_ALONE(runs::create_run(tenants, as, actor, request_of(has)))},
      {"create_run", "not_found",
       [this, has = foreign](const Tenant& as) {
         // Their own scheme, over another's snapshot.
         auto asked = request_of(as.id() == owner.id() ? foreign : own);
         asked.snapshot = has.snapshot;
         return said(runs::create_run(tenants, as, actor, asked));
       }},
      {"create_year_end", "conflict",
       ASK_ALONE(runs::create_year_end(tenants, as, actor, year_of(has), {{has.period, has.snapshot}}))},
      {"create_of_inputs", "not_found", ASK_ALONE(runs::create_of_inputs(tenants, as, actor, request_of(has)))},
      {"correct_retroactively", "not_found",
       ASK_ALONE(runs::correct_retroactively(tenants, results, as, actor, has.scheme, has.period, has.snapshot, {},
                                             [&](runs::RunId id) {
                                               work();
                                               return in(as, [&](T& t) { return runs::read_run(t, id); });
                                             }))},
      {"follow_up", "not_found", ASK_ALONE(runs::follow_up(tenants, results, as, actor, has.published.id))},
      {"cancel", "not_found", ASK_ALONE(steps.cancel(as, actor, has.dropped.id, "why"))},
      {"start", "not_found", ASK_ALONE(steps.start(as, actor, has.waiting.id))},
      {"approve", "not_found", ASK_ALONE(steps.approve(as, actor, has.calculated.id))},
      {"publish", "not_found", ASK_ALONE(steps.publish(as, actor, has.published.id))},
      {"declare_void", "not_found", ASK_ALONE(steps.declare_void(as, actor, has.published.id, "why"))},
  };
}

#undef ASK
#undef ASK_ALONE

}  // namespace kaogong::tenants::test
