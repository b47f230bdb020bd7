#include "engine/reference/reference.h"

#include <algorithm>

#include "engine/column/inline_lookups.h"
#include "engine/reference/cohorts.h"
#include "engine/reference/row_evaluator.h"

namespace kaogong::reference {
namespace {

// All decisions' values so far, as columns.
class Store final : public Provider {
 public:
  Store(const scheme::Document& document, size_t rows) {
    for (const scheme::Decision& decision : document.decisions) {
      column::Column column = column::make_column(decision.type);
      if (decision.type.name == scheme::TypeName::kString) column.physical = column::Physical::kI32;
      const bool exact = decision.type.name == scheme::TypeName::kExact;
      column.allocate(exact ? 0 : rows, decision.type.nullable);
      columns_.push_back(std::move(column));
      exact_.emplace_back(exact ? rows : 0);
      known_.emplace_back(rows, 0);
    }
  }

  bool find(uint32_t decision, size_t row, feel::Value* value) override {
    if (known_[decision][row] == 0) return false;
    *value = exact_[decision].empty() ? to_value(columns_[decision], row) : exact_[decision][row];
    return true;
  }
  void keep(uint32_t decision, size_t row, const feel::Value& value) override {
    if (exact_[decision].empty()) {
      store(value, &columns_[decision], row);
    } else {
      exact_[decision][row] = value;
    }
    known_[decision][row] = 1;
  }
  void forget(uint32_t decision) { std::fill(known_[decision].begin(), known_[decision].end(), uint8_t{0}); }
  column::Column take(uint32_t decision) { return std::move(columns_[decision]); }
  std::vector<feel::Value> take_exact(uint32_t decision) { return std::move(exact_[decision]); }

 private:
  std::vector<column::Column> columns_;
  std::vector<std::vector<feel::Value>> exact_;
  std::vector<std::vector<uint8_t>> known_;
};

}  // namespace

std::string too_many_rounds() {
  return "rows are still refused after " + std::to_string(kCohortRoundsMax) +
         " rounds of comparing the others again: look for a rule that always refuses somebody, as the last of a "
         "ranking";
}

ReferenceResult run_reference(const scheme::Document& document, const column::Inputs& inputs,
                              std::vector<uint8_t> refused, const ReferenceOptions& options) {
  ReferenceResult result;
  const size_t rows = inputs.rows();
  refused.resize(rows, 0);
  const Model model(document, inputs);
  if (!model.failure().empty()) {
    result.failure = model.failure();
    return result;
  }
  Store store(document, rows);
  std::vector<std::vector<column::Fault>> faults(rows);

  // First what needs no other employee.
  {
    RowEvaluator evaluator(model, &store, nullptr);
    for (size_t r = 0; r < rows; ++r) {
      if (options.progress && r % 4096 == 0) options.progress(r, rows);
      if (refused[r] != 0) continue;
      evaluator.start(r);
      faults[r] = evaluator.faults();
      if (!faults[r].empty()) refused[r] = 1;
    }
  }
  std::vector<uint32_t> with_cohorts;
  for (const uint32_t index : model.order()) {
    if (model.decisions()[index].unit.cohort) with_cohorts.push_back(index);
  }
  const bool rules_with_cohorts = !model.cohorts().empty();
  uint32_t rounds = 0;
  for (bool settled = !rules_with_cohorts; !settled;) {
    settled = true;
    if (++rounds > kCohortRoundsMax) {
      result.failure = too_many_rounds();
      return result;
    }
    for (const uint32_t index : with_cohorts) store.forget(index);
    Cohorts cohorts(model, &store, refused);
    RowEvaluator evaluator(model, &store, &cohorts);
    // Decision by decision, so that cohorts of cohorts find what they need.
    for (const uint32_t index : with_cohorts) {
      for (size_t r = 0; r < rows; ++r) {
        if (refused[r] != 0) continue;
        evaluator.start(r);
        evaluator.decision(index);
      }
    }
    std::vector<size_t> failed;
    for (size_t r = 0; r < rows; ++r) {
      if (refused[r] != 0) continue;
      evaluator.start(r);
      faults[r] = evaluator.faults(true);
      if (!faults[r].empty()) failed.push_back(r);
    }
    for (const size_t r : failed) refused[r] = 1;
    settled = failed.empty();
  }

  for (const std::string& output : document.outputs) result.names.push_back(output);
  if (options.keep_all) {
    for (const scheme::Decision& decision : document.decisions) {
      if (std::find(document.outputs.begin(), document.outputs.end(), decision.name) == document.outputs.end()) {
        result.names.push_back(decision.name);
      }
    }
  }
  for (const std::string& name : result.names) {
    for (uint32_t d = 0; d < document.decisions.size(); ++d) {
      if (document.decisions[d].name != name) continue;
      result.columns.push_back(store.take(d));
      result.exact.push_back(store.take_exact(d));
    }
  }
  for (auto& row : faults) std::move(row.begin(), row.end(), std::back_inserter(result.faults));
  result.refused = std::move(refused);
  if (options.progress) options.progress(rows, rows);
  return result;
}

}  // namespace kaogong::reference
