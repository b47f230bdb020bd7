// One run of a program: the plan's stages, what the reference evaluator has to look at, and the results.
#include <algorithm>
#include <cstring>
#include <map>
#include <set>

#include "engine/plan/execute.h"
#include "engine/plan/prepare.h"
#include "engine/plan/program.h"
#include "engine/plan/row_fallback.h"
#include "engine/reference/reference.h"

namespace kaogong::plan {

namespace {

RunResult by_reference(const scheme::Document& document, const column::Inputs& inputs, std::vector<uint8_t> refused,
                       const RunOptions& options) {
  reference::ReferenceOptions reference_options;
  reference_options.keep_all = options.keep_all;
  reference_options.progress = options.progress;
  auto computed = reference::run_reference(document, inputs, std::move(refused), reference_options);
  RunResult result;
  result.by_reference = true;
  result.names = std::move(computed.names);
  result.columns = std::move(computed.columns);
  result.refused = std::move(computed.refused);
  result.faults = std::move(computed.faults);
  result.failure = std::move(computed.failure);
  return result;
}

// A decision's validity, copied: it may also be another decision's, or another decision itself.
column::Buffer validity(const BoundDecision& decision, size_t rows, const Schedule& schedule) {
  column::Buffer bytes;
  const Node* valid = decision.value.valid;
  if (valid == nullptr || rows == 0) return bytes;
  bytes.resize(rows);
  if (valid->op == Op::kConst) {
    std::memset(bytes.data(), static_cast<int>(valid->constant), rows);
  } else {
    std::memcpy(bytes.data(), schedule.whole[valid->id]->data.data(), rows);
  }
  return bytes;
}

// The values of a decision, moved out of the schedule. Its validity has been copied before.
column::Column take(const BoundDecision& decision, const scheme::Decision& decl, size_t rows, Schedule* schedule,
                    std::vector<uint8_t>* taken) {
  column::Column column;
  column.type = decl.type.name;
  column.scale = decl.type.scale;
  column.dictionary = decision.value.dictionary;
  const Node* num = decision.value.num;
  if (num->op == Op::kConst) {
    column.physical = num->physical;
    column.allocate(rows, false);
    for (size_t r = 0; r < rows; ++r) column.set(r, num->constant);
  } else {
    column::Column& whole = *schedule->whole[num->id];
    column.physical = whole.physical;
    column.rows = whole.rows;
    if ((*taken)[num->id] == 0) {
      (*taken)[num->id] = 1;
      column.data = std::move(whole.data);
    } else {
      column.data.resize(whole.rows * column::width_of(whole.physical));
    }
  }
  return column;
}

// Runs the plan's stages as the reference does it (reference.h): rows that fail by themselves are refused first; then
// cohorts are computed over the others, and whoever fails because of them is refused after the last stage, until nobody
// does. Only what begins with cohorts is computed again.
class PlanRun {
 public:
  PlanRun(const BoundScheme& bound, const scheme::Document& document, const BindInput& input, Schedule* schedule,
          std::vector<uint8_t>* refused, const ExecuteOptions& options)
      : bound_(bound),
        schedule_(schedule),
        refused_(refused),
        executor_(schedule, input, *refused, options),
        fallback_(bound, document, *input.inputs, schedule, *refused) {}

  // False: everything is to be computed by the reference evaluator.
  bool run() {
    const auto stages = static_cast<uint32_t>(schedule_->stages.size());
    for (uint32_t s = 0; s < stages && s <= bound_.last_early_stage; ++s) {
      if (!early(s)) return false;
    }
    if (stages > bound_.last_early_stage + 1) return with_cohorts(stages);
    // Those who left 128 bits on the way and have a value.
    for (const uint32_t row : suspects_) fallback_.patch(row, stages);
    return !fallback_.gives_up();
  }

  // By row.
  std::vector<column::Fault> take_faults() {
    std::vector<column::Fault> all;
    for (auto& [row, faults] : faults_) std::move(faults.begin(), faults.end(), std::back_inserter(all));
    return all;
  }
  uint64_t rows_looked_at() const { return fallback_.rows_looked_at(); }
  uint32_t rounds() const { return rounds_; }
  bool too_many_rounds() const { return rounds_ > reference::kCohortRoundsMax; }

 private:
  // A stage before any cohort, and the interpreted decisions behind it.
  bool early(uint32_t s) {
    if (!leave(executor_.run_stage(s), s)) return false;
    if (s == bound_.last_early_stage) return true;
    executor_.run_barriers(s, &fallback_);
    std::vector<Flagged> flagged;
    for (const uint32_t row : fallback_.take_interpreted_failures()) flagged.push_back({row, false});
    return leave(flagged, s) && !fallback_.gives_up();
  }

