// for, some/every, filters.
#include <algorithm>

#include "engine/feel/compare.h"
#include "engine/feel/evaluator.h"
#include "engine/feel/walk.h"

namespace kaogong::feel {
namespace {

using number::Number;

// The domain of `i in a..b`: whole numbers or days, up or down.
std::optional<std::pair<int64_t, int64_t>> whole_bounds(const Value& low, const Value& high) {
  if (low.is(ValueKind::kDate) && high.is(ValueKind::kDate)) {
    return std::pair(to_days(low.as_date()), to_days(high.as_date()));
  }
  if (!low.is(ValueKind::kNumber) || !high.is(ValueKind::kNumber)) return std::nullopt;
  const std::optional<int64_t> from = low.as_number().to_int64();
  const std::optional<int64_t> to = high.as_number().to_int64();
  if (!from || !to) return std::nullopt;
  return std::pair(*from, *to);
}

}  // namespace

std::vector<Value> Evaluator::domain(const Iterator& iterator, const Environment& environment) {
  Value low = evaluate(*iterator.domain, environment);
  Value high;
  const Span span = iterator.domain->span;
  bool low_open = false, high_open = false;
  if (iterator.range_end) {
    high = evaluate(*iterator.range_end, environment);
  } else if (low.is(ValueKind::kRange)) {
    const Range range = low.as_range();
    low = range.low;
    high = range.high;
    low_open = !range.low_closed;
    high_open = !range.high_closed;
  } else {
    if (low.is(ValueKind::kList)) {
      spend(low.as_list().size());
      return low.as_list();
    }
    if (low.is_null() || strict()) {
      problem(span, "cannot iterate over " + std::string(to_string(low.kind())));
      throw EvalFailure{{std::string(), span}};  // caught where the whole iteration becomes null
    }
    return {low};
  }
  const auto bounds = whole_bounds(low, high);
  if (!bounds) {
    problem(span, "cannot iterate over this range");
    throw EvalFailure{{std::string(), span}};
  }
  auto [from, to] = *bounds;
  const int64_t step = from <= to ? 1 : -1;
  const uint64_t distance = step > 0 ? static_cast<uint64_t>(to) - static_cast<uint64_t>(from)
                                     : static_cast<uint64_t>(from) - static_cast<uint64_t>(to);
  if (distance >= options_.limits.list_max) fail(span, "the range is too long");
  spend(distance);
  std::vector<Value> items;
  items.reserve(distance + 1);
  for (uint64_t i = 0; i <= distance; ++i) {
    if ((i == 0 && low_open) || (i == distance && high_open)) continue;
    const int64_t at = from + step * static_cast<int64_t>(i);
    items.push_back(low.is(ValueKind::kDate) ? Value(*from_days(at)) : Value::integer(at));
  }
  return items;
}

namespace {

/// Runs `visit` for every combination of the iterators; it returns false to stop.
template <class Domain, class Visit>
bool combine(const std::vector<Iterator>& iterators, size_t index, const Environment& environment, Domain& domain,
             Visit& visit) {
  if (index == iterators.size()) return visit(environment);
  for (const Value& value : domain(iterators[index], environment)) {
    if (!combine(iterators, index + 1, environment.with(iterators[index].name, value), domain, visit)) return false;
  }
  return true;
}

}  // namespace

// An EvalFailure without a message means: the problem is noted, the iteration is null.
Value Evaluator::evaluate_for(const For& node, const Environment& environment) {
  if (node.iterators.size() > 50) fail(node.span, "too many iterators");
  const bool uses_partial = mentions_name(*node.body, "partial");
  std::vector<Value> results;
  auto domain_of = [this](const Iterator& iterator, const Environment& scope) { return domain(iterator, scope); };
  auto visit = [&](const Environment& scope) {
    if (results.size() >= options_.limits.list_max) fail(node.span, "the list is too long");
    spend(1);
    if (uses_partial) {
      results.push_back(evaluate(*node.body, scope.with("partial", make_list(results))));
    } else {
      results.push_back(evaluate(*node.body, scope));
    }
    return true;
  };
  try {
    combine(node.iterators, 0, environment, domain_of, visit);
  } catch (const EvalFailure& failure) {
    if (!failure.error.message.empty()) throw;
    return {};
  }
  return make_list(std::move(results));
}

Value Evaluator::evaluate_quantified(const Quantified& node, const Environment& environment) {
  if (node.iterators.size() > 50) fail(node.span, "too many iterators");
  bool settled = false, unknown = false;
  auto domain_of = [this](const Iterator& iterator, const Environment& scope) { return domain(iterator, scope); };
  auto visit = [&](const Environment& scope) {
    spend(1);
    const Value result = evaluate(*node.condition, scope);
    if (!result.is(ValueKind::kBoolean)) {
      if (strict()) problem(node.condition->span, "the condition is " + std::string(to_string(result.kind())));
      unknown = true;
      return true;
    }
    settled = result.as_boolean() != node.every;
    return !settled;
  };
  try {
    combine(node.iterators, 0, environment, domain_of, visit);
  } catch (const EvalFailure& failure) {
    if (!failure.error.message.empty()) throw;
    return {};
  }
  if (settled) return Value::boolean(!node.every);
  return unknown ? Value() : Value::boolean(node.every);
}

Value Evaluator::evaluate_filter(const Filter& node, const Environment& environment) {
  const Value object = evaluate(*node.object, environment);
  std::vector<Value> single;
  if (!object.is(ValueKind::kList)) {
    if (object.is_null() && strict()) return problem(node.span, "cannot filter null");
    if (!object.is_null()) single.push_back(object);
  }
  const std::vector<Value>& items = object.is(ValueKind::kList) ? object.as_list() : single;
  const auto at = [&](const Value& index) -> Value {
    const std::optional<int64_t> place = index.as_number().to_int64();
    const auto size = static_cast<int64_t>(items.size());
    if (!place || *place == 0 || *place > size || *place < -size) {
      return problem(node.predicate->span, "there is no item " + index.as_number().to_text());
    }
    return items[static_cast<size_t>(*place > 0 ? *place - 1 : size + *place)];
  };
  struct Count {  // of filters being evaluated: a comparison with null selects nothing instead of being an error
    explicit Count(uint32_t& n) : n_(n) { ++n_; }
    ~Count() { --n_; }
    uint32_t& n_;
  };
  // A number is an index; it cannot depend on the item, so the first item (or none) tells.
  const bool literal_index = node.predicate->kind == ExprKind::kNumber || node.predicate->kind == ExprKind::kNegate;
  if (literal_index) {
    const Value index = evaluate(*node.predicate, environment);
    if (index.is(ValueKind::kNumber)) return at(index);
  }
  if (items.empty()) {
    if (strict()) return make_list({});
    const size_t warnings_before = warnings_.size();
    const Value index = evaluate(*node.predicate, environment.with("item", Value()));
    warnings_.resize(std::min(warnings_before, warnings_.size()));
    if (index.is(ValueKind::kNumber)) return {};
    return object.is_null() && !object.is(ValueKind::kList) ? make_list({}) : make_list({});
  }
  std::vector<Value> selected;
  for (const Value& item : items) {
    spend(1);
    Environment scope = environment.with("item", item);
    if (item.is(ValueKind::kContext)) scope = scope.with_entries(item);
    Value result;
    {
      const Count count(filters_);
      result = evaluate(*node.predicate, scope);
    }
    if (result.is(ValueKind::kNumber)) return at(result);
    if (result.is_true()) {
      selected.push_back(item);
    } else if (strict() && !result.is(ValueKind::kBoolean) && !result.is_null()) {
      problem(node.predicate->span, "the filter is " + std::string(to_string(result.kind())));
    }
  }
  return make_list(std::move(selected));
}

}  // namespace kaogong::feel
