#include <gtest/gtest.h>

#include "tests/engine/reference/run_text.h"

namespace kaogong::tests {
namespace {

const std::string kHead = "kaogong: 1\nid: t\nversion: 1\nlabels: {zh: 试, en: T}\nperiods: [month, quarter, year]\n";

TEST(Decisions, RoundWhenTheyAreDefinedAndNotBefore) {
  const TextRun run = run_text(kHead + R"(
inputs:
  x: {type: money}
decisions:
  third: {type: money, expr: x / 3}
  whole: {type: money, expr: third * 3}
  exactly: {type: money, expr: x / 3 * 3}
  half: {type: count, expr: x / 2}
outputs: [third, whole, exactly, half]
)",
                               "2026-10", {{"population", "employee,x\na,10\nb,-5\nc,0.01\n"}});
  EXPECT_EQ(run.faults(), "");
  EXPECT_EQ(run.values("third"), "3.33 -1.67 0.00");
  EXPECT_EQ(run.values("whole"), "9.99 -5.01 0.00");
  EXPECT_EQ(run.values("exactly"), "10.00 -5.00 0.01");
  EXPECT_EQ(run.values("half"), "5 -3 0");  // ties away from zero
}

TEST(Decisions, MayStandInAnyOrder) {
  const TextRun run = run_text(kHead + R"(
inputs:
  x: {type: number}
decisions:
  c: {type: number, expr: b + 1}
  b: {type: number, expr: a + 1}
  a: {type: number, expr: x + 1}
outputs: [c]
)",
                               "2026-10", {{"population", "employee,x\na,1\n"}});
  EXPECT_EQ(run.values("c"), "4.000000");
}

TEST(Bands, ReadTheirBoundsAsTheyAreDeclared) {
  const TextRun run = run_text(kHead + R"(
inputs:
  x: {type: score, nullable: true}
decisions:
  at_least: {type: string?, bands: {of: x, at_least: [[90, A], [80, B]], else: C}}
  above: {type: string?, bands: {of: x, above: [[90, A], [80, B]], else: C}}
  up_to: {type: string?, bands: {of: x, up_to: [[80, C], [90, B]], else: A}}
  below: {type: string?, bands: {of: x, below: [[80, C], [90, B]], else: A}}
outputs: [at_least, above, up_to, below]
)",
                               "2026-10", {{"population", "employee,x\na,90\nb,90.01\nc,80\nd,79.99\ne,\n"}});
  EXPECT_EQ(run.faults(), "");
  EXPECT_EQ(run.values("at_least"), "A A B C null");
  EXPECT_EQ(run.values("above"), "B A C C null");
  EXPECT_EQ(run.values("up_to"), "B A C C null");
  EXPECT_EQ(run.values("below"), "A A B C null");
}

TEST(Tables, FollowTheirHitPolicies) {
  const std::string rules = "inputs: [x], rules: [['>= 1', 1], ['>= 2', 2], ['>= 3', 5]]}}\n";
  const TextRun run = run_text(kHead +
                                   R"(
inputs:
  x: {type: number}
decisions:
)"
                                   "  first: {type: number, nullable: true, table: {hit: F, " +
                                   rules + "  summed: {type: number, table: {hit: C+, " + rules +
                                   "  least: {type: number, nullable: true, table: {hit: C<, " + rules +
                                   "  most: {type: number, nullable: true, table: {hit: C>, " + rules +
                                   "  number_of: {type: count, table: {hit: C#, " + rules + R"(
  best:
    type: string?
    values: [gold, silver]
    table: {hit: P, inputs: [x], rules: [['>= 1', '"silver"'], ['>= 2', '"gold"']]}
outputs: [first]
)",
                               "2026-10", {{"population", "employee,x\na,0\nb,1\nc,2\nd,3\n"}});
  EXPECT_EQ(run.faults(), "");
  EXPECT_EQ(run.values("first"), "null 1.000000 1.000000 1.000000");
  EXPECT_EQ(run.values("summed"), "0.000000 1.000000 3.000000 8.000000");
  EXPECT_EQ(run.values("least"), "null 1.000000 1.000000 1.000000");
  EXPECT_EQ(run.values("most"), "null 1.000000 2.000000 5.000000");
  EXPECT_EQ(run.values("number_of"), "0 1 2 3");
  EXPECT_EQ(run.values("best"), "null silver gold gold");
}