  bool leave(const std::vector<Flagged>& flagged, uint32_t stage) {
    std::vector<uint32_t> rows;
    for (const Flagged& f : flagged) rows.push_back(f.row);
    auto faults = fallback_.faults(rows, false, &executor_);
    for (size_t i = 0; i < rows.size(); ++i) {
      if (!faults[i].empty()) {
        (*refused_)[rows[i]] = 1;
        faults_[rows[i]] = std::move(faults[i]);
        continue;
      }
      // What fails only in the company of a cohort's value, the reference finds when there is one.
      suspects_.push_back(rows[i]);
      passed_early_.insert(rows[i]);
      if (flagged[i].overflow && !patch(rows[i], stage)) return false;
    }
    return true;
  }

  bool patch(uint32_t row, uint32_t stage) {
    if (!fallback_.patchable(stage)) return false;
    fallback_.patch(row, stage);
    return !fallback_.gives_up();
  }

  // A condition that hangs on a cohort's value for some may fail others without one. Refuses those of `rows`; false:
  // there are none.
  bool refuse_early(const std::vector<uint32_t>& rows) {
    std::vector<uint32_t> fresh;
    for (const uint32_t row : rows)
      if (passed_early_.insert(row).second) fresh.push_back(row);
    auto faults = fallback_.faults(fresh, false, &executor_);
    bool any = false;
    for (size_t i = 0; i < fresh.size(); ++i) {
      if (faults[i].empty()) continue;
      any = true;
      (*refused_)[fresh[i]] = 1;
      faults_[fresh[i]] = std::move(faults[i]);
    }
    return any;
  }

  // Whether a cohort went without the employee because the plan, stricter than the reference, saw a fault.
  bool left_out(uint32_t row) const {
    return std::any_of(bound_.left_out.begin(), bound_.left_out.end(), [&](const Node* failed) {
      return failed->op == Op::kConst ? failed->constant != 0 : schedule_->whole[failed->id]->get(row) != 0;
    });
  }

  bool with_cohorts(uint32_t stages) {
    for (;;) {
      if (++rounds_ > reference::kCohortRoundsMax) return true;
      std::vector<uint32_t> rows = suspects_;
      for (uint32_t s = bound_.last_early_stage + 1; s < stages; ++s) {
        executor_.run_barriers(s - 1, &fallback_);
        if (fallback_.gives_up()) return false;
        for (const uint32_t row : fallback_.take_interpreted_failures()) rows.push_back(row);
        const auto flagged = executor_.run_stage(s);
        for (const Flagged& f : flagged) {
          rows.push_back(f.row);
          if (!f.overflow) continue;
          fallback_.advance(s);
          if (!patch(f.row, s)) return false;
        }
      }
      std::sort(rows.begin(), rows.end());
      rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
      std::erase_if(rows, [&](uint32_t row) { return (*refused_)[row] != 0; });
      if (rows.empty()) return true;
      if (refuse_early(rows)) {  // they were never to be compared: this round does not count
        --rounds_;
        executor_.forget_groups();
        continue;
      }
      fallback_.advance(stages);
      auto faults = fallback_.faults(rows, true, &executor_);
      bool again = false;
      std::vector<uint32_t> sound;
      for (size_t i = 0; i < rows.size(); ++i) {
        if (faults[i].empty()) {
          if (left_out(rows[i])) return false;
          sound.push_back(rows[i]);
          continue;
        }
        again = true;
        (*refused_)[rows[i]] = 1;
        faults_[rows[i]] = std::move(faults[i]);
      }
      if (!again)
        for (const uint32_t row : sound) fallback_.patch(row, stages);
      if (fallback_.gives_up()) return false;
      if (!again) return true;
      executor_.forget_groups();
    }
  }

