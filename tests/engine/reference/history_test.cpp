#include <gtest/gtest.h>

#include "tests/engine/reference/run_text.h"

namespace kaogong::tests {
namespace {

const std::string kHead = "kaogong: 1\nid: t\nversion: 1\nlabels: {zh: 试, en: T}\nperiods: [month, half_year]\n";

TEST(History, LooksBack) {
  const TextRun run =
      run_text(kHead + R"(
inputs:
  score: {type: score}
history:
  score: {type: score}
decisions:
  earlier_one: {type: score?, expr: previous(score)}
  three: {type: count, expr: 'count(last(score, 3)[item != null])'}
  third: {type: score?, expr: 'last(score, 3)[3]'}
  recorded: {type: count, expr: count(earlier(score))}
  oldest: {type: score?, expr: 'if recorded > 0 then earlier(score)[1] else null'}
  this_year: {type: score, expr: sum(year_to_date(score))}
outputs: [earlier_one]
)",
               "2026-03",
               {{"population", "employee,score\na,1\nb,2\n"},
                {"history", "employee,period,score\na,2026-02,10\na,2025-12,30\na,2026-01,20\nb,2025-12,5\n"}});
  EXPECT_EQ(run.faults(), "");
  EXPECT_EQ(run.values("earlier_one"), "10.00 null");
  EXPECT_EQ(run.values("three"), "3 1");
  EXPECT_EQ(run.values("third"), "30.00 5.00");
  EXPECT_EQ(run.values("recorded"), "3 1");
  EXPECT_EQ(run.values("oldest"), "30.00 5.00");
  EXPECT_EQ(run.values("this_year"), "30.00 0.00");
}

TEST(History, AStreakCountsThisPeriodAndEndsWhereOneIsMissing) {
  const TextRun run =
      run_text(kHead + R"(
inputs:
  x: {type: score}
history:
  score: {type: score}
decisions:
  score: {type: score, expr: x}
  low: {type: count, expr: streak(score < 60)}
  not_high: {type: count, expr: streak(not(score >= 60))}
outputs: [low]
)",
               "2026-05",
               {{"population", "employee,x\na,50\nb,50\nc,70\nd,50\n"},
                {"history",
                 "employee,period,score\na,2026-04,59\na,2026-03,60\na,2026-02,1\nb,2026-03,1\nc,2026-04,1\n"
                 "d,2026-04,2\nd,2026-03,\nd,2026-02,1\n"}});
  EXPECT_EQ(run.faults(), "");
  EXPECT_EQ(run.values("low"), "2 1 0 2");
  EXPECT_EQ(run.values("not_high"), "2 1 0 2");
}

TEST(History, OfFinerPeriods) {
  const TextRun run =
      run_text(kHead + R"(
history:
  attainment: {type: rate, every: month}
decisions:
  reached: {type: count, expr: 'count(within(attainment)[item >= 0.90])'}
  recorded: {type: count, expr: 'count(within(attainment)[item != null])'}
  run: {type: count, expr: longest_run(attainment >= 0.90)}
  earlier_one: {type: count, expr: count(earlier(attainment))}
outputs: [run]
)",
               "2026-H2",
               {{"population", "employee\na\nb\n"},
                {"history",
                 "employee,period,attainment\na,2026-06,1\na,2026-07,0.9\na,2026-08,1\na,2026-09,0.5\na,2026-10,1\n"
                 "a,2026-12,1\n"}});
  EXPECT_EQ(run.faults(), "");
  EXPECT_EQ(run.values("reached"), "4 0");
  EXPECT_EQ(run.values("recorded"), "5 0");
  EXPECT_EQ(run.values("run"), "2 0");
  EXPECT_EQ(run.values("earlier_one"), "1 0");
}

}  // namespace
}  // namespace kaogong::tests
