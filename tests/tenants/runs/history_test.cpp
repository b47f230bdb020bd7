#include <gtest/gtest.h>

#include "engine/plan/program.h"
#include "engine/scheme/load.h"
#include "tenants/runs/gather_history.h"
#include "tenants/runs/history_depth.h"
#include "tenants/runs/history_sources.h"
#include "tests/tenants/runs/columns.h"

namespace kaogong::runs {
namespace {

constexpr scheme::PeriodKind kMonth = scheme::PeriodKind::kMonth;

scheme::Document document_of(const std::string& decisions, const std::string& periods = "[month]") {
  auto loaded = scheme::load("kaogong: 1\nid: test\nversion: 1\nlabels: {zh: 测试, en: Test}\nperiods: " + periods +
                             "\ninputs:\n  wage: {type: money}\nhistory:\n  carried: {type: money, nullable: true}\n"
                             "  grade: {type: string, values: [A, B], nullable: true}\n"
                             "  attainment: {type: rate, every: month, nullable: true}\ndecisions:\n" +
                             decisions + "outputs: [carried]\n");
  for (const auto& finding : loaded.findings) EXPECT_NE(finding.severity, scheme::Severity::kError) << finding.message;
  return std::move(loaded.document.value());
}

scheme::Period period(const char* text) { return scheme::parse_period(text).value(); }

TEST(HistoryReach, IsAsFarAsTheSchemeLooks) {
  const auto document = document_of(
      "  carried: {type: money, expr: 'coalesce(previous(carried), 0) + wage'}\n"
      "  best: {type: count, expr: 'count(last(grade, 12))'}\n");
  const auto reaches = history_reach(document, period("2026-10"));
  ASSERT_EQ(reaches.size(), 3u);
  EXPECT_EQ(reaches[0].newest, period("2026-09").index);
  EXPECT_EQ(reaches[0].count, 1);
  EXPECT_EQ(reaches[1].count, 12);
  EXPECT_EQ(reaches[2].count, 0);
  EXPECT_FALSE(reaches[1].while_unbroken);
}

TEST(HistoryReach, AStreakLooksAsFarAsItLasts) {
  const auto document = document_of(
      "  carried: {type: count, expr: 'streak(grade = \"A\")'}\n"
      "  grade: {type: string, values: [A, B], nullable: true, expr: '\"A\"'}\n");
  auto reaches = history_reach(document, period("2026-10"));
  EXPECT_TRUE(reaches[0].while_unbroken);
  EXPECT_EQ(reaches[1].count, kHistoryPeriodsMax);
  // One column or the other is there for three months.
  cut_at_gap(&reaches, [](size_t column, int32_t back) { return back < 3 && column == static_cast<size_t>(back % 2); });
  EXPECT_EQ(reaches[0].count, 3);
  EXPECT_EQ(reaches[1].count, 3);
}

TEST(HistoryReach, OfFinerPeriodsThoseInside) {
  const auto document =
      document_of("  carried: {type: rate, expr: 'coalesce(sum(within(attainment)), 0)'}\n", "[quarter]");
  const auto reaches = history_reach(document, period("2026-Q3"));
  EXPECT_EQ(reaches[2].kind, kMonth);
  EXPECT_EQ(reaches[2].newest, period("2026-09").index);
  EXPECT_EQ(reaches[2].count, 3);
}

Publication published(const char* id, const char* when, int64_t run, std::vector<std::string> outputs) {
  return {id, period(when), RunId{run}, std::move(outputs)};
}

TEST(HistorySources, OwnSchemeThenTheOnlyOther) {
  const auto document = document_of(
      "  carried: {type: money, expr: 'coalesce(previous(carried), 0) + wage'}\n"
      "  best: {type: count, expr: 'count(last(grade, 2))'}\n");
  std::vector<HistoryFault> faults;
  const std::vector<Publication> publications = {
      published("test", "2026-09", 7, {"carried"}), published("other", "2026-09", 8, {"carried", "grade"}),
      published("other", "2026-08", 5, {"carried", "grade"}), published("test", "2026-07", 2, {"carried"})};
  const HistoryPlan plan = plan_history(document, period("2026-10"), publications, {}, &faults);
  EXPECT_TRUE(faults.empty());
  EXPECT_EQ(to_text(plan, document), "sheet\ncarried\t2026-09\t7\ngrade\t2026-09\t8\ngrade\t2026-08\t5\n");
  const auto again = parse_history_plan(to_text(plan, document), document);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->sources, plan.sources);
  EXPECT_FALSE(parse_history_plan("sheet\nnothing\t2026-09\t7\n", document));
  EXPECT_FALSE(parse_history_plan("carried\t2026-09\t7", document));
  EXPECT_FALSE(parse_history_plan("carried\t2026-09\t7x\n", document));
}

TEST(HistorySources, AmbiguityIsAFaultUnlessNamed) {
  const auto document = document_of("  carried: {type: count, expr: 'count(last(grade, 2))'}\n");
  std::vector<HistoryFault> faults;
  const std::vector<Publication> publications = {published("one", "2026-09", 7, {"grade"}),
                                                 published("two", "2026-09", 8, {"grade"})};
  EXPECT_TRUE(plan_history(document, period("2026-10"), publications, {}, &faults).sources.empty());
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].column, "grade");
  faults.clear();
  const auto named = plan_history(document, period("2026-10"), publications, {{"grade", "two"}}, &faults);
  EXPECT_TRUE(faults.empty());
  ASSERT_EQ(named.sources.size(), 1u);
  EXPECT_EQ(named.sources[0].run, RunId{8});
  EXPECT_TRUE(plan_history(document, period("2026-10"), publications, {{"pay", "two"}}, &faults).sources.size() <= 2);
  EXPECT_EQ(faults[0].column, "pay");
}

