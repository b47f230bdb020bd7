// Computing again: verification, what-if, a year, a change in the past.
#include <gtest/gtest.h>

#include "engine/explain/render.h"
#include "tenants/runs/explain_result.h"
#include "tenants/runs/queries.h"
#include "tenants/runs/retroactive.h"
#include "tenants/runs/verify.h"
#include "tenants/runs/what_if.h"
#include "tests/tenants/runs/run_fixture.h"

namespace kaogong::runs {
namespace {

using tenants::Result;
using tenants::Tenant;
using tenants::TenantTransaction;
using tenants::test::code_of;

/// Everybody's wage is 1000, so that 100 of what is due is applied each month; a fine each.
Sheets fines(const std::string& a, const std::string& b) {
  return {{"population", "employee,wage,fine,department\nA,1000," + a + ",X\nB,1000," + b + ",X\n"}};
}

class Recompute : public RunTest {
 protected:
  Recompute() : tenant(make_tenant()) { install(tenant, kPayScheme); }

  AwaitRun worked() {
    return [this](RunId id) -> Result<RunRow> {
      work();
      return get(tenant, id);
    };
  }
  Result<std::vector<Correction>> correct(const std::string& period, const Sheets& sheets) {
    return correct_retroactively(tenants, results, tenant, actor, "pay", scheme::parse_period(period).value(),
                                 freeze(tenant, "pay", period, sheets), {}, worked());
  }

