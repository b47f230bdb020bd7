#include "engine/plan/row_fallback.h"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <algorithm>

#include "engine/reference/values.h"

namespace kaogong::plan {

namespace {

constexpr size_t kRowsAtOnce = 64;  // an evaluator is made for so many

bool fits(Int value, Physical physical) { return width_for(value, value) <= physical; }

// The decisions that earlier stages have computed, for the decisions that do not vectorise.
class PlanValues final : public reference::Provider {
 public:
  PlanValues(const BoundScheme& bound, const scheme::Document& document, const Schedule& schedule, uint32_t stage)
      : bound_(bound), document_(document), schedule_(schedule), stage_(stage) {}
  bool find(uint32_t decision, size_t row, feel::Value* value) override {
    const auto& b = bound_.decisions[decision];
    const auto& type = document_.decisions[decision].type;
    const Node *num = b.value.num, *valid = b.value.valid;
    const auto ready = [&](const Node* n) {
      return n == nullptr || n->op == Op::kConst || (schedule_.whole[n->id] != nullptr && n->stage <= stage_);
    };
    if (type.name == scheme::TypeName::kExact || num == nullptr || !ready(num) || !ready(valid)) return false;
    const auto at = [&](const Node* n) { return n->op == Op::kConst ? n->constant : schedule_.whole[n->id]->get(row); };
    // Without a value for this row: the evaluator finds out why.
    if (b.failed != nullptr && (!ready(b.failed) || at(b.failed) != 0)) return false;
    if (valid != nullptr && at(valid) == 0) {
      *value = feel::Value();
      return true;
    }
    column::Column cell;
    cell.type = type.name;
    cell.scale = type.scale;
    cell.physical = Physical::kI128;
    cell.dictionary = b.value.dictionary;
    cell.allocate(1, false);
    cell.set(0, at(num));
    *value = reference::to_value(cell, 0);
    return true;
  }

