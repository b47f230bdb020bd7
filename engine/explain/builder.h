// Makes the tree of one employee's explanation: walks the expressions of decisions and asks the row evaluator, which
// reads the plan's values, for the parts.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/explain/explanation.h"
#include "engine/feel/ast.h"
#include "engine/plan/program.h"
#include "engine/reference/cohorts.h"
#include "engine/reference/row_evaluator.h"

namespace kaogong::explain {

/// The plan's decisions as the evaluator's.
class PlanValues final : public reference::Provider {
 public:
  PlanValues(const scheme::Document& document, const plan::RunResult& result);
  bool find(uint32_t decision, size_t row, feel::Value* value) override;

 private:
  const plan::RunResult& result_;
  std::vector<const column::Column*> columns_;  // one a decision; null pointer: not kept
};

/// Sizes of cohorts, counted once for all explanations.
class CohortSizes {
 public:
  struct Size {
    uint64_t members = 0;
    number::Number by;  // sum of the weights
  };
  CohortSizes(const reference::Model& model, reference::Provider& values, const reference::Cohorts& cohorts,
              const std::vector<uint8_t>& refused);
  const Size& of(uint32_t cohort, const std::string& group);

 private:
  const reference::Model& model_;
  const reference::Cohorts& cohorts_;
  const std::vector<uint8_t>& refused_;
  reference::RowEvaluator evaluator_;
  std::map<uint32_t, std::map<std::string, Size>> sizes_;
};

Shown show(const feel::Value& value);
Shown show(const feel::Value& value, const scheme::TypeDecl& type);
Shown text(std::string value);
/// How a type is rounded where that is not half-up: "up", "down"; else empty.
std::string rounding_word(const scheme::TypeDecl& type);
/// An expression's text on one line.
std::string one_line(const std::string& text);

class Builder {
 public:
  Builder(const reference::Model& model, reference::RowEvaluator& evaluator, const reference::Cohorts& cohorts,
          CohortSizes& sizes, size_t row, uint32_t depth_max)
      : model_(model), evaluator_(evaluator), cohorts_(cohorts), sizes_(sizes), row_(row), depth_max_(depth_max) {}

  /// A decision with what it was computed from; the evaluator stands at the row.
  Node decision(uint32_t index) { return decision(index, 0); }

 private:
  using ChildRow = reference::RowEvaluator::ChildRow;
  using Bindings = reference::RowEvaluator::Bindings;

  /// A node that grows, and what it already has.
  struct Sink {
    Node* node;
    std::set<std::string> seen;
  };
  /// One expression, in its scope.
  struct Walk {
    const reference::Unit* unit = nullptr;
    ChildRow at;
    Bindings bindings;
    Sink* here = nullptr;                   // for what belongs to this expression
    Sink* shared = nullptr;                 // for the employee's own values
    std::set<uint32_t>* columns = nullptr;  // the row's columns that are read
    const Walk* outer = nullptr;            // whose names are seen too: that of the list which this row is of
    uint32_t depth = 0;                     // of decisions
    const reference::PackFunctionInfo* function = nullptr;  // inside of one: its named values are among the bindings
    const std::string* variable = nullptr;  // the name that an iteration gives to a child row of `variable_domain`
    uint32_t variable_domain = reference::kNone;
    std::set<uint32_t>* variable_columns = nullptr;
    bool lenient = false;
    std::vector<std::pair<feel::Span, std::string>>* worked = nullptr;  // what stands in the place of which text
    const feel::Expr* whole = nullptr;                                  // the definition's own expression …
    feel::Value whole_value;                                            // … whose value is known
  };
  /// What a name means in a walk.
  struct Meaning {
    enum class Kind : uint8_t { kNothing, kBound, kColumn, kMembers, kEmployee, kPackTable } kind = Kind::kNothing;
    uint32_t column = 0;
    const reference::NameInfo* info = nullptr;
    const Walk* walk = nullptr;  // whose row a column is of
  };

  Node decision(uint32_t index, uint32_t depth);
  bool too_deep();
  std::optional<feel::Value> evaluate(const feel::Expr& tree, const Walk& walk) const;
  Meaning meaning(const std::string& name, const Walk& walk) const;
  static void put(const feel::Expr& tree, const Shown& value, Walk& walk);

  // Expressions (builder.cpp).
  void walk(const feel::Expr& tree, Walk& walk);
  void walk_if(const feel::If& tree, Walk& walk);
  void walk_logic(const feel::Binary& tree, Walk& walk);
  void walk_call(const feel::Call& tree, Walk& walk);
  bool is_list(const feel::Expr& tree, const Walk& walk) const;

  // Definitions (definitions.cpp).
  void define(const reference::Definition& definition, const feel::Value& value, Walk walk, Node* node);
  void worked_walk(const scheme::Expression& expression, Walk& walk, std::string* worked);
  void bands(const reference::Definition& definition, Walk& walk, Node* node);
  void table(const reference::Definition& definition, Walk& walk, Node* node);

  // Packs (packs.cpp).
  void pack_call(const feel::Call& tree, const reference::CallInfo& info, Walk& walk);
  void pack_step(const reference::Definition& definition, Walk& inner, Sink* sink);
  void pack_table(const feel::Expr& tree, const reference::CallInfo* info, const feel::Path* whole, Walk& walk);

  // Names and lookups (leaves.cpp).
  void name(const feel::Expr& tree, const std::string& name, Walk& walk);
  void employee_name(const feel::Expr& tree, const std::string& name, const reference::NameInfo& info, Walk& walk);
  void lookup(const feel::Call& tree, const reference::CallInfo& info, const feel::Path* whole, Walk& walk);
  Node lookup_column(const reference::LookupInfo& lookup, const std::string& column, const feel::Value& row);

  // Lists of rows (rows.cpp).
  struct Source {
    const feel::NameRef* name = nullptr;
    std::vector<const feel::Expr*> predicates;
    Meaning meaning;
  };
  /// What is done with the rows of a list: a column of them is taken, or a body is evaluated for each.
  struct Use {
    const std::string* column = nullptr;
    const std::string* variable = nullptr;
    const feel::Expr* body = nullptr;
  };
  bool find_source(const feel::Expr& tree, const Walk& walk, Source* source) const;
  void list(const feel::Expr& tree, Walk& walk);
  void iteration(const std::vector<feel::Iterator>& iterators, const feel::Expr& body, Walk& walk);
  void child_rows(const feel::Expr& list, const Source& source, const Use& use, Walk& walk);
  void lookup_rows(const feel::Expr& list, const Source& source, const Use& use, Walk& walk);
  Node child_row(ChildRow at, const feel::Value& context, const Source& source, const Use& use, const Walk& walk,
                 Sink* shared);
  Node child_column(ChildRow at, uint32_t column, const Walk& walk, Sink* shared, std::set<uint32_t>* columns);

  // Other employees and other periods (special.cpp).
  void cohort(const feel::Call& tree, const reference::CallInfo& info, Walk& walk);
  void history(const feel::Call& tree, const reference::CallInfo& info, Walk& walk);
  void runs(const feel::Call& tree, const reference::CallInfo& info, Walk& walk);
  Node recorded(const std::vector<uint32_t>& columns, int64_t lag);

  const reference::Model& model_;
  reference::RowEvaluator& evaluator_;
  const reference::Cohorts& cohorts_;
  CohortSizes& sizes_;
  const size_t row_;
  const uint32_t depth_max_;
  const char* stack_base_ = nullptr;
  std::set<uint32_t> in_full_;  // decisions shown, or being shown
};

}  // namespace kaogong::explain