std::string shown(const column::HistoryColumnData& data) {
  std::string all;
  for (const auto& column : data.by_period) {
    for (size_t row = 0; row < column.rows; ++row) all += column::format_value(column, row) + ",";
    all += "|";
  }
  return all;
}

TEST(GatherHistory, PublishedGoesBeforeEntered) {
  const auto document = document_of("  carried: {type: money, expr: 'wage'}\n");
  column::StringRows employees;
  for (const char* id : {"A", "B", "C", "D"}) employees.push_back(id);
  const ResultSet newest = results_of({"B", "C", "X"}, {{"carried", money(), {"2.50", "", "9"}}});
  const ResultSet oldest = results_of({"A", "D"}, {{"carried", decimal_type(scheme::TypeName::kCount, 0), {"4", "5"}}});
  const auto newest_rows = rows_in(newest.view(), employees), oldest_rows = rows_in(oldest.view(), employees);
  column::HistoryColumnData sheet{kMonth, 100, {}};
  sheet.by_period.push_back(column_of(money(), {"1", "1", "1", ""}));
  sheet.by_period.push_back(column_of(money(), {"", "", "7", "8"}));
  std::vector<column::Fault> faults;
  const auto data = gather_history(
      document.history[0], {kMonth, 100, 4}, 4,
      {{{kMonth, 100}, &newest.columns[0], &newest_rows}, {{kMonth, 97}, &oldest.columns[0], &oldest_rows}}, &sheet,
      &faults);
  EXPECT_TRUE(faults.empty());
  EXPECT_EQ(shown(data), "1.00,2.50,,,|,,7.00,8.00,||4.00,,,5.00,|");
}

TEST(GatherHistory, WhatDoesNotFitIsAFault) {
  const auto document = document_of("  carried: {type: money, expr: 'wage'}\n");
  const ResultSet results = results_of(
      {"A", "B"},
      {{"carried", decimal_type(scheme::TypeName::kRate, 6), {"1.5", "1.505"}}, {"grade", text(), {"C", "B"}}});
  column::StringRows employees;
  employees.push_back("A");
  employees.push_back("B");
  const auto rows = rows_in(results.view(), employees);
  std::vector<column::Fault> faults;
  const auto carried = gather_history(document.history[0], {kMonth, 100, 1}, 2,
                                      {{{kMonth, 100}, &results.columns[0], &rows}}, nullptr, &faults);
  const auto grade = gather_history(document.history[1], {kMonth, 100, 1}, 2,
                                    {{{kMonth, 100}, &results.columns[1], &rows}}, nullptr, &faults);
  EXPECT_EQ(shown(carried), "1.50,,|");
  EXPECT_EQ(shown(grade), ",B,|");
  ASSERT_EQ(faults.size(), 2u);
  EXPECT_EQ(faults[0].row, 1u);
  EXPECT_EQ(faults[0].value, "1.505000");
  EXPECT_EQ(faults[1].row, 0u);
  EXPECT_EQ(faults[1].column, "grade");
}

TEST(GatherHistory, RefusedRowsHaveNoPast) {
  ResultSet results = results_of({"A", "B"}, {{"carried", money(), {"1", "2"}}});
  results.refused = {1, 0};
  column::StringRows employees;
  employees.push_back("A");
  employees.push_back("B");
  const std::vector<uint32_t> expected = {kNoRow, 1};
  EXPECT_EQ(rows_in(results.view(), employees), expected);
}

}  // namespace
}  // namespace kaogong::runs
