// What kind of value an expression gives, and what is plainly wrong in it whatever the data: the binder of the column
// plan knows more, but only of expressions that vectorise; this judges all.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/feel/ast.h"
#include "engine/scheme/check/functions.h"
#include "engine/scheme/check/references.h"

namespace kaogong::scheme {

/// The kind of an expression's value, of what a list is made, and the rows that it or its elements are.
struct Inferred {
  ValueKind kind = ValueKind::kAny;
  ValueKind of = ValueKind::kAny;  // kList: its elements
  const RowSource* row = nullptr;  // kRow, or kList of kRow
};

/// The kind of values of a declared type.
ValueKind kind_of(const TypeDecl& type);

/// Judges expressions in one scope. Holds on to `names`, which must outlive it.
class Inference {
 public:
  using Report = std::function<void(Severity severity, std::string code, feel::Span span, std::string message,
                                    std::string remedy)>;

  /// `row`: the child row that expressions stand in; null pointer: the employee's. `pack`: the one whose functions are
  /// called by their own names; null pointer: a scheme's expressions.
  Inference(const Names& names, const RowSource* row, const Pack* pack, Report report);

  /// Reports unknown names and functions, wrong arguments, operands of kinds that do not go together, and values that
  /// may be null where a number is needed and nothing around them asks. What cannot be told is not reported.
  Inferred infer(const feel::Expr& expression);

 private:
  struct Scope {
    std::string_view local;  // a bound name; empty: the columns of a row
    Inferred value;
    bool open = false;  // a row of unknown columns: any name may be one
  };

  Inferred name(const feel::NameRef& name);
  Inferred history_name(std::string_view name) const;
  Inferred binary(const feel::Binary& binary);
  Inferred arithmetic(const feel::Binary& binary, const Inferred& left, const Inferred& right);
  Inferred call(const feel::Call& call);
  Inferred result_of(const feel::Call& call, std::string_view function, const std::vector<Inferred>& arguments);
  Inferred path(const feel::Path& path);
  Inferred filter(const feel::Filter& filter);
  size_t bind(const std::vector<feel::Iterator>& iterators);
  void tests(const std::vector<feel::UnaryTest>& tests, const Inferred& value);
  void condition(const feel::Expr& expression);
  void not_null(const feel::Expr& operand);
  void not_zero(const feel::Expr& divisor);
  const Named* column_or_input(const feel::Expr& operand) const;
  void wrong(std::string code, feel::Span span, std::string message, std::string remedy) {
    report_(Severity::kError, std::move(code), span, std::move(message), std::move(remedy));
  }
  void comparable(const Inferred& left, const Inferred& right, feel::Span span);
  bool is_local(std::string_view name) const;
  Inferred joined(const Inferred& a, const Inferred& b) const;

  const Names& names_;
  const Pack* pack_;
  Report report_;
  std::vector<Scope> scopes_;
  int guarded_ = 0;  // within what a condition may keep from being evaluated, or where a null only fails a condition
  int runs_ = 0;     // within streak() and longest_run(), where history's names are values
};

}  // namespace kaogong::scheme
