#include "engine/plan/plan_cohorts.h"

#include <algorithm>

#include "engine/number/number.h"

namespace kaogong::plan {

PlanCohorts::PlanCohorts(const BoundScheme& bound, const Schedule& schedule, const reference::Model& model)
    : bound_(bound), schedule_(schedule), calls_(model.cohorts().size(), nullptr) {
  for (size_t c = 0; c < calls_.size(); ++c)
    for (const BoundCohort& known : bound_.cohorts)
      if (known.call == model.cohorts()[c].call && !known.ambiguous) calls_[c] = &known;
}

// A node's value for one row, from what is kept. Cohorts' results are close to what is kept.
std::optional<Int> PlanCohorts::at(const Node* node, size_t row) const {
  if (node->op == Op::kConst) return node->constant;
  if (node->stage > stage_) throw reference::Blocked{};
  if (node->op == Op::kLoad) return node->column->get(row);
  if (node->op == Op::kLoadValid) return node->column->is_null(row) ? 0 : 1;
  if (const auto* whole = schedule_.whole[node->id].get(); whole != nullptr) return whole->get(row);
  if (node->args.empty() || node->args.size() > 2) return std::nullopt;
  const auto a = at(node->args[0], row), b = at(node->args.back(), row);
  if (!a || !b) return std::nullopt;
  switch (node->op) {
    case Op::kGather:
      return *a >= 0 && *a < static_cast<Int>(node->table->size()) ? (*node->table)[static_cast<size_t>(*a)] : 0;
    case Op::kMax:
      return std::max(*a, *b);
    case Op::kMin:
      return std::min(*a, *b);
    case Op::kAnd:
      return *a != 0 && *b != 0;
    case Op::kOr:
      return *a != 0 || *b != 0;
    case Op::kNot:
      return *a == 0;
    default:
      return std::nullopt;
  }
}

feel::Value PlanCohorts::value(uint32_t cohort, size_t row) {
  const auto unknown = [&] {
    missing_ = true;
    return reference::Blocked{};
  };
  const BoundCohort* known = calls_[cohort];
  if (known == nullptr) throw unknown();
  const auto get = [&](const Node* node) {
    const auto value = at(node, row);
    if (!value) throw unknown();
    return *value;
  };
  if (known->count != nullptr && get(known->count) == 0) throw reference::nobody_takes_part();
  const Bound& result = known->result;
  const Int units = get(result.num);
  if (result.valid != nullptr && get(result.valid) == 0) return {};
  if (result.kind == Bound::Kind::kString)
    return feel::Value::string(std::string(result.dictionary->at(static_cast<int32_t>(units))));
  number::Number number = number::Number::from_scaled(units, result.scale);
  if (result.den != nullptr) {
    const auto quotient =
        number::divide(number, number::Number::from_scaled(get(result.den), 0), number::Arithmetic::kExact);
    if (!quotient) throw unknown();
    number = quotient.value;
  }
  return feel::Value(number);
}

}  // namespace kaogong::plan
