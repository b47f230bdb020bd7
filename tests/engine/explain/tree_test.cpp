// What stands in the tree for each way of computing a value.
#include <gtest/gtest.h>

#include "tests/engine/explain/explained.h"

namespace kaogong::tests {
namespace {

using explain::Explanation;
using explain::Kind;
using explain::Node;

std::string fact(const Node& node, const std::string& name) {
  for (const auto& [known, value] : node.facts) {
    if (known == name) return value.text;
  }
  return "?";
}

TEST(ExplainTree, CommissionOfATradeMonth) {
  const auto run = explained_case("trade-monthly");
  const Explanation explanation = run->explain("E000009", {"commission"});
  EXPECT_EQ(explanation.scheme, "trade-monthly");
  EXPECT_EQ(explanation.source_part, "8");
  EXPECT_EQ(explanation.line, 11u);
  const Node& commission = explanation.figures.at(0);
  EXPECT_EQ(commission.value.text, "825.58");
  EXPECT_EQ(commission.unrounded, "825.5815104");
  EXPECT_EQ(commission.decimals, 2);
  EXPECT_EQ(commission.worked, "if 0.4000 != null then max(0, 251701.68) * 0.008200 * 0.4000 else 0");
  EXPECT_NE(commission.remark.find("Nothing where the coefficient is null"), std::string::npos);
  const Node* condition = find_kind(commission, Kind::kCondition);
  ASSERT_NE(condition, nullptr);
  EXPECT_TRUE(condition->holds.value());
  EXPECT_EQ(condition->branch, "max(0, net_revenue) * commission_rate * commission_coefficient");
  const Node* collected = find(commission, {"net_revenue", "collected"});
  ASSERT_NE(collected, nullptr);
  EXPECT_EQ(collected->file, "population.csv");
  EXPECT_EQ(collected->line, 11u);
  const Node* wages = find(commission, {"commission_rate", "wages"});
  ASSERT_NE(wages, nullptr);
  EXPECT_EQ(fact(*wages, "position"), "salesperson");
  EXPECT_EQ(wages->children.at(0).value.text, "0.008200");
  const Node* bands = find_kind(*find(commission, {"commission_coefficient", "grade"}), Kind::kBands);
  ASSERT_NE(bands, nullptr);
  ASSERT_EQ(bands->children.size(), 5u);
  EXPECT_TRUE(bands->children[4].holds.value());
  EXPECT_EQ(bands->children[4].value.text, "fail");
  EXPECT_FALSE(bands->children[3].holds.value());
}

TEST(ExplainTree, RowsThatCounted) {
  const auto run = explained_case("trade-monthly");
  const Node penalty = run->explain("E000009", {"late_penalty"}).figures.at(0);
  const Node* rows = find_kind(penalty, Kind::kRows);
  ASSERT_NE(rows, nullptr);
  EXPECT_EQ(rows->count, 4u);
  const Node& recovered = rows->children.at(0);
  EXPECT_EQ(recovered.file, "receivables.csv");
  EXPECT_EQ(recovered.line, 19u);
  EXPECT_EQ(find(recovered, {"days_late"})->value.text, "231");
  EXPECT_EQ(find(recovered, {"penalty"})->value.text, "0.00");
  EXPECT_EQ(find(recovered, {"penalty"})->worked, "if true then max(0, 863.94 - 6097.89) else late_charge");
}

TEST(ExplainTree, GroupsAndStreaks) {
  const auto run = explained_case("kitchen-monthly");
  const Explanation explanation = run->explain("E000001", {"score", "fail_streak"});
  const Node* groups = find_kind(explanation.figures.at(0), Kind::kRows);
  ASSERT_NE(groups, nullptr);
  EXPECT_EQ(groups->name, "by_rater");
  const Node* total = find(groups->children.at(0), {"total"});
  ASSERT_NE(total, nullptr);
  EXPECT_EQ(total->worked, "68.5 + min(10, 7.8)");
  const Node* conduct = find(*total, {R"(sum(ratings[group = "conduct"].points))", "ratings"});
  ASSERT_NE(conduct, nullptr);
  EXPECT_EQ(conduct->count, 2u);
  EXPECT_EQ(conduct->of, 11u);
  const Node* streak = find(explanation.figures.at(1), {"streak"});
  ASSERT_NE(streak, nullptr);
  EXPECT_EQ(streak->children.at(0).name, "2026-10");
  EXPECT_FALSE(streak->children.at(0).holds.value());
  EXPECT_TRUE(find(explanation.figures.at(1), {"score"})->repeated);
}

TEST(ExplainTree, GradeOfLogistics) {
  const auto run = explained_case("logistics-half-year");
  for (size_t row = 0; row < run->inputs.rows(); ++row) {
    const Node grade = run->explainer->explain(row, {"grade"}).figures.at(0);
    const Node* bands = find_kind(grade, Kind::kBands);
    ASSERT_NE(bands, nullptr);
    size_t matched = 0;
    for (const Node& band : bands->children) {
      if (!band.holds.value()) continue;
      ++matched;
      EXPECT_EQ(band.value.text, grade.value.text);
    }
    EXPECT_EQ(matched, 1u);
    EXPECT_NE(
        find(grade, {"total_score", "assessment_score", "performance_avg", "mean(ratings.performance)", "ratings"}),
        nullptr);
  }
}

TEST(ExplainTree, PoolOfATeam) {
  const auto run = explained_case("trade-annual");
  const Node award = run->explain("E000000", {"team_award"}).figures.at(0);
  EXPECT_EQ(award.value.text, "375.00");
  const Node* share = find(award, {"share"});
  ASSERT_NE(share, nullptr);
  EXPECT_EQ(share->value.text, "375");
  EXPECT_EQ(share->count, 8u);
  EXPECT_EQ(fact(*share, "group"), "D02");
  EXPECT_EQ(fact(*share, "of"), "3000");
  EXPECT_EQ(fact(*share, "by_total"), "8");
  const Node* rank = find(award, {"earns_team_award", "team_rank", "departments", "profit_rank"});
  ASSERT_NE(rank, nullptr);
  EXPECT_EQ(rank->value.text, "2");
  EXPECT_EQ(rank->expression, "rank(of: net_profit)");
}

TEST(ExplainTree, RunOfMonths) {
  const auto run = explained_case("sales-step-review");
  const Node best = run->explain("E000000", {"best_run_90"}).figures.at(0);
  const Node* months = find(best, {"longest_run"});
  ASSERT_NE(months, nullptr);
  ASSERT_EQ(months->children.size(), 6u);
  EXPECT_EQ(months->children[0].name, "2026-07");
  EXPECT_FALSE(months->children[0].holds.value());
  EXPECT_TRUE(months->children[3].holds.value());
  EXPECT_EQ(fact(months->children[3], "attainment"), "0.900000");
}

TEST(ExplainTree, RuleOfATable) {
  const auto run = explained_case("trade-monthly");
  const Node sanction = run->explain("E000001", {"sanction"}).figures.at(0);
  const Node* rule = find_kind(sanction, Kind::kRule);
  ASSERT_NE(rule, nullptr);
  EXPECT_EQ(rule->count, 4u);
  EXPECT_EQ(fact(*rule, "exposures_year"), ">= 2");
  EXPECT_EQ(rule->value.text, "reassignment");
}

TEST(ExplainTree, DepthEndsTheTree) {
  const auto run = explained_case("trade-monthly");
  const Node commission = run->explain("E000009", {"commission"}, {0}).figures.at(0);
  const Node* net = find(commission, {"net_revenue"});
  ASSERT_NE(net, nullptr);
  EXPECT_TRUE(net->cut);
  EXPECT_TRUE(net->children.empty());
  EXPECT_EQ(net->value.text, "251701.68");
}

constexpr char kScheme[] = R"(
kaogong: 1
id: parts
version: 3
periods: [month]
inputs:
  department: {type: string}
  weight: {type: factor}
tables:
  ratings:
    columns:
      rater: {type: string}
      points: {type: number, decimals: 1}
    key: [rater]
lookups:
  departments:
    key: [department]
    columns: {department: {type: string}, net: {type: money}}
parameters:
  bonus: {type: money, default: 10}
  floor_points: {type: score, default: 1}
history:
  weighted: {type: score}
decisions:
  weighted: {type: score, expr: 'sum(for r in ratings[points >= floor_points] return r.points * weight)'}
  rich: {type: count, expr: 'count(departments[net > bonus])'}
  high: {type: boolean, expr: 'some r in ratings satisfies r.points > 9'}
  earlier: {type: score, expr: 'sum(year_to_date(weighted))'}
  place: {type: count, nullable: true, expr: 'rank(of: weighted, within: department, among: high)'}
outputs: [weighted, rich, high, earlier, place]
)";

std::unique_ptr<Explained> parts() {
  return explained_scheme(kScheme, "2026-03",
                          {{"population", "employee,department,weight\nA,D1,0.5\nB,D1,1\nC,D2,2\n"},
                           {"ratings", "employee,rater,points\nA,r1,9.5\nA,r2,0.5\nA,r3,3\nB,r1,9.9\nC,r1,2\n"},
                           {"departments", "department,net\nD1,10.01\nD2,9\n"},
                           {"history", "employee,period,weighted\nA,2026-01,4\nA,2025-12,7\n"},
                           {"parameters", "name,value\nfloor_points,2\n"}});
}

TEST(ExplainTree, Iterations) {
  const auto run = parts();
  const Node weighted = run->explain("A", {"weighted"}).figures.at(0);
  EXPECT_EQ(weighted.value.text, "6.25");
  const Node* rows = find_kind(weighted, Kind::kRows);
  ASSERT_NE(rows, nullptr);
  EXPECT_EQ(rows->count, 2u);
  EXPECT_EQ(rows->of, 3u);
  EXPECT_EQ(rows->children.at(1).line, 4u);
  EXPECT_EQ(find(rows->children.at(1), {"r.points * weight"})->value.text, "1.5");
  EXPECT_EQ(find(*rows, {"weight"})->value.text, "0.5000");
  const Node* given = find(*rows, {"floor_points"});
  ASSERT_NE(given, nullptr);
  EXPECT_TRUE(given->holds.value());
  const Node high = run->explain("A", {"high"}).figures.at(0);
  EXPECT_EQ(find_kind(high, Kind::kRows)->count, 3u);
}

TEST(ExplainTree, FilteredLookupAndDefaultParameter) {
  const auto run = parts();
  const Node rich = run->explain("A", {"rich"}).figures.at(0);
  const Node* rows = find_kind(rich, Kind::kRows);
  ASSERT_NE(rows, nullptr);
  EXPECT_EQ(rows->count, 1u);
  EXPECT_EQ(rows->of, 2u);
  EXPECT_EQ(find(rows->children.at(0), {"net"})->value.text, "10.01");
  EXPECT_FALSE(find(*rows, {"bonus"})->holds.value());
}

TEST(ExplainTree, HistoryOfTheYear) {
  const auto run = parts();
  const Node earlier = run->explain("A", {"earlier"}).figures.at(0);
  EXPECT_EQ(earlier.value.text, "4.00");
  const Node* history = find_kind(earlier, Kind::kHistory);
  ASSERT_NE(history, nullptr);
  ASSERT_EQ(history->children.size(), 1u);
  EXPECT_EQ(history->children[0].name, "2026-01");
}

TEST(ExplainTree, WhoTakesNoPartInACohort) {
  const auto run = parts();
  const Node* place = nullptr;
  const Explanation of_c = run->explain("C", {"place"});
  place = find(of_c.figures.at(0), {"rank"});
  ASSERT_NE(place, nullptr);
  EXPECT_FALSE(place->holds.value());
  EXPECT_EQ(place->count, 0u);
  const Explanation of_a = run->explain("A", {"place"});
  place = find(of_a.figures.at(0), {"rank"});
  EXPECT_TRUE(place->holds.value());
  EXPECT_EQ(place->value.text, "2");
  EXPECT_EQ(place->count, 2u);
}

TEST(ExplainTree, ARefusedEmployeeHasFaults) {
  const auto run = explained_scheme(
      "kaogong: 1\nid: r\nversion: 1\nperiods: [month]\ninputs: {a: {type: money}}\n"
      "decisions: {b: {type: money, expr: if a = 0 then 1 / a else a}}\noutputs: [b]\n",
      "2026-03", {{"population", "employee,a\nX,0\nY,2\n"}});
  const Explanation refused = run->explain("X", {"b"});
  EXPECT_TRUE(refused.refused);
  ASSERT_EQ(refused.faults.size(), 1u);
  EXPECT_TRUE(refused.figures.empty());
  EXPECT_FALSE(run->explain("Y", {"b"}).refused);
}

TEST(ExplainTree, LongChainsOfDecisionsAreCut) {
  std::string yaml = "kaogong: 1\nid: r\nversion: 1\nperiods: [month]\ninputs: {a: {type: money}}\ndecisions:\n";
  constexpr int kLength = 5000;
  yaml += "  d0: {type: money, expr: a}\n";
  for (int i = 1; i < kLength; ++i) {
    yaml += "  d" + std::to_string(i) + ": {type: money, expr: 'd" + std::to_string(i - 1) + " + 0'}\n";
  }
  const std::string last = "d" + std::to_string(kLength - 1);
  yaml += "outputs: [" + last + "]\n";
  const auto run = explained_scheme(yaml, "2026-03", {{"population", "employee,a\nX,2\n"}});
  const Explanation explanation = run->explain("X", {last});
  const Node* at = &explanation.figures.at(0);
  size_t depth = 0;
  for (; !at->children.empty(); at = &at->children[0]) ++depth;
  EXPECT_TRUE(at->cut);
  EXPECT_GT(depth, 50u);
  EXPECT_GT(explain::to_text(explanation).size(), 1000u);
}

}  // namespace
}  // namespace kaogong::tests
