// Rows that leave the plan: they cost a look at them, not a run of the reference evaluator over everybody.
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/plan/program.h"
#include "engine/reference/reference.h"
#include "engine/scheme/load.h"

namespace kaogong::plan {
namespace {

constexpr const char* kHead =
    "kaogong: 1\nid: small\nversion: 1\nlabels: {zh: 小, en: Small}\nsource: {part: 0, title: test}\nperiods: [month]\n"
    "inputs:\n  pay: {type: money, min: 0, max: 1000000}\n  part: {type: count, min: 0, max: 1000}\n"
    "tables:\n  marks:\n    columns:\n      got: {type: count, min: 0, max: 1000000000}\n"
    "      most: {type: count, min: 1, max: 1000000000}\n"
    "    computed:\n      quotient: {expr: got / most}\n";

Compiled compiled(const std::string& decisions) {
  auto loaded = scheme::load(kHead + decisions);
  if (!loaded.document) {
    ADD_FAILURE() << (loaded.findings.empty() ? "" : loaded.findings.front().message);
    return {};
  }
  Compiled result = compile(std::move(*loaded.document));
  for (const auto& finding : result.findings)
    if (finding.severity == scheme::Severity::kError) ADD_FAILURE() << finding.message;
  return result;
}

column::Column blank(const scheme::TypeDecl& type) {
  column::Column column;
  column.type = type.name;
  column.scale = type.scale;
  column.physical = column::physical_for(type);
  return column;
}

// Row r is paid 1 + (r * 7919 mod rows), all different; its part is 1; it has no marks.
column::Inputs population(const scheme::Document& document, size_t rows) {
  column::Inputs inputs;
  inputs.period = *scheme::parse_period("2026-10");
  inputs.enrolled = rows;
  for (size_t r = 0; r < rows; ++r) inputs.employees.push_back("E" + std::to_string(1'000'000 + r));
  for (const auto& i : document.inputs) {
    auto& column = inputs.inputs.emplace_back(blank(i.type));
    column.allocate(rows, false);
    for (size_t r = 0; r < rows; ++r)
      column.set(r, i.name == "pay" ? static_cast<int64_t>(100 * (1 + r * 7919 % rows)) : 1);
  }
  auto& marks = inputs.tables.emplace_back();
  for (const auto& c : document.tables[0].columns) marks.columns.push_back(blank(c.type));
  marks.offsets.assign(rows + 1, 0);
  return inputs;
}

// Gives the last row marks of got / of.
void give_marks(column::Inputs* inputs, const std::vector<std::pair<int64_t, int64_t>>& marks) {
  auto& table = inputs->tables[0];
  for (auto& column : table.columns) column.allocate(marks.size(), false);
  for (size_t m = 0; m < marks.size(); ++m) {
    table.columns[0].set(m, marks[m].first);
    table.columns[1].set(m, marks[m].second);
  }
  table.offsets.back() = marks.size();
}

void expect_as_the_reference(const Program& program, const column::Inputs& inputs, const RunResult& plan) {
  RunOptions options;
  options.reference_only = true;
  const RunResult reference = run(program, inputs, {}, options);
  EXPECT_EQ(plan.failure, reference.failure);
  ASSERT_EQ(plan.refused, reference.refused);
  ASSERT_EQ(plan.faults.size(), reference.faults.size());
  for (size_t f = 0; f < plan.faults.size(); ++f) {
    EXPECT_EQ(plan.faults[f].row, reference.faults[f].row);
    EXPECT_EQ(plan.faults[f].value, reference.faults[f].value);
    EXPECT_EQ(plan.faults[f].error.en, reference.faults[f].error.en);
  }
  for (size_t c = 0; c < plan.columns.size(); ++c)
    for (size_t r = 0; r < inputs.rows(); ++r)
      if (plan.refused[r] == 0) {
        ASSERT_EQ(column::format_value(plan.columns[c], r), column::format_value(reference.columns[c], r))
            << plan.names[c] << " of row " << r;
      }
}

// A row whose part is 0 fails behind the first rank, and the second one counts what is left.
constexpr const char* kPerPlace =
    "decisions:\n  place: {type: count, expr: 'rank(of: pay)'}\n"
    "  per_place: {type: money, expr: 'place / part'}\n  again: {type: count, expr: 'rank(of: per_place)'}\n"
    "outputs: [place, per_place, again]\n";

TEST(Refusal, BehindACohortOnlyThoseRowsAreLookedAt) {
  const auto c = compiled(kPerPlace);
  ASSERT_NE(c.program, nullptr);
  constexpr size_t kRows = 20'000;
  auto inputs = population(document_of(*c.program), kRows);
  for (const size_t bad : {5u, 777u, 12'345u}) inputs.inputs[1].set(bad, 0);
  const RunResult result = run(*c.program, inputs, {});
  EXPECT_FALSE(result.by_reference);
  EXPECT_EQ(result.faults.size(), 3u);
  EXPECT_EQ(result.cohort_rounds, 2u);
  EXPECT_LT(result.rows_by_reference, 20u);
  // Three rows less: the last of those who are left has the place of their number.
  int64_t last = 0;
  for (size_t r = 0; r < kRows; ++r)
    if (result.refused[r] == 0) last = std::max(last, static_cast<int64_t>(result.columns[0].get(r)));
  EXPECT_EQ(last, static_cast<int64_t>(kRows) - 3);
}

TEST(Refusal, BehindACohortIsAsTheReferenceRefuses) {
  const auto c = compiled(kPerPlace);
  ASSERT_NE(c.program, nullptr);
  auto inputs = population(document_of(*c.program), 300);
  for (const size_t bad : {5u, 77u, 299u}) inputs.inputs[1].set(bad, 0);
  expect_as_the_reference(*c.program, inputs, run(*c.program, inputs, {}));
}

TEST(Refusal, OfOneMayRefuseTheNext) {
  // Nobody may have the third place: whoever has it goes, and the next one has it.
  const auto c = compiled(
      "decisions:\n  place: {type: count, expr: 'rank(of: pay)'}\n  x: {type: money, expr: '100 / (place - 3)'}\n"
      "outputs: [place, x]\n");
  ASSERT_NE(c.program, nullptr);
  const auto inputs = population(document_of(*c.program), 12);
  const RunResult result = run(*c.program, inputs, {});
  EXPECT_FALSE(result.by_reference);
  EXPECT_EQ(result.cohort_rounds, 11u);
  EXPECT_EQ(std::count(result.refused.begin(), result.refused.end(), 0), 2);
  expect_as_the_reference(*c.program, inputs, result);
}

TEST(Refusal, ThatNeverEndsFailsTheRun) {
  const auto c = compiled(
      "checks:\n  - require: place < headcount()\n    message: {zh: 末位, en: the last}\n"
      "decisions:\n  place: {type: count, expr: 'rank(of: pay)'}\noutputs: [place]\n");
  ASSERT_NE(c.program, nullptr);
  const auto few = population(document_of(*c.program), 30);
  expect_as_the_reference(*c.program, few, run(*c.program, few, {}));
  const auto inputs = population(document_of(*c.program), reference::kCohortRoundsMax + 1);
  const RunResult result = run(*c.program, inputs, {});
  EXPECT_EQ(result.failure, reference::too_many_rounds());
}

TEST(Refusal, OfWhoNeedsNoCohortComesBeforeCohorts) {
  // Row 2 takes the branch without a cohort, and fails there: it never was in the company of the others.
  const auto c = compiled(
      "decisions:\n  x: {type: money, max: 500, expr: 'if part = 2 then pay * 1000 else total(of: pay)'}\n"
      "outputs: [x]\n");
  ASSERT_NE(c.program, nullptr);
  auto inputs = population(document_of(*c.program), 30);
  inputs.inputs[1].set(2, 2);
  const RunResult result = run(*c.program, inputs, {});
  EXPECT_EQ(std::count(result.refused.begin(), result.refused.end(), 1), 1);
  expect_as_the_reference(*c.program, inputs, result);
}

TEST(Refusal, ADivisorThatIsZeroForEverybodyRefusesEverybody) {
  const auto c = compiled("decisions:\n  x: {type: money, expr: 'pay / part'}\noutputs: [x]\n");
  ASSERT_NE(c.program, nullptr);
  auto inputs = population(document_of(*c.program), 5);
  auto& part = inputs.inputs[1];
  for (size_t r = 0; r < 5; ++r) part.set(r, 0);
  part.low = part.high = 0;
  const RunResult result = run(*c.program, inputs, {});
  EXPECT_EQ(result.failure, "");
  EXPECT_EQ(result.faults.size(), 5u);
}

TEST(Fractions, ThatLeaveTheWidthAreSummedForThatRowAlone) {
  const auto c = compiled(
      "decisions:\n  sum_of: {type: score, expr: 'sum(marks.quotient)'}\n"
      "  place: {type: count, expr: 'rank(of: sum_of)'}\noutputs: [sum_of, place]\n");
  ASSERT_NE(c.program, nullptr);
  EXPECT_TRUE(interpreted_decisions(*c.program).empty());
  auto inputs = population(document_of(*c.program), 50);
  // Primes: their product is the common denominator, far beyond 128 bits.
  give_marks(&inputs, {{1, 999'999'937}, {500, 999'999'929}, {1, 999'999'893}, {7, 999'999'883}, {999'999'797, 1}});
  const RunResult result = run(*c.program, inputs, {});
  EXPECT_FALSE(result.by_reference);
  EXPECT_EQ(column::format_value(result.columns[0], 49), "999999797.00");
  EXPECT_EQ(column::format_value(result.columns[1], 49), "1");
  EXPECT_EQ(column::format_value(result.columns[1], 0), "2");
  EXPECT_GT(result.rows_by_reference, 0u);
  EXPECT_LT(result.rows_by_reference, 5u);
  expect_as_the_reference(*c.program, inputs, result);
}

TEST(Fractions, OfManyDenominatorsThatShareFactorsStayInThePlan) {
  const auto c = compiled("decisions:\n  sum_of: {type: score, expr: 'sum(marks.quotient)'}\noutputs: [sum_of]\n");
  ASSERT_NE(c.program, nullptr);
  auto inputs = population(document_of(*c.program), 3);
  // 1/1 + 2/2 + … would need 40! as a plain product; the halves beside them round up.
  std::vector<std::pair<int64_t, int64_t>> marks;
  for (int64_t n = 1; n <= 40; ++n) marks.emplace_back(n * 999'983, n * 999'983);
  marks.emplace_back(1, 200);
  give_marks(&inputs, marks);
  const RunResult result = run(*c.program, inputs, {});
  EXPECT_EQ(result.rows_by_reference, 0u);
  EXPECT_EQ(column::format_value(result.columns[0], 2), "40.01");
  EXPECT_EQ(column::format_value(result.columns[0], 0), "0.00");
}

}  // namespace
}  // namespace kaogong::plan
