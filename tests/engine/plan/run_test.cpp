// The checker's findings, and runs of small schemes by hand.
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/plan/program.h"
#include "engine/scheme/load.h"

namespace kaogong::plan {
namespace {

constexpr const char* kHead =
    "kaogong: 1\nid: small\nversion: 1\nlabels: {zh: 小, en: Small}\nsource: {part: 0, title: test}\nperiods: [month]\n"
    "inputs:\n  pay: {type: money, min: 0, max: 1000000}\n  part: {type: rate, min: 0, max: 1}\n  note: {type: number, "
    "nullable: true}\n"
    "  team: {type: string}\n";

Compiled compiled(const std::string& decisions) {
  auto loaded = scheme::load(kHead + decisions);
  if (!loaded.document) {
    ADD_FAILURE() << (loaded.findings.empty() ? "" : loaded.findings.front().message);
    return {};
  }
  return compile(std::move(*loaded.document));
}

bool has(const Compiled& c, const std::string& code) {
  return std::any_of(c.findings.begin(), c.findings.end(), [&](const auto& f) { return f.code == code; });
}

column::Inputs three_rows(const scheme::Document& document) {
  column::Inputs inputs;
  inputs.period = *scheme::parse_period("2026-10");
  inputs.enrolled = 3;
  for (const char* id : {"A", "B", "C"}) inputs.employees.push_back(id);
  for (const auto& i : document.inputs) {
    auto& c = inputs.inputs.emplace_back();
    c.type = i.type.name;
    c.scale = i.type.scale;
    c.physical = column::physical_for(i.type);
    if (i.type.name == scheme::TypeName::kString) {
      c.dictionary = std::make_shared<column::Dictionary>();
      c.dictionary->insert("one");
    }
    c.allocate(3, false);
    for (size_t r = 0; r < 3; ++r) c.set(r, 0);
    if (i.type.nullable) c.set_null(0);
  }
  for (size_t r = 0; r < 3; ++r) inputs.inputs[0].set(r, static_cast<int64_t>(10'000 * (r + 1)));
  return inputs;
}

TEST(Checker, NamesWhatIsWrong) {
  EXPECT_TRUE(has(compiled("decisions:\n  x: {type: money, expr: pay + nonsense}\noutputs: [x]\n"), "unknown-name"));
  EXPECT_TRUE(has(compiled("decisions:\n  x: {type: money, expr: pay + note}\noutputs: [x]\n"), "possible-null"));
  EXPECT_TRUE(has(compiled("decisions:\n  x: {type: money, expr: pay + team}\noutputs: [x]\n"), "type-clash"));
  EXPECT_TRUE(has(compiled("decisions:\n  x: {type: string, expr: pay}\noutputs: [x]\n"), "type-clash"));
  EXPECT_TRUE(has(compiled("decisions:\n  x: {type: money, expr: pay / part}\noutputs: [x]\n"), "division-by-zero"));
  EXPECT_TRUE(
      has(compiled("decisions:\n  x: {type: money, expr: y}\n  y: {type: money, expr: x}\noutputs: [x]\n"), "cycle"));
  EXPECT_TRUE(has(compiled("decisions:\n  x: {type: money, expr: pay * pay * pay * pay}\noutputs: [x]\n"),
                  "overflow-possible"));
}

TEST(Checker, JudgesWhatDoesNotVectorise) {
  const Compiled c = compiled("decisions:\n  x: {type: money, expr: 'nonsense(pay) + sqrt(pai)'}\noutputs: [x]\n");
  EXPECT_TRUE(has(c, "unknown-name"));
  EXPECT_FALSE(c.program);
  EXPECT_TRUE(has(compiled("decisions:\n  x: {type: money, expr: upper case(team)}\noutputs: [x]\n"), "type-clash"));
}

TEST(Checker, SaysOnceWhatBinderAndChecksBothSee) {
  const Compiled c = compiled(
      "decisions:\n  x: {type: money, expr: y + pay}\n  y: {type: money, expr: z * 2}\n  z: {type: money, expr: x - "
      "1}\n"
      "  u: {type: money, expr: pya + parts + pay}\noutputs: [x, u]\n");
  const auto count = [&](const std::string& code) {
    return std::count_if(c.findings.begin(), c.findings.end(), [&](const auto& f) { return f.code == code; });
  };
  EXPECT_EQ(count("cycle"), 1);
  EXPECT_EQ(count("unknown-name"), 2);
  for (const auto& f : c.findings) {
    if (f.code == "unknown-name") {
      EXPECT_TRUE(f.remedy == "did you mean \"pay\"?" || f.remedy == "did you mean \"part\"?") << f.remedy;
    }
  }
}

TEST(Checker, WarnsOfOverflowOnceACauseAndOnlyWhereItCanBe) {
  const auto warnings = [](const std::string& decisions) {
    const Compiled c = compiled(decisions);
    return std::count_if(c.findings.begin(), c.findings.end(),
                         [](const auto& f) { return f.code == "overflow-possible"; });
  };
  // Sums, totals, shares and means of amounts without bounds stay far inside of 64 bits.
  EXPECT_EQ(warnings("history:\n  old: {type: money}\n"
                     "decisions:\n  x: {type: money, expr: 'sum(earlier(old)) + pay'}\n"
                     "  y: {type: money, expr: 'total(of: x)'}\n  z: {type: rate, expr: 'if y > 0 then x / y else 0'}\n"
                     "  m: {type: money, expr: 'mean(x, y, 3) * part'}\noutputs: [x, y, z, m]\n"),
            0);
  // A product of two does not; what is made of it is not its fault.
  EXPECT_EQ(
      warnings("history:\n  old: {type: money}\n"
               "decisions:\n  x: {type: money, expr: 'coalesce(previous(old), 0) * coalesce(previous(old), 0)'}\n"
               "  y: {type: money, expr: x + pay}\n  z: {type: money, expr: 'total(of: y)'}\noutputs: [x, y, z]\n"),
      1);
  // The same with bounds.
  EXPECT_EQ(warnings("history:\n  old: {type: money, min: 0, max: 1000000}\n"
                     "decisions:\n  x: {type: money, expr: 'coalesce(previous(old), 0) * coalesce(previous(old), 0)'}\n"
                     "outputs: [x]\n"),
            0);
}

TEST(Checker, SaysWhere) {
  const auto c = compiled("decisions:\n  x: {type: money, expr: pay + nonsense}\noutputs: [x]\n");
  const auto found =
      std::find_if(c.findings.begin(), c.findings.end(), [](const auto& f) { return f.code == "unknown-name"; });
  ASSERT_NE(found, c.findings.end());
  EXPECT_EQ(found->at.line, 13u);
  EXPECT_EQ(found->at.column, 32u);
}

TEST(Checker, FollowsTestsForNull) {
  EXPECT_NE(
      compiled("decisions:\n  x: {type: number, expr: if note != null then note * 2 else 0}\noutputs: [x]\n").program,
      nullptr);
  EXPECT_NE(compiled("decisions:\n  x: {type: boolean, expr: note != null and note > 3}\noutputs: [x]\n").program,
            nullptr);
  EXPECT_NE(
      compiled("decisions:\n  x: {type: number, expr: 'coalesce(note, 1) + required(note)'}\noutputs: [x]\n").program,
      nullptr);
  EXPECT_EQ(compiled("decisions:\n  x: {type: boolean, expr: note != null or note > 3}\noutputs: [x]\n").program,
            nullptr);
}

// What history holds is not known when a scheme is checked: not even that there is none.
TEST(Checker, TakesHistoryToHoldAnything) {
  const auto of = [](const std::string& among) {
    return compiled(
        "history:\n  old: {type: money}\ndecisions:\n  x: {type: money, expr: 'max(pay, rank(of: pay, among: " + among +
        "))'}\noutputs: [x]\n");
  };
  EXPECT_NE(of("1 < 2").program, nullptr);
  for (const char* among : {"sum(earlier(old)) <= 12", "sum(year_to_date(old)) <= 12"})
    EXPECT_TRUE(has(of(among), "possible-null")) << among;
}

TEST(Run, RefusesTheRowThatDividesByZeroAndComputesTheOthersWithoutIt) {
  auto c = compiled(
      "decisions:\n  x: {type: money, expr: '100 / (pay - 200)'}\n  place: {type: count, expr: 'rank(of: "
      "x)'}\noutputs: [x, place]\n");
  ASSERT_NE(c.program, nullptr);
  const auto inputs = three_rows(document_of(*c.program));
  const auto result = run(*c.program, inputs, {});
  ASSERT_EQ(result.failure, "");
  EXPECT_EQ(result.refused, (std::vector<uint8_t>{0, 1, 0}));
  ASSERT_EQ(result.faults.size(), 1u);
  EXPECT_EQ(result.faults[0].row, 1u);
  EXPECT_EQ(column::format_value(result.columns[0], 0), "-1.00");
  EXPECT_EQ(column::format_value(result.columns[1], 0), "2");
  EXPECT_EQ(column::format_value(result.columns[1], 2), "1");
}

TEST(Run, FindsRowsOfLargeLookupsAndRefusesKeysBesideThem) {
  std::string lookup =
      "lookups:\n  steps:\n    key: [step]\n    columns: {step: {type: count}, wage: {type: money}}\n    rows:\n";
  for (int step = 0; step < 300; ++step)
    lookup += "      - [" + std::to_string(step) + ", " + std::to_string(step * 10) + "]\n";
  auto c = compiled(lookup +
                    "decisions:\n  step: {type: count, expr: 'floor(pay)'}\n  wage: {type: money, expr: "
                    "steps(step).wage}\noutputs: [wage]\n");
  ASSERT_NE(c.program, nullptr);
  auto inputs = three_rows(document_of(*c.program));
  inputs.inputs[0].set(0, 250'00);
  inputs.inputs[0].set(1, 300'00);
  inputs.inputs[0].set(2, 7'00);
  const auto result = run(*c.program, inputs, {});
  ASSERT_EQ(result.failure, "");
  EXPECT_FALSE(result.by_reference);
  EXPECT_EQ(result.refused, (std::vector<uint8_t>{0, 1, 0}));
  EXPECT_EQ(column::format_value(result.columns[0], 0), "2500.00");
  EXPECT_EQ(column::format_value(result.columns[0], 2), "70.00");
}

TEST(Run, AnEmptyPopulationIsNoError) {
  auto c = compiled("decisions:\n  x: {type: money, expr: 'total(of: pay)'}\noutputs: [x]\n");
  ASSERT_NE(c.program, nullptr);
  auto inputs = three_rows(document_of(*c.program));
  inputs.employees = {};
  for (auto& column : inputs.inputs) column.allocate(0, false);
  const auto result = run(*c.program, inputs, {});
  EXPECT_EQ(result.failure, "");
  EXPECT_TRUE(result.faults.empty());
}

TEST(Run, WeightsGivenForTheRunMustAddUp) {
  auto c = compiled(
      "parameters:\n  w1: {type: rate, default: 0.6}\n  w2: {type: rate, default: 0.4}\nassert:\n  - {add_up: [w1, "
      "w2], to: 1}\n"
      "decisions:\n  x: {type: money, expr: pay * w1 + pay * w2}\noutputs: [x]\n");
  ASSERT_NE(c.program, nullptr);
  auto inputs = three_rows(document_of(*c.program));
  for (int i = 0; i < 2; ++i) {
    auto& p = inputs.parameters.emplace_back();
    p.type = scheme::TypeName::kRate;
    p.scale = 6;
  }
  EXPECT_EQ(run(*c.program, inputs, {}).failure, "");
  inputs.parameters[1].allocate(1, false);
  inputs.parameters[1].set(0, 500'000);
  EXPECT_NE(run(*c.program, inputs, {}).failure.find("w1, w2"), std::string::npos);
}

// A text of a decision that is not vectorised is only known once it is computed: who compares it must not have looked
// at what it can be before.
TEST(Run, TextsOfInterpretedDecisionsAreComparedAsTheReferenceDoes) {
  auto c = compiled(
      "lookups:\n  names:\n    key: [k]\n    columns: {k: {type: string}, value: {type: money}}\n"
      "    rows: [[high, 7], [low, 3]]\n"
      "decisions:\n"
      "  banded: {type: string, bands: {of: 'pay * count(append([1], 2))', at_least: [[500, high]], else: low}}\n"
      "  joined: {type: string, expr: 'if pay > 150 then string(\"high\") else string(\"low\")'}\n"
      "  listed: {type: string, values: [low, high], expr: joined}\n"
      "  of_banded: {type: money, expr: 'if banded = \"high\" then pay + 7 else 1'}\n"
      "  of_joined: {type: money, expr: 'if joined = \"high\" then pay + 7 else 1'}\n"
      "  both: {type: money, expr: 'if joined = banded then 2 else 3'}\n"
      "  found: {type: money, expr: 'names(joined).value'}\n"
      "outputs: [banded, joined, listed, of_banded, of_joined, both, found]\n");
  ASSERT_NE(c.program, nullptr);
  const auto inputs = three_rows(document_of(*c.program));
  const auto by_plan = run(*c.program, inputs, {});
  const auto by_reference = run(*c.program, inputs, {}, {.reference_only = true});
  ASSERT_EQ(by_plan.columns.size(), 7u);
  for (size_t row = 0; row < 3; ++row) {
    for (size_t i = 0; i < by_plan.columns.size(); ++i)
      EXPECT_EQ(column::format_value(by_plan.columns[i], row), column::format_value(by_reference.columns[i], row))
          << by_plan.names[i] << " of row " << row;
  }
  EXPECT_EQ(column::format_value(by_plan.columns[3], 2), "307.00");
  EXPECT_EQ(column::format_value(by_plan.columns[4], 2), "307.00");
  EXPECT_EQ(column::format_value(by_plan.columns[6], 0), "3.00");
}

// By its bounds `level` is never 1, and the checker knows that the rank is never null. Who leaves the bounds is
// refused.
TEST(Run, WhatIsNullOnlyOutsideOfDeclaredBoundsRefusesTheRow) {
  auto c = compiled(
      "decisions:\n  level: {type: money, min: 2, max: 1000, expr: 'pay / 100'}\n"
      "  place: {type: count, expr: 'max(1, rank(of: pay, among: 1 != level))'}\noutputs: [place]\n");
  ASSERT_NE(c.program, nullptr);
  const auto inputs = three_rows(document_of(*c.program));
  for (const bool reference_only : {false, true}) {
    const auto result = run(*c.program, inputs, {}, {.reference_only = reference_only});
    EXPECT_EQ(result.failure, "");
    EXPECT_EQ(result.by_reference, reference_only);
    EXPECT_EQ(result.refused, (std::vector<uint8_t>{1, 0, 0}));
    EXPECT_EQ(column::format_value(result.columns[0], 1), "2");
  }
}

// `chosen` is interpreted, and comes to `risky`, which fails for A, for nobody: A takes part in its cohort until A is
// refused, and has no fault of that cohort.
TEST(Run, AnInterpretedDecisionFailsOnlyInWhatItComesTo) {
  auto c = compiled(
      "decisions:\n"
      "  risky: {type: money, expr: 'if pay < 150 then lowest(of: pay, among: part > 0) else 1'}\n"
      "  chosen: {type: money, expr: 'if pay > 1000 then risky else 5 * count(append([1], 2))'}\n"
      "  most: {type: money, expr: 'highest(of: chosen, among: pay < 150)'}\noutputs: [most]\n");
  ASSERT_NE(c.program, nullptr);
  ASSERT_EQ(interpreted_decisions(*c.program), (std::vector<std::string>{"chosen"}));
  const auto inputs = three_rows(document_of(*c.program));
  for (const bool reference_only : {false, true}) {
    const auto result = run(*c.program, inputs, {}, {.reference_only = reference_only});
    EXPECT_EQ(result.refused, (std::vector<uint8_t>{1, 1, 1}));
    ASSERT_EQ(result.faults.size(), 3u);
    const char* const columns[] = {"risky", "most", "most"};
    for (size_t row = 0; row < 3; ++row) EXPECT_EQ(result.faults[row].column, columns[row]) << reference_only;
  }
}

// What is said of each row of a table is never evaluated for an employee without rows, and cannot fail there: neither
// refuses it the employee, nor keeps it the employee out of a cohort of the value.
TEST(Run, WhoHasNoRowsDoesNotFailInThem) {
  auto c = compiled(
      "tables:\n  rows:\n    columns:\n      points: {type: number, decimals: 1, min: 0, max: 50}\n"
      "    computed:\n      each: {type: money, expr: 'points / part'}\n"
      "decisions:\n"
      "  filtered: {type: money, expr: 'total(of: pay) + sum(rows[points > 100 / part].points)'}\n"
      "  iterated: {type: money, expr: 'total(of: pay) + sum(for r in rows return r.points / part)'}\n"
      "  computed: {type: money, expr: 'total(of: pay) + sum(rows.each)'}\n"
      "  place_filtered: {type: count, expr: 'rank(of: filtered)'}\n"
      "  place_iterated: {type: count, expr: 'rank(of: iterated)'}\n"
      "  place_computed: {type: count, expr: 'rank(of: computed)'}\n"
      "outputs: [place_filtered, place_iterated, place_computed]\n");
  ASSERT_NE(c.program, nullptr);
  auto inputs = three_rows(document_of(*c.program));
  inputs.inputs[1].set(0, 1'000'000);
  inputs.inputs[1].set(1, 500'000);  // of A and B; C's is 0, and so are C's rows in number
  column::ChildTable& rows = inputs.tables.emplace_back();
  rows.offsets = {0, 1, 2, 2};
  column::Column& points = rows.columns.emplace_back();
  points.type = scheme::TypeName::kNumber;
  points.scale = 1;
  points.physical = column::physical_for(document_of(*c.program).tables[0].columns[0].type);
  points.allocate(2, false);
  points.set(0, 300);
  points.set(1, 500);
  const auto result = run(*c.program, inputs, {});
  ASSERT_EQ(result.failure, "");
  EXPECT_FALSE(result.by_reference);
  EXPECT_EQ(result.rows_by_reference, 0u);
  EXPECT_EQ(result.refused, (std::vector<uint8_t>{0, 0, 0}));
  for (size_t place = 0; place < 3; ++place)
    EXPECT_EQ(column::format_value(result.columns[place], 2), place == 0 ? "1" : "3");
}

TEST(Run, SharesAddUpToThePool) {
  auto c = compiled("decisions:\n  s: {type: money, expr: 'share(of: 100, by: pay, within: team)'}\noutputs: [s]\n");
  ASSERT_NE(c.program, nullptr);
  const auto inputs = three_rows(document_of(*c.program));
  const auto result = run(*c.program, inputs, {});
  EXPECT_EQ(column::format_value(result.columns[0], 0), "16.67");
  EXPECT_EQ(column::format_value(result.columns[0], 1), "33.33");
  EXPECT_EQ(column::format_value(result.columns[0], 2), "50.00");
}

}  // namespace
}  // namespace kaogong::plan
