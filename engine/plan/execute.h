// Runs a schedule: stages over morsels, cohorts between them.
#pragma once

#include <functional>
#include <vector>

#include "engine/plan/schedule.h"

namespace kaogong::plan {

struct ExecuteOptions {
  int threads = 0;
  size_t morsel_rows = 0;
  std::function<void(uint64_t, uint64_t)> progress;
};

/// What a run does with rows that left the fast path, and with decisions that do not vectorise.
class Fallback {
 public:
  virtual ~Fallback() = default;
  /// After stage `stage`: rows that failed in it (ascending). Must set refused[row] of each.
  virtual void recompute(uint32_t stage, const std::vector<uint32_t>& failed) = 0;
  /// Computes an interpreted decision's column (`node->interpreted` / 2) for all rows that are not refused.
  virtual void interpret(const Node& node, uint32_t stage, column::Column* out) = 0;
};

/// Runs all stages. `refused`: one byte a row; rows with 1 take no part in cohorts.
void execute(Schedule* schedule, const BindInput& input, std::vector<uint8_t>* refused, Fallback* fallback,
             const ExecuteOptions& options);

/// A cohort over whole columns (cohort.cpp). args as Binder::cohort_call makes them: part, group, then values.
struct CohortInput {
  const column::Column* column = nullptr;  // null: `constant` for every row
  Int constant = 0;
  Int low = 0, high = 0;
  Int at(size_t row) const { return column == nullptr ? constant : column->get(row); }
};
/// Group numbers that several cohort functions of one run share.
class GroupCache {
 public:
  struct Numbered;
  GroupCache();
  ~GroupCache();
  std::vector<std::unique_ptr<Numbered>> kept;
};
void run_cohort(const Node& node, const std::vector<CohortInput>& args, const column::StringRows& employees,
                const std::vector<uint8_t>& refused, column::Column* out, int threads, GroupCache* cache);

}  // namespace kaogong::plan
