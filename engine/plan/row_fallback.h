// What the reference evaluator does for a run of the plan: the faults of rows that left it, the values of rows that
// left its 128 bits, and the decisions that do not vectorise.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "engine/plan/execute.h"
#include "engine/plan/plan_cohorts.h"
#include "engine/reference/row_evaluator.h"

namespace kaogong::plan {

/// All must outlive it.
class RowFallback final : public Interpreter {
 public:
  RowFallback(const BoundScheme& bound, const scheme::Document& document, const column::Inputs& inputs,
              Schedule* schedule, const std::vector<uint8_t>& refused);

  /// Cohorts are known up to this stage; before the first call none is.
  void advance(uint32_t stage);

  /// The faults of rows, one list a row (empty: none). `late`: only those that depend on cohorts, else only those that
  /// do not.
  std::vector<std::vector<column::Fault>> faults(const std::vector<uint32_t>& rows, bool late, Executor* executor);

  /// Stores the decisions' values of a row in all kept columns of stages up to `stage` that have one.
  void patch(uint32_t row, uint32_t stage);
  /// Whether a row that overflowed in `stage` can be patched: nothing else that is kept hangs on what overflowed.
  bool patchable(uint32_t stage) const;

  void interpret(const Node& node, uint32_t stage, column::Column* out) override;
  /// Rows whose interpreted decisions failed since the last call, ascending.
  std::vector<uint32_t> take_interpreted_failures();

  /// The plan cannot go on: everything is to be computed by the reference evaluator.
  bool gives_up() const { return gives_up_ || (cohorts_ != nullptr && cohorts_->missing()); }
  /// How often a row was looked at.
  uint64_t rows_looked_at() const { return looked_at_; }

 private:
  const reference::Model& model();
  reference::CohortValues* cohorts() { return late_ ? cohorts_.get() : nullptr; }
  void store(const feel::Value& value, const BoundDecision& decision, const scheme::Decision& decl, uint32_t row,
             uint32_t stage);

  const BoundScheme& bound_;
  const scheme::Document& document_;
  const column::Inputs& inputs_;
  Schedule* schedule_;
  const std::vector<uint8_t>& refused_;
  std::unique_ptr<reference::Model> model_;
  std::unique_ptr<PlanCohorts> cohorts_;
  bool late_ = false;
  std::unique_ptr<reference::RowEvaluator> patcher_;
  std::map<uint32_t, std::vector<uint8_t>> valid_;  // of interpreted decisions
  std::vector<uint32_t> interpreted_failures_;
  uint64_t looked_at_ = 0;
  bool gives_up_ = false;
};

}  // namespace kaogong::plan
