// Hit policies and aggregation of decision tables (OMG DMN 1.5, 8.2.8), over rules that are already evaluated; DMN
// models and pay schemes share it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/feel/evaluator.h"
#include "engine/feel/value.h"

namespace kaogong::dmn {

enum class HitPolicy : uint8_t { kUnique, kAny, kPriority, kFirst, kRuleOrder, kOutputOrder, kCollect };
enum class Aggregation : uint8_t { kNone, kSum, kMin, kMax, kCount };

/// "UNIQUE", "RULE ORDER" …, or the letters U A P F R O C. Empty: neither.
std::optional<HitPolicy> parse_hit_policy(std::string_view text);
/// "SUM", "MIN", "MAX", "COUNT", or + < > #. Empty: neither.
std::optional<Aggregation> parse_aggregation(std::string_view text);

/// True for the policies that look at no rule after the first that matches.
inline bool stops_at_first(HitPolicy policy) { return policy == HitPolicy::kFirst; }

/// One output column.
struct OutputColumn {
  std::string name;                     // may be empty if it is the only one
  std::vector<feel::Value> priorities;  // allowed values, highest priority first (P and O); may be empty
};

/// A matching rule's outputs, one a column.
using OutputRow = std::vector<feel::Value>;

/// The table's result from the rows of the rules that match, in rule order. One column gives bare values, several give
/// contexts. `defaults` (empty, or one a column) stands in if no rule matches; without it the result is null, for COUNT
/// zero. Problems (several hits of a unique table, differing ones of an any table, aggregation of what does not
/// aggregate) go to evaluator.problem at `span`.
feel::Value apply_hit_policy(HitPolicy policy, Aggregation aggregation, const std::vector<OutputColumn>& columns,
                             const std::vector<OutputRow>& rows, const OutputRow& defaults, feel::Evaluator& evaluator,
                             feel::Span span);

}  // namespace kaogong::dmn
