#include "engine/dmn/decision_table.h"

#include <algorithm>

#include "engine/feel/compare.h"

namespace kaogong::dmn {
namespace {

using feel::Evaluator;
using feel::Span;
using feel::Value;

Value row_value(const std::vector<OutputColumn>& columns, const OutputRow& row, Evaluator& evaluator) {
  if (columns.size() == 1) return row[0];
  std::vector<feel::Context::Entry> entries;
  for (size_t i = 0; i < columns.size(); ++i) entries.emplace_back(columns[i].name, row[i]);
  return evaluator.make_context(std::move(entries));
}

bool equal_rows(const OutputRow& a, const OutputRow& b, Evaluator& evaluator) {
  for (size_t i = 0; i < a.size(); ++i) {
    if (!evaluator.equal(a[i], b[i]).value_or(false)) return false;
  }
  return true;
}

/// The place of each output among its column's priorities; what is not listed comes last.
std::vector<size_t> ranks(const std::vector<OutputColumn>& columns, const OutputRow& row, Evaluator& evaluator) {
  std::vector<size_t> places;
  for (size_t i = 0; i < columns.size(); ++i) {
    const auto& priorities = columns[i].priorities;
    const auto found = std::find_if(priorities.begin(), priorities.end(),
                                    [&](const Value& value) { return evaluator.equal(value, row[i]).value_or(false); });
    places.push_back(static_cast<size_t>(found - priorities.begin()));
  }
  return places;
}

std::vector<OutputRow> by_priority(const std::vector<OutputColumn>& columns, const std::vector<OutputRow>& rows,
                                   Evaluator& evaluator) {
  std::vector<std::pair<std::vector<size_t>, size_t>> order;
  for (size_t i = 0; i < rows.size(); ++i) order.emplace_back(ranks(columns, rows[i], evaluator), i);
  std::sort(order.begin(), order.end());
  std::vector<OutputRow> sorted;
  for (const auto& [places, index] : order) sorted.push_back(rows[index]);
  return sorted;
}

Value list_of(const std::vector<OutputColumn>& columns, const std::vector<OutputRow>& rows, Evaluator& evaluator) {
  std::vector<Value> values;
  for (const OutputRow& row : rows) values.push_back(row_value(columns, row, evaluator));
  return evaluator.make_list(std::move(values));
}

Value aggregate(Aggregation aggregation, const std::vector<OutputRow>& rows, Evaluator& evaluator, Span span) {
  Value best = rows[0][0];
  for (size_t i = 1; i < rows.size(); ++i) {
    const Value& next = rows[i][0];
    if (aggregation == Aggregation::kSum) {
      best = evaluator.add(best, next, span);
      continue;
    }
    const auto sign = feel::order(next, best, evaluator.zones());
    if (!sign) return evaluator.problem(span, "the outputs have no order");
    if (aggregation == Aggregation::kMin ? *sign < 0 : *sign > 0) best = next;
  }
  return best;
}

}  // namespace

std::optional<HitPolicy> parse_hit_policy(std::string_view text) {
  struct Name {
    std::string_view name, letter;
    HitPolicy policy;
  };
  static constexpr Name kNames[] = {
      {"UNIQUE", "U", HitPolicy::kUnique},        {"ANY", "A", HitPolicy::kAny},
      {"PRIORITY", "P", HitPolicy::kPriority},    {"FIRST", "F", HitPolicy::kFirst},
      {"RULE ORDER", "R", HitPolicy::kRuleOrder}, {"OUTPUT ORDER", "O", HitPolicy::kOutputOrder},
      {"COLLECT", "C", HitPolicy::kCollect}};
  for (const Name& name : kNames) {
    if (text == name.name || text == name.letter) return name.policy;
  }
  return std::nullopt;
}

std::optional<Aggregation> parse_aggregation(std::string_view text) {
  if (text == "SUM" || text == "+") return Aggregation::kSum;
  if (text == "MIN" || text == "<") return Aggregation::kMin;
  if (text == "MAX" || text == ">") return Aggregation::kMax;
  if (text == "COUNT" || text == "#") return Aggregation::kCount;
  return std::nullopt;
}

Value apply_hit_policy(HitPolicy policy, Aggregation aggregation, const std::vector<OutputColumn>& columns,
                       const std::vector<OutputRow>& rows, const OutputRow& defaults, Evaluator& evaluator, Span span) {
  if (rows.empty()) {
    if (!defaults.empty()) return row_value(columns, defaults, evaluator);
    if (policy == HitPolicy::kCollect && aggregation == Aggregation::kCount) return Value::integer(0);
    return {};
  }
  switch (policy) {
    case HitPolicy::kUnique:
      if (rows.size() > 1) return evaluator.problem(span, "several rules match in a unique table");
      return row_value(columns, rows[0], evaluator);
    case HitPolicy::kAny:
      for (const OutputRow& row : rows) {
        if (!equal_rows(rows[0], row, evaluator)) {
          return evaluator.problem(span, "rules with different outputs match in an any table");
        }
      }
      return row_value(columns, rows[0], evaluator);
    case HitPolicy::kPriority:
      return row_value(columns, by_priority(columns, rows, evaluator)[0], evaluator);
    case HitPolicy::kFirst:
      return row_value(columns, rows[0], evaluator);
    case HitPolicy::kRuleOrder:
      return list_of(columns, rows, evaluator);
    case HitPolicy::kOutputOrder:
      return list_of(columns, by_priority(columns, rows, evaluator), evaluator);
    case HitPolicy::kCollect:
      break;
  }
  if (aggregation == Aggregation::kNone) return list_of(columns, rows, evaluator);
  if (aggregation == Aggregation::kCount) return Value::integer(static_cast<int64_t>(rows.size()));
  if (columns.size() > 1) return evaluator.problem(span, "several outputs cannot be aggregated");
  return aggregate(aggregation, rows, evaluator, span);
}

}  // namespace kaogong::dmn