  const BoundScheme& bound_;
  Schedule* schedule_;
  std::vector<uint8_t>* refused_;
  Executor executor_;
  RowFallback fallback_;
  std::vector<uint32_t> suspects_;   // left the plan before cohorts, without a fault so far
  std::set<uint32_t> passed_early_;  // have no fault of their own, whatever cohorts give
  std::map<uint32_t, std::vector<column::Fault>> faults_;
  uint32_t rounds_ = 0;
};

}  // namespace

RunResult run(const Program& program, const column::Inputs& inputs, std::vector<uint8_t> refused,
              const RunOptions& options) {
  const scheme::Document& document = document_of(program);
  if (options.reference_only) return by_reference(document, inputs, std::move(refused), options);
  RunResult result;
  const size_t rows = inputs.rows();
  if (refused.empty()) refused.resize(rows, 0);
  const std::vector<uint8_t> refused_before = refused;
  Prepared prepared;
  prepare(document, inputs, &prepared);
  if (!prepared.failure.empty()) {
    result.failure = prepared.failure;
    return result;
  }
  BoundScheme bound = bind(prepared.input);
  for (const auto& finding : bound.findings)
    if (finding.severity == scheme::Severity::kError) {
      result.failure = finding.message;
      return result;
    }
  if (bound.whole_by_reference || bound.rows_by_reference)
    return by_reference(document, inputs, std::move(refused), options);
  // Which decisions are wanted, outputs first.
  std::vector<size_t> wanted;
  for (const auto& name : document.outputs)
    for (size_t d = 0; d < document.decisions.size(); ++d)
      if (document.decisions[d].name == name) wanted.push_back(d);
  if (options.keep_all)
    for (size_t d = 0; d < document.decisions.size(); ++d)
      if (std::find(wanted.begin(), wanted.end(), d) == wanted.end()) wanted.push_back(d);
  std::vector<const Node*> roots;
  const auto want = [&](const Node* n) {
    if (n != nullptr && n->op != Op::kConst) roots.push_back(n);
  };
  for (const size_t d : wanted) {
    want(bound.decisions[d].value.num);
    want(bound.decisions[d].value.valid);
  }
  // Interpreted decisions may refuse a row, wanted or not; and they look up who has no value of what they name.
  const bool interpreting = std::any_of(bound.decisions.begin(), bound.decisions.end(),
                                        [](const BoundDecision& decision) { return decision.interpreted; });
  for (const BoundDecision& decision : bound.decisions) {
    if (decision.interpreted) want(decision.value.num);
    if (interpreting) want(decision.failed);
  }
  // What a cohort gave may be asked for, too: by decisions that are not wanted but may refuse a row.
  for (const BoundCohort& cohort : bound.cohorts) {
    want(cohort.result.valid);
    for (const Node* n : {cohort.result.num, cohort.result.den})
      for (; n != nullptr && n->op != Op::kConst; n = n->args.empty() ? nullptr : n->args[0])
        if (n->op == Op::kCohort) {
          want(n);
          break;
        }
  }
  // Whether someone was left out of a cohort, too.
  for (const Node* failed : bound.left_out) want(failed);
  Schedule schedule = make_schedule(bound, roots, prepared.input, options.workspace);
  const ExecuteOptions execute_options{options.threads, options.morsel_rows, options.progress};
  {
    PlanRun plan(bound, document, prepared.input, &schedule, &refused, execute_options);
    if (!plan.run()) return by_reference(document, inputs, refused_before, options);
    if (plan.too_many_rounds()) {
      result.failure = reference::too_many_rounds();
      return result;
    }
    result.faults = plan.take_faults();
    result.rows_by_reference = plan.rows_looked_at();
    result.cohort_rounds = plan.rounds();
  }
  std::vector<uint8_t> taken(schedule.whole.size(), 0);
  std::vector<column::Buffer> valid;
  for (const size_t d : wanted) valid.push_back(validity(bound.decisions[d], rows, schedule));
  for (size_t i = 0; i < wanted.size(); ++i) {
    const size_t d = wanted[i];
    result.names.push_back(document.decisions[d].name);
    result.columns.push_back(take(bound.decisions[d], document.decisions[d], rows, &schedule, &taken));
    result.columns.back().valid = std::move(valid[i]);
  }
  // Two decisions of one value: the second copies.
  for (size_t i = 0; i < wanted.size(); ++i)
    for (size_t j = i + 1; j < wanted.size(); ++j)
      if (bound.decisions[wanted[i]].value.num == bound.decisions[wanted[j]].value.num &&
          bound.decisions[wanted[i]].value.num->op != Op::kConst && result.columns[i].data.bytes() != 0)
        std::memcpy(result.columns[j].data.data(), result.columns[i].data.data(), result.columns[i].data.bytes());
  if (options.workspace != nullptr)
    for (auto& whole : schedule.whole)
      if (whole != nullptr) options.workspace->give(std::move(whole->data));
  result.refused = std::move(refused);
  return result;
}

}  // namespace kaogong::plan
