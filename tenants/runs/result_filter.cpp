#include "tenants/runs/result_filter.h"

#include <algorithm>

#include "engine/number/fixed.h"
#include "engine/scheme/literal.h"

namespace kaogong::runs {

using tenants::Result;

namespace {

using Is = Condition::Is;

constexpr int kDecimalsMax = 15;

bool holds(Is is, int order) {
  switch (is) {
    case Is::kEqual:
      return order == 0;
    case Is::kNotEqual:
      return order != 0;
    case Is::kBelow:
      return order < 0;
    case Is::kAtMost:
      return order <= 0;
    case Is::kAbove:
      return order > 0;
    case Is::kAtLeast:
      return order >= 0;
  }
  return false;
}

}  // namespace

Result<std::vector<Condition>> parse_conditions(std::string_view text) {
  std::vector<Condition> conditions;
  while (!text.empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    const auto one = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    const size_t sign = one.find_first_of("=!<>");
    if (sign == 0 || sign == std::string_view::npos)
      return tenants::invalid("'" + std::string(one) + "' is no condition: write them like grade=E,pay>=10000");
    Condition condition;
    condition.output = one.substr(0, sign);
    const bool equal_too = one.substr(sign + 1).starts_with('=');
    switch (one[sign]) {
      case '=':
        condition.is = Is::kEqual;
        break;
      case '!':
        if (!equal_too) return tenants::invalid("'" + std::string(one) + "' is no condition: write != for another");
        condition.is = Is::kNotEqual;
        break;
      case '<':
        condition.is = equal_too ? Is::kAtMost : Is::kBelow;
        break;
      default:
        condition.is = equal_too ? Is::kAtLeast : Is::kAbove;
        break;
    }
    condition.value = one.substr(sign + (one[sign] != '=' && equal_too ? 2 : 1));
    if (conditions.size() == kConditionsMax) return tenants::invalid("there are too many conditions");
    conditions.push_back(std::move(condition));
  }
  return conditions;
}

Result<ResultFilter> ResultFilter::bind(const ResultView& results, const std::vector<Condition>& conditions) {
  ResultFilter filter;
  for (const auto& condition : conditions) {
    Bound bound;
    bound.column = results.find(condition.output);
    if (bound.column == nullptr) return tenants::invalid("the results have no output '" + condition.output + "'");
    bound.is = condition.is;
    bound.null = condition.value.empty();
    bound.numeric = scheme::is_numeric(bound.column->type);
    bound.text = condition.value;
    const bool is_order = condition.is != Is::kEqual && condition.is != Is::kNotEqual;
    if (is_order && (!bound.numeric || bound.null))
      return tenants::invalid("'" + condition.output + "' can only be equal or not: it is no number, or none is given");
    if (bound.numeric && !bound.null) {
      const size_t point = condition.value.find('.');
      const int decimals = point == std::string::npos ? 0 : static_cast<int>(condition.value.size() - point - 1);
      const int scale = std::max<int>(decimals, bound.column->scale);
      const auto value = scheme::parse_scaled(condition.value, std::min(scale, kDecimalsMax));
      const auto* units = std::get_if<int64_t>(&value);
      if (units == nullptr || scale > kDecimalsMax)
        return tenants::invalid("'" + condition.value + "' is no number to compare '" + condition.output + "' with");
      bound.value = *units;
      bound.factor = fixed::pow10(scale - bound.column->scale);
    }
    filter.bound_.push_back(std::move(bound));
  }
  return filter;
}

bool ResultFilter::takes(size_t row) const {
  return std::all_of(bound_.begin(), bound_.end(), [row](const Bound& bound) {
    if (bound.null || bound.column->is_null(row))
      return holds(bound.is, bound.null && bound.column->is_null(row) ? 0 : 1) &&
             (bound.is == Is::kEqual || bound.is == Is::kNotEqual);
    if (!bound.numeric) return holds(bound.is, column::format_value(*bound.column, row) == bound.text ? 0 : 1);
    const __int128 own = bound.column->get(row);
    __int128 value = 0;
    if (__builtin_mul_overflow(own, bound.factor, &value)) return holds(bound.is, own < 0 ? -1 : 1);
    return holds(bound.is, value < bound.value ? -1 : value > bound.value ? 1 : 0);
  });
}

}  // namespace kaogong::runs
