// FEEL's values. Immutable, 24 bytes, cheap to copy (payloads are shared), safe to read from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "engine/feel/temporal.h"
#include "engine/number/number.h"

namespace kaogong::feel {

class Context;
class Function;
class Value;
struct List;
struct Range;

/// In the order of Value's alternatives.
enum class ValueKind : uint8_t {
  kNull,
  kNumber,
  kString,
  kBoolean,
  kDate,
  kTime,
  kDateTime,
  kDaysTimeDuration,
  kYearsMonthsDuration,
  kList,
  kContext,
  kRange,
  kFunction,
};
/// "null", "number", "date and time", … as FEEL names the type.
std::string_view to_string(ValueKind kind);

/// Lists, contexts, ranges and closures may nest this deep; building deeper ones is refused by the evaluator, so that
/// taking values apart never exhausts the stack.
inline constexpr uint32_t kValueDepthMax = 500;
/// The bound on Value::weight(). Lists share their items: a short expression can make a value that, written out, would
/// fill the world.
inline constexpr uint64_t kValueWeightMax = 20'000'000;

class Value {
 public:
  Value() = default;                                                          ///< null
  Value(number::Number number) : data_(std::move(number)) {}                  // NOLINT(google-explicit-constructor)
  Value(Date date) : data_(date) {}                                           // NOLINT(google-explicit-constructor)
  Value(YearsMonthsDuration duration) : data_(duration) {}                    // NOLINT(google-explicit-constructor)
  Value(Time time) : data_(std::make_shared<const Time>(std::move(time))) {}  // NOLINT(google-explicit-constructor)
  Value(DateTime value)                                                       // NOLINT(google-explicit-constructor)
      : data_(std::make_shared<const DateTime>(std::move(value))) {}
  Value(DaysTimeDuration value)  // NOLINT(google-explicit-constructor)
      : data_(std::make_shared<const DaysTimeDuration>(value)) {}

  static Value boolean(bool value) { return Value(Data(value)); }
  static Value string(std::string text) { return Value(Data(std::make_shared<const std::string>(std::move(text)))); }
  static Value integer(int64_t value) { return Value(number::Number(value)); }
  static Value list(std::vector<Value> items);
  static Value context(std::vector<std::pair<std::string, Value>> entries);
  static Value range(Range range);
  static Value function(std::shared_ptr<const Function> function) { return Value(Data(std::move(function))); }
  static Value of(Temporal temporal);

  ValueKind kind() const { return static_cast<ValueKind>(data_.index()); }
  bool is(ValueKind kind) const { return this->kind() == kind; }
  bool is_null() const { return is(ValueKind::kNull); }

  // Each requires its kind.
  const number::Number& as_number() const { return *std::get_if<number::Number>(&data_); }
  const std::string& as_string() const { return **std::get_if<std::shared_ptr<const std::string>>(&data_); }
  bool as_boolean() const { return *std::get_if<bool>(&data_); }
  const Date& as_date() const { return *std::get_if<Date>(&data_); }
  const Time& as_time() const { return **std::get_if<std::shared_ptr<const Time>>(&data_); }
  const DateTime& as_date_time() const { return **std::get_if<std::shared_ptr<const DateTime>>(&data_); }
  const DaysTimeDuration& as_days_time() const {
    return **std::get_if<std::shared_ptr<const DaysTimeDuration>>(&data_);
  }
  const YearsMonthsDuration& as_years_months() const { return *std::get_if<YearsMonthsDuration>(&data_); }
  const std::vector<Value>& as_list() const;
  const Context& as_context() const { return **std::get_if<std::shared_ptr<const Context>>(&data_); }
  const Range& as_range() const { return **std::get_if<std::shared_ptr<const Range>>(&data_); }
  const Function& as_function() const { return **std::get_if<std::shared_ptr<const Function>>(&data_); }
  const std::shared_ptr<const Function>& shared_function() const {
    return *std::get_if<std::shared_ptr<const Function>>(&data_);
  }

  /// True for boolean true (false).
  bool is_true() const { return is(ValueKind::kBoolean) && as_boolean(); }
  bool is_false() const { return is(ValueKind::kBoolean) && !as_boolean(); }

  /// How deep lists, contexts, ranges and closures nest: 0 for scalars.
  uint32_t depth() const;
  /// What it costs to go through all of it: a unit an item, entry and sixteen bytes of text, counted as often as they
  /// stand in it. At most a little above kValueWeightMax for what an evaluator makes.
  uint64_t weight() const;

 private:
  using Data =
      std::variant<std::monostate, number::Number, std::shared_ptr<const std::string>, bool, Date,
                   std::shared_ptr<const Time>, std::shared_ptr<const DateTime>,
                   std::shared_ptr<const DaysTimeDuration>, YearsMonthsDuration, std::shared_ptr<const List>,
                   std::shared_ptr<const Context>, std::shared_ptr<const Range>, std::shared_ptr<const Function>>;
  explicit Value(Data data) : data_(std::move(data)) {}

  Data data_;
};
static_assert(sizeof(Value) == 24);

struct List {
  std::vector<Value> items;
  uint32_t depth = 1;
  uint64_t weight = 1;
};

/// Keys in the order they were written; each once.
class Context {
 public:
  using Entry = std::pair<std::string, Value>;
  /// A key given twice keeps its first place and its last value.
  explicit Context(std::vector<Entry> entries);

  const std::vector<Entry>& entries() const { return entries_; }
  size_t size() const { return entries_.size(); }
  /// Null pointer: no such key.
  const Value* find(std::string_view key) const;
  uint32_t depth() const { return depth_; }
  uint64_t weight() const { return weight_; }

 private:
  static constexpr size_t kIndexFrom = 16;  // below, a linear search is quicker
  std::vector<Entry> entries_;
  std::unordered_map<std::string_view, size_t> index_;
  uint32_t depth_ = 1;
  uint64_t weight_ = 1;
};

/// A missing bound (not `has_low`) is unbounded. The forms `(= x)` and `(!= x)` have x for both bounds.
struct Range {
  enum class Form : uint8_t { kInterval, kEqual, kNotEqual } form = Form::kInterval;
  Value low, high;
  bool has_low = true, has_high = true;
  bool low_closed = true, high_closed = true;
};

class Evaluator;
struct Span;

/// What a call passes. `names` is empty for positional arguments, else names[i] belongs to values[i].
struct CallArguments {
  std::vector<Value> values;
  std::vector<std::string> names;
};

/// A function value: a closure, a built-in, or one that a host brings. Immutable.
class Function {
 public:
  virtual ~Function() = default;
  /// Calls it. Problems are reported through the evaluator (Evaluator::problem).
  virtual Value invoke(Evaluator& evaluator, CallArguments arguments, Span span) const = 0;
  /// How many parameters it takes; empty for built-ins with several forms.
  virtual std::optional<size_t> arity() const { return std::nullopt; }
  virtual uint32_t depth() const { return 1; }
  virtual std::string name() const { return "function"; }
};

/// The value as FEEL's string() shows it: strings bare at the top level and quoted inside lists and contexts.
std::string to_text(const Value& value);

}  // namespace kaogong::feel
