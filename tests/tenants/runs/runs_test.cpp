#include <gtest/gtest.h>

#include <thread>

#include "tenants/runs/chunks.h"
#include "tenants/runs/correction.h"
#include "tenants/runs/queries.h"
#include "tenants/runs/tidy.h"
#include "tenants/runs/verify.h"
#include "tests/tenants/runs/run_fixture.h"

namespace kaogong::runs {
namespace {

using tenants::Result;
using tenants::Tenant;
using tenants::TenantTransaction;
using tenants::test::code_of;

using Runs = RunTest;

Sheets two(const std::string& a, const std::string& b) {
  return {{"population", "employee,wage,fine,department\nA," + a + ",X\nB," + b + ",X\nC,13,0,X\n"}};
}

TEST_F(Runs, GivesResultsAndRejectsOfEveryone) {
  const Tenant tenant = make_tenant();
  install(tenant, kPayScheme);
  const RunRow made = make_run(tenant, "2026-01", two("1000,150", "2000,0"));
  EXPECT_EQ(made.state, RunState::kCalculating);
  const auto status = work();
  EXPECT_EQ(status.chunks_written, 1u);
  const RunRow run = get(tenant, made.id);
  EXPECT_EQ(run.state, RunState::kCalculated);
  EXPECT_EQ(run.rows, 2);
  EXPECT_EQ(run.refused, 1);
  EXPECT_EQ(run.checksum.size(), 32u);
  EXPECT_EQ(run.outputs.size(), 5u);
  EXPECT_EQ(shown(tenant, run.id, "A", "pay"), "900.00");
  EXPECT_EQ(shown(tenant, run.id, "A", "carried"), "50.00");
  EXPECT_EQ(shown(tenant, run.id, "B", "place"), "1");
  EXPECT_EQ(shown(tenant, run.id, "C", "pay"), "refused");
  EXPECT_EQ(shown(tenant, run.id, "D", "pay"), "none");
  EXPECT_EQ(shown(tenant, run.id, "", "pay"), "none");
  const auto rejects = in(
      tenant, [&](TenantTransaction& t) -> Result<std::vector<PlacedReject>> { return rejects_of(t, run.id, {}, 10); });
  ASSERT_EQ(rejects->size(), 1u);
  EXPECT_EQ(rejects->front().reject.employee, "C");
  EXPECT_EQ(rejects->front().reject.column, "wage");
  EXPECT_EQ(rejects->front().reject.error_en, "unlucky");
}

TEST_F(Runs, ThreadsLanesAndRepetitionDoNotMatter) {
  const Tenant tenant = make_tenant();
  install(tenant, kPayScheme);
  const Sheets sheets = {{"population", population(60'000, 7)}};
  std::vector<std::string> hashes;
  for (const int lanes : {1, 2, 4}) {
    const RunRow made = make_run(tenant, "2026-01", sheets);
    EXPECT_GT(made.chunks, 2);
    worker::WorkerOptions options;
    options.lanes = lanes;
    work(options);
    hashes.push_back(get(tenant, made.id).checksum);
    EXPECT_EQ(value("SELECT sum(rows) FROM kg_" + tenant.id().text() +
                    ".results WHERE run_id = " + std::to_string(number_of(made.id))),
              "60000");
  }
  EXPECT_EQ(hashes[0], hashes[1]);
  EXPECT_EQ(hashes[0], hashes[2]);
}

TEST_F(Runs, AKeyMakesOneRun) {
  const Tenant tenant = make_tenant();
  install(tenant, kPayScheme);
  NewRun request;
  request.scheme_id = "pay";
  request.period = scheme::parse_period("2026-01").value();
  request.snapshot = freeze(tenant, "pay", "2026-01", two("1,0", "2,0"));
  request.idempotency_key = "once";
  std::vector<RunId> made(4);
  {
    std::vector<std::jthread> callers;
    for (auto& id : made)
      callers.emplace_back([&] {
        const auto run = create_run(tenants, tenant, actor, request);
        if (run) id = run->id;
      });
  }
  for (const RunId id : made) EXPECT_EQ(number_of(id), 1);
  request.parameters = "name,value\nbonus,5\n";
  EXPECT_EQ(code_of(create_run(tenants, tenant, actor, request)), "conflict");
  request.idempotency_key = "twice";
  EXPECT_EQ(number_of(create_run(tenants, tenant, actor, request)->id), 2);
  work();
  EXPECT_EQ(shown(tenant, RunId{2}, "A", "pay"), "6.00");
}

TEST_F(Runs, GoTheirWayAndNoOther) {
  const Tenant tenant = make_tenant();
  install(tenant, kPayScheme);
  NewRun request;
  request.scheme_id = "pay";
  request.period = scheme::parse_period("2026-01").value();
  request.snapshot = freeze(tenant, "pay", "2026-01", two("1,0", "2,0"));
  request.start = false;
  const RunId id = create_run(tenants, tenant, actor, request)->id;
  EXPECT_EQ(work().chunks_written, 0u) << "a draft is not worked on";
  EXPECT_EQ(code_of(steps.approve(tenant, actor, id)), "conflict");
  EXPECT_OK(steps.start(tenant, actor, id));
  EXPECT_OK(steps.start(tenant, actor, id));
  EXPECT_EQ(code_of(steps.publish(tenant, actor, id)), "conflict");
  work();
  EXPECT_OK(steps.approve(tenant, actor, id));
  EXPECT_EQ(code_of(steps.cancel(tenant, actor, id, "no")), "conflict");
  EXPECT_OK(steps.publish(tenant, actor, id));
  EXPECT_OK(steps.publish(tenant, actor, id));
  EXPECT_EQ(code_of(steps.declare_void(tenant, actor, id, "")), "invalid");
  EXPECT_OK(steps.declare_void(tenant, actor, id, "wrong wages"));
  EXPECT_EQ(code_of(steps.publish(tenant, actor, id)), "conflict");
  EXPECT_EQ(code_of(steps.start(tenant, actor, RunId{99})), "not_found");
  const RunRow run = get(tenant, id);
  EXPECT_EQ(run.state, RunState::kVoid);
  EXPECT_EQ(run.ended_why, "wrong wages");
  EXPECT_EQ(run.approved.by, "tester");
}

TEST_F(Runs, SettledOnesCannotBeChangedByTheApplicationsSql) {
  const Tenant tenant = make_tenant();
  install(tenant, kPayScheme);
  const RunRow run = publish(tenant, "2026-01", two("1,0", "2,0"));
  const std::string schema = "kg_" + tenant.id().text() + ".", id = std::to_string(number_of(run.id));
  for (const std::string& sql : {
           "UPDATE " + schema + "runs SET checksum = '\\x00' WHERE run_id = " + id,
           "UPDATE " + schema + "runs SET state = 'calculating' WHERE run_id = " + id,
           "UPDATE " + schema + "runs SET state = 'void', rows = 7 WHERE run_id = " + id,
           "UPDATE " + schema + "runs SET sources = '' WHERE run_id = " + id,
           "UPDATE " + schema + "runs SET approved_by = 'another' WHERE run_id = " + id,
           "DELETE FROM " + schema + "runs WHERE run_id = " + id,
           "TRUNCATE " + schema + "runs CASCADE",
           "UPDATE " + schema + "results SET bytes = '\\x00'",
           "DELETE FROM " + schema + "results",
           "TRUNCATE " + schema + "results",
           "INSERT INTO " + schema + "results VALUES (" + id + ", 'Z', 0, 1, '\\x00')",
           "INSERT INTO " + schema + "results VALUES (99, 'Z', 0, 1, '\\x00')",
           "DELETE FROM " + schema + "rejects",
           "UPDATE " + schema + "rejects SET value = ''",
           "INSERT INTO " + schema + "rejects VALUES (" + id + ", 0, 9, '', '', 0, '', '', '', '')",
           "UPDATE " + schema + "run_chunks SET epoch = epoch + 1",
           "DELETE FROM " + schema + "run_chunks",
           "UPDATE " + schema + "publications SET run_id = 99",
           "DELETE FROM " + schema + "publications",
           "ALTER TABLE " + schema + "runs DISABLE TRIGGER ALL",
           "ALTER TABLE " + schema + "results DISABLE TRIGGER ALL",
           std::string("SET session_replication_role = replica"),
           "DROP TABLE " + schema + "results",
       })
    EXPECT_NE(code_of(run_as(tenant, sql)), "ok") << sql;
  const RunRow after = get(tenant, run.id);
  EXPECT_EQ(after.checksum, run.checksum);
  EXPECT_EQ(after.state, RunState::kPublished);
  EXPECT_EQ(shown(tenant, run.id, "A", "pay"), "1.00");
}

// The trigger's table of states is that of may_go.
TEST_F(Runs, TheDatabaseKnowsTheSameWays) {
  const Tenant tenant = make_tenant();
  install(tenant, kPayScheme);
  const std::string runs = "kg_" + tenant.id().text() + ".runs";
  const std::map<RunState, std::vector<RunState>> ways = {
      {RunState::kDraft, {}},
      {RunState::kCalculating, {RunState::kCalculating}},
      {RunState::kCalculated, {RunState::kCalculating, RunState::kCalculated}},
      {RunState::kApproved, {RunState::kCalculating, RunState::kCalculated, RunState::kApproved}},
      {RunState::kPublished,
       {RunState::kCalculating, RunState::kCalculated, RunState::kApproved, RunState::kPublished}},
      {RunState::kCancelled, {RunState::kCancelled}},
      {RunState::kVoid, {RunState::kCalculating, RunState::kCalculated, RunState::kApproved, RunState::kVoid}},
      {RunState::kFailed, {RunState::kCalculating, RunState::kFailed}}};
  int64_t id = 1000;
  for (const auto kind : {RunKind::kRegular, RunKind::kPreview, RunKind::kCorrection, RunKind::kYearEnd}) {
    for (const auto& one : ways) {
      const RunState from = one.first;
      const auto& way = one.second;
      const bool reachable = std::adjacent_find(way.begin(), way.end(), [&](RunState a, RunState b) {
                               return !may_go(kind, a, b);
                             }) == way.end();
      if (!reachable) continue;
      for (int to = 0; to < 8; ++to) {
        const auto target = static_cast<RunState>(to);
        if (target == from) continue;
        const auto gone = in(tenant, [&](TenantTransaction& t) -> Result<bool> {
          const std::string number = std::to_string(++id);
          t.sql().execute("INSERT INTO " + runs +
                          " (run_id, kind, state, priority, scheme_id, period, sources, snapshots, parameters, chunks, "
                          "people, request_hash, created_by, created_at) VALUES (" +
                          number + ", '" + std::string(to_text(kind)) +
                          "', 'draft', 1, 'pay', '2026-01', '', '{}', '', 1, 1, '', 'tester', now())");
          for (const RunState state : way)
            t.sql().execute("UPDATE " + runs + " SET state = '" + std::string(to_text(state)) +
                            "' WHERE run_id = " + number);
          t.sql().execute("UPDATE " + runs + " SET state = '" + std::string(to_text(target)) +
                          "' WHERE run_id = " + number);
          t.sql().rollback();
          return true;
        });
        // A way that is open ends in our own rollback, a closed one in the trigger's refusal.
        EXPECT_EQ(code_of(gone) == "conflict", !may_go(kind, from, target))
            << to_text(kind) << ": " << to_text(from) << " to " << to_text(target) << " " << code_of(gone);
      }
    }
  }
}

TEST_F(Runs, TheNextMonthLooksBackOnWhatIsPublished) {
  const Tenant tenant = make_tenant();
  install(tenant, kPayScheme);
  const RunRow january = publish(tenant, "2026-01", two("1000,150", "2000,0"));
  const RunRow february = publish(tenant, "2026-02", two("1000,10", "2000,0"));
  EXPECT_EQ(february.sources.front().history, "sheet\ncarried\t2026-01\t1\n");
  EXPECT_EQ(shown(tenant, february.id, "A", "due"), "60.00");
  EXPECT_EQ(code_of(steps.declare_void(tenant, actor, january.id, "wrong")), "conflict") << "February builds on it";
  EXPECT_OK(steps.declare_void(tenant, actor, february.id, "wrong"));
  EXPECT_OK(steps.declare_void(tenant, actor, january.id, "wrong"));
  EXPECT_EQ(shown(tenant, publish(tenant, "2026-02", two("1000,10", "2000,0")).id, "A", "due"), "10.00");
}

TEST_F(Runs, WhatWasEnteredCountsWhereNothingIsPublished) {
  const Tenant tenant = make_tenant();
  install(tenant, kPayScheme);
  Sheets sheets = two("1000,10", "2000,0");
  sheets["history"] = "employee,period,carried\nA,2025-12,30.00\n";
  const RunRow run = publish(tenant, "2026-01", sheets);
  EXPECT_EQ(shown(tenant, run.id, "A", "due"), "40.00");
}

TEST_F(Runs, WhatWasOverturnedMeanwhileIsNotPublished) {
  const Tenant tenant = make_tenant();
  install(tenant, kPayScheme);
  publish(tenant, "2026-01", two("1000,150", "2000,0"));
  const RunRow february = make_run(tenant, "2026-02", two("1000,10", "2000,0"));
  work();
  publish(tenant, "2026-01", two("1000,250", "2000,0"));  // January anew
  EXPECT_OK(steps.approve(tenant, actor, february.id));
  EXPECT_EQ(code_of(steps.publish(tenant, actor, february.id)), "conflict");
}

TEST_F(Runs, ACorrectionHoldsWhatDiffers) {
  const Tenant tenant = make_tenant();
  install(tenant, kPayScheme, {{.output = "applied", .ledger = "carried", .kind = "deduction"}});
  const std::string balance =
      "SELECT coalesce(string_agg(b, ' ' ORDER BY b), '') FROM (SELECT employee || ' ' || "
      "sum(amount) AS b FROM kg_" +
      tenant.id().text() + ".ledger_entries GROUP BY employee HAVING sum(amount) <> 0) x";
  const RunRow base = publish(tenant, "2026-01", two("1000,50", "2000,70"));
  EXPECT_EQ(value(balance), "A 5000 B 7000");
  const RunRow correction = make_run(tenant, "2026-01", two("1000,80", "2000,70"), "pay", RunKind::kCorrection);
  EXPECT_EQ(correction.base, base.id);
  work();
  const RunRow run = get(tenant, correction.id);
  EXPECT_EQ(run.rows, 1) << "B's rank and pay stay what they are";
  const auto own = in(tenant, [&](TenantTransaction& t) { return read_employee(t, run, "A"); });
  ASSERT_OK(own);
  std::map<std::string, std::string> values;
  for (size_t i = 0; i < run.outputs.size(); ++i) values[run.outputs[i]] = (**own).values[i].value_or("null");
  EXPECT_EQ(values[":change"], "changed");
  EXPECT_EQ(values["pay"], "920.00");
  EXPECT_EQ(values["pay:delta"], "-30.00");
  EXPECT_EQ(values["applied:delta"], "30.00");
  EXPECT_EQ(values["carried:delta"], "0.00");
  EXPECT_EQ(shown(tenant, run.id, "B", "pay"), "1930.00");
  EXPECT_OK(steps.approve(tenant, actor, run.id));
  EXPECT_OK(steps.publish(tenant, actor, run.id));
  EXPECT_EQ(value(balance), "A 8000 B 7000");
  const auto whole = results.get(tenant, actor, run.id);
  ASSERT_OK(whole);
  EXPECT_EQ((*whole)->employees.size(), 2u);
  // The next one corrects the correction; an older one can no longer be published.
  const RunRow late = make_run(tenant, "2026-01", two("1000,80", "2000,75"), "pay", RunKind::kCorrection);
  const RunRow stale = make_run(tenant, "2026-01", two("1000,81", "2000,75"), "pay", RunKind::kCorrection);
  work();
  for (const RunRow& one : {late, stale}) EXPECT_OK(steps.approve(tenant, actor, one.id));
  EXPECT_OK(steps.publish(tenant, actor, late.id));
  EXPECT_EQ(code_of(steps.publish(tenant, actor, stale.id)), "conflict");
  EXPECT_EQ(shown(tenant, late.id, "A", "pay"), "920.00");
  EXPECT_EQ(shown(tenant, late.id, "B", "pay"), "1925.00");
  EXPECT_EQ(code_of(steps.declare_void(tenant, actor, base.id, "wrong")), "conflict");
  EXPECT_OK(steps.declare_void(tenant, actor, late.id, "wrong"));
  EXPECT_EQ(value(balance), "A 8000 B 7000");
  EXPECT_EQ(value("SELECT run_id FROM kg_" + tenant.id().text() + ".publications"), std::to_string(number_of(run.id)));
  // Published anew as a whole: what was posted before is taken back.
  publish(tenant, "2026-01", two("1000,10", "2000,20"));
  EXPECT_EQ(value(balance), "A 1000 B 2000");
}

TEST_F(Runs, APausedWorkerIsFencedOff) {
  const Tenant tenant = make_tenant();
  install(tenant, kPayScheme);
  const RunRow run = make_run(tenant, "2026-01", two("1000,50", "2000,70"));
  const auto claim = [&](const char* worker, int64_t lease_ms) {
    return in(tenant, [&](TenantTransaction& t) -> Result<std::optional<Claim>> {
      return claim_chunk(t, run.id, worker, lease_ms);
    });
  };
  const auto first = claim("one", 0);
  ASSERT_TRUE(*first);
  const auto product = builder.build(tenant, actor, run);
  ASSERT_OK(product);
  const ChunkRows rows = (*product)->make(0);
  const auto write = [&](const Claim& by) {
    return *in(tenant, [&](TenantTransaction& t) -> Result<WriteOutcome> {
      return write_chunk(t, by, rows, (*product)->outputs());
    });
  };
  const auto second = claim("two", 60'000);  // the first lease has run out
  ASSERT_TRUE(*second);
  EXPECT_GT((*second)->epoch, (*first)->epoch);
  EXPECT_FALSE(*claim("three", 60'000));
  EXPECT_EQ(write(**first), WriteOutcome::kFenced);
  EXPECT_EQ(write(**second), WriteOutcome::kWritten);
  EXPECT_EQ(write(**second), WriteOutcome::kFenced) << "once";
  EXPECT_EQ(write(**first), WriteOutcome::kFenced);
  EXPECT_TRUE(*in(tenant, [&](TenantTransaction& t) -> Result<bool> { return was_written(t, **second); }));
  EXPECT_FALSE(*in(tenant, [&](TenantTransaction& t) -> Result<bool> { return was_written(t, **first); }));
  EXPECT_TRUE(*in(tenant, [&](TenantTransaction& t) -> Result<bool> { return finish_run(t, run.id); }));
  EXPECT_EQ(get(tenant, run.id).rows, 2);
}

TEST_F(Runs, CancelledAndExpiredOnesAreCleanedAway) {
  const Tenant tenant = make_tenant();
  install(tenant, kPayScheme);
  const RunRow cancelled = make_run(tenant, "2026-01", two("1000,50", "2000,70"));
  const RunRow preview = make_run(tenant, "2026-01", two("1000,50", "2000,70"), "pay", RunKind::kPreview);
  work();
  EXPECT_EQ(code_of(steps.approve(tenant, actor, preview.id)), "conflict");
  EXPECT_OK(steps.cancel(tenant, actor, cancelled.id, "no longer needed"));
  const auto count = [&](const char* table) {
    return value("SELECT count(*) FROM kg_" + tenant.id().text() + "." + table);
  };
  EXPECT_EQ(count("results"), "2");
  EXPECT_OK(tidy_tenant(tenants, tenant, actor));
  EXPECT_EQ(count("results"), "1");
  EXPECT_EQ(count("runs"), "2") << "that it was, and who cancelled it, is kept";
  database.clock.advance(std::chrono::hours(25));
  EXPECT_OK(tidy_tenant(tenants, tenant, actor));
  EXPECT_EQ(count("results"), "0");
  EXPECT_EQ(count("rejects"), "0");
  EXPECT_EQ(count("runs"), "1");
}

TEST_F(Runs, SnapshotsThatNoRunNamesGoInTheirTime) {
  const Tenant tenant = make_tenant();
  install(tenant, kPayScheme);
  constexpr int64_t kDays = 7;
  const auto frozen = [&](const std::string& wage) { return freeze(tenant, "pay", "2026-01", two(wage, "2000,70")); };
  const auto kept = [&] {
    return value("SELECT string_agg(snapshot_id::text, ' ' ORDER BY snapshot_id) FROM kg_" + tenant.id().text() +
                 ".snapshots");
  };
  const auto days_pass = [&](int days) { database.clock.advance(std::chrono::hours(24 * days)); };
  const int64_t first = frozen("1000,50");
  const RunRow run = make_run(tenant, "2026-01", two("1001,50", "2000,70"));  // the second
  const int64_t third = frozen("1002,50");
  work();
  days_pass(10);
  const int64_t fourth = frozen("1003,50");
  const std::string all = kept();
  const auto tidied = [&](int64_t days) {
    EXPECT_OK(tidy_snapshots(tenants, tenant, actor, days));
    return kept();
  };
  EXPECT_EQ(tidied(0), all) << "never";
  EXPECT_EQ(tidied(30), all) << "not yet";
  // The first is long followed; the third was followed only now.
  std::string without = all;
  without.erase(0, without.find(' ') + 1);
  EXPECT_EQ(tidied(kDays), without) << first;
  days_pass(8);
  EXPECT_EQ(tidied(kDays), std::to_string(run.sources.front().snapshot) + " " + std::to_string(fourth)) << third;
  EXPECT_EQ(
      value("SELECT count(*) FROM kg_" + tenant.id().text() + ".snapshot_chunks c WHERE NOT EXISTS (SELECT FROM kg_" +
            tenant.id().text() + ".snapshots s WHERE c.snapshot_id = ANY (s.chunk_of))"),
      "0");
  EXPECT_TRUE(verify_run(tenants, builder, tenant, actor, run.id)->same());
  // Not by a mistake of ours either.
  const std::string schema = "kg_" + tenant.id().text();
  for (const std::string& sql : {"DELETE FROM " + schema + ".snapshots", "DELETE FROM " + schema + ".snapshot_chunks"})
    EXPECT_EQ(code_of(run_as(tenant, sql)), "conflict") << sql;
  // And no run is made over one that is gone.
  NewRun request;
  request.scheme_id = "pay";
  request.period = scheme::parse_period("2026-01").value();
  request.snapshot = first;
  EXPECT_EQ(code_of(create_run(tenants, tenant, actor, request)), "not_found");
}

TEST_F(Runs, WhatCannotBeCalculatedFailsWithAReason) {
  const Tenant tenant = make_tenant();
  std::string scheme = kPayScheme;  // with a parameter that nobody gives
  scheme.replace(scheme.find(", default: 0}"), 13, "}");
  install(tenant, scheme);
  NewRun request;
  request.scheme_id = "pay";
  request.period = scheme::parse_period("2026-01").value();
  request.snapshot = freeze(tenant, "pay", "2026-01", two("1,0", "2,0"));
  for (const auto* wrong : {"name,value\nbonus,much\n", "name,value\nbonuses,1\n", "name,value\nbonus,1\nbonus,2\n",
                            "name,value\nbonus\n", "value\n1\n"}) {
    request.parameters = wrong;
    EXPECT_EQ(code_of(create_run(tenants, tenant, actor, request)), "invalid") << wrong;
  }
  request.parameters.clear();
  const auto run = create_run(tenants, tenant, actor, request);
  ASSERT_OK(run);
  EXPECT_EQ(work().runs_failed, 1u);
  EXPECT_EQ(get(tenant, run->id).state, RunState::kFailed);
  EXPECT_NE(get(tenant, run->id).failure.find("bonus"), std::string::npos);
  request.period = scheme::parse_period("2026-Q1").value();
  EXPECT_EQ(code_of(create_run(tenants, tenant, actor, request)), "invalid");
  request.period = scheme::parse_period("2026-01").value();
  request.kind = RunKind::kCorrection;
  EXPECT_EQ(code_of(create_run(tenants, tenant, actor, request)), "conflict") << "nothing is published";
  request.scheme_id = "other";
  EXPECT_EQ(code_of(create_run(tenants, tenant, actor, request)), "invalid") << "the snapshot is of another scheme";
  request.snapshot = 99;
  EXPECT_EQ(code_of(create_run(tenants, tenant, actor, request)), "not_found");
}

TEST_F(Runs, QuotaOfADay) {
  tenants::Quotas quotas;
  quotas.runs_per_day_max = 2;
  const Tenant tenant = make_tenant(quotas);
  install(tenant, kPayScheme);
  NewRun request;
  request.scheme_id = "pay";
  request.period = scheme::parse_period("2026-01").value();
  request.snapshot = freeze(tenant, "pay", "2026-01", two("1,0", "2,0"));
  EXPECT_OK(create_run(tenants, tenant, actor, request));
  EXPECT_OK(create_run(tenants, tenant, actor, request));
  EXPECT_EQ(code_of(create_run(tenants, tenant, actor, request)), "quota_exceeded");
  database.clock.advance(std::chrono::hours(24));
  EXPECT_OK(create_run(tenants, tenant, actor, request));
  work();
}

TEST_F(Runs, TheLeastServedTenantIsNext) {
  const Tenant big = make_tenant(), small = make_tenant();
  for (const Tenant& tenant : {big, small}) install(tenant, kPayScheme);
  make_run(big, "2026-01", {{"population", population(40'000, 1)}});
  make_run(small, "2026-01", two("1,0", "2,0"));
  const auto order = [&] {
    std::vector<std::string> tenants_waiting;
    const auto list = worker::waiting(tenants);
    for (const auto& one : *list) tenants_waiting.push_back(one.tenant);
    return tenants_waiting;
  };
  using Order = std::vector<std::string>;
  EXPECT_OK(worker::count_served(tenants, big.id().text(), 16'000));
  EXPECT_EQ(order(), (Order{small.id().text(), big.id().text()}));
  EXPECT_OK(worker::count_served(tenants, small.id().text(), 30'000));
  EXPECT_EQ(order(), (Order{big.id().text(), small.id().text()}));
  work();
  EXPECT_EQ(order(), Order{});
  // Who comes late begins where the least served one is who waits.
  const Tenant late = make_tenant();
  install(late, kPayScheme);
  make_run(big, "2026-02", two("1,0", "2,0"));
  make_run(late, "2026-02", two("1,0", "2,0"));
  const auto served = [&](const Tenant& tenant) {
    return value("SELECT served FROM kaogong.tenant_service WHERE tenant_id = '" + tenant.id().text() + "'");
  };
  EXPECT_EQ(served(big), served(late));
  work();
}

TEST_F(Runs, LeadersAndDistribution) {
  const Tenant tenant = make_tenant();
  install(tenant, kPayScheme);
  const RunRow run = publish(tenant, "2026-01", two("1000,50", "2000,70"));
  const auto all = results.get(tenant, actor, run.id);
  ASSERT_OK(all);
  const auto best = leaders((*all)->view(), "pay", 5);
  ASSERT_OK(best);
  ASSERT_EQ(best->size(), 2u);
  EXPECT_EQ((*best)[0].employee, "B");
  EXPECT_EQ((*best)[0].value, "1930.00");
  EXPECT_EQ((*best)[1].place, 2);
  const auto spread = distribution((*all)->view(), "pay");
  ASSERT_OK(spread);
  EXPECT_EQ(spread->sum, "2880.00");
  EXPECT_EQ(spread->percentiles[2], std::pair(50, std::string("950.00")));
  EXPECT_EQ(code_of(leaders((*all)->view(), "nothing", 5)), "not_found");
}

}  // namespace
}  // namespace kaogong::runs
