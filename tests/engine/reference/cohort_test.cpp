#include <gtest/gtest.h>

#include "tests/engine/reference/run_text.h"

namespace kaogong::tests {
namespace {

const std::string kHead = "kaogong: 1\nid: t\nversion: 1\nlabels: {zh: 试, en: T}\nperiods: [month]\n";

TEST(Cohort, RanksTotalsAndShares) {
  const TextRun run =
      run_text(kHead + R"(
inputs:
  team: {type: string}
  x: {type: score, nullable: true}
  there: {type: boolean}
decisions:
  rank: {type: count?, expr: 'rank(of: x)'}
  last: {type: count?, expr: 'rank(of: x, order: "ascending")'}
  row: {type: count?, expr: 'row_number(of: x)'}
  in_team: {type: count?, expr: 'rank(of: x, within: team)'}
  of_those: {type: count?, expr: 'rank(of: x, among: there)'}
  total: {type: score, expr: 'total(of: x, within: team)'}
  average: {type: score, expr: 'average(of: x, within: team)'}
  highest: {type: score, expr: 'highest(of: x)'}
  lowest: {type: score, expr: 'lowest(of: x)'}
  heads: {type: count, expr: 'headcount(within: team, among: there)'}
  percentile: {type: rate?, expr: 'percentile(of: x)'}
  class: {type: string?, values: [A, B, C], expr: 'quota(of: x, shares: [0.2, 0.7, 0.1], labels: ["A", "B", "C"])'}
  share: {type: money, expr: 'share(of: 100, by: 1, within: team, among: there)'}
outputs: [rank]
)",
               "2026-10",
               {{"population", "employee,team,x,there\nd,u,5,true\nb,u,7,true\nc,v,7,false\na,u,3,true\ne,v,,true\n"}});
  EXPECT_EQ(run.faults(), "");
  EXPECT_EQ(run.values("rank"), "3 1 1 4 null");
  EXPECT_EQ(run.values("last"), "2 3 3 1 null");
  EXPECT_EQ(run.values("row"), "3 1 2 4 null");
  EXPECT_EQ(run.values("in_team"), "2 1 1 3 null");
  EXPECT_EQ(run.values("of_those"), "2 1 null 3 null");
  EXPECT_EQ(run.values("total"), "15.00 15.00 7.00 15.00 7.00");
  EXPECT_EQ(run.values("average"), "5.00 5.00 7.00 5.00 7.00");
  EXPECT_EQ(run.values("highest"), "7.00 7.00 7.00 7.00 7.00");
  EXPECT_EQ(run.values("lowest"), "3.00 3.00 3.00 3.00 3.00");
  EXPECT_EQ(run.values("heads"), "3 3 1 3 1");
  EXPECT_EQ(run.values("percentile"), "0.500000 1.000000 1.000000 0.250000 null");
  // 4 by 0.2, 0.7, 0.1: 0.8, 2.8, 0.4 → 0, 2, 0, then one more to A and B.
  EXPECT_EQ(run.values("class"), "B A B B null");
  EXPECT_EQ(run.values("share"), "33.33 33.33 0.00 33.34 100.00");  // the last fen goes to the lowest id, a
}

TEST(Cohort, TakesAcceptedRowsOnly) {
  const TextRun run = run_text(kHead + R"(
inputs:
  x: {type: number}
checks:
  - {require: x != 9, column: x, message: {zh: 不可, en: not nine}}
decisions:
  rank: {type: count, expr: 'rank(of: x)'}
  total: {type: number, expr: 'total(of: x)'}
outputs: [rank]
)",
                               "2026-10", {{"population", "employee,x\na,1\nb,9\nc,3\nd,100\n"}}, {0, 0, 0, 1});
  EXPECT_EQ(run.faults(), "1 population:3 x=9.000000: not nine\n");
  EXPECT_EQ(run.values("rank"), "2 - 1 -");
  EXPECT_EQ(run.values("total"), "4.000000 - 4.000000 -");
}

TEST(Cohort, IsWorkedOutAgainWhenARowIsRefusedLate) {
  // a's part of the total is one half: refused; without a, b and c share the rest.
  const TextRun run = run_text(kHead + R"(
inputs:
  x: {type: number}
decisions:
  part: {type: rate, max: 0.5, expr: 'x / total(of: x)'}
  rank: {type: count, expr: 'rank(of: x)'}
outputs: [part]
)",
                               "2026-10", {{"population", "employee,x\na,60\nb,20\nc,20\n"}});
  EXPECT_EQ(run.values("part"), "- 0.500000 0.500000");
  EXPECT_EQ(run.values("rank"), "- 1 1");
  EXPECT_EQ(run.faults(), "0 population:2 part=0.600000: above the greatest value, 0.500000\n");
}

TEST(Cohort, OfACohort) {
  const TextRun run = run_text(kHead + R"(
inputs:
  team: {type: string}
  x: {type: number}
decisions:
  team_total: {type: number, expr: 'total(of: x, within: team)'}
  team_rank: {type: count, expr: 'rank(of: team_total)'}
outputs: [team_rank]
)",
                               "2026-10", {{"population", "employee,team,x\na,u,1\nb,v,5\nc,u,2\n"}});
  EXPECT_EQ(run.values("team_rank"), "2 1 2");
}

TEST(Cohort, AGroupOfNobodyHasNoAverage) {
  const TextRun run = run_text(kHead + R"(
inputs:
  x: {type: number, nullable: true}
  team: {type: string}
decisions:
  average: {type: number, expr: 'average(of: x, within: team)'}
outputs: [average]
)",
                               "2026-10", {{"population", "employee,team,x\na,u,1\nb,v,\n"}});
  EXPECT_EQ(run.values("average"), "1.000000 -");
  EXPECT_EQ(run.faults(), "1 population:3 average=: nobody in the group takes part\n");
}

}  // namespace
}  // namespace kaogong::tests
