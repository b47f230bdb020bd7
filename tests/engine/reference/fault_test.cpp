#include <gtest/gtest.h>

#include "tests/engine/reference/run_text.h"

namespace kaogong::tests {
namespace {

const std::string kHead = "kaogong: 1\nid: t\nversion: 1\nlabels: {zh: 试, en: T}\nperiods: [month]\n";

TEST(Faults, EachCauseOnce) {
  const TextRun run = run_text(kHead + R"(
inputs:
  x: {type: number}
  y: {type: number, nullable: true}
decisions:
  quotient: {type: number, expr: 1 / x}
  doubled: {type: number, expr: quotient * 2}
  must: {type: number, expr: required(y)}
  twice: {type: number, expr: required(y) + 1}
  large: {type: money, expr: 900000000000000000 * 100 * (1 - x)}
outputs: [doubled]
)",
                               "2026-10", {{"population", "employee,x,y\na,0,\nb,1,1\n"}});
  EXPECT_EQ(run.values("doubled"), "- 2.000000");
  EXPECT_EQ(run.faults(),
            "0 population:2 quotient=: division by zero\n"
            "0 population:2 y=: y is missing\n"
            "0 population:2 large=90000000000000000000: overflow: the value does not fit its type\n");
}

TEST(Faults, OfChildRows) {
  const TextRun run =
      run_text(kHead + R"(
tables:
  marks:
    columns:
      rater: {type: string}
      item: {type: string, values: [p, q, r]}
      points: {type: number}
    key: [rater, item]
    min_rows: 1
    complete: [{per: [rater], each: {item: all}}]
    computed:
      inverse: {type: number, expr: 1 / points}
    checks:
      - {require: points <= 10, column: points, message: {zh: 过高, en: too high}}
decisions:
  summed: {type: number, expr: sum(marks.inverse)}
outputs: [summed]
)",
               "2026-10",
               {{"population", "employee\na\nb\nc\nd\n"},
                {"marks",
                 "employee,rater,item,points\na,u,p,1\na,u,q,1\na,u,r,2\nb,u,p,0\nb,u,p,11\nb,v,q,0\nd,u,p,1\nd,u,q,"
                 "1\nd,u,r,1\n"}});
  EXPECT_EQ(run.values("summed"), "2.500000 - - 3.000000");
  EXPECT_EQ(run.faults(),
            "1 marks:5 inverse=: division by zero\n"
            "1 marks:6 rater,item=u,p: this row is given twice\n"
            "1 marks:6 points=11: too high\n"
            "1 marks:7 inverse=: division by zero\n"
            "1 marks:0 rater=u: 2 missing: q, r\n"
            "1 marks:0 rater=v: 2 missing: p, r\n"
            "2 marks:0 =0: at least 1 rows are needed, there are 0\n");
}

TEST(Faults, CompletenessByExpressions) {
  const TextRun run = run_text(kHead + R"(
inputs:
  set: {type: string}
lookups:
  definitions:
    key: [set, kpi]
    columns: {set: {type: string}, kpi: {type: string}}
    rows: [[s, p], [s, q], [t, r]]
tables:
  actuals:
    columns:
      kpi: {type: string}
    complete: [{when: set != "free", each: {kpi: 'definitions[set = this.set].kpi'}}]
    refuse_when: set = "none"
decisions:
  n: {type: count, expr: count(actuals)}
outputs: [n]
)",
                               "2026-10",
                               {{"population", "employee,set\na,s\nb,t\nc,free\nd,none\n"},
                                {"actuals", "employee,kpi\na,q\na,p\nb,q\nb,r\nb,r\nc,x\nd,x\n"}});
  EXPECT_EQ(run.values("n"), "2 - 1 -");
  EXPECT_EQ(run.faults(),
            "1 actuals:4 kpi=q: this is not expected here\n"
            "1 actuals:6 kpi=r: this is given twice\n"
            "3 actuals:8 kpi=x: this is not expected here\n"
            "3 actuals:8 =: no rows of actuals are allowed here\n");
}

TEST(Faults, AFaultyLookupRowRefusesThoseItServes) {
  const TextRun run = run_text(
      kHead + R"(
inputs:
  team: {type: string}
lookups:
  teams:
    key: [team]
    columns: {team: {type: string}, net: {type: number}}
    computed: {inverse: {type: number, expr: 1 / net}}
    checks: [{require: net < 100, column: net, message: {zh: 过大, en: too large}}]
decisions:
  net: {type: number, expr: teams(team).net}
  filtered: {type: number, expr: 'sum(teams[team = this.team].net)'}
outputs: [net, filtered]
)",
      "2026-10",
      {{"population", "employee,team\na,t\nb,u\nc,v\nd,w\n"}, {"teams", "team,net\nt,1\nu,0\nv,2\nv,3\nw,100\n"}});
  EXPECT_EQ(run.values("net"), "1.000000 - - -");
  EXPECT_EQ(run.values("filtered"), "1.000000 - - -");
  EXPECT_EQ(run.faults(),
            "1 teams:3 inverse=: division by zero\n"
            "2 teams:5 team=v: this key stands twice\n"
            "3 teams:6 net=100.000000: too large\n");
}

TEST(Faults, CirclesEnd) {
  const TextRun run = run_text(kHead + R"(
decisions:
  a: {type: number, expr: b}
  b: {type: number, expr: a}
  c: {type: number, expr: '1'}
outputs: [a]
)",
                               "2026-10", {{"population", "employee\nx\n"}});
  EXPECT_EQ(run.values("a"), "-");
  EXPECT_NE(run.faults().find("depends on itself"), std::string::npos);
}

TEST(Faults, LongChainsEnd) {
  std::string scheme = kHead + "decisions:\n  d0: {type: count, expr: '1'}\n";
  for (int i = 1; i < 5000; ++i) {
    scheme += "  d" + std::to_string(i) + ": {type: count, expr: d" + std::to_string(i - 1) + " + 1}\n";
  }
  const TextRun run = run_text(scheme + "outputs: [d4999]\n", "2026-10", {{"population", "employee\nx\n"}});
  EXPECT_EQ(run.faults(), "");
  EXPECT_EQ(run.values("d4999"), "5000");
}

}  // namespace
}  // namespace kaogong::tests
