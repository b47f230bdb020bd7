// The table of built-in functions (OMG DMN 1.5, 10.3.4) and what their implementations share.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/feel/evaluator.h"

namespace kaogong::feel {

/// Thrown by the argument readers below; the call then becomes a problem at its place.
struct BuiltinProblem {
  std::string message;
};

/// The arguments of one call, in the order of the form's parameters. The readers convert singleton lists as DMN 1.5,
/// 10.3.2.9.4 has it, and throw BuiltinProblem for what does not fit.
class Arguments {
 public:
  Arguments(Evaluator& e, std::vector<Value> v, std::vector<bool> g, const std::vector<std::string>& p, Span s)
      : evaluator(e), values(std::move(v)), span(s), given_(std::move(g)), parameters_(p) {}

  size_t size() const { return values.size(); }
  bool given(size_t i) const { return i < given_.size() && given_[i]; }
  /// Given and not null.
  bool has(size_t i) const { return given(i) && !values[i].is_null(); }
  const Value& operator[](size_t i) const { return values[i]; }

  const number::Number& number(size_t i) const;
  int64_t integer(size_t i) const;
  const std::string& string(size_t i) const;
  bool boolean(size_t i) const;
  /// A list as it is; any other value but null as a list of one.
  const std::vector<Value>& list(size_t i);
  const Context& context(size_t i) const;
  const Value& function(size_t i) const;
  /// The argument, taken out of a list of one.
  const Value& scalar(size_t i) const;

  [[noreturn]] void refuse(size_t i, std::string_view wanted) const;
  [[noreturn]] void refuse(std::string message) const { throw BuiltinProblem{std::move(message)}; }

  Evaluator& evaluator;
  std::vector<Value> values;
  Span span;

 private:
  std::vector<bool> given_;
  const std::vector<std::string>& parameters_;
};

using BuiltinRun = Value (*)(Arguments& arguments);

/// One way to call a built-in.
struct BuiltinForm {
  std::vector<std::string> parameters;
  size_t required = 0;        // of positional arguments
  size_t required_named = 0;  // of named ones
  BuiltinRun run = nullptr;
  bool variadic = false;  // more values may follow the last parameter (positional only)
};

class BuiltinTable {
 public:
  /// Adds a form: `parameters` are names parted by commas, an optional one ends in '?', one that
  /// only a call by name may leave out (as null) in '!', a repeated last one in "...".
  void add(std::string_view name, std::string_view parameters, BuiltinRun run);
  std::shared_ptr<const Function> find(std::string_view name) const;
  /// In the order of the alphabet.
  std::vector<std::string> names() const;

 private:
  std::unordered_map<std::string, std::shared_ptr<Function>> functions_;
};

/// The built-in function of this name; null pointer if there is none.
std::shared_ptr<const Function> find_builtin(std::string_view name);
/// The names of all built-in functions, in the order of the alphabet.
std::vector<std::string> builtin_names();
/// Says whether a built-in can be called with so many arguments, or with arguments of these names. A name that is no
/// built-in cannot.
bool builtin_takes(std::string_view function, size_t arguments, const std::vector<std::string>& names);

// Each family's file adds its own.
void add_number_builtins(BuiltinTable& table);
void add_string_builtins(BuiltinTable& table);
void add_list_builtins(BuiltinTable& table);
void add_statistics_builtins(BuiltinTable& table);
void add_context_builtins(BuiltinTable& table);
void add_temporal_builtins(BuiltinTable& table);
void add_range_builtins(BuiltinTable& table);
void add_conversion_builtins(BuiltinTable& table);
void add_scheme_builtins(BuiltinTable& table);

}  // namespace kaogong::feel
