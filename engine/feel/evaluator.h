// Evaluates FEEL trees: with DMN's own semantics, or strictly, as pay schemes need it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/feel/ast.h"
#include "engine/feel/environment.h"
#include "engine/feel/type.h"
#include "engine/feel/value.h"
#include "engine/number/number.h"

namespace kaogong::feel {

enum class Semantics : uint8_t {
  kDmn,     ///< errors are null, with a warning; three-valued logic; numbers of 34 digits
  kStrict,  ///< errors are errors; numbers are exact
};

/// Why an expression has no value, and where in its text.
struct EvalError {
  std::string message;
  Span span;
};

/// Bounds that end hostile expressions with an error instead of exhausting time, memory or stack. A step is about one
/// node evaluated, one list item made, or sixteen bytes of text made.
struct Limits {
  uint64_t steps_max = 20'000'000;
  uint32_t depth_max = 2500;  // of nested evaluation, calls included
  size_t list_max = 1'000'000;
  size_t string_bytes_max = size_t{16} << 20;
};

class Host;

struct Options {
  Semantics semantics = Semantics::kDmn;
  Limits limits;
  Host* host = nullptr;
  const ZoneRules* zones = nullptr;  // null pointer: builtin_zones()
  std::optional<DateTime> now;       // what now() and today() answer; without it they are errors
};

/// What an embedder adds to the language.
class Host {
 public:
  virtual ~Host() = default;
  /// Asked first for every call whose callee is a name or a path: special forms receive their arguments unevaluated.
  /// Evaluates what it needs with evaluator.evaluate(…, scope); reports errors by evaluator.problem(…) or fail(…).
  /// Empty: not one of its own.
  virtual std::optional<Value> call(const Call& call, Evaluator& evaluator, const Environment& scope) {
    static_cast<void>(call), static_cast<void>(evaluator), static_cast<void>(scope);
    return std::nullopt;
  }
  /// A type of its own by name (DMN's item definitions); null pointer: unknown.
  virtual TypePtr type(std::string_view name) {
    static_cast<void>(name);
    return nullptr;
  }
};

/// Thrown inside an evaluation by Evaluator::fail; the public functions turn it into an EvalError. Hosts let it pass.
struct EvalFailure {
  EvalError error;
};

/// One evaluation: its options, budget and warnings. Not for use from several threads at once.
class Evaluator {
 public:
  explicit Evaluator(const Options& options);

  /// The value of the tree. Throws EvalFailure (only inside a host's call or through guarded()).
  Value evaluate(const Expr& expr, const Environment& environment);
  /// Whether the input passes the tests of a decision table's cell: true, false or null.
  Value evaluate_tests(const UnaryTests& tests, const Value& input, const Environment& environment);
  /// Calls a function value.
  Value invoke(const Value& function, std::vector<Value> arguments, Span span);

  /// What is wrong at `span`: in kStrict throws EvalFailure, in kDmn notes a warning and returns null.
  Value problem(Span span, std::string message);
  /// Ends the evaluation in either semantics (limits).
  [[noreturn]] void fail(Span span, std::string message) const;
  /// Spends steps; fails when the budget is used up.
  void spend(uint64_t steps) {
    if (steps > steps_left_) fail({}, "the expression takes too long");
    steps_left_ -= steps;
  }

  // Build values within the limits.
  Value make_list(std::vector<Value> items);
  Value make_context(std::vector<Context::Entry> entries);
  Value make_string(std::string text);
  Value make_range(Range range);
  /// to_text(value), within the limits.
  Value make_text(const Value& value);
  /// A function value must not nest too deep either.
  Value make_function(std::shared_ptr<const Function> function);

  bool strict() const { return options_.semantics == Semantics::kStrict; }
  number::Arithmetic arithmetic() const {
    return strict() ? number::Arithmetic::kExact : number::Arithmetic::kDecimal128;
  }
  const ZoneRules& zones() const { return *zones_; }
  const Options& options() const { return options_; }
  /// The type that was written; null pointer: unknown.
  TypePtr resolve(const TypeExpr& type);
  const std::vector<EvalError>& warnings() const { return warnings_; }
  std::vector<EvalError> take_warnings() { return std::move(warnings_); }
  /// Counts nesting while in scope; for hosts that recurse.
  class Depth {
   public:
    explicit Depth(Evaluator& evaluator) : evaluator_(evaluator) {
      if (++evaluator_.depth_ > evaluator_.options_.limits.depth_max) {
        --evaluator_.depth_;
        evaluator_.fail({}, "nested too deeply");
      }
    }
    Depth(const Depth&) = delete;
    Depth& operator=(const Depth&) = delete;
    ~Depth() { --evaluator_.depth_; }

