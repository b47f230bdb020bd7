// The graph of column operations that a scheme compiles to: integers only. Scales, nulls and fractions are resolved
// while binding (see bind.h), so a node is a plain vector of integers over the rows of one domain, with a proven range.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/column/column.h"

namespace kaogong::plan {

using Int = __int128;
using column::Physical;

/// Whose rows a node has. kScalar: constants, fit every domain.
struct Domain {
  enum class Kind : uint8_t { kScalar, kEmployee, kTable, kGroup } kind = Kind::kScalar;
  uint32_t index = 0;  // of the table or group
  friend bool operator==(const Domain&, const Domain&) = default;
};
inline constexpr Domain kScalarDomain{};
inline constexpr Domain kEmployees{Domain::Kind::kEmployee, 0};

enum class Op : uint8_t {
  kConst,      // value
  kLoad,       // column
  kLoadValid,  // column's validity as 0/1
  kExpand,     // args[0] of a parent domain, repeated for each child row
  kLinear,     // constant + sum of coefficient * args[i]
  kMul,        // args[0] * args[1]
  kMin,
  kMax,       // of two
  kRoundDiv,  // round half up (ties away from zero) of args[0] / args[1]; 0 where the divisor is 0
  kFloorDiv,  // rounded towards minus infinity
  kCeilDiv,   // rounded towards plus infinity
  kEq,
  kNe,
  kLt,
  kLe,
  kGt,
  kGe,
  kAnd,
  kOr,
  kNot,
  kSelect,    // args[0] != 0 ? args[1] : args[2]
  kBand,      // how many of `table` (ascending) are <= args[0]
  kGather,    // table[args[0]]; 0 outside of it
  kHashFind,  // row of the key (args) in `finder`, or -1
  kSegSum,
  kSegMin,
  kSegMax,
  kSegCount,     // child rows to their parent; Min and Max give 0 for nothing
  kSegDistinct,  // number of distinct values
  kSegTop,       // sum of the fractions args[0] / args[1]: its numerator,
  kSegBottom,    // and its denominator (above 0; 1 for nothing)
  kComplete,     // 1 where the child rows are not exactly the expected combinations
  kAddMonths,    // day number + months
  kMonthEnd,     // last day of the month of a day number
  kYear,         // of a day number
  kMonth,        // 1..12
  kDay,          // 1..31
  kCohort,       // barrier: see CohortSpec
  kNarrow,       // args[0] cut to 64 bits; a Failure guards it
  kInterpreted,  // a decision that the reference evaluator computes; `interpreted` names it
};

enum class CohortKind : uint8_t {
  kRank,
  kRowNumber,
  kTotal,
  kAverageSum,
  kHighest,
  kLowest,
  kHeadcount,
  kPercentileCount,
  kQuota,
  kShare,
  kGroupCount,
};

struct Node;

/// A finder for lookup rows by key values: a perfect map from key tuples to row numbers.
struct Finder {
  std::vector<std::vector<Int>> keys;  // one tuple a lookup row (already in the argument's own codes and scale)
  std::unordered_map<uint64_t, std::vector<int32_t>> buckets;
  // Dense form, where the key space is small: row of ((k0 - low0) * size1 + k1 - low1) …, -1: none.
  std::vector<int64_t> low, size;
  std::vector<int32_t> dense;
  void build();
  int32_t find(std::span<const Int> key) const;
};

/// What `complete` expects: combinations of columns' values for each distinct `per` tuple.
struct CompleteSpec {
  uint32_t table = 0;
  // args: [0] which alternative holds for the employee (employee domain), then `each` columns, then `per` columns.
  size_t each = 0, per = 0;
  struct Alternative {
    std::vector<std::vector<Int>> values;  // for each `each` column the wanted values (sorted)
  };
  std::vector<Alternative> alternatives;  // index -1 (or out of range): nothing is expected, any row is a fault
};

struct Node {
  Op op = Op::kConst;
  Physical physical = Physical::kI64;  // the width its values have in memory
  Domain domain;
  uint32_t id = 0;
  uint32_t stage = 0;         // 0: before any barrier
  bool late = false;          // depends on a cohort
  Int low = 0, high = 0;      // proven range
  bool may_overflow = false;  // kI128 arithmetic whose range leaves 127 bits: checked at run time, the row falls back
  std::vector<Node*> args;
  std::vector<Int> coefficients;                  // kLinear; same length as args
  Int constant = 0;                               // kConst, kLinear
  const column::Column* column = nullptr;         // kLoad, kLoadValid
  std::shared_ptr<const std::vector<Int>> table;  // kBand, kGather
  std::shared_ptr<Finder> finder;
  std::shared_ptr<CompleteSpec> complete;
  CohortKind cohort = CohortKind::kRank;
  bool ascending = false;  // kRank
  uint32_t interpreted = 0;
  std::string payload_key;  // distinguishes payloads for hash-consing
};

/// A condition under which rows leave the fast path: the reference evaluator decides what becomes of them.
struct Failure {
  Node* condition;
};

/// Builds nodes: folds constants, shares equal nodes, proves ranges, picks widths. Every builder takes operands of one
/// domain or scalars, or a parent's and a child's (the parent's is expanded).
class Graph {
 public:
  Node* constant(Int value);
  Node* load(const column::Column* column, Domain domain, Int low, Int high);
  Node* load_valid(const column::Column* column, Domain domain);
  Node* expand(Node* node, Domain domain);

