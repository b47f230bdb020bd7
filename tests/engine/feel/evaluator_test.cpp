#include "engine/feel/evaluator.h"

#include <gtest/gtest.h>

#include "engine/feel/parser.h"

namespace kaogong::feel {
namespace {

class MapScope final : public Scope {
 public:
  std::vector<std::pair<std::string, Value>> names;
  std::optional<Value> find(std::string_view name) const override {
    for (const auto& [key, value] : names) {
      if (key == name) return value;
    }
    return std::nullopt;
  }
};

std::string run(std::string_view text, Semantics semantics, const Scope& scope = EmptyScope(), Host* host = nullptr) {
  Parsed<ExprPtr> parsed = parse_expression(text);
  if (const auto* error = std::get_if<SyntaxError>(&parsed)) return "syntax: " + error->message;
  Options options;
  options.semantics = semantics;
  options.host = host;
  options.limits.steps_max = 3'000'000;
  const Evaluated result = evaluate(*std::get<ExprPtr>(parsed), scope, options);
  if (const auto* error = std::get_if<EvalError>(&result)) return "error: " + error->message;
  return to_text(std::get<Value>(result));
}

std::string dmn(std::string_view text, const Scope& scope = EmptyScope()) { return run(text, Semantics::kDmn, scope); }
std::string strict(std::string_view text, const Scope& scope = EmptyScope()) {
  return run(text, Semantics::kStrict, scope);
}

TEST(Evaluator, Computes) {
  EXPECT_EQ(dmn("1 + 2 * 3"), "7");
  EXPECT_EQ(dmn("0.1 + 0.2"), "0.3");
  EXPECT_EQ(dmn("1 / 3"), "0.3333333333333333333333333333333333");
  EXPECT_EQ(dmn("\"a\" + \"b\""), "ab");
  EXPECT_EQ(dmn("for i in 1..3 return i * i"), "[1, 4, 9]");
  EXPECT_EQ(dmn("for i in 3..1, j in [10, 20] return i + j"), "[13, 23, 12, 22, 11, 21]");
  EXPECT_EQ(dmn("for i in 0..5 return if i = 0 then 1 else i * partial[-1]"), "[1, 1, 2, 6, 24, 120]");
  EXPECT_EQ(dmn("some x in [1, 2] satisfies x > 1"), "true");
  EXPECT_EQ(dmn("[{a: 1, b: 2}, {a: 3, b: 4}][a > 1].b"), "[4]");
  EXPECT_EQ(dmn("[1, 2, 3][-1]"), "3");
  EXPECT_EQ(dmn("{a: 1, f: function(x) x + a, r: f(2)}.r"), "3");
  EXPECT_EQ(dmn("{fac: function(n) if n = 0 then 1 else n * fac(n - 1), r: fac(20)}.r"), "2432902008176640000");
  EXPECT_EQ(dmn("sort([3, 1, 2], function(a, b) a > b)"), "[3, 2, 1]");
  EXPECT_EQ(dmn("date(\"2026-01-31\") + duration(\"P1M\")"), "2026-02-28");
  EXPECT_EQ(dmn("(date(\"2026-10-31\") - date(\"2026-10-01\")).days"), "30");
  EXPECT_EQ(dmn("substring(string: \"foobar\", start position: 3)"), "obar");
  EXPECT_EQ(dmn("5 in (> 3)"), "true");
  EXPECT_EQ(dmn("5 in [1..5)"), "false");
  EXPECT_EQ(dmn("(= 10) = [10..10]"), "false");
  EXPECT_EQ(dmn("(!= 10) = (!= 10)"), "true");
  EXPECT_EQ(dmn("10 in (!= 10)"), "false");
  EXPECT_EQ(dmn("[1, 2] instance of list<number>"), "true");
}

TEST(Evaluator, DmnTurnsProblemsIntoNull) {
  for (const char* text : {"1 + null", "1 + \"a\"", "unknown", "1 / 0", "null < 1", "1 = \"1\"", "abs(\"x\")", "[][1]",
                           "{a: 1}.b", "not(1)", "sqrt(-1)", "date(\"2026-02-30\")", "f(1)", "sum([])"}) {
    EXPECT_EQ(dmn(text), "null") << text;
  }
  EXPECT_EQ(dmn("false and null"), "false");
  EXPECT_EQ(dmn("true or unknown"), "true");
  EXPECT_EQ(dmn("true and null"), "null");
  EXPECT_EQ(dmn("null = null"), "true");
  EXPECT_EQ(dmn("if null then 1 else 2"), "2");
}

TEST(Evaluator, StrictRefuses) {
  MapScope scope;
  scope.names = {{"x", Value()}, {"s", Value::string("E")}, {"n", Value::integer(3)}};
  for (const char* text : {"1 + x", "n + s", "unknown", "n / 0", "x < 1", "n = s", "abs(s)", "[1][2]", "{a: 1}.b",
                           "if x then 1 else 2", "n and true", "true and x", "x[1]", "clamp(1, 3, 2)",
                           "date(\"2026-02-30\")", "for i in n return i", "x in [1..2]"}) {
    EXPECT_TRUE(strict(text, scope).starts_with("error")) << text << ": " << strict(text, scope);
  }
  EXPECT_EQ(strict("x = null", scope), "true");
  EXPECT_EQ(strict("n != null", scope), "true");
  EXPECT_EQ(strict("[1, null, 3][item > 1]", scope), "[3]");
  EXPECT_EQ(strict("[1, 2][item + x > 1]", scope), "[]");
  EXPECT_EQ(strict("[1, null][item = null]", scope), "[null]");
  EXPECT_EQ(strict("[{r: null}, {r: \"a\"}][r = \"a\"]", scope), "[{r: \"a\"}]");
  EXPECT_EQ(strict("false and unknown", scope), "false");
  EXPECT_EQ(strict("if true then 1 else unknown", scope), "1");
  EXPECT_EQ(strict("1 / 3 * 3", scope), "1");
  EXPECT_EQ(strict("1000000000000000000000000000000000 + 0.05 - 1000000000000000000000000000000000"), "0.05");
  EXPECT_EQ(strict("s in (\"A\", \"E\")", scope), "true");
  EXPECT_EQ(strict("sum([])"), "0");
}

TEST(Evaluator, HasTheSchemesFunctions) {
  EXPECT_EQ(strict("clamp(5, 0, 3)"), "3");
  EXPECT_EQ(strict("coalesce(null, null, 4)"), "4");
  EXPECT_EQ(strict("month_end(date(\"2026-02-03\"))"), "2026-02-28");
  EXPECT_EQ(strict("month_end_after(date(\"2026-02-28\"))"), "2026-03-31");
  EXPECT_EQ(strict("add_months(date(\"2026-08-31\"), 6)"), "2027-02-28");
  EXPECT_EQ(strict("add_days(date(\"2026-08-31\"), -31)"), "2026-07-31");
  EXPECT_EQ(strict("days_between(date(\"2026-08-31\"), date(\"2026-09-16\"))"), "16");
  EXPECT_EQ(strict("round_to(2.345, 2)"), "2.35");
  EXPECT_EQ(strict("round_to(-2.345, 2)"), "-2.35");
}

TEST(Evaluator, AsksTheHostFirst) {
  class Doubler final : public Host {
   public:
    std::optional<Value> call(const Call& call, Evaluator& evaluator, const Environment& scope) override {
      if (call.callee->kind != ExprKind::kName) return std::nullopt;
      const std::string& name = static_cast<const NameRef&>(*call.callee).name;
      if (name == "fails") return evaluator.problem(call.span, "refused");
      if (name != "twice") return std::nullopt;
      const Value value = evaluator.evaluate(*call.arguments.at(0).value, scope);
      return evaluator.add(value, value, call.span);
    }
  } host;
  EXPECT_EQ(run("twice(of: 1 + 2) + abs(-1)", Semantics::kStrict, EmptyScope(), &host), "7");
  EXPECT_EQ(run("for i in [1, 2] return twice(i)", Semantics::kStrict, EmptyScope(), &host), "[2, 4]");
  EXPECT_EQ(run("fails()", Semantics::kStrict, EmptyScope(), &host), "error: refused");
}

TEST(Evaluator, EndsHostileExpressions) {
  for (const char* text :
       {"for i in 1..1000000000000 return i", "count(for i in 1..900000, j in 1..900000 return i)",
        "some i in 1..900000, j in 1..900000 satisfies i > j + 1000000", "{f: function(x) f(x + 1), r: f(1)}.r",
        "{f: function(x) [f(x)], r: f(1)}.r",
        "{f: function(s, n) if n = 0 then s else f(s + s, n - 1), r: f(\"abcdefgh\", 60)}.r",
        "{f: function(s, n) if n = 0 then s else f(concatenate(s, s), n - 1), r: f([1, 2], 60)}.r",
        "for i in 1..100000 return [partial]", "for i in 1..100000 return function() partial",
        "for i in 1..100000 return {a: partial[-1]}", "distinct values(for i in 1..100000 return i)"}) {
    EXPECT_TRUE(dmn(text).starts_with("error")) << text << ": " << dmn(text).substr(0, 80);
    EXPECT_TRUE(strict(text).starts_with("error")) << text;
  }
  // Values that share their parts: small to make, without end to go through.
  std::string shared = "{x0: [1, \"a\"]";
  for (int i = 1; i < 60; ++i) {
    const std::string before = "x" + std::to_string(i - 1);
    shared += ", x" + std::to_string(i) + ": [" + before + ", " + before + "]";
  }
  for (const char* text : {"x59 = x59", "x59 = [x58, x58]", "string(x59)", "distinct values(x59)",
                           "list contains(x59, x58)", "x59 in (x58, x59)", "{a: x59} = {a: x59}", "count(x59)"}) {
    EXPECT_EQ(dmn(shared + ", r: " + text + "}.r"), "error: the value is too large") << text;
    EXPECT_EQ(strict(shared + ", r: " + text + "}.r"), "error: the value is too large") << text;
  }
  const std::string smaller = shared.substr(0, shared.find(", x20:"));
  EXPECT_EQ(dmn(smaller + ", r: count(x19)}.r"), "2");
  EXPECT_EQ(dmn(smaller + ", r: for i in 1..100 return x19 = x19}.r").substr(0, 5), "error");
  std::string ranges = "(= 1)";
  for (int i = 0; i < 60; ++i) ranges = "(= " + ranges + ")";
  EXPECT_EQ(dmn(ranges + " = " + ranges), "true");
  EXPECT_EQ(dmn("10 ** 100000"), "null");
  EXPECT_EQ(strict("10 ** 100000"), "error: number out of range");
}

TEST(Evaluator, TestsCells) {
  const auto test = [](std::string_view cell, const Value& input) {
    auto parsed = parse_unary_tests(cell);
    if (std::holds_alternative<SyntaxError>(parsed)) return std::string("syntax");
    const Evaluated result =
        evaluate_tests(*std::get<std::unique_ptr<UnaryTests>>(parsed), input, EmptyScope(), Options());
    return to_text(std::get<Value>(result));
  };
  EXPECT_EQ(test("-", Value()), "true");
  EXPECT_EQ(test("< 5", Value::integer(4)), "true");
  EXPECT_EQ(test("< 5, [7..9]", Value::integer(8)), "true");
  EXPECT_EQ(test("not(1, 2)", Value::integer(2)), "false");
  EXPECT_EQ(test("\"a\", \"b\"", Value::string("b")), "true");
  EXPECT_EQ(test("? > 3 and ? < 5", Value::integer(4)), "true");
  EXPECT_EQ(test("[1, 2, 3]", Value::integer(2)), "true");
  EXPECT_EQ(test("null", Value()), "true");
  EXPECT_EQ(test("< 5", Value()), "null");
}

}  // namespace
}  // namespace kaogong::feel
