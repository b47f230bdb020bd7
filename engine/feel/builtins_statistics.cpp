// min, max, sum, mean, product, median, stddev, mode: over a list, or over the arguments themselves.
#include <algorithm>

#include "engine/feel/builtins.h"
#include "engine/feel/compare.h"

namespace kaogong::feel {
namespace {

using number::Number;

/// The one list that was given, or the arguments as a list.
std::vector<Value> items_of(Arguments& arguments) {
  std::vector<Value> items = arguments.size() == 1 ? arguments.list(0) : arguments.values;
  arguments.evaluator.spend(items.size());
  return items;
}

std::vector<Number> numbers_of(Arguments& arguments) {
  std::vector<Number> numbers;
  for (const Value& item : items_of(arguments)) {
    if (!item.is(ValueKind::kNumber)) {
      arguments.refuse("every item must be a number, not " + std::string(to_string(item.kind())));
    }
    numbers.push_back(item.as_number());
  }
  return numbers;
}

Value nothing(Arguments& arguments) { return arguments.evaluator.problem(arguments.span, "the list is empty"); }

template <bool smallest>
Value extreme(Arguments& arguments) {
  const std::vector<Value> items = items_of(arguments);
  if (items.empty()) return nothing(arguments);
  const Value* best = &items[0];
  for (const Value& item : items) {
    const auto sign = order(item, *best, arguments.evaluator.zones());
    if (!sign) arguments.refuse("the items have no order");
    if (smallest ? *sign < 0 : *sign > 0) best = &item;
  }
  return *best;
}

Value sum(Arguments& arguments) {
  const std::vector<Value> items = items_of(arguments);
  if (items.empty()) return arguments.evaluator.strict() ? Value::integer(0) : nothing(arguments);
  const ValueKind kind = items[0].kind();
  const bool durations = kind == ValueKind::kDaysTimeDuration || kind == ValueKind::kYearsMonthsDuration;
  Value total = items[0];
  if (kind != ValueKind::kNumber && !durations) arguments.refuse("every item must be a number");
  for (size_t i = 1; i < items.size(); ++i) {
    if (items[i].kind() != kind) {
      arguments.refuse("every item must be a number, not " + std::string(to_string(items[i].kind())));
    }
    total = arguments.evaluator.add(total, items[i], arguments.span);
  }
  return total;
}

Value product(Arguments& arguments) {
  const std::vector<Number> numbers = numbers_of(arguments);
  if (numbers.empty()) return nothing(arguments);
  Value total = Value::integer(1);
  for (const Number& number : numbers) total = arguments.evaluator.multiply(total, number, arguments.span);
  return total;
}

Value mean(Arguments& arguments) {
  const std::vector<Value> items = items_of(arguments);
  if (items.empty()) return nothing(arguments);
  const Value total = sum(arguments);
  return arguments.evaluator.divide(total, Value::integer(static_cast<int64_t>(items.size())), arguments.span);
}

Value median(Arguments& arguments) {
  std::vector<Number> numbers = numbers_of(arguments);
  if (numbers.empty()) return nothing(arguments);
  std::sort(numbers.begin(), numbers.end());
  const size_t middle = numbers.size() / 2;
  if (numbers.size() % 2 == 1) return numbers[middle];
  const Value total = arguments.evaluator.add(numbers[middle - 1], numbers[middle], arguments.span);
  return arguments.evaluator.divide(total, Value::integer(2), arguments.span);
}

// Of a sample: the divisor is n - 1. In full precision until the root.
Value stddev(Arguments& arguments) {
  const std::vector<Number> numbers = numbers_of(arguments);
  if (numbers.size() < 2) return arguments.evaluator.problem(arguments.span, "stddev needs two numbers");
  constexpr auto kExact = number::Arithmetic::kExact;
  const auto take = [&](const number::NumberResult& result) {
    if (!result) arguments.refuse(std::string(number::to_string(result.error)));
    return result.value;
  };
  const Number n(static_cast<int64_t>(numbers.size()));
  Number total;
  for (const Number& x : numbers) total = take(number::add(total, x, kExact));
  const Number average = take(number::divide(total, n, kExact));
  Number squares;
  for (const Number& x : numbers) {
    const Number distance = take(number::subtract(x, average, kExact));
    squares = take(number::add(squares, take(number::multiply(distance, distance, kExact)), kExact));
  }
  const Number variance = take(number::divide(squares, take(number::subtract(n, Number(1), kExact)), kExact));
  return arguments.evaluator.wrap(number::square_root(variance), arguments.span);
}

Value mode(Arguments& arguments) {
  std::vector<Number> numbers = numbers_of(arguments);
  std::sort(numbers.begin(), numbers.end());
  std::vector<Value> modes;
  size_t best = 0;
  for (size_t i = 0; i < numbers.size();) {
    size_t end = i;
    while (end < numbers.size() && numbers[end] == numbers[i]) ++end;
    if (end - i > best) {
      best = end - i;
      modes.clear();
    }
    if (end - i == best) modes.emplace_back(numbers[i]);
    i = end;
  }
  return arguments.evaluator.make_list(std::move(modes));
}

}  // namespace

void add_statistics_builtins(BuiltinTable& table) {
  table.add("min", "list...", extreme<true>);
  table.add("max", "list...", extreme<false>);
  table.add("sum", "list...", sum);
  table.add("mean", "list...", mean);
  table.add("product", "list...", product);
  table.add("median", "list...", median);
  table.add("stddev", "list...", stddev);
  table.add("mode", "list...", mode);
}

}  // namespace kaogong::feel
