// Evaluates a scheme for one employee at a time, by FEEL's own evaluator in strict mode, with exact numbers.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "engine/column/inputs.h"
#include "engine/feel/evaluator.h"
#include "engine/reference/model.h"

namespace kaogong::reference {

/// Values of decisions that are computed elsewhere.
class Provider {
 public:
  virtual ~Provider() = default;
  /// The value of a decision for a row (rounded to its type); false: the evaluator computes it itself.
  virtual bool find(uint32_t decision, size_t row, feel::Value* value) = 0;
  /// Tells what the evaluator has computed.
  virtual void keep(uint32_t decision, size_t row, const feel::Value& value) {
    static_cast<void>(decision), static_cast<void>(row), static_cast<void>(value);
  }
};

/// The values of cohort functions.
class CohortValues {
 public:
  virtual ~CohortValues() = default;
  /// The value of Model::cohorts()[cohort] for a row. Throws Blocked: the row takes no part in the calculation, or the
  /// value is not known yet; Refusal: the group has no value.
  virtual feel::Value value(uint32_t cohort, size_t row) = 0;
};

/// The refusal where a group has nobody to compare.
Refusal nobody_takes_part();

/// Not for use from several threads at once; several evaluators may share a model. Creating one costs about as many
/// allocations as the scheme has columns, a row costs none of that.
class RowEvaluator final : public feel::Host {
 public:
  /// Without a provider everything is computed here. Without cohorts the cohort functions are not known: what depends
  /// on them has no value and no fault.
  RowEvaluator(const Model& model, Provider* provider, CohortValues* cohorts);
  RowEvaluator(const RowEvaluator&) = delete;
  RowEvaluator& operator=(const RowEvaluator&) = delete;

  /// Turns to a row of the population and forgets the one before.
  void start(size_t row);

  /// The value of a decision for the row, rounded to its type. Empty: it failed (see faults) or is not known.
  std::optional<feel::Value> decision(uint32_t index);

  /// Evaluates checks, child tables, groups and decisions of the row; every fault found, in the document's order:
  /// checks, tables, groups, decisions. One line a cause: what fails only because something else failed is not listed.
  /// `cohort_only`: only what depends on cohort functions.
  std::vector<column::Fault> faults(bool cohort_only = false);

  /// An expression of the employee's scope (for a cohort's arguments). Throws feel::EvalFailure, Refusal, Blocked.
  feel::Value evaluate(const feel::Expr& tree, const Unit& unit);
  /// An expression that reads no employee. Empty: `why` says why.
  std::optional<feel::Value> constant(const feel::Expr& tree, const Unit& unit, const scheme::TypeDecl& type,
                                      std::string* why);

  std::optional<feel::Value> call(const feel::Call& call, feel::Evaluator& evaluator,
                                  const feel::Environment& scope) override;

  // What an explanation asks (inspect.cpp). All throw as evaluate() does.
  /// A child row of the employee; domain kNone: the employee's own row.
  struct ChildRow {
    uint32_t domain = kNone;
    uint32_t row = 0;
    uint32_t pack = kNone;  // inside a pack's function instead: its arguments and steps are the bindings
  };
  using Bindings = std::vector<std::pair<std::string, feel::Value>>;
  /// An expression in the scope of a row, with the names that an iteration around it binds. `lenient`: as inside a
  /// filter.
  feel::Value evaluate_at(const feel::Expr& tree, const Unit& unit, ChildRow at, const Bindings& bindings,
                          bool lenient);
  /// What a definition gives for a row before it is rounded to its type.
  feel::Value unrounded(const Definition& definition, ChildRow at, const Bindings& bindings = {});
  /// The numbers of the table's rules that match, and the values of its inputs.
  std::vector<size_t> rules_for(const Definition& definition, ChildRow at, const Bindings& bindings,
                                std::vector<feel::Value>* inputs);
  /// The row of a pack's table that a call finds: its number in PackTableInfo::rows.
  uint32_t pack_row(const CallInfo& info, const std::vector<feel::Value>& arguments, feel::Span span) const;
  uint32_t child_count(uint32_t domain) { return children(domain).rows; }
  /// The number of the row in its table's data; of a group's, its first member's.
  uint64_t child_number(ChildRow at);
  feel::Value child_column(ChildRow at, uint32_t column) { return child_value(at.domain, column, at.row); }
  /// Child rows of a group's row, counted from the employee's first.
  const std::vector<uint32_t>& group_rows(ChildRow at) { return children(at.domain).members[at.row]; }
  /// The value of a history column `lag` periods before its newest; null: not recorded.
  feel::Value recorded(uint32_t column, int64_t lag) const { return history_value(column, lag); }
  /// The number of the band that holds for a value that is not null; empty: none, the value of `else`.
  static std::optional<size_t> band_for(const Definition& definition, const feel::Value& of);

