// Cohort functions, worked out over all accepted rows, plainly.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/reference/row_evaluator.h"

namespace kaogong::reference {

/// Whether a function gives its group's value to every row, to those that take no part, too.
constexpr bool is_of_group(Form form) {
  return form == Form::kTotal || form == Form::kAverage || form == Form::kHighest || form == Form::kLowest ||
         form == Form::kHeadcount;
}

/// The cohort values of one set of accepted rows. Each call is worked out when it is first asked for; may be asked from
/// several threads, which then wait for one another.
class Cohorts final : public CohortValues {
 public:
  /// `refused`: one byte a row, 1: takes no part; it must not change while values are asked for.
  Cohorts(const Model& model, Provider* provider, const std::vector<uint8_t>& refused)
      : model_(model), provider_(provider), refused_(refused), results_(model.cohorts().size()) {}

  /// Throws Blocked for a refused row and for one whose own arguments failed, Refusal where the group has no value.
  feel::Value value(uint32_t cohort, size_t row) override;

  /// What a row brings to a cohort: its arguments' values, and its group as a key.
  enum class RowState : uint8_t { kOut, kPart, kFailed };
  struct Row {
    RowState state = RowState::kOut;
    feel::Value of, by;
    std::string group;
  };
  Row read(const CohortCall& call, size_t row, RowEvaluator* evaluator) const;

 private:
  struct Result {
    enum class State : uint8_t { kNew, kBusy, kDone } state = State::kNew;
    std::vector<feel::Value> values;
    std::vector<uint8_t> failed;  // 1: no value; 2: nothing in the group
  };
  void compute(uint32_t cohort, Result* result);

  const Model& model_;
  Provider* provider_;
  const std::vector<uint8_t>& refused_;
  std::vector<Result> results_;
  std::recursive_mutex mutex_;  // a cohort's arguments may be cohorts
};

}  // namespace kaogong::reference
