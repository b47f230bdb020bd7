// Functions and dated tables of packs, row by row.
#include <gtest/gtest.h>

#include "tests/engine/reference/run_text.h"

namespace kaogong::tests {
namespace {

constexpr const char* kPack = R"(
kaogong_pack: 1
id: test.pay
version: 4
jurisdiction: XX
tables:
  brackets:
    bands: {up_to: limit}
    columns: {limit: {type: money?}, rate: {type: rate}, quick: {type: money}}
    editions:
      - {effective_from: 2025-01-01, source: Act 1, rows: [[100, 0.1, 0], [null, 0.2, 10]]}
      - {effective_from: 2026-07-01, source: Act 2, rows: [[200, 0.1, 0], [1000, 0.2, 20], [null, 0.3, 120]]}
  cities:
    key: city
    columns: {city: {type: string}, floor: {type: money}, rate: {type: rate}}
    editions:
      - {effective_from: 2025-01-01, effective_to: 2025-12-31, rows: [[a, 10, 0.01], [b, 20, 0.02]]}
      - {effective_from: 2026-01-01, rows: [[a, 11, 0.03]]}
  scales:
    key: scale
    bands: {at_least: from}
    columns: {scale: {type: count}, from: {type: count?}, share: {type: factor}}
    editions:
      - {effective_from: 2025-01-01, rows: [[1, null, 0.5], [1, 10, 0.6], [2, 0, 0.7], [2, 5, 0.8]]}
  figures:
    columns: {basic: {type: money}}
    editions: [{effective_from: 2025-01-01, rows: [[50]]}]
functions:
  tax:
    parameters: {income: {type: money}, free: {type: money, default: 0}}
    steps:
      taxable: {type: money, expr: 'max(0, income - figures.basic - free)'}
      exact_tax: {expr: taxable * brackets(taxable).rate - brackets(taxable).quick}
    result: {type: money, expr: exact_tax}
  twice: {parameters: {x: {type: money}}, result: {type: money, expr: 'tax(x) + test.pay.tax(income: x, free: 1)'}}
  city: {parameters: {name: {type: string}, x: {type: money}}, result: {type: money, expr: 'max(x, cities(name).floor) * cities(name).rate'}}
  share: {parameters: {scale: {type: count}, x: {type: count}}, result: {type: factor, expr: 'scales(scale, x).share'}}
  tenths: {parameters: {x: {type: exact}}, result: {type: money, round: {mode: up, to: jiao}, expr: x}}
  down: {parameters: {x: {type: exact}}, result: {type: money, round: down, expr: x}}
  yuan: {parameters: {x: {type: exact}}, result: {type: money, round: {to: yuan}, expr: x}}
  limits: {result: {type: count, expr: 'count(brackets.limit)'}}
  month: {result: {type: count, expr: period_end.month}}
  inverse:
    parameters: {x: {type: money}}
    steps: {one: {type: rate, expr: 1 / x}}
    checks: [{require: one < 1, column: one, message: {zh: 太大, en: too large}}]
    result: {type: rate, expr: one}
)";

std::string scheme(const std::string& expr, const std::string& type = "money") {
  return "kaogong: 1\nid: t\nperiods: [month]\nuses: [test.pay]\ninputs:\n  x: {type: number}\n  s: {type: string?}\n"
         "decisions:\n  out: {type: " +
         type + ", expr: '" + expr + "'}\noutputs: [out]\n";
}

TextRun run(const std::string& expr, const std::string& rows, const std::string& period = "2026-08",
            const std::string& type = "money") {
  return run_text(scheme(expr, type), period, {{"population", "employee,x,s\n" + rows}}, {}, library_of({kPack}));
}

std::string values(const std::string& expr, const std::string& rows, const std::string& period = "2026-08",
                   const std::string& type = "money") {
  const TextRun done = run(expr, rows, period, type);
  return done.values("out") + done.faults();
}

TEST(Packs, RowsInForceOnThePeriodsLastDayCount) {
  EXPECT_EQ(values("test.pay.tax(x)", "e1,150,\ne2,300,\ne3,2000,\n", "2026-06"), "10.00 40.00 380.00");
  EXPECT_EQ(values("test.pay.tax(x)", "e1,150,\ne2,300,\ne3,2000,\n", "2026-07"), "10.00 30.00 465.00");
}

TEST(Packs, ArgumentsAreNamedPositionalOrLeftToTheirDefaults) {
  EXPECT_EQ(values("test.pay.tax(x, 100)", "e1,300,\n"), "15.00");
  EXPECT_EQ(values("test.pay.tax(free: 100, income: x)", "e1,300,\n"), "15.00");
  EXPECT_EQ(values("test.pay.tax(x, free: 100)", "e1,300,\n"), "15.00");
  EXPECT_EQ(values("test.pay.twice(x)", "e1,100,\n"), "9.90");
}

TEST(Packs, AnArgumentIsRoundedToItsParametersType) {
  EXPECT_EQ(values("test.pay.tax(x / 3)", "e1,400.004,\n"), "8.33");  // 133.33466… is 133.33
}

TEST(Packs, KeysFindRowsAndBandsWithinThem) {
  EXPECT_EQ(values("test.pay.city(s, x)", "e1,5,a\ne2,100,a\n"), "0.33 3.00");
  EXPECT_EQ(values("test.pay.share(x, 7)", "e1,1,\ne2,2,\n", "2026-08", "factor"), "0.5000 0.8000");
  EXPECT_EQ(values("test.pay.share(1, x)", "e1,-3,\ne2,10,\n", "2026-08", "factor"), "0.5000 0.6000");
}

TEST(Packs, WhatIsNotInForceRefusesTheRow) {
  EXPECT_EQ(values("test.pay.city(s, x)", "e1,5,b\n", "2025-12"), "0.40");
  EXPECT_EQ(values("test.pay.city(s, x)", "e1,5,b\n", "2026-01"),
            "-0 population:2 out=b: test.pay.city: there is no 'b' in cities of test.pay in force on 2026-01-31\n");
  EXPECT_EQ(values("test.pay.share(2, x)", "e1,-1,\n", "2026-08", "factor"),
            "-0 population:2 out=-1: test.pay.share: in no band of scales of test.pay\n");
}

TEST(Packs, ATableWithoutAnyRowInForceFailsTheRun) {
  EXPECT_EQ(run("test.pay.tax(x)", "e1,1,\n", "2024-12").result.failure,
            "the pack test.pay (version 4) has no rows of 'figures' in force on 2024-12-31: they begin on 2025-01-01; "
            "use a newer version of the pack, or one that has them");
  EXPECT_EQ(values("test.pay.yuan(x)", "e1,1.5,\n", "2024-12"), "2.00") << "this function reads no table";
}

TEST(Packs, RoundingUpAndDownIsAwayFromZeroAndTowardsIt) {
  EXPECT_EQ(values("test.pay.tenths(x)", "e1,12.301,\ne2,12.3,\ne3,-12.301,\ne4,0,\n"), "12.40 12.30 -12.40 0.00");
  EXPECT_EQ(values("test.pay.tenths(round_to(x, 2))", "e1,12.301,\n"), "12.30") << "to the fen first";
  EXPECT_EQ(values("test.pay.down(x)", "e1,1.999,\ne2,-1.999,\n"), "1.99 -1.99");
  EXPECT_EQ(values("test.pay.yuan(x)", "e1,1.5,\ne2,-1.5,\ne3,1.499,\n"), "2.00 -2.00 1.00");
}

TEST(Packs, TablesAreListsAndDatesHaveParts) {
  EXPECT_EQ(values("test.pay.limits()", "e1,0,\n", "2026-08", "count"), "3");
  EXPECT_EQ(values("test.pay.month()", "e1,0,\n", "2026-08", "count"), "8");
}

TEST(Packs, AFaultInsideSaysWhere) {
  EXPECT_EQ(values("test.pay.inverse(x)", "e1,0,\n", "2026-08", "rate"),
            "-0 population:2 out=: test.pay.inverse, one: division by zero\n");
  EXPECT_EQ(values("test.pay.inverse(x)", "e1,0.5,\n", "2026-08", "rate"),
            "-0 population:2 out=2: test.pay.inverse: too large\n");
  EXPECT_EQ(values("test.pay.city(s, x)", "e1,0,\n"),
            "-0 population:2 out=: test.pay.city, name: null where a value is needed\n");
}

}  // namespace
}  // namespace kaogong::tests
