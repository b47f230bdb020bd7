// Functions written in FEEL.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/feel/ast.h"
#include "engine/feel/environment.h"
#include "engine/feel/evaluator.h"

namespace kaogong::feel {

/// A function literal and the names it closes over. The literal and the root scope must outlive it.
class Closure final : public Function {
 public:
  Closure(const FunctionLiteral& node, Environment environment) : node_(node), environment_(std::move(environment)) {}
  /// The same, able to call itself by a name.
  Closure(const Closure& other, std::string_view own_name) : Closure(other) { own_name_ = own_name; }

  Value invoke(Evaluator& evaluator, CallArguments arguments, Span span) const override;
  std::optional<size_t> arity() const override { return node_.parameters.size(); }
  uint32_t depth() const override { return environment_.depth() + 1; }
  const FunctionLiteral& node() const { return node_; }

 private:
  const FunctionLiteral& node_;
  Environment environment_;
  std::string_view own_name_;
};

/// A closure that was made without a name, as one that may call itself by `name`; other functions stay.
Value with_own_name(Evaluator& evaluator, const Value& function, std::string_view name);

/// Puts arguments into the order of the parameters. Empty: wrong number or unknown name; missing named ones are null
/// only if `missing_is_null`.
std::optional<std::vector<Value>> arrange(CallArguments arguments, const std::vector<std::string_view>& parameters,
                                          bool missing_is_null = false);

}  // namespace kaogong::feel
