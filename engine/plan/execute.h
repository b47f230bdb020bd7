// Runs a schedule: stages over morsels, cohorts between them.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/plan/schedule.h"

namespace kaogong::plan {

struct ExecuteOptions {
  int threads = 0;
  size_t morsel_rows = 0;
  std::function<void(uint64_t, uint64_t)> progress;
};

/// Decisions that do not vectorise.
class Interpreter {
 public:
  virtual ~Interpreter() = default;
  /// Computes an interpreted decision's column (`node->interpreted` / 2) for all rows that are not refused, after stage
  /// `stage`; or its validity.
  virtual void interpret(const Node& node, uint32_t stage, column::Column* out) = 0;
};

/// Why a row left the plan in a stage.
struct Flagged {
  uint32_t row = 0;
  bool overflow = false;  // a value left 128 bits: what the stage computed of the row may be wrong
};

/// Runs the stages of a schedule, one after the other or again from some stage on. All must outlive it.
class Executor {
 public:
  Executor(Schedule* schedule, const BindInput& input, const std::vector<uint8_t>& refused,
           const ExecuteOptions& options);
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  /// Runs a stage over all rows. Which of those that are not refused left the plan in it, ascending.
  std::vector<Flagged> run_stage(uint32_t stage);
  /// Runs the cohorts and interpreted decisions that follow a stage; rows with refused[row] = 1 take no part.
  void run_barriers(uint32_t stage, Interpreter* interpreter);
  /// Before cohorts are run again over other rows.
  void forget_groups();
  /// Runs body(begin, end) over [0, n) by all threads.
  void in_parallel(size_t n, size_t grain, const std::function<void(size_t, size_t)>& body);

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

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
