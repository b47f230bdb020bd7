// Binds a scheme document to columns: FEEL trees to graph nodes, with types, scales, nulls and fractions resolved.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/column/inputs.h"
#include "engine/plan/graph.h"
#include "engine/scheme/document.h"
#include "engine/scheme/in_force.h"

namespace kaogong::plan {

using DictionaryPtr = std::shared_ptr<column::Dictionary>;

/// What the checker takes for granted where a scheme sets no bounds; documented in docs/scheme-language.md. Runs do not
/// rely on it.
struct NaturalBounds {
  static constexpr Int kPopulation = 10'000'000;  // employees
  static constexpr Int kChildRows = 1'000;        // rows of a child table, for one employee
  static constexpr Int kLookupRows = 10'000;
  /// In units of the type's scale.
  static Int least(const scheme::TypeDecl& type);
  static Int most(const scheme::TypeDecl& type);
};
struct BoundPackTable;

/// What an expression came to. A number is num / den / 10^scale; den null: 1, else > 0 wherever the value counts.
/// valid null: never null.
struct Bound {
  /// What is known of the quotient num / den beyond what the ranges of both say: low <= num / den <= high, as units of
  /// 10^-scale. It holds for the very num and den that it was worked out for.
  struct Quotient {
    const Node *num = nullptr, *den = nullptr;
    Int low = 0, high = 0;
  };
  enum class Kind : uint8_t {
    kNull,
    kNumber,
    kBoolean,
    kString,
    kDate,
    kList,
    kChildList,
    kLookupList,
    kLookupRow,
    kChildRow,
    kLookup,  // a pack's table with all its rows
  } kind = Kind::kNull;
  Node* num = nullptr;
  Node* den = nullptr;
  Node* valid = nullptr;
  uint8_t scale = 0;
  Quotient quotient;
  DictionaryPtr dictionary;

  struct Element;
  std::vector<Element> list;  // kList

  Domain rows;                   // kChildList, kChildRow: which rows
  Node* filter = nullptr;        // kChildList: null: all
  std::shared_ptr<Bound> value;  // kChildList: what of each row; null: the rows themselves
  bool distinct = false;
  uint32_t lookup = 0;  // kLookupRow, kLookupList
  // kLookupList: which of `picked` (lists of rows) it is for an employee, in num (-1: no rows), and what of each row.
  std::shared_ptr<const std::vector<std::vector<size_t>>> picked;
  std::string column;
  const BoundPackTable* pack_table = nullptr;  // kLookupRow: of a pack, in place of `lookup`
};
struct Bound::Element {
  Bound value;
  Node* present = nullptr;  // null: always in the list
};

/// Columns of lookups including their computed ones, in the order columns then computed.
struct BoundLookup {
  const std::vector<column::Column>* columns = nullptr;
  size_t rows = 0;
  std::vector<uint8_t> faulty;  // rows that refuse who reads them; empty: none
};

/// How the population's child rows fall into groups (made by the executor before binding).
struct GroupLayout {
  std::vector<uint64_t> offsets;     // employees + 1
  std::vector<uint32_t> group_of;    // of each child row: its group row
  std::vector<column::Column> keys;  // the `by` columns, one row a group row
  uint64_t rows_max = 0;             // the most group rows of one employee, and child rows of one group
};

/// A pack's table for the run: its rows in force, and their columns.
struct BoundPackTable {
  std::shared_ptr<const scheme::TableInForce> in_force;
  std::vector<column::Column> columns;
};

struct BindInput {
  const scheme::Document* document = nullptr;
  const column::Inputs* inputs = nullptr;
  std::vector<BoundLookup> lookups;
  std::vector<std::vector<std::shared_ptr<const BoundPackTable>>> packs;  // one list a pack, one table each
  std::vector<GroupLayout> groups;
  bool check_only = false;  // no data: declared ranges
};

/// A decision or computed column bound: its stored value (rounded to its type).
struct BoundDecision {
  Bound value;
  bool interpreted = false;
  std::string reason;      // why it is interpreted
  bool cohort = false;     // calls a cohort function, directly or through what it names
  Node* failed = nullptr;  // with `cohort`: whether it has no value; null: always has one
};

/// A call of a cohort function: what it came to, for the reference evaluator to look up.
struct BoundCohort {
  const feel::Call* call = nullptr;
  Bound result;
  Node* count = nullptr;   // highest, lowest, average: how many take part; 0: no value
  bool ambiguous = false;  // bound twice to different things
};

struct BoundScheme {
  std::unique_ptr<Graph> graph;
  std::vector<BoundDecision> decisions;  // in the document's order
  std::vector<BoundCohort> cohorts;
  uint32_t last_early_stage = 0;  // behind it cohorts begin
  std::vector<Node*> failures;    // conditions, in the employees' or child rows' domain
  std::vector<Node*> left_out;    // conditions on which employees take no part in some cohort: its arguments fail
  std::vector<scheme::Finding> findings;
  bool rows_by_reference = false;   // some check cannot be bound: every row is checked by the reference evaluator
  bool whole_by_reference = false;  // an interpreted decision uses cohort functions
  bool uses_cohort = false;
  std::deque<column::Column> owned_columns;  // columns that nodes read and nobody else keeps
};

BoundScheme bind(const BindInput& input);

/// A pack's tables for a day; without one (checking): of each key the latest rows.
std::vector<std::shared_ptr<const BoundPackTable>> bind_pack_tables(const scheme::Pack& pack,
                                                                    std::optional<int32_t> day);
/// Binds every function of a pack, whatever its arguments are: the findings, at their places in the pack's text.
std::vector<scheme::Finding> bind_pack_functions(const BindInput& input);

}  // namespace kaogong::plan