TEST(Tables, UniqueOnesRefuseWhatMatchesTwiceOrNever) {
  const TextRun run = run_text(kHead + R"(
inputs:
  x: {type: number, nullable: true}
decisions:
  y: {type: number, table: {hit: U, inputs: [x], rules: [['[1..2]', 1], ['[2..3]', 2], ['null', 9]]}}
outputs: [y]
)",
                               "2026-10", {{"population", "employee,x\na,1\nb,2\nc,4\nd,\n"}});
  EXPECT_EQ(run.values("y"), "1.000000 - - 9.000000");
  EXPECT_EQ(
      run.faults(),
      "1 population:3 y=: more than one rule of the table matches\n2 population:4 y=: no rule of the table matches\n");
}

TEST(ChildRows, FiltersSumsAndGroups) {
  const TextRun run = run_text(kHead + R"(
inputs:
  weight: {type: factor}
tables:
  ratings:
    columns:
      rater: {type: string}
      item: {type: string}
      points: {type: number, decimals: 1, nullable: true}
    computed:
      weighted: {type: number, expr: 'coalesce(points, 0) * weight'}
groups:
  by_rater:
    of: ratings
    by: [rater]
    computed:
      total: {type: exact, expr: 'sum(ratings[points != null].points) / 3'}
decisions:
  rows: {type: count, expr: count(ratings)}
  some_rows: {type: count, expr: 'count(ratings[points > 2])'}
  raters: {type: count, expr: count(by_rater)}
  distinct: {type: count, expr: count(distinct values(ratings.item))}
  summed: {type: number, expr: sum(ratings.weighted)}
  weighed: {type: number, expr: 'sum(for r in ratings return r.weighted * weight)'}
  mean_total: {type: number, expr: 'if raters > 0 then mean(by_rater.total) else 0'}
outputs: [rows]
)",
                               "2026-10",
                               {{"population", "employee,weight\na,2\nb,1\n"},
                                {"ratings", "employee,rater,item,points\na,u,x,1\na,v,x,2.5\na,u,y,3\na,v,z,\n"}});
  EXPECT_EQ(run.faults(), "");
  EXPECT_EQ(run.values("rows"), "4 0");
  EXPECT_EQ(run.values("some_rows"), "2 0");
  EXPECT_EQ(run.values("raters"), "2 0");
  EXPECT_EQ(run.values("distinct"), "3 0");
  EXPECT_EQ(run.values("summed"), "13.000000 0.000000");
  EXPECT_EQ(run.values("weighed"), "26.000000 0.000000");
  EXPECT_EQ(run.values("mean_total"), "1.083333 0.000000");  // (4/3 + 2.5/3) / 2
}

TEST(ChildRows, AComputedColumnMaySeeADecisionAboutOtherColumns) {
  const TextRun run =
      run_text(kHead + R"(
inputs:
  points: {type: number}
tables:
  parts:
    columns:
      points: {type: number}
    computed:
      share: {type: rate, expr: points / whole}
      outer: {type: number, expr: this.points}
decisions:
  whole: {type: number, expr: sum(parts.points)}
  shares: {type: rate, expr: sum(parts.share)}
  outers: {type: number, expr: sum(parts.outer)}
outputs: [shares, outers]
)",
               "2026-10", {{"population", "employee,points\na,7\n"}, {"parts", "employee,points\na,1\na,3\n"}});
  EXPECT_EQ(run.faults(), "");
  EXPECT_EQ(run.values("shares"), "1.000000");
  EXPECT_EQ(run.values("outers"), "14.000000");
}

