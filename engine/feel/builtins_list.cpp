// Functions on lists (OMG DMN 1.5, 10.3.4.4), but for the statistics.
#include <algorithm>

#include "engine/feel/builtins.h"
#include "engine/feel/compare.h"

namespace kaogong::feel {
namespace {

bool equals(Arguments& arguments, const Value& a, const Value& b) {
  return arguments.evaluator.equal(a, b).value_or(false);
}

bool holds(Arguments& arguments, const std::vector<Value>& list, const Value& wanted) {
  return std::any_of(list.begin(), list.end(), [&](const Value& item) { return equals(arguments, item, wanted); });
}

Value list_contains(Arguments& arguments) { return Value::boolean(holds(arguments, arguments.list(0), arguments[1])); }

Value count(Arguments& arguments) { return Value::integer(static_cast<int64_t>(arguments.list(0).size())); }

/// The values of a variadic call, or of the one list it was given.
std::vector<Value> spread(Arguments& arguments) {
  if (arguments.size() == 1) return arguments.list(0);
  return arguments.values;
}

template <bool deciding>
Value logical(Arguments& arguments) {
  bool unknown = false;
  for (const Value& item : spread(arguments)) {
    if (!item.is(ValueKind::kBoolean)) {
      if (!item.is_null()) arguments.refuse("every item must be a boolean");
      unknown = true;
    } else if (item.as_boolean() == deciding) {
      return item;
    }
  }
  if (unknown)
    return arguments.evaluator.strict() ? arguments.evaluator.problem(arguments.span, "an item is null") : Value();
  return Value::boolean(!deciding);
}

/// The place a FEEL position means in a list of `size`, from 0; empty: outside. Negative positions count from the end.
std::optional<size_t> place_of(int64_t position, size_t size) {
  const auto n = static_cast<int64_t>(size);
  if (position == 0 || position > n || position < -n) return std::nullopt;
  return static_cast<size_t>(position > 0 ? position - 1 : n + position);
}

Value sublist(Arguments& arguments) {
  const std::vector<Value>& list = arguments.list(0);
  const std::optional<size_t> start = place_of(arguments.integer(1), list.size());
  if (!start) arguments.refuse("the start position is outside the list");
  size_t length = list.size() - *start;
  if (arguments.has(2)) {
    const int64_t wanted = arguments.integer(2);
    if (wanted < 0 || static_cast<uint64_t>(wanted) > length) arguments.refuse("the length is beyond the list");
    length = static_cast<size_t>(wanted);
  }
  const auto first = list.begin() + static_cast<ptrdiff_t>(*start);
  return arguments.evaluator.make_list(std::vector<Value>(first, first + static_cast<ptrdiff_t>(length)));
}

Value append(Arguments& arguments) {
  std::vector<Value> items = arguments.list(0);
  items.insert(items.end(), arguments.values.begin() + 1, arguments.values.end());
  return arguments.evaluator.make_list(std::move(items));
}

std::vector<Value> concatenated(Arguments& arguments) {
  std::vector<Value> items;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::vector<Value>& list = arguments.list(i);
    arguments.evaluator.spend(list.size());
    if (items.size() + list.size() > arguments.evaluator.options().limits.list_max) {
      arguments.evaluator.fail(arguments.span, "the list is too long");
    }
    items.insert(items.end(), list.begin(), list.end());
  }
  return items;
}

Value concatenate(Arguments& arguments) { return arguments.evaluator.make_list(concatenated(arguments)); }

Value distinct(Arguments& arguments, const std::vector<Value>& items) {
  std::vector<Value> kept;
  for (const Value& item : items) {
    if (!holds(arguments, kept, item)) kept.push_back(item);
  }
  return arguments.evaluator.make_list(std::move(kept));
}

Value list_union(Arguments& arguments) { return distinct(arguments, concatenated(arguments)); }
Value distinct_values(Arguments& arguments) { return distinct(arguments, arguments.list(0)); }

Value insert_before(Arguments& arguments) {
  std::vector<Value> items = arguments.list(0);
  const std::optional<size_t> place = place_of(arguments.integer(1), items.size());
  if (!place) arguments.refuse("the position is outside the list");
  items.insert(items.begin() + static_cast<ptrdiff_t>(*place), arguments[2]);
  return arguments.evaluator.make_list(std::move(items));
}

Value remove(Arguments& arguments) {
  std::vector<Value> items = arguments.list(0);
  const std::optional<size_t> place = place_of(arguments.integer(1), items.size());
  if (!place) arguments.refuse("the position is outside the list");
  items.erase(items.begin() + static_cast<ptrdiff_t>(*place));
  return arguments.evaluator.make_list(std::move(items));
}

Value replace_at(std::vector<Value> items, Arguments& arguments) {
  const std::optional<size_t> place = place_of(arguments.integer(1), items.size());
  if (!place) arguments.refuse("the position is outside the list");
  items[*place] = arguments[2];
  return arguments.evaluator.make_list(std::move(items));
}

Value replace_matches(Arguments& arguments) {
  std::vector<Value> items = arguments.list(0);
  if (!arguments.scalar(1).is(ValueKind::kFunction)) return replace_at(std::move(items), arguments);
  const Value& match = arguments.function(1);
  if (match.as_function().arity().value_or(2) != 2) arguments.refuse("match must take two arguments");
  for (Value& item : items) {
    const Value result = arguments.evaluator.invoke(match, {item, arguments[2]}, arguments.span);
    if (!result.is(ValueKind::kBoolean)) arguments.refuse("match must give a boolean");
    if (result.as_boolean()) item = arguments[2];
  }
  return arguments.evaluator.make_list(std::move(items));
}

Value replace_by_match(Arguments& arguments) {
  arguments.function(1);
  return replace_matches(arguments);
}

Value reverse(Arguments& arguments) {
  std::vector<Value> items = arguments.list(0);
  std::reverse(items.begin(), items.end());
  return arguments.evaluator.make_list(std::move(items));
}

Value index_of(Arguments& arguments) {
  std::vector<Value> places;
  const std::vector<Value>& list = arguments.list(0);
  for (size_t i = 0; i < list.size(); ++i) {
    if (equals(arguments, list[i], arguments[1])) places.push_back(Value::integer(static_cast<int64_t>(i) + 1));
  }
  return arguments.evaluator.make_list(std::move(places));
}

void flatten_into(Arguments& arguments, const std::vector<Value>& list, std::vector<Value>& out) {
  for (const Value& item : list) {  // depth is bounded by kValueDepthMax
    arguments.evaluator.spend(1);
    if (item.is(ValueKind::kList)) {
      flatten_into(arguments, item.as_list(), out);
    } else {
      out.push_back(item);
    }
  }
}

Value flatten(Arguments& arguments) {
  std::vector<Value> items;
  flatten_into(arguments, arguments.list(0), items);
  return arguments.evaluator.make_list(std::move(items));
}

/// Merge sort: stable, and safe with a `precedes` that is no order.
void merge_sort(std::vector<Value>& items, const std::function<bool(const Value&, const Value&)>& precedes) {
  std::vector<Value> other(items.size());
  for (size_t width = 1; width < items.size(); width *= 2) {
    for (size_t begin = 0; begin < items.size(); begin += 2 * width) {
      const size_t middle = std::min(begin + width, items.size());
      const size_t end = std::min(begin + 2 * width, items.size());
      size_t left = begin, right = middle;
      for (size_t to = begin; to < end; ++to) {
        const bool take_left = left < middle && (right >= end || !precedes(items[right], items[left]));
        other[to] = items[take_left ? left++ : right++];
      }
    }
    items.swap(other);
  }
}

Value sort(Arguments& arguments) {
  std::vector<Value> items = arguments.list(0);
  arguments.evaluator.spend(items.size());
  if (!arguments.has(1)) {
    merge_sort(items, [&](const Value& a, const Value& b) {
      arguments.evaluator.spend(1);
      const auto sign = order(a, b, arguments.evaluator.zones());
      if (!sign) arguments.refuse("the items have no order");
      return *sign < 0;
    });
  } else {
    const Value& precedes = arguments.function(1);
    if (precedes.as_function().arity().value_or(2) != 2) arguments.refuse("precedes must take two arguments");
    merge_sort(items, [&](const Value& a, const Value& b) {
      const Value result = arguments.evaluator.invoke(precedes, {a, b}, arguments.span);
      if (!result.is(ValueKind::kBoolean)) arguments.refuse("precedes must give a boolean");
      return result.as_boolean();
    });
  }
  return arguments.evaluator.make_list(std::move(items));
}

}  // namespace

void add_list_builtins(BuiltinTable& table) {
  table.add("list contains", "list,element", list_contains);
  table.add("count", "list", count);
  table.add("all", "list...", logical<false>);
  table.add("any", "list...", logical<true>);
  table.add("sublist", "list,start position,length?", sublist);
  table.add("append", "list,item?...", append);
  table.add("concatenate", "list...", concatenate);
  table.add("union", "list...", list_union);
  table.add("distinct values", "list", distinct_values);
  table.add("insert before", "list,position,newItem", insert_before);
  table.add("remove", "list,position", remove);
  table.add("list replace", "list,position,newItem", replace_matches);
  table.add("list replace", "list,match,newItem", replace_by_match);
  table.add("reverse", "list", reverse);
  table.add("index of", "list,match", index_of);
  table.add("flatten", "list", flatten);
  table.add("sort", "list,precedes?", sort);
}

}  // namespace kaogong::feel