   private:
    Evaluator& evaluator_;
  };

  /// While in scope a comparison with null selects nothing instead of being an error, as inside a list's filter.
  class Lenient {
   public:
    explicit Lenient(Evaluator& evaluator) : evaluator_(evaluator) { ++evaluator_.filters_; }
    Lenient(const Lenient&) = delete;
    Lenient& operator=(const Lenient&) = delete;
    ~Lenient() { --evaluator_.filters_; }

   private:
    Evaluator& evaluator_;
  };

  // On values; `span` is for messages. Private to the evaluator's files, but free of state of their own.
  Value binary(BinaryOp op, const Value& a, const Value& b, Span span);
  Value add(const Value& a, const Value& b, Span span);
  Value subtract(const Value& a, const Value& b, Span span);
  Value multiply(const Value& a, const Value& b, Span span);
  Value divide(const Value& a, const Value& b, Span span);
  Value power(const Value& a, const Value& b, Span span);
  Value negate(const Value& a, Span span);
  /// As the functions of engine/feel/compare.h, paid for.
  std::optional<bool> equal(const Value& a, const Value& b);
  bool same(const Value& a, const Value& b);
  Value compare(BinaryOp op, const Value& a, const Value& b, Span span);
  /// The property or entry `name` of a value.
  Value member(const Value& object, const std::string& name, Span span);
  Value wrap(const number::NumberResult& result, Span span);

  static constexpr size_t kWarningsMax = 100;

 private:
  /// Fails if the value is beyond the bounds of values.
  void check(const Value& value) const;
  Value evaluate_name(const NameRef& node, const Environment& environment);
  Value evaluate_temporal(const TemporalLiteral& node);
  Value evaluate_list(const ListLiteral& node, const Environment& environment);
  Value evaluate_context(const ContextLiteral& node, const Environment& environment);
  Value evaluate_range(const RangeLiteral& node, const Environment& environment);
  Value evaluate_binary(const Binary& node, const Environment& environment);
  Value evaluate_logic(const Binary& node, const Environment& environment);
  Value evaluate_between(const Between& node, const Environment& environment);
  Value evaluate_in(const In& node, const Environment& environment);
  Value evaluate_if(const If& node, const Environment& environment);
  Value evaluate_for(const For& node, const Environment& environment);
  Value evaluate_quantified(const Quantified& node, const Environment& environment);
  Value evaluate_filter(const Filter& node, const Environment& environment);
  Value evaluate_call(const Call& node, const Environment& environment);
  Value evaluate_instance_of(const InstanceOf& node, const Environment& environment);
  Value evaluate_test(const UnaryTest& test, const Value& input, const Environment& environment);
  Value test_value(const Value& test, const Value& input, bool membership, Span span);
  std::vector<Value> domain(const Iterator& iterator, const Environment& environment);

  Options options_;
  const ZoneRules* zones_;
  uint64_t steps_left_;
  uint32_t depth_ = 0;
  uint32_t filters_ = 0;  // how many filter predicates are being evaluated
  std::vector<EvalError> warnings_;
};

using Evaluated = std::variant<Value, EvalError>;

/// Runs something that may throw EvalFailure and returns its value or the error.
template <class Run>
Evaluated guarded(Run run) {
  try {
    return run();
  } catch (EvalFailure& failure) {
    return std::move(failure.error);
  }
}

/// The expression's value, or why it has none. In kDmn only limits are errors; `warnings`, if given, receives the rest.
Evaluated evaluate(const Expr& expr, const Scope& scope, const Options& options,
                   std::vector<EvalError>* warnings = nullptr);
/// Whether the input passes the tests: true, false or null.
Evaluated evaluate_tests(const UnaryTests& tests, const Value& input, const Scope& scope, const Options& options,
                         std::vector<EvalError>* warnings = nullptr);

}  // namespace kaogong::feel