TEST(Lookups, RowsFiltersAndComputedColumns) {
  const TextRun run = run_text(
      kHead + R"(
inputs:
  department: {type: string}
lookups:
  departments:
    key: [department]
    columns:
      department: {type: string}
      net: {type: money}
    computed:
      place: {type: count, expr: 'rank(of: net)'}
      double: {type: exact, expr: net * 2 / 3}
  levels:
    key: [level]
    columns:
      level: {type: count}
      pay: {type: money}
    rows: [[1, 100], [2, 200.5]]
decisions:
  net: {type: money, expr: departments(department).net}
  place: {type: count, expr: departments(department).place}
  double: {type: money, expr: departments(department).double}
  pay: {type: money, expr: levels(place).pay}
  richer: {type: count, expr: 'count(departments[net >= 20])'}
  same: {type: money, expr: 'sum(departments[department = this.department].net)'}
outputs: [net]
)",
      "2026-10",
      {{"population", "employee,department\na,x\nb,y\nc,none\n"}, {"departments", "department,net\nx,10\ny,20\n"}});
  EXPECT_EQ(run.values("net"), "10.00 20.00 -");
  EXPECT_EQ(run.values("place"), "2 1 -");
  EXPECT_EQ(run.values("double"), "6.67 13.33 -");
  EXPECT_EQ(run.values("pay"), "200.50 100.00 -");
  EXPECT_EQ(run.values("richer"), "1 1 -");
  EXPECT_EQ(run.values("same"), "10.00 20.00 -");
  EXPECT_EQ(run.faults(), "2 population:4 department=none: there is no 'none' in departments\n");
}

TEST(Functions, OfDatesAndNumbers) {
  const TextRun run = run_text(kHead + R"(
inputs:
  day: {type: date}
  x: {type: number}
decisions:
  months: {type: date, expr: 'add_months(day, 6)'}
  days: {type: date, expr: 'add_days(day, -1)'}
  end: {type: date, expr: month_end(day)}
  next_end: {type: date, expr: month_end_after(day)}
  days_left: {type: count, expr: 'days_between(day, period_end)'}
  up: {type: count, expr: ceiling(x / 15)}
  down: {type: count, expr: floor(x / 15)}
  near: {type: number, expr: 'round_to(x / 3, 1)'}
  rest: {type: count, expr: 'modulo(x, 3)'}
  within_bounds: {type: number, expr: 'clamp(x, 0, 10)'}
  whose: {type: string, expr: employee}
  when_it_is: {type: string, expr: period}
  which_year: {type: count, expr: year}
outputs: [months]
)",
                               "2026-02", {{"population", "employee,day,x\na,2025-08-31,16\nb,2026-01-15,-16\n"}});
  EXPECT_EQ(run.faults(), "");
  EXPECT_EQ(run.values("months"), "2026-02-28 2026-07-15");
  EXPECT_EQ(run.values("days"), "2025-08-30 2026-01-14");
  EXPECT_EQ(run.values("end"), "2025-08-31 2026-01-31");
  EXPECT_EQ(run.values("next_end"), "2025-09-30 2026-01-31");
  EXPECT_EQ(run.values("days_left"), "181 44");
  EXPECT_EQ(run.values("up"), "2 -1");
  EXPECT_EQ(run.values("down"), "1 -2");
  EXPECT_EQ(run.values("near"), "5.300000 -5.300000");
  EXPECT_EQ(run.values("rest"), "1 2");
  EXPECT_EQ(run.values("within_bounds"), "10.000000 0.000000");
  EXPECT_EQ(run.values("whose"), "a b");
  EXPECT_EQ(run.values("when_it_is"), "2026-02 2026-02");
  EXPECT_EQ(run.values("which_year"), "2026 2026");
}

TEST(Parameters, DefaultsAndWhatIsMissing) {
  const std::string scheme = kHead + R"(
parameters:
  given: {type: number}
  usual: {type: number, default: 5}
  counted: {type: count, default: {expr: enrolled()}}
decisions:
  y: {type: number, expr: given + usual + counted}
outputs: [y]
)";
  const std::string population = "employee\na\nb\n";
  EXPECT_EQ(
      run_text(scheme, "2026-10", {{"population", population}, {"parameters", "name,value\ngiven,1\n"}}).values("y"),
      "8.000000 8.000000");
  EXPECT_EQ(run_text(scheme, "2026-10", {{"population", population}}).faults(),
            "parameter 'given' is not given and has no default: add it to parameters.csv");
}

}  // namespace
}  // namespace kaogong::tests