 private:
  const BoundScheme& bound_;
  const scheme::Document& document_;
  const Schedule& schedule_;
  uint32_t stage_;
};

}  // namespace

RowFallback::RowFallback(const BoundScheme& bound, const scheme::Document& document, const column::Inputs& inputs,
                         Schedule* schedule, const std::vector<uint8_t>& refused)
    : bound_(bound), document_(document), inputs_(inputs), schedule_(schedule), refused_(refused) {}

const reference::Model& RowFallback::model() {
  if (model_ == nullptr) model_ = std::make_unique<reference::Model>(document_, inputs_);
  return *model_;
}

void RowFallback::advance(uint32_t stage) {
  late_ = true;
  if (cohorts_ == nullptr) cohorts_ = std::make_unique<PlanCohorts>(bound_, *schedule_, model());
  cohorts_->advance(stage);
  patcher_ = nullptr;
}

std::vector<std::vector<column::Fault>> RowFallback::faults(const std::vector<uint32_t>& rows, bool late,
                                                            Executor* executor) {
  std::vector<std::vector<column::Fault>> result(rows.size());
  if (rows.empty()) return result;
  looked_at_ += rows.size();
  const reference::Model& scheme = model();
  executor->in_parallel(rows.size(), kRowsAtOnce, [&](size_t begin, size_t end) {
    reference::RowEvaluator evaluator(scheme, nullptr, late ? cohorts() : nullptr);
    for (size_t i = begin; i < end; ++i) {
      evaluator.start(rows[i]);
      result[i] = evaluator.faults(late);
    }
  });
  return result;
}

void RowFallback::store(const feel::Value& value, const BoundDecision& decision, const scheme::Decision& decl,
                        uint32_t row, uint32_t stage) {
  const auto column_of = [&](const Node* node) -> column::Column* {
    return node != nullptr && node->stage <= stage ? schedule_->whole[node->id].get() : nullptr;
  };
  if (auto* valid = column_of(decision.value.valid)) valid->set(row, value.is_null() ? 0 : 1);
  auto* num = column_of(decision.value.num);
  if (num == nullptr) return;
  if (value.is_null()) {
    num->set(row, 0);
    return;
  }
  column::Column cell;
  cell.type = decl.type.name;
  cell.scale = decl.type.scale;
  cell.physical = Physical::kI128;
  cell.dictionary = decision.value.dictionary;
  cell.allocate(1, false);
  reference::store(value, &cell, 0);
  const Int units = cell.get(0);
  gives_up_ = gives_up_ || !fits(units, num->physical);
  num->set(row, units);
}

void RowFallback::patch(uint32_t row, uint32_t stage) {
  ++looked_at_;
  if (patcher_ == nullptr) patcher_ = std::make_unique<reference::RowEvaluator>(model(), nullptr, cohorts());
  patcher_->start(row);
  for (uint32_t d = 0; d < document_.decisions.size(); ++d) {
    const BoundDecision& decision = bound_.decisions[d];
    const scheme::Decision& decl = document_.decisions[d];
    if (decision.value.num == nullptr || decl.type.name == scheme::TypeName::kExact) continue;
    if (const auto value = patcher_->decision(d)) store(*value, decision, decl, row, stage);
  }
}

bool RowFallback::patchable(uint32_t stage) const {
  const auto& nodes = bound_.graph->nodes();
  std::vector<uint8_t> repaired(nodes.size(), 0), wrong(nodes.size(), 0);
  for (size_t d = 0; d < bound_.decisions.size(); ++d) {
    if (document_.decisions[d].type.name == scheme::TypeName::kExact) continue;
    const Bound& value = bound_.decisions[d].value;
    for (const Node* n : {value.num, value.valid})
      if (n != nullptr) repaired[n->id] = 1;
  }
  for (const Node& n : nodes) {
    if (n.stage > stage) continue;
    bool bad = n.may_overflow && n.stage == stage;
    for (const Node* arg : n.args) bad = bad || (wrong[arg->id] != 0 && arg->stage == stage);
    wrong[n.id] = bad;
    if (bad && n.stage == stage && schedule_->whole[n.id] != nullptr && repaired[n.id] == 0) return false;
  }
  return true;
}

void RowFallback::interpret(const Node& node, uint32_t stage, column::Column* out) {
  const uint32_t index = node.interpreted / 2;
  if ((node.interpreted & 1) != 0) {  // its validity, computed with its value
    const auto& valid = valid_[index];
    for (size_t r = 0; r < valid.size(); ++r) out->set(r, valid[r]);
    return;
  }
  const reference::Model& scheme = model();
  out->type = document_.decisions[index].type.name;
  out->scale = document_.decisions[index].type.scale;
  out->dictionary = bound_.decisions[index].value.dictionary;
  auto& valid = valid_[index];
  valid.assign(inputs_.rows(), 1);
  std::vector<uint8_t> failed(inputs_.rows(), 0);
  const auto compute = [&](size_t begin, size_t end) {
    PlanValues values(bound_, document_, *schedule_, stage);
    reference::RowEvaluator evaluator(scheme, &values, cohorts());
    for (size_t row = begin; row < end; ++row) {
      if (refused_[row] != 0) continue;
      evaluator.start(row);
      const auto value = evaluator.decision(index);
      if (!value) {
        failed[row] = 1;
      } else if (value->is_null()) {
        valid[row] = 0;
        out->set(row, 0);
      } else {
        reference::store(*value, out, row);
      }
    }
  };
  looked_at_ += inputs_.rows();
  if (out->type == scheme::TypeName::kString) {
    compute(0, inputs_.rows());  // a string may be new to the dictionary, which grows by one thread only
  } else {
    constexpr size_t kInterpretedAtOnce = 512;
    tbb::parallel_for(tbb::blocked_range<size_t>(0, inputs_.rows(), kInterpretedAtOnce),
                      [&](const auto& range) { compute(range.begin(), range.end()); });
  }
  for (size_t row = 0; row < failed.size(); ++row)
    if (failed[row] != 0) interpreted_failures_.push_back(static_cast<uint32_t>(row));
  // Who fails here takes no part in cohorts of this value, which the plan does not know of it.
  if (node.late && std::count(failed.begin(), failed.end(), 1) != 0)
    for (const auto& later : bound_.graph->nodes())
      gives_up_ =
          gives_up_ || (later.op == Op::kCohort && later.stage > node.stage && schedule_->whole[later.id] != nullptr);
}

std::vector<uint32_t> RowFallback::take_interpreted_failures() {
  std::vector<uint32_t> rows = std::move(interpreted_failures_);
  interpreted_failures_.clear();
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

}  // namespace kaogong::plan