  Tenant tenant;
};

TEST_F(Recompute, WhatIsStoredIsWhatComesOut) {
  Sheets sheets = {{"population", population(20'000, 5) + "F1,13,0,D1\nF2,x,0,D1\n"}};
  const RunRow january = publish(tenant, "2026-01", sheets), february = publish(tenant, "2026-02", sheets);
  for (const RunRow& run : {january, february}) {
    const auto same = verify_run(tenants, builder, tenant, actor, run.id);
    ASSERT_OK(same);
    EXPECT_TRUE(same->same()) << same->differences.front();
    EXPECT_EQ(same->chunks, static_cast<uint64_t>(run.chunks));
    EXPECT_GT(same->pages, 70u);
    EXPECT_EQ(same->rejects, 2u);
  }
  // Whoever can get past the triggers is found out.
  const std::string schema = "kg_" + tenant.id().text() + ".";
  run_as_owner("ALTER TABLE " + schema + "results DISABLE TRIGGER USER");
  run_as_owner(
      "UPDATE " + schema + "results SET bytes = (SELECT bytes FROM " + schema +
      "results WHERE run_id = 2 AND first_employee = 'E000001') WHERE run_id = 1 AND first_employee = 'E000001'");
  const auto changed = verify_run(tenants, builder, tenant, actor, january.id);
  ASSERT_OK(changed);
  EXPECT_EQ(changed->differences, std::vector<std::string>{"page 0 of chunk 0 differs"});
  run_as_owner("DELETE FROM " + schema + "results WHERE run_id = 2 AND first_employee = 'E000001'");
  EXPECT_FALSE(verify_run(tenants, builder, tenant, actor, february.id)->same());
  EXPECT_EQ(code_of(verify_run(tenants, builder, tenant, actor, RunId{99})), "not_found");
}

TEST_F(Recompute, WhatIfStoresNothing) {
  const RunRow run = publish(tenant, "2026-01", fines("150", "0"));
  const auto stored = [&] {
    return value("SELECT count(*) FROM kg_" + tenant.id().text() + ".runs") + "/" +
           value("SELECT count(*) FROM kg_" + tenant.id().text() + ".results");
  };
  const std::string before = stored();
  const auto pay_of = [&](const Result<Calculated>& calculated, size_t row) {
    return column::format_value(*calculated->view().find("pay"), row);
  };
  const auto same = what_if(builder, tenant, actor, run, {});
  ASSERT_OK(same);
  EXPECT_EQ(pay_of(same, 0), "900.00");
  const auto bonus = what_if(builder, tenant, actor, run, {"", "name,value\nbonus,7\n", {}});
  ASSERT_OK(bonus);
  EXPECT_EQ(pay_of(bonus, 0), "907.00");
  const auto input = what_if(builder, tenant, actor, run, {"", "", {{"B", "fine", "30.00"}, {"A", "wage", "2000"}}});
  ASSERT_OK(input);
  EXPECT_EQ(pay_of(input, 0), "1850.00");
  EXPECT_EQ(pay_of(input, 1), "970.00");
  std::string other = kPayScheme;
  other.replace(other.find("wage / 10"), 9, "wage / 20");
  const auto scheme = what_if(builder, tenant, actor, run, {other, "", {}});
  ASSERT_OK(scheme);
  EXPECT_EQ(pay_of(scheme, 0), "950.00");
  other.replace(other.find("  fine: {type: money, min: 0}"), 29, "  fine: {type: money, min: 5}");
  EXPECT_EQ(code_of(what_if(builder, tenant, actor, run, {other, "", {}})), "invalid") << "other inputs";
  EXPECT_EQ(code_of(what_if(builder, tenant, actor, run, {"not a scheme", "", {}})), "invalid");
  for (const InputChange& wrong :
       {InputChange{"Z", "fine", "1"}, InputChange{"A", "fines", "1"}, InputChange{"A", "fine", "-1"},
        InputChange{"A", "fine", "much"}, InputChange{"A", "fine", ""}})
    EXPECT_EQ(code_of(what_if(builder, tenant, actor, run, {"", "", {wrong}})), "invalid");
  EXPECT_EQ(stored(), before);
  const auto again = what_if(builder, tenant, actor, run, {});
  EXPECT_EQ(pay_of(again, 0), "900.00") << "the resident snapshot is as it was";
}

TEST_F(Recompute, AStoredFigureIsExplained) {
  // A: 250 are due in January, of which 100 are applied; 13 is unlucky.
  publish(tenant, "2026-01", {{"population", "employee,wage,fine,department\nA,1000,250,X\nB,1000,0,X\nC,13,0,X\n"}});
  const RunRow february = publish(tenant, "2026-02", fines("0", "0"));
  const auto explain = [&](RunId id, const std::string& employee, const std::vector<std::string>& values) {
    return explain_result(tenants, builder, tenant, actor, get(tenant, id), {employee, values});
  };
  const auto due = explain(february.id, "A", {"due"});
  ASSERT_OK(due);
  ASSERT_EQ(due->figures.size(), 1u);
  EXPECT_EQ(due->figures[0].value.text, "150.00") << "what January left";
  EXPECT_NE(explain::to_text(*due).find("2026-01"), std::string::npos) << explain::to_text(*due);
  // What was calculated for one is there for all who ask later.
  const auto before = snapshots.status();
  EXPECT_EQ(explain(february.id, "A", {})->figures.size(), 5u) << "all outputs";
  EXPECT_EQ(explain(february.id, "B", {"pay"})->figures[0].value.text, "1000.00");
  EXPECT_EQ(snapshots.status().hits_total, before.hits_total);
  EXPECT_EQ(snapshots.status().loads_total, before.loads_total);

  const auto refused = explain(RunId{1}, "C", {"pay"});
  ASSERT_OK(refused);
  EXPECT_TRUE(refused->refused && refused->figures.empty());
  ASSERT_EQ(refused->faults.size(), 1u);
  EXPECT_EQ(refused->faults[0].error.en, "unlucky");

  EXPECT_EQ(code_of(explain(february.id, "Z", {})), "not_found");
  EXPECT_EQ(code_of(explain(february.id, "A", {"dew"})), "invalid");

  // A correction: those whom it holds, and those whom it says nothing of.
  const auto corrections =
      correct("2026-01", {{"population", "employee,wage,fine,department\nA,1000,50,X\nB,1000,0,X\nC,13,0,X\n"}});
  ASSERT_OK(corrections);
  EXPECT_EQ(explain(corrections->front().run.id, "A", {"applied"})->figures[0].value.text, "50.00");
  EXPECT_EQ(explain(corrections->front().run.id, "B", {"pay"})->figures[0].value.text, "1000.00");

  // What is stored is not what its inputs give: that is not explained away.
  const auto other = get(tenant, RunId{1});
  RunRow forged = get(tenant, february.id);
  forged.sources = other.sources;
  Builder knows_nothing(tenants, programs, results, snapshots, {});
  const auto wrong = explain_result(tenants, knows_nothing, tenant, actor, forged, {"A", {"due"}});
  EXPECT_EQ(code_of(wrong), "internal");
}

TEST_F(Recompute, AChangeReachesAsFarAsItIsCarried) {
  // A: 250 in January is carried to March; B has nothing.
  for (const char* period : {"2026-01", "2026-02", "2026-03", "2026-04"})
    publish(tenant, period, fines(std::string(period) == "2026-01" ? "250" : "0", "0"));
  const auto corrections = correct("2026-01", fines("150", "0"));
  ASSERT_OK(corrections);
  ASSERT_EQ(corrections->size(), 3u) << "April is what it was: nothing is carried into it either way";
  const std::vector<std::string> expected = {"2026-01", "2026-02", "2026-03"};
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(scheme::to_text((*corrections)[i].run.period), expected[i]);
    EXPECT_OK(steps.approve(tenant, actor, (*corrections)[i].run.id));
  }
  EXPECT_EQ((*corrections)[0].carried, std::vector<std::string>{"carried"});
  EXPECT_TRUE((*corrections)[2].carried.empty());
  EXPECT_EQ(code_of(steps.publish(tenant, actor, (*corrections)[1].run.id)), "conflict") << "January first";
  for (const auto& correction : *corrections) EXPECT_OK(steps.publish(tenant, actor, correction.run.id));
  // As if it had been right from the beginning: 100 in January, 50 in February, nothing in March.
  EXPECT_EQ(shown(tenant, (*corrections)[0].run.id, "A", "carried"), "50.00");
  EXPECT_EQ(shown(tenant, (*corrections)[1].run.id, "A", "pay"), "950.00");
  EXPECT_EQ(shown(tenant, (*corrections)[2].run.id, "A", "pay"), "1000.00");
  // A's rank moved, and so did B's, who shares it now.
  EXPECT_EQ(shown(tenant, (*corrections)[2].run.id, "B", "place"), "1");
  const auto again = verify_run(tenants, builder, tenant, actor, (*corrections)[1].run.id);
  ASSERT_OK(again);
  EXPECT_TRUE(again->same());
  // May looks back on what is published now.
  const RunRow may = publish(tenant, "2026-05", fines("10", "0"));
  EXPECT_EQ(shown(tenant, may.id, "A", "due"), "10.00");
}

TEST_F(Recompute, AChangeWithoutEffectIsOneEmptyCorrection) {
  for (const char* period : {"2026-01", "2026-02"}) publish(tenant, period, fines("50", "0"));
  const auto corrections = correct("2026-01", fines("50", "0"));
  ASSERT_OK(corrections);
  ASSERT_EQ(corrections->size(), 1u);
  EXPECT_EQ((*corrections)[0].run.rows, 0);
}

TEST_F(Recompute, SomebodyWhoWasForgotten) {
  publish(tenant, "2026-01", fines("0", "0"));
  Sheets more = fines("0", "0");
  more["population"] += "C,5000,0,X\n";
  const auto corrections = correct("2026-01", more);
  ASSERT_OK(corrections);
  const RunRow run = (*corrections)[0].run;
  EXPECT_EQ(run.rows, 3) << "C is new, and everybody's rank moves";
  const auto row = in(tenant, [&](TenantTransaction& t) { return read_employee(t, run, "C"); });
  EXPECT_EQ((**row).values[0], "added");
  EXPECT_EQ(shown(tenant, run.id, "A", "place"), "2");
  const auto gone = correct("2026-01", {{"population", "employee,wage,fine,department\nA,1000,0,X\n"}});
  ASSERT_OK(gone);
  EXPECT_EQ(shown(tenant, (*gone)[0].run.id, "B", "pay"), "none");
}

TEST_F(Recompute, PacksAreNamedByTheirContent) {
  install(tenant,
          "kaogong: 1\nid: floor\nversion: 1\nlabels: {zh: 底线, en: Floor}\nperiods: [month]\nuses: [cn.wages]\n"
          "inputs:\n  wage: {type: money, min: 0}\ndecisions:\n  month_wage: {type: money, expr: "
          "'wage'}\noutputs: [month_wage]\n");
  const RunRow run = publish(tenant, "2026-01", {{"population", "employee,wage\nA,100\n"}}, "floor");
  ASSERT_EQ(run.sources.front().packs.size(), 1u);
  EXPECT_EQ(run.sources.front().packs[0].id, "cn.wages");
  EXPECT_TRUE(run.sources.front().packs[0].hash.starts_with("sha256:"));
  EXPECT_TRUE(verify_run(tenants, builder, tenant, actor, run.id)->same());
  // With another content of the pack it is not computed again as if nothing were.
  run_as_owner("ALTER TABLE kg_" + tenant.id().text() + ".runs DISABLE TRIGGER USER");
  run_as_owner("UPDATE kg_" + tenant.id().text() + ".runs SET sources = replace(sources, 'sha256:', 'sha256:0')");
  EXPECT_EQ(code_of(verify_run(tenants, builder, tenant, actor, run.id)), "internal");
}

TEST_F(Recompute, AYearSaysWhatDiffers) {
  const auto month = [](int m) { return "2026-" + std::string(m < 10 ? "0" : "") + std::to_string(m); };
  for (int m = 1; m <= 12; ++m) publish(tenant, month(m), fines(m == 1 ? "250" : "0", "70"));
  NewRun request;
  request.kind = RunKind::kYearEnd;
  request.scheme_id = "pay";
  request.period = scheme::parse_period("2026").value();
  request.priority = Priority::kYearEnd;
  std::vector<YearMonth> months;
  // What was entered late: A's fine of January was 150, and B had none in December.
  for (int m = 1; m <= 12; ++m)
    months.push_back({scheme::parse_period(month(m)).value(),
                      freeze(tenant, "pay", month(m), fines(m == 1 ? "150" : "0", m == 12 ? "0" : "70"))});
  const auto made = create_year_end(tenants, tenant, actor, request, months);
  ASSERT_OK(made);
  EXPECT_EQ(made->sources.size(), 12u);
  EXPECT_EQ(work().runs_failed, 0u);
  const RunRow run = get(tenant, made->id);
  ASSERT_EQ(run.state, RunState::kCalculated) << run.failure;
  const auto of = [&](const std::string& employee) {
    const auto row = in(tenant, [&](TenantTransaction& t) { return read_employee(t, run, employee); });
    std::string text;
    for (size_t i = 0; i < run.outputs.size(); ++i)
      if (run.outputs[i].starts_with("pay:") || run.outputs[i] == ":months")
        text += run.outputs[i] + "=" + (**row).values[i].value_or("null") + " ";
    return text;
  };
  // February: 100 were applied, 50 should have been; March: 50 and nothing.
  EXPECT_EQ(of("A"), ":months=3 pay:delta=100.00 pay:2026-02=50.00 pay:2026-03=50.00 pay:2026-12=0.00 ");
  EXPECT_EQ(of("B").substr(0, 9), ":months=2") << "the rank of February, and December";
  EXPECT_NE(of("B").find("pay:delta=70.00 "), std::string::npos);
  const auto again = verify_run(tenants, builder, tenant, actor, run.id);
  ASSERT_OK(again);
  EXPECT_TRUE(again->same());
  EXPECT_OK(steps.approve(tenant, actor, run.id));
  EXPECT_EQ(code_of(steps.publish(tenant, actor, run.id)), "conflict") << "it is a report";
  months.erase(months.begin() + 1);
  std::swap(months[0], months[1]);
  EXPECT_EQ(code_of(create_year_end(tenants, tenant, actor, request, months)), "invalid");
}

}  // namespace
}  // namespace kaogong::runs
