// What is wrong in expressions, those that fall to the row-at-a-time evaluator above all: nobody else judges them.
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/feel/builtins.h"
#include "engine/scheme/check/check.h"
#include "engine/scheme/check/functions.h"
#include "tests/engine/scheme/scheme_text.h"

namespace kaogong::scheme {
namespace {

using testing::describe;

constexpr std::string_view kHead =
    "kaogong: 1\nid: t\nperiods: [month]\ninputs:\n  a: {type: score, min: 0, max: 100}\n  n: {type: string}\n"
    "  z: {type: score, nullable: true}\n  b: {type: score, above: 0}\n"
    "tables:\n  marks:\n    columns: {rater: {type: string}, points: {type: score}}\n"
    "lookups:\n  items:\n    key: [item]\n    columns: {item: {type: string}, top: {type: score}}\n    rows: [[x, 5]]\n"
    "history:\n  old: {type: score}\n"
    "decisions:\n";

// The findings but those of what is not used, with the column in the line of the expression where they stand.
std::string findings_of(std::string_view type, std::string_view expression) {
  const std::string text = std::string(kHead) + "  out:\n    type: " + std::string(type) + "\n    expr: >-\n      " +
                           std::string(expression) + "\noutputs: [out]\n";
  Loaded loaded = load(text);
  EXPECT_TRUE(loaded.document) << text << describe(loaded.findings);
  if (!loaded.document) return "not loaded";
  std::string all;
  for (const Finding& f : check_document(*loaded.document)) {
    if (f.code.starts_with("unused")) continue;
    all += (all.empty() ? "" : " ") + std::string(f.severity == Severity::kError ? "" : "~") + f.code + "@" +
           std::to_string(f.at.column - 6);
  }
  return all;
}

struct Case {
  const char* type;
  const char* expression;
  const char* findings;
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.expression; }

class Expressions : public ::testing::TestWithParam<Case> {};

TEST_P(Expressions, AreJudged) {
  EXPECT_EQ(findings_of(GetParam().type, GetParam().expression), GetParam().findings) << GetParam().expression;
}

INSTANTIATE_TEST_SUITE_P(
    Names, Expressions,
    ::testing::Values(Case{"score", "rnak(of: a)", "unknown-name@1"},
                      Case{"string", "substring(nn, 1)", "unknown-name@11"},
                      Case{"score", "if a > 1 then sqrt(aa) + foo(a) else 0", "unknown-name@20 unknown-name@26"},
                      Case{"count", "count(concatenate([a], [c]))", "unknown-name@25"},
                      Case{"score", "sum(for i in 1..3 return i * ii)", "unknown-name@30"},
                      Case{"boolean", "some x in [1, 2] satisfies x > y", "unknown-name@32"},
                      Case{"score", "{p: 1, q: p + r}.q", "unknown-name@15"},
                      Case{"score", "sum(marks.pints)", "unknown-name@5"},
                      Case{"score", "sum(marks[rater = who].points)", "unknown-name@19"},
                      Case{"score", "items(\"x\").bottom", "unknown-name@1"},
                      Case{"score", "sqrt(now())", "no-clock@6"}, Case{"score", "streak(od > 1)", "unknown-name@8"}));

INSTANTIATE_TEST_SUITE_P(
    Known, Expressions,
    ::testing::Values(Case{"string", "upper case(n)", ""}, Case{"score", "string length(n) + a", ""},
                      Case{"score", "sum(for m in marks return m.points * 2)", ""},
                      Case{"score", "sum(marks[rater = n and points > a].points)", ""},
                      Case{"score", "[{q: 1}, {q: 2}][q > 1][1].q", ""},
                      Case{"score", "{f: function(x) if x < 2 then 1 else f(x - 1), r: f(3)}.r", ""},
                      Case{"count", "count(sort([1, 2], function(x, y) x < y))", ""}, Case{"score", "abs(n: a)", ""},
                      Case{"score", "round_to(a)", ""}, Case{"score", "items(\"x\").top", ""},
                      Case{"score", "streak(old > 1)", ""}, Case{"score", "coalesce(previous(old), a)", ""},
                      Case{"score", "if z != null then sqrt(z + 1) else 0", ""},
                      Case{"score", "sum(last(old, 3)[item != null])", ""}, Case{"score", "sqrt(a / b)", ""},
                      Case{"date", "add_days(date(\"2026-01-01\"), 3)", ""},
                      Case{"string", "string join(for i in 1..2 return n, \"-\")", ""}, Case{"score", "number(n)", ""},
                      Case{"boolean", "employee in (\"a\", \"b\") or a between 1 and 2", ""},
                      Case{"score", "max(for i in [1, 2] return sqrt(i))", ""}));

INSTANTIATE_TEST_SUITE_P(Types, Expressions,
                         ::testing::Values(Case{"score", "upper case(n)", "type-clash@1"},
                                           Case{"score", "string length(a)", "type-clash@15"},
                                           Case{"score", "a instance of number", "type-clash@1"},
                                           Case{"string", "\"x\" + upper case(n) - n", "type-clash@1"},
                                           Case{"score", "sqrt(a) + upper case(n)", "type-clash@1"},
                                           Case{"score", "if string length(n) then 1 else 2", "type-clash@4"},
                                           Case{"boolean", "upper case(n) > a", "type-clash@1"},
                                           Case{"score", "if matches(n, \"x\") then 1 else \"b\"", "type-clash@1"},
                                           Case{"score", "marks[points > 1]", "type-clash@1"},
                                           Case{"score", "round half up(a)", "wrong-arguments@1"},
                                           Case{"score", "abs(nmber: a)", "wrong-arguments@1"},
                                           Case{"score", "sqrt(z + 1)", "possible-null@6"},
                                           Case{"score", "modulo(a, 0)", "division-by-zero@11"},
                                           Case{"score", "sqrt(b / a)", "~division-by-zero@10"}));

TEST(Functions, EachBuiltInHasASignature) {
  for (const std::string& name : feel::builtin_names())
    EXPECT_TRUE(find_signature(name) != nullptr || looks_at_the_clock(name)) << name;
}

TEST(Functions, TheNameThatWasMeantIsNamed) {
  const auto meant = [](const std::string& expression) {
    Loaded loaded = load(std::string(kHead) + "  out: {type: score, expr: '" + expression + "'}\noutputs: [out]\n");
    if (!loaded.document) return describe(loaded.findings);
    for (const Finding& f : check_document(*loaded.document))
      if (f.code == "unknown-name") return f.remedy;
    return std::string();
  };
  EXPECT_EQ(meant("SUM(marks.points)"), "did you mean \"sum\"?");
  EXPECT_EQ(meant("sum(mark.points)"), "did you mean \"marks\"?");
  EXPECT_EQ(meant("rnak(of: a) + bb"), "did you mean \"rank\"?");
}

}  // namespace
}  // namespace kaogong::scheme