 private:
  // Where names are looked up: an employee's row, or a child row of it.
  class RowScope final : public feel::Scope {
   public:
    RowScope(RowEvaluator& owner, uint32_t domain, uint32_t row) : owner_(owner), domain_(domain), row_(row) {}
    std::optional<feel::Value> find(std::string_view name) const override;

   private:
    RowEvaluator& owner_;
    uint32_t domain_, row_;
  };

  // Inside a pack: its tables, and the calendar.
  class PackScope final : public feel::Scope {
   public:
    PackScope(const RowEvaluator& owner, uint32_t pack) : owner_(owner), pack_(pack) {}
    std::optional<feel::Value> find(std::string_view name) const override;

   private:
    const RowEvaluator& owner_;
    uint32_t pack_;
  };

  /// Where a fault is noticed.
  struct Site {
    std::string file;
    uint32_t line = 0;
    std::string column;
  };
  enum class State : uint8_t { kNew, kBusy, kDone, kFailed };
  struct Cell {
    State state = State::kNew;
    feel::Value value;
  };
  /// Section, number in it, row, number in the row.
  using Place = std::tuple<uint32_t, uint32_t, uint32_t, uint32_t>;
  enum Section : uint32_t { kChecks, kTables, kGroups, kDecisions };

  /// What is known of the employee's rows of one domain.
  struct Children {
    bool known = false;
    uint64_t first = 0;  // tables: the first row's number in the table
    uint32_t rows = 0;
    std::vector<std::vector<uint32_t>> members;  // groups: numbers of child rows, counted from the employee's first
    std::vector<std::vector<Cell>> computed;     // [column][row]
  };

  bool settled(Cell* cell, const Site& site, Place place, const std::function<feel::Value()>& run);
  feel::Value settle(Cell* cell, const Site& site, Place place, const std::function<feel::Value()>& run);
  void refuse(const Refusal& refusal, const Site& site, Place place);
  feel::Value evaluate_in(const feel::Expr& tree, const Unit& unit, const feel::Scope& scope);
  feel::Value define(const Definition& definition, const feel::Scope& scope);
  feel::Value bands(const Definition& definition, const feel::Scope& scope);
  feel::Value table(const Definition& definition, const feel::Scope& scope);
  std::vector<size_t> matching_rules(const Definition& definition, const feel::Scope& scope,
                                     std::vector<feel::Value>* inputs);
  bool matches(const feel::UnaryTests& tests, const feel::Value& input, const Unit& unit, const feel::Scope& scope);
  bool decided(uint32_t index);
  feel::Value decide(uint32_t index);

  std::optional<feel::Value> employee_name(std::string_view name);
  std::optional<feel::Value> child_name(uint32_t domain, uint32_t row, std::string_view name);
  feel::Value this_row();
  Children& children(uint32_t domain);
  feel::Value child_value(uint32_t domain, uint32_t column, uint32_t row);
  feel::Value child_list(uint32_t domain);
  feel::Value group_members(uint32_t domain, uint32_t row);
  Site child_site(uint32_t domain, uint32_t row, const std::string& column);

  // Special forms (special_forms.cpp).
  feel::Value lookup_row(const CallInfo& info, const feel::Call& call, feel::Evaluator& evaluator,
                         const feel::Environment& scope);
  feel::Value cohort(const CallInfo& info, const feel::Call& call, feel::Evaluator& evaluator,
                     const feel::Environment& scope);
  feel::Value history(const CallInfo& info, const feel::Call& call, feel::Evaluator& evaluator,
                      const feel::Environment& scope);
  feel::Value history_value(uint32_t column, int64_t lag) const;
  feel::Value runs(const CallInfo& info, const feel::Call& call, feel::Evaluator& evaluator,
                   const feel::Environment& scope);

  // Packs (packs.cpp).
  feel::Value pack_call(const CallInfo& info, const feel::Call& call, feel::Evaluator& evaluator,
                        const feel::Environment& scope);
  std::optional<feel::Value> calendar(NameInfo::Kind kind) const;

  // Rules of rows (row_rules.cpp).
  void check_population(bool cohort_only);
  void check_table(uint32_t table, bool cohort_only);
  void check_keys(uint32_t table);
  void check_counts(uint32_t table, bool cohort_only);
  void check_complete(uint32_t table, uint32_t rule);
  void run_check(const CheckInfo& check, const feel::Scope& scope, const Site& site, Place place, uint32_t domain,
                 uint32_t row);

  const Model& model_;
  Provider* provider_;
  CohortValues* cohorts_;
  feel::Options options_;
  size_t row_ = 0;
  bool has_row_ = false;
  uint32_t site_domain_ = kNone;  // whose row is being computed
  const Unit* unit_ = nullptr;
  std::vector<Cell> decisions_;
  std::vector<Children> children_;
  std::vector<Cell> lists_;  // one a projection
  std::vector<std::pair<Place, column::Fault>> faults_;
  const char* stack_base_ = nullptr;
};

}  // namespace kaogong::reference
