// A scheme document and one calculation's inputs with every name resolved: what the row evaluator reads. Immutable once
// made, so rows may be evaluated from several threads.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/column/inputs.h"
#include "engine/feel/ast.h"
#include "engine/reference/refusal.h"
#include "engine/reference/values.h"
#include "engine/scheme/document.h"
#include "engine/scheme/in_force.h"
#include "engine/scheme/pack_call.h"

namespace kaogong::reference {

inline constexpr uint32_t kNone = UINT32_MAX;

/// What a name of the employee's scope means.
struct NameInfo {
  enum class Kind : uint8_t {
    kInput,
    kDecision,
    kParameter,
    kChildren,
    kLookup,
    kEmployee,
    kPeriod,
    kPeriodStart,
    kPeriodEnd,
    kYear,
    kThis,
  } kind = Kind::kInput;
  uint32_t index = 0;  // kChildren: the domain
};

/// The special forms: functions that a scheme has beyond FEEL, and those that are stricter here.
enum class Form : uint8_t {
  kLookup,
  kPackFunction,
  kPackTable,
  kRank,
  kRowNumber,
  kTotal,
  kAverage,
  kHighest,
  kLowest,
  kHeadcount,
  kPercentile,
  kQuota,
  kShare,
  kEnrolled,
  kPrevious,
  kLast,
  kEarlier,
  kYearToDate,
  kWithin,
  kStreak,
  kLongestRun,
  kRequired,
  kCoalesce,
  kClamp,
  kMonthEnd,
  kMonthEndAfter,
  kAddMonths,
  kAddDays,
  kDaysBetween,
  kCeiling,
  kFloor,
  kRoundTo,
  kAbs,
  kModulo,
  kSum,
  kCount,
  kMean,
  kMin,
  kMax,
  kNot,
};
constexpr bool is_cohort(Form form) { return form >= Form::kRank && form <= Form::kShare; }

struct CallInfo {
  Form form = Form::kLookup;
  uint32_t lookup = 0;                   // kLookup
  uint32_t pack = 0;                     // kPackFunction, kPackTable: its number in the document, …
  uint32_t part = 0;                     // … and the function's or table's in the pack
  scheme::PackArguments pack_arguments;  // kPackFunction
  uint32_t cohort = kNone;               // cohort functions: which, counted over the document
  std::vector<uint32_t> history;         // kStreak, kLongestRun: the columns that the condition names
};

/// Columns of child rows that an expression may read.
struct Projection {
  uint32_t domain = 0;
  std::vector<uint32_t> columns;  // of the domain: stored ones, then computed ones
};

/// One definition (all expressions of a decision, check …): what it may read.
struct Unit {
  std::vector<uint32_t> projections;    // one a domain; kNone: not read
  std::vector<std::string> this_names;  // read as this.name
  std::vector<uint32_t> decisions;      // named, directly or through child rows
  bool cohort = false;                  // calls a cohort function, directly or through what it names
};

struct BandsInfo {
  struct Row {
    feel::Value bound, value;
  };
  std::vector<Row> rows;
  bool has_otherwise = false;
  feel::Value otherwise;
};

/// A decision or computed column.
struct Definition {
  const scheme::Decision* decl = nullptr;
  Unit unit;
  std::optional<BandsInfo> bands;
  std::vector<const scheme::TypeDecl*> table_outputs;  // types of all outputs of its table
};

struct CheckInfo {
  const scheme::Check* decl = nullptr;
  Unit unit;
};

/// Child rows: a table's (domain = its number) or a group's (behind the tables).
struct DomainInfo {
  std::string name;
  uint32_t table = 0;                     // a group's base table
  const scheme::Group* group = nullptr;   // null pointer: a table
  std::vector<std::string> column_names;  // stored, then computed
  std::vector<uint32_t> stored;           // stored columns: their place in the table
  std::vector<Definition> computed;
  std::unordered_map<std::string_view, uint32_t> columns;
};

struct TableInfo {
  const scheme::Table* decl = nullptr;
  const column::ChildTable* data = nullptr;  // null pointer: no rows at all
  std::vector<ColumnReader> columns;
  std::vector<uint32_t> key;
  std::vector<CheckInfo> checks;
  struct CompleteInfo {
    const scheme::Complete* decl = nullptr;
    Unit unit;
    std::vector<uint32_t> per, each;
  };
  std::vector<CompleteInfo> complete;
  Unit refuse_when;
};

struct LookupInfo {
  const scheme::Lookup* decl = nullptr;
  std::vector<feel::Value> rows;                       // contexts, computed columns included
  feel::Value list;                                    // the same; faulty rows are poisoned
  std::vector<std::shared_ptr<const Refusal>> faulty;  // one a row; null pointer: sound
  std::unordered_map<std::string, uint32_t> index;
};

/// A pack's table on the run's last day.
struct PackTableInfo {
  std::shared_ptr<const scheme::TableInForce> in_force;
  std::vector<feel::Value> rows;                     // contexts
  std::vector<feel::Value> bounds;                   // with bands: one a row; null: open
  feel::Value list;                                  // of all rows
  std::unordered_map<std::string, uint32_t> groups;  // by key
};

struct PackFunctionInfo {
  const scheme::PackFunction* decl = nullptr;
  std::string name;  // "cn.iit.cumulative"
  std::vector<feel::Value> defaults;
  std::vector<Definition> steps;
  std::vector<CheckInfo> checks;
  Definition result;
};

struct PackInfo {
  const scheme::Pack* decl = nullptr;
  std::vector<PackTableInfo> tables;
  std::vector<PackFunctionInfo> functions;
};

struct CohortCall {
  const feel::Call* call = nullptr;
  Form form = Form::kRank;
  const Unit* unit = nullptr;
  const feel::Expr *of = nullptr, *within = nullptr, *among = nullptr, *by = nullptr, *shares = nullptr,
                   *labels = nullptr;
  bool ascending = false;
};

class Model {
 public:
  /// Both must outlive the model.
  Model(const scheme::Document& document, const column::Inputs& inputs);
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  /// Not empty: nothing can be computed (a parameter is missing or wrong).
  const std::string& failure() const { return failure_; }

