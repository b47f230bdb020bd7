// The FEEL syntax tree (OMG DMN 1.5, chapter 10): what the parser makes, what the evaluator, the checker and the
// column plan read. Nodes own their children, are immutable once parsed, and know where they stand in the text.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kaogong::feel {

/// A half-open range of bytes [begin, end) in the expression's text.
struct Span {
  uint32_t begin = 0;
  uint32_t end = 0;
};

enum class ExprKind : uint8_t {
  kNumber,
  kString,
  kBoolean,
  kNull,
  kTemporal,
  kName,
  kList,
  kContext,
  kRange,
  kNegate,
  kBinary,
  kBetween,
  kIn,
  kIf,
  kFor,
  kQuantified,
  kFunction,
  kCall,
  kPath,
  kFilter,
  kInstanceOf,
  kUnaryTests,
};

struct Expr {
  explicit Expr(ExprKind k, Span s) : kind(k), span(s) {}
  Expr(const Expr&) = delete;
  Expr& operator=(const Expr&) = delete;
  virtual ~Expr() = default;
  const ExprKind kind;
  Span span;
};
using ExprPtr = std::unique_ptr<Expr>;

/// A decimal literal, kept as its text (digits, optional point and exponent) so that nothing is lost.
struct NumberLiteral final : Expr {
  NumberLiteral(Span s, std::string t) : Expr(ExprKind::kNumber, s), text(std::move(t)) {}
  std::string text;
};
/// A string literal; `value` is unescaped UTF-8.
struct StringLiteral final : Expr {
  StringLiteral(Span s, std::string v) : Expr(ExprKind::kString, s), value(std::move(v)) {}
  std::string value;
};
struct BooleanLiteral final : Expr {
  BooleanLiteral(Span s, bool v) : Expr(ExprKind::kBoolean, s), value(v) {}
  bool value;
};
struct NullLiteral final : Expr {
  explicit NullLiteral(Span s) : Expr(ExprKind::kNull, s) {}
};
/// An at-literal: @"2026-10-31", @"PT5H", …; `text` is what stands between the quotes.
struct TemporalLiteral final : Expr {
  TemporalLiteral(Span s, std::string t) : Expr(ExprKind::kTemporal, s), text(std::move(t)) {}
  std::string text;
};
/// A name; inner white space is normalised to one space ("Monthly  Income" is "Monthly Income"). `?` is the name "?".
struct NameRef final : Expr {
  NameRef(Span s, std::string n) : Expr(ExprKind::kName, s), name(std::move(n)) {}
  std::string name;
};
struct ListLiteral final : Expr {
  explicit ListLiteral(Span s) : Expr(ExprKind::kList, s) {}
  std::vector<ExprPtr> items;
};
struct ContextEntry {
  std::string key;
  ExprPtr value;
};
struct ContextLiteral final : Expr {
  explicit ContextLiteral(Span s) : Expr(ExprKind::kContext, s) {}
  std::vector<ContextEntry> entries;
};
/// An interval `[low..high]`, `(low..high]`, …, or a one-sided one from a unary test (`< 5`: high only, open).
struct RangeLiteral final : Expr {
  explicit RangeLiteral(Span s) : Expr(ExprKind::kRange, s) {}
  ExprPtr low, high;  // null pointer: unbounded
  bool low_closed = false, high_closed = false;
};
struct Negate final : Expr {
  Negate(Span s, ExprPtr o) : Expr(ExprKind::kNegate, s), operand(std::move(o)) {}
  ExprPtr operand;
};
enum class BinaryOp : uint8_t { kAdd, kSub, kMul, kDiv, kPow, kEq, kNe, kLt, kLe, kGt, kGe, kAnd, kOr };
struct Binary final : Expr {
  Binary(Span s, BinaryOp o, ExprPtr l, ExprPtr r)
      : Expr(ExprKind::kBinary, s), op(o), left(std::move(l)), right(std::move(r)) {}
  BinaryOp op;
  ExprPtr left, right;
};
struct Between final : Expr {
  Between(Span s, ExprPtr v, ExprPtr l, ExprPtr h)
      : Expr(ExprKind::kBetween, s), value(std::move(v)), low(std::move(l)), high(std::move(h)) {}
  ExprPtr value, low, high;
};
/// One positive unary test. kEquals: an expression tested for equality, membership, or (when it mentions `?` or is
/// boolean) truth, as DMN 1.5 section 7.3.10 says; kCompare: `< e` and so on; the range test is kEquals of a
/// RangeLiteral.
struct UnaryTest {
  enum class Kind : uint8_t { kEquals, kCompare } kind = Kind::kEquals;
  BinaryOp op = BinaryOp::kEq;  // for kCompare: kLt, kLe, kGt, kGe, kEq, kNe
  ExprPtr operand;
  bool uses_placeholder = false;  // the operand mentions `?`
};
/// A cell of a decision table: `-`, a list of tests (any may hold), or `not(…)`. Inside an expression only the range
/// literals `(= e)` and `(!= e)` are one, with a single kCompare test.
struct UnaryTests final : Expr {
  explicit UnaryTests(Span s) : Expr(ExprKind::kUnaryTests, s) {}
  bool any = false;      // "-"
  bool negated = false;  // not( … )
  std::vector<UnaryTest> tests;
};
/// `value in test` or `value in (test, test …)`.
struct In final : Expr {
  In(Span s, ExprPtr v) : Expr(ExprKind::kIn, s), value(std::move(v)) {}
  ExprPtr value;
  std::vector<UnaryTest> tests;
};
struct If final : Expr {
  If(Span s, ExprPtr c, ExprPtr t, ExprPtr e)
      : Expr(ExprKind::kIf, s), condition(std::move(c)), then_branch(std::move(t)), else_branch(std::move(e)) {}
  ExprPtr condition, then_branch, else_branch;
};
struct Iterator {
  std::string name;
  ExprPtr domain;     // a list or, with range_end, the start of a range
  ExprPtr range_end;  // `for i in 1..10`; null pointer otherwise
};
struct For final : Expr {
  explicit For(Span s) : Expr(ExprKind::kFor, s) {}
  std::vector<Iterator> iterators;
  ExprPtr body;  // may name `partial`
};
struct Quantified final : Expr {
  explicit Quantified(Span s) : Expr(ExprKind::kQuantified, s) {}
  bool every = false;
  std::vector<Iterator> iterators;
  ExprPtr condition;
};
/// A FEEL type as written: `number`, `list<string>`, `context<a: number>`, `range<date>`, `function<…> -> …`.
struct TypeExpr {
  std::string name;                      // "list", "context", "range", "function" or a type's (qualified) name
  std::vector<TypeExpr> arguments;       // element or parameter types, then for function its result last
  std::vector<std::string> field_names;  // context only, beside arguments
};
struct FunctionParameter {
  std::string name;
  std::optional<TypeExpr> type;
};
struct FunctionLiteral final : Expr {
  explicit FunctionLiteral(Span s) : Expr(ExprKind::kFunction, s) {}
  std::vector<FunctionParameter> parameters;
  ExprPtr body;
  bool external = false;
};
struct Argument {
  std::string name;  // empty: positional
  ExprPtr value;
};
struct Call final : Expr {
  explicit Call(Span s) : Expr(ExprKind::kCall, s) {}
  ExprPtr callee;
  std::vector<Argument> arguments;
};
struct Path final : Expr {
  Path(Span s, ExprPtr o, std::string n) : Expr(ExprKind::kPath, s), object(std::move(o)), name(std::move(n)) {}
  ExprPtr object;
  std::string name;
};
struct Filter final : Expr {
  Filter(Span s, ExprPtr o, ExprPtr p) : Expr(ExprKind::kFilter, s), object(std::move(o)), predicate(std::move(p)) {}
  ExprPtr object, predicate;
};
struct InstanceOf final : Expr {
  InstanceOf(Span s, ExprPtr v, TypeExpr t) : Expr(ExprKind::kInstanceOf, s), value(std::move(v)), type(std::move(t)) {}
  ExprPtr value;
  TypeExpr type;
};

}  // namespace kaogong::feel