  Node* add(Node* a, Node* b) { return linear(0, {{1, a}, {1, b}}); }
  Node* sub(Node* a, Node* b) { return linear(0, {{1, a}, {-1, b}}); }
  Node* scale(Node* a, Int factor) { return linear(0, {{factor, a}}); }
  Node* linear(Int constant, std::vector<std::pair<Int, Node*>> terms);
  Node* mul(Node* a, Node* b);
  Node* min(Node* a, Node* b);
  Node* max(Node* a, Node* b);
  Node* divide(Op op, Node* numerator, Node* denominator);  // kRoundDiv, kFloorDiv, kCeilDiv; denominator > 0 or 0
  Node* compare(Op op, Node* a, Node* b);
  Node* logical_and(Node* a, Node* b);  // either may be null: true
  Node* logical_or(Node* a, Node* b);
  Node* logical_not(Node* a);
  Node* select(Node* condition, Node* a, Node* b);
  Node* band(Node* value, std::vector<Int> thresholds);
  Node* gather(Node* index, std::vector<Int> table);
  Node* hash_find(std::vector<Node*> keys, std::shared_ptr<Finder> finder, const std::string& payload_key);
  /// `rows_max`: the most child rows a parent has (proves the range of sums).
  Node* aggregate(Op op, Node* child, Domain child_domain, Domain parent, Int rows_max);
  /// The sum of `num` / `den` over child rows, one fraction a parent. Rows with num 0 or den <= 0 add nothing.
  struct Fraction {
    Node *num, *den;
  };
  Fraction sum_of_fractions(Node* num, Node* den, Domain child_domain, Domain parent, Int rows_max);
  Node* narrow(Node* a, Int low, Int high);
  Node* complete(Node* alternative, std::vector<Node*> columns, std::shared_ptr<CompleteSpec> spec,
                 const std::string& key);
  Node* date(Op op, Node* day, Node* months = nullptr);
  Node* cohort(CohortKind kind, std::vector<Node*> args, bool ascending, const std::vector<Int>& table, Int low,
               Int high);
  Node* interpreted(uint32_t decision, const std::vector<Node*>& after, Int low, Int high, Physical physical,
                    uint32_t part);

  const std::deque<Node>& nodes() const { return nodes_; }
  /// Moves cohorts, and what depends on them, behind all that depends on none: rows that fail by themselves are out
  /// before cohorts begin. Returns the last stage before any cohort. To be called once, when the graph is complete.
  uint32_t settle_stages();
  Domain common(const Node* a, const Node* b) const;
  /// Ranges beyond this are treated as unknown and checked at run time.
  static constexpr Int kLimit = (Int{1} << 126);

 private:
  Node* make(Node node);
  Node* adapt(Node* node, Domain domain);
  std::deque<Node> nodes_;
  std::unordered_map<std::string, Node*> shared_;
};

/// An expression that does not vectorise: its decision falls to the reference evaluator.
struct Unsupported {
  std::string reason;
};

/// 10^exponent, 1 where it is below 0. Throws Unsupported where 128 bits do not hold it.
Int power_of_ten(int exponent);
/// value × 10^exponent, likewise.
Int times_power_of_ten(Int value, int exponent);

/// Of two integers that are not both 0; above 0.
Int greatest_common_divisor(Int a, Int b);

/// The narrowest width that holds [low, high].
Physical width_for(Int low, Int high);

}  // namespace kaogong::plan