  const scheme::Document& document() const { return doc_; }
  const column::Inputs& inputs() const { return in_; }
  const std::unordered_map<std::string_view, NameInfo>& names() const { return names_; }
  const CallInfo* call(const feel::Call& call) const;
  const std::vector<ColumnReader>& input_columns() const { return input_columns_; }
  const std::vector<feel::Value>& parameters() const { return parameters_; }
  const std::vector<Definition>& decisions() const { return decisions_; }
  const std::vector<DomainInfo>& domains() const { return domains_; }
  const std::vector<TableInfo>& tables() const { return tables_; }
  const std::vector<LookupInfo>& lookups() const { return lookups_; }
  const std::vector<CheckInfo>& checks() const { return checks_; }
  const std::vector<PackInfo>& packs() const { return packs_; }
  const std::vector<Projection>& projections() const { return projections_; }
  const std::vector<CohortCall>& cohorts() const { return cohorts_; }
  /// Decisions, those that others need first.
  const std::vector<uint32_t>& order() const { return order_; }
  /// history()[column][lag]
  const std::vector<std::vector<ColumnReader>>& history() const { return history_; }
  std::optional<uint32_t> history_index(std::string_view name) const;
  uint32_t line_of(size_t row) const;
  /// The line of a lookup's row in its file, or in the document where it is inline; 0: unknown.
  uint32_t lookup_line(uint32_t lookup, size_t row) const;

 private:
  friend class UnitMaker;
  void resolve_names();
  void read_columns();
  void make_parameters();
  void make_lookups();
  void make_lookup(uint32_t index);
  void make_packs();
  void make_definitions();
  void order_decisions();
  Definition make_definition(const scheme::Decision& decl);

  const scheme::Document& doc_;
  const column::Inputs& in_;
  std::string failure_;
  std::unordered_map<std::string_view, NameInfo> names_;
  std::unordered_map<std::string_view, uint32_t> history_names_;
  std::unordered_map<const feel::Call*, CallInfo> calls_;
  std::vector<ColumnReader> input_columns_;
  std::vector<feel::Value> parameters_;
  std::vector<Definition> decisions_;
  std::vector<DomainInfo> domains_;
  std::vector<TableInfo> tables_;
  std::vector<LookupInfo> lookups_;
  std::vector<CheckInfo> checks_;
  std::vector<PackInfo> packs_;
  std::vector<Projection> projections_;
  std::unordered_map<std::string, uint32_t> projection_index_;
  std::vector<CohortCall> cohorts_;
  std::vector<uint32_t> order_;
  std::vector<std::vector<ColumnReader>> history_;
};

}  // namespace kaogong::reference
