// Columns of a plan: how they are drawn unless a profile says otherwise.
#include <algorithm>
#include <cstdlib>

#include "tenants/generate/plan.h"

namespace kaogong::generate {

ColumnPlan& ColumnPlan::shaped(Draw::Shape shape) {
  draw.shape = shape;
  return *this;
}

ColumnPlan& ColumnPlan::range(int64_t low, int64_t high, int decimals, int64_t step) {
  const int64_t unit = power_of_ten(std::max(0, format.scale - decimals));
  draw.low = low * unit;
  draw.high = high * unit;
  draw.step = step * unit;
  return *this;
}

ColumnPlan& ColumnPlan::normal(int32_t mean, int32_t deviation) {
  draw.mean = mean;
  draw.deviation = deviation;
  return shaped(Draw::Shape::kNormal);
}

ColumnPlan& ColumnPlan::by_skill(int32_t mean, int32_t deviation) {
  draw.mean = mean;
  draw.deviation = deviation;
  return shaped(Draw::Shape::kSkill);
}

ColumnPlan& ColumnPlan::reversed() {
  draw.reversed = true;
  return *this;
}

ColumnPlan& ColumnPlan::unsteady() {
  draw.steady = 500;  // the squares of both add up to one
  draw.chance = 866;
  return *this;
}

ColumnPlan& ColumnPlan::zero(uint32_t permille) {
  draw.zero_permille = permille;
  return *this;
}

ColumnPlan& ColumnPlan::null(uint32_t permille) {
  draw.null_permille = permille;
  return *this;
}

ColumnPlan& ColumnPlan::weights(const std::vector<uint32_t>& weights, bool best_first) {
  draw.shape = Draw::Shape::kChoice;
  draw.best_first = best_first;
  draw.up_to.clear();
  for (const uint32_t weight : weights) draw.up_to.push_back((draw.up_to.empty() ? 0 : draw.up_to.back()) + weight);
  if (draw.up_to.size() != draw.choices.size() || draw.up_to.empty() || draw.up_to.back() == 0) draw.up_to.clear();
  return *this;
}

size_t FilePlan::place(std::string_view column_name) const {
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == column_name) return i;
  }
  std::abort();  // a profile names a column that its template has not: its test would have failed
}

std::vector<ColumnRef> FilePlan::refs() const {
  std::vector<ColumnRef> refs;
  for (const ColumnPlan& column_plan : columns) refs.push_back({column_plan.name, column_plan.format});
  return refs;
}

TablePlan& Plan::table(std::string_view name) {
  for (TablePlan& candidate : tables) {
    if (candidate.name == name) return candidate;
  }
  std::abort();
}

LookupRows& Plan::lookup(std::string_view name) {
  for (LookupRows& candidate : lookup_rows) {
    if (candidate.name == name) return candidate;
  }
  std::abort();
}

void Plan::parameter(std::string_view name, std::string value) {
  for (ParameterPlan& candidate : parameters) {
    if (candidate.name != name) continue;
    candidate.value = std::move(value);
    return;
  }
  parameters.push_back({std::string(name), std::move(value)});
}

}  // namespace kaogong::generate
