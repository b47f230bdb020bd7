#include "engine/dmn/decision_table.h"

#include <gtest/gtest.h>

namespace kaogong::dmn {
namespace {

using feel::Value;

std::string apply(HitPolicy policy, Aggregation aggregation, const std::vector<OutputRow>& rows,
                  const OutputRow& defaults = {}, std::vector<Value> priorities = {}) {
  feel::Evaluator evaluator((feel::Options()));
  std::vector<OutputColumn> columns;
  const size_t width = rows.empty() ? std::max<size_t>(1, defaults.size()) : rows[0].size();
  for (size_t i = 0; i < width; ++i) columns.push_back({"c" + std::to_string(i), priorities});
  return feel::to_text(apply_hit_policy(policy, aggregation, columns, rows, defaults, evaluator, {}));
}

Value n(int64_t value) { return Value::integer(value); }

TEST(DecisionTable, ParsesItsNames) {
  EXPECT_EQ(parse_hit_policy("UNIQUE"), HitPolicy::kUnique);
  EXPECT_EQ(parse_hit_policy("OUTPUT ORDER"), HitPolicy::kOutputOrder);
  EXPECT_EQ(parse_hit_policy("C"), HitPolicy::kCollect);
  EXPECT_FALSE(parse_hit_policy("unique").has_value());
  EXPECT_EQ(parse_aggregation("SUM"), Aggregation::kSum);
  EXPECT_EQ(parse_aggregation("#"), Aggregation::kCount);
  EXPECT_FALSE(parse_aggregation("").has_value());
}

TEST(DecisionTable, AppliesHitPolicies) {
  constexpr auto kNone = Aggregation::kNone;
  EXPECT_EQ(apply(HitPolicy::kUnique, kNone, {{n(1)}}), "1");
  EXPECT_EQ(apply(HitPolicy::kUnique, kNone, {{n(1)}, {n(1)}}), "null");
  EXPECT_EQ(apply(HitPolicy::kAny, kNone, {{n(1)}, {n(1)}}), "1");
  EXPECT_EQ(apply(HitPolicy::kAny, kNone, {{n(1)}, {n(2)}}), "null");
  EXPECT_EQ(apply(HitPolicy::kFirst, kNone, {{n(2)}, {n(1)}}), "2");
  EXPECT_EQ(apply(HitPolicy::kRuleOrder, kNone, {{n(2)}, {n(1)}}), "[2, 1]");
  EXPECT_EQ(apply(HitPolicy::kPriority, kNone, {{n(2)}, {n(1)}}, {}, {n(1), n(2)}), "1");
  EXPECT_EQ(apply(HitPolicy::kOutputOrder, kNone, {{n(2)}, {n(3)}, {n(1)}}, {}, {n(3), n(1), n(2)}), "[3, 1, 2]");
  EXPECT_EQ(apply(HitPolicy::kUnique, kNone, {{n(1), n(2)}}), "{c0: 1, c1: 2}");
  EXPECT_EQ(apply(HitPolicy::kCollect, kNone, {{n(2)}, {n(1)}}), "[2, 1]");
}

TEST(DecisionTable, Aggregates) {
  const std::vector<OutputRow> rows = {{n(3)}, {n(1)}, {n(3)}};
  EXPECT_EQ(apply(HitPolicy::kCollect, Aggregation::kSum, rows), "7");
  EXPECT_EQ(apply(HitPolicy::kCollect, Aggregation::kMin, rows), "1");
  EXPECT_EQ(apply(HitPolicy::kCollect, Aggregation::kMax, rows), "3");
  EXPECT_EQ(apply(HitPolicy::kCollect, Aggregation::kCount, rows), "3");
  EXPECT_EQ(apply(HitPolicy::kCollect, Aggregation::kCount, {}), "0");
  EXPECT_EQ(apply(HitPolicy::kCollect, Aggregation::kMin, {{n(1)}, {Value::string("a")}}), "null");
  EXPECT_EQ(apply(HitPolicy::kCollect, Aggregation::kSum, {{n(1), n(2)}}), "null");
}

TEST(DecisionTable, TakesDefaultsWhenNoRuleMatches) {
  EXPECT_EQ(apply(HitPolicy::kUnique, Aggregation::kNone, {}), "null");
  EXPECT_EQ(apply(HitPolicy::kUnique, Aggregation::kNone, {}, {n(9)}), "9");
  EXPECT_EQ(apply(HitPolicy::kFirst, Aggregation::kNone, {}, {n(9), n(8)}), "{c0: 9, c1: 8}");
}

}  // namespace
}  // namespace kaogong::dmn
