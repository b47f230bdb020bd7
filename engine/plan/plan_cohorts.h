// The cohort values that the plan has computed, for the reference evaluator.
#pragma once

#include <atomic>
#include <optional>
#include <unordered_map>
#include <vector>

#include "engine/plan/bind.h"
#include "engine/plan/schedule.h"
#include "engine/reference/model.h"
#include "engine/reference/row_evaluator.h"

namespace kaogong::plan {

/// All must outlive it. May be asked from several threads, not while a stage runs.
class PlanCohorts final : public reference::CohortValues {
 public:
  PlanCohorts(const BoundScheme& bound, const Schedule& schedule, const reference::Model& model);
  /// What is known from now on: cohorts that run before stage `stage`.
  void advance(uint32_t stage) { stage_ = stage; }
  feel::Value value(uint32_t cohort, size_t row) override;
  /// A value was asked for that the plan does not have: what was computed with it does not count.
  bool missing() const { return missing_; }

 private:
  std::optional<Int> at(const Node* node, size_t row) const;

  const BoundScheme& bound_;
  const Schedule& schedule_;
  std::vector<const BoundCohort*> calls_;  // by the model's numbers; null: the plan has no such call
  uint32_t stage_ = 0;
  std::atomic<bool> missing_{false};
};

}  // namespace kaogong::plan
