#include "engine/scheme/check/check.h"

#include <gtest/gtest.h>

#include "tests/engine/scheme/scheme_text.h"

namespace kaogong::scheme {
namespace {

using testing::describe;

std::vector<Finding> check(const std::string& text) {
  Loaded loaded = load(text);
  EXPECT_TRUE(loaded.document) << text << describe(loaded.findings);
  return loaded.document ? check_document(*loaded.document) : std::vector<Finding>();
}

// A document whose inputs are all used, with one decision `out` given by its body.
std::string with_out(std::string_view inputs, std::string_view body, std::string_view more = "") {
  return "kaogong: 1\nid: t\nperiods: [month]\ninputs:\n  s: {type: score, min: 0, max: 100}\n" + std::string(inputs) +
         "decisions:\n  out:\n" + std::string(body) + std::string(more) + "outputs: [out]\n";
}
std::string table(std::string_view hit, std::string_view inputs, std::string_view rules, std::string_view more = "") {
  return "    type: string\n    values: [a, b, c]\n    table:\n      hit: " + std::string(hit) +
         "\n      inputs: " + std::string(inputs) + "\n      rules:\n" + std::string(rules) + std::string(more);
}

std::string codes(const std::vector<Finding>& findings) {
  std::string all;
  for (const Finding& f : findings) {
    if (f.code.starts_with("unused")) continue;
    all += (all.empty() ? "" : " ") +
           std::string(f.severity == Severity::kError  ? "!"
                       : f.severity == Severity::kNote ? "~"
                                                       : "") +
           f.code;
  }
  return all;
}

struct TableCase {
  const char* name;
  const char* inputs;  // more inputs
  const char* hit;
  const char* columns;
  const char* rules;
  const char* codes;  // "!" marks an error, "~" a note
  const char* says;
};
std::ostream& operator<<(std::ostream& out, const TableCase& c) { return out << c.name; }

class Tables : public ::testing::TestWithParam<TableCase> {};

TEST_P(Tables, AreJudged) {
  const TableCase& c = GetParam();
  const std::string text = with_out(c.inputs, table(c.hit, c.columns, c.rules));
  const auto findings = check(text);
  EXPECT_EQ(codes(findings), c.codes) << text << describe(findings);
  EXPECT_NE(describe(findings).find(c.says), std::string::npos) << describe(findings);
}

constexpr const char* kTwo =
    "  p: {type: string, values: [x, y]}\n  d: {type: date}\n  b: {type: boolean}\n"
    "  o: {type: string}\n  n: {type: score?}\n  m: {type: money}\n";

INSTANTIATE_TEST_SUITE_P(
    Numbers, Tables,
    ::testing::Values(
        TableCase{"whole", "", "U", "[s]", "        - ['< 60', '\"a\"']\n        - ['>= 60', '\"b\"']\n", "", ""},
        TableCase{"gap at a point", "", "U", "[s]", "        - ['< 60', '\"a\"']\n        - ['> 60', '\"b\"']\n",
                  "!table-gap", "no rule matches s = 60; for example s = 60"},
        TableCase{"gap of an interval", "", "U", "[s]",
                  "        - ['< 60', '\"a\"']\n        - ['[70..100]', '\"b\"']\n", "!table-gap", "60 <= s < 70"},
        // Scores have two decimals: between 80 and 80.01 there is none.
        TableCase{"no value between", "", "U", "[s]", "        - ['<= 80', '\"a\"']\n        - ['>= 80.01', '\"b\"']\n",
                  "", ""},
        TableCase{"whole numbers leave 80.5", "", "U", "[s]",
                  "        - ['[0..80]', '\"a\"']\n        - ['[81..100]', '\"b\"']\n", "!table-gap",
                  "80 < s < 81; for example s = 80.01"},
        TableCase{"bounds of the type", "", "U", "[s]",
                  "        - ['[0..60)', '\"a\"']\n        - ['[60..100]', '\"b\"']\n", "", ""},
        TableCase{"beyond the bounds", "", "U", "[s]", "        - ['-', '\"a\"']\n        - ['> 100', '\"b\"']\n",
                  "unreachable-rule", "no value of \"s\" passes > 100"},
        TableCase{"no lower bound", kTwo, "U", "[m]", "        - ['>= 0', '\"a\"']\n", "!table-gap",
                  "m < 0; for example m = -0.01"},
        TableCase{"overlap", "", "U", "[s]", "        - ['<= 60', '\"a\"']\n        - ['>= 60', '\"b\"']\n",
                  "!table-overlap", "rule 2 and rule 1 in line 14 both match s = 60, with different results"},
        TableCase{"overlap with the same result", "", "U", "[s]",
                  "        - ['<= 60', '\"a\"']\n        - ['>= 60', '\"a\"']\n", "!table-overlap",
                  "with the same result"},
        TableCase{"any allows the same result", "", "A", "[s]",
                  "        - ['<= 60', '\"a\"']\n        - ['>= 60', '\"a\"']\n", "", ""},
        TableCase{"any forbids different ones", "", "A", "[s]",
                  "        - ['<= 60', '\"a\"']\n        - ['>= 60', '\"b\"']\n", "!table-overlap", "under A"},
        TableCase{"any with expressions", kTwo, "A", "[s]", "        - ['<= 60', o]\n        - ['>= 60', '\"b\"']\n",
                  "table-overlap", ""},
        TableCase{"lists and negation", "", "U", "[s]",
                  "        - ['< 10, > 90', '\"a\"']\n        - ['not(< 10, > 90)', '\"b\"']\n", "", ""},
        // The source writes 170×3 and leaves exactly that out.
        TableCase{
            "bounds that are worked out", kTwo, "U", "[m]",
            "        - ['< 170 * 3', '\"a\"']\n        - ['(170 * 3..230 * 3]', '\"b\"']\n        - ['> 700 - 10', "
            "'\"c\"']\n",
            "!table-gap", "no rule matches m = 510; for example m = 510"},
        TableCase{"an expression's inside", kTwo, "U", "[m / 10000]",
                  "        - ['< 30', '\"a\"']\n        - ['> 30', '\"b\"']\n", "!table-gap", "m / 10000 = 30"},
        TableCase{"an expression's ends", kTwo, "U", "[m / 10000]",
                  "        - ['[0..30]', '\"a\"']\n        - ['> 30', '\"b\"']\n", "table-gap", "m / 10000 < 0"}));

INSTANTIATE_TEST_SUITE_P(
    Others, Tables,
    ::testing::Values(
        TableCase{"all texts", kTwo, "U", "[p]", "        - ['\"x\"', '\"a\"']\n        - ['\"y\"', '\"b\"']\n", "",
                  ""},
        TableCase{"a text is missing", kTwo, "U", "[p]", "        - ['\"x\"', '\"a\"']\n", "!table-gap", "p = \"y\""},
        TableCase{"a text that is none of the values", kTwo, "F", "[p]",
                  "        - ['\"z\"', '\"a\"']\n        - ['-', '\"b\"']\n", "unreachable-rule", "never matches"},
        TableCase{"open texts", kTwo, "U", "[o]", "        - ['\"x\"', '\"a\"']\n        - ['not(\"x\")', '\"b\"']\n",
                  "", ""},
        TableCase{"open texts with others", kTwo, "U", "[o]", "        - ['\"x\"', '\"a\"']\n", "table-gap",
                  "any other text"},
        TableCase{"truth", kTwo, "U", "[b]", "        - ['true', '\"a\"']\n", "!table-gap", "b = false"},
        TableCase{"truth of an expression", kTwo, "U", "[s > 5]",
                  "        - ['true', '\"a\"']\n        - ['false', '\"b\"']\n", "", ""},
        TableCase{"dates", kTwo, "U", "[d]",
                  "        - ['< @\"2026-01-01\"', '\"a\"']\n        - ['>= date(\"2026-01-02\")', '\"b\"']\n",
                  "!table-gap", "d = 2026-01-01"},
        TableCase{"neighbouring dates", kTwo, "U", "[d]",
                  "        - ['<= @\"2026-01-01\"', '\"a\"']\n        - ['>= date(\"2026-01-02\")', '\"b\"']\n", "",
                  ""},
        TableCase{"null", kTwo, "U", "[n]", "        - ['< 60', '\"a\"']\n        - ['>= 60', '\"b\"']\n", "!table-gap",
                  "n = null"},
        TableCase{"null is tested", kTwo, "U", "[n]",
                  "        - ['< 60', '\"a\"']\n        - ['>= 60', '\"b\"']\n        - ['null', '\"c\"']\n", "", ""},
        TableCase{"two inputs", kTwo, "U", "[p, s]",
                  "        - ['\"x\"', '< 60', '\"a\"']\n        - ['\"x\"', '>= 60', '\"b\"']\n        - ['\"y\"', '> "
                  "30', '\"c\"']\n",
                  "!table-gap", "p = \"y\" and 0 <= s <= 30"},
        TableCase{"opaque tests may match", kTwo, "U", "[s]",
                  "        - ['< m', '\"a\"']\n        - ['>= m', '\"b\"']\n", "", ""},
        TableCase{"the same opaque test twice", kTwo, "U", "[s, p]",
                  "        - ['< m', '\"x\"', '\"a\"']\n        - ['< m', '-', '\"b\"']\n", "!table-overlap", ""},
        TableCase{"first covered", "", "F", "[s]",
                  "        - ['< 60', '\"a\"']\n        - ['>= 50', '\"b\"']\n        - ['[55..65]', '\"c\"']\n",
                  "unreachable-rule", "rule 3 never counts: rules before it match wherever it does"},
        TableCase{"first not covered", "", "F", "[s]",
                  "        - ['< 60', '\"a\"']\n        - ['> 60', '\"b\"']\n        - ['[55..65]', '\"c\"']\n", "",
                  ""},
        TableCase{"first behind an opaque test", kTwo, "F", "[s]",
                  "        - ['< m', '\"a\"']\n        - ['-', '\"b\"']\n", "", ""},
        TableCase{"priority covered", "", "P", "[s]", "        - ['-', '\"a\"']\n        - ['< 60', '\"b\"']\n",
                  "unreachable-rule", "rules of higher priority"},
        TableCase{"priority not covered", "", "P", "[s]", "        - ['-', '\"b\"']\n        - ['< 60', '\"a\"']\n", "",
                  ""},
        TableCase{"collect has no gaps", "", "C", "[s]", "        - ['< 60', '\"a\"']\n", "", ""}));

TEST(Check, ADefaultFillsGaps) {
  EXPECT_EQ(codes(check(with_out("", table("U", "[s]", "        - ['< 60', '\"a\"']\n", "      default: '\"b\"'\n")))),
            "");
}

TEST(Check, AGapOfANullableDecisionIsAWarning) {
  const auto findings =
      check(with_out("", "    type: string?\n    table: {inputs: [s], rules: [['< 60', '\"a\"']]}\n"));
  EXPECT_EQ(codes(findings), "table-gap") << describe(findings);
}

TEST(Check, HugeTablesAreNotedNotExpanded) {
  // Every rule cuts three dense inputs: far too many boxes to look at.
  std::string rules;
  for (int i = 0; i < 3000; ++i) {
    const std::string a = std::to_string(i * 7 % 3001), b = std::to_string(i * 13 % 3001),
                      c = std::to_string(i * 29 % 3001);
    rules += "        - ['[" + a + ".." + a + "5]', '[" + b + ".." + b + "5]', '[" + c + ".." + c + "5]', '\"a\"']\n";
  }
  const auto findings =
      check(with_out("  m: {type: money}\n  k: {type: money}\n  l: {type: money}\n", table("F", "[m, k, l]", rules)));
  EXPECT_NE(testing::find(findings, "table-not-checked"), nullptr) << describe(findings).substr(0, 2000);
}

TEST(Check, LargeLookupLikeTablesAreChecked) {
  std::string rules;
  for (int i = 0; i < 2000; ++i) rules += "        - ['" + std::to_string(i) + "', '\"a\"']\n";
  rules += "        - ['>= 2000, < 0', '\"b\"']\n";
  const auto findings = check(with_out("  m: {type: count}\n", table("U", "[m]", rules)));
  EXPECT_EQ(codes(findings), "") << describe(findings);
}

std::string bands(std::string_view body, std::string_view type = "factor") {
  return with_out("  m: {type: money, min: 0}\n  d: {type: date}\n",
                  "    type: " + std::string(type) + "\n    bands: {" + std::string(body) + "}\n");
}

TEST(Check, Bands) {
  EXPECT_EQ(codes(check(bands("of: s, at_least: [[80, 1], [60, 0.9]], else: 0"))), "");
  EXPECT_EQ(codes(check(bands("of: s, at_least: [[80, 1], [0, 0.9]]"))), "");
  EXPECT_EQ(codes(check(bands("of: s, above: [[80, 1], [0, 0.9]]"))), "!bands-gap");
  EXPECT_EQ(codes(check(bands("of: s, at_least: [[80, 1], [60, 0.9]]"))), "!bands-gap");
  EXPECT_EQ(codes(check(bands("of: s, at_least: [[80, 1], [60, 0.9]]", "factor?"))), "bands-gap");
  EXPECT_EQ(codes(check(bands("of: s, at_least: [[60, 1], [80, 0.9]], else: 0"))), "!bands-order");
  EXPECT_EQ(codes(check(bands("of: s, at_least: [[80, 1], [80.00, 0.9]], else: 0"))), "!bands-duplicate");
  EXPECT_EQ(codes(check(bands("of: s, at_least: [[101, 1], [80, 0.9]], else: 0"))), "unreachable-band");
  EXPECT_EQ(codes(check(bands("of: m, at_least: [[80, 1], [0, 0.9], [-5, 0.8]], else: 0"))), "unreachable-band");
  EXPECT_EQ(codes(check(bands("of: s, up_to: [[30, 1], [100, 2]]"))), "");
  EXPECT_EQ(codes(check(bands("of: s, below: [[30, 1], [100, 2]]"))), "!bands-gap");
  EXPECT_EQ(codes(check(bands("of: s, up_to: [[30, 1], [20, 2]], else: 3"))), "!bands-order");
  EXPECT_EQ(codes(check(bands("of: d, at_least: [[2026-01-01, 1], [2025-01-01, 2]], else: 3"))), "");
  EXPECT_EQ(codes(check(bands("of: s + 1, at_least: [[0, 1]]"))), "!bands-gap");
  const auto gap = check(bands("of: s, at_least: [[80, 1], [60, 0.9]]"));
  EXPECT_NE(describe(gap).find("no value for s < 60"), std::string::npos) << describe(gap);
}

TEST(Check, AssertionsOfParameters) {
  const auto text = [](std::string_view third) {
    return "kaogong: 1\nid: t\nperiods: [month]\nparameters:\n  a: {type: rate, default: 0.6}\n  b: {type: rate, "
           "default: " +
           std::string(third) +
           "}\ndecisions:\n  out: {type: rate, expr: a + b}\nassert:\n  - {add_up: [a, b], to: 1}\noutputs: [out]\n";
  };
  EXPECT_EQ(codes(check(text("0.4"))), "");
  const auto findings = check(text("0.3"));
  EXPECT_EQ(codes(findings), "!add-up");
  EXPECT_EQ(findings[0].at.line, 10u);
  EXPECT_NE(findings[0].message.find("0.9 (a 0.6 + b 0.3), not to 1"), std::string::npos) << describe(findings);
}

TEST(Check, AssertionsOfLookups) {
  const auto text = [](std::string_view rows, std::string_view assertion) {
    return "kaogong: 1\nid: t\nperiods: [month]\ninputs: {k: {type: string}}\nlookups:\n  l:\n    key: k\n    columns: "
           "{k: {type: string}, g: {type: "
           "string}, w: {type: score}, v: {type: score?}, t: {type: score}}\n" +
           std::string(rows) + "decisions:\n  out: {type: score, expr: l(k).w}\nassert: [" + std::string(assertion) +
           "]\noutputs: [out]\n";
  };
  const std::string_view rows = "    rows: [[a, x, 40, 30, 100], [b, x, 60, 70, 100], [c, y, 99, null, 99]]\n";
  EXPECT_EQ(codes(check(text(rows, "{add_up: w, in: l, per: g, to: t}"))), "");
  EXPECT_EQ(codes(check(text(rows, "{add_up: w, in: l, per: g, to: 100}"))), "!add-up");
  EXPECT_EQ(codes(check(text(rows, "{add_up: w, in: l, to: 199}"))), "");
  EXPECT_EQ(codes(check(text(rows, "{add_up: w, in: l, to: t}"))), "!add-up-target");
  EXPECT_EQ(codes(check(text(rows, "{descend: [t, w], in: l}"))), "");
  EXPECT_EQ(codes(check(text(rows, "{descend: [w, v], in: l}"))), "!descend");
  EXPECT_EQ(codes(check(text(rows, "{reach: t, by: [w, v], in: l}"))), "!reach !reach");
  EXPECT_EQ(codes(check(text(rows, "{reach: w, by: [t], in: l}"))), "!above-maximum !above-maximum");
  EXPECT_EQ(codes(check(text("", "{add_up: w, in: l, to: 100}"))), "~assertion-later");
}

TEST(Check, Cycles) {
  const auto text = [](std::string_view decisions, std::string_view more = "") {
    return "kaogong: 1\nid: t\nperiods: [month]\nhistory: {a: {type: score}}\ntables:\n  r:\n    columns: {p: {type: "
           "score}, q: {type: score}}\n    "
           "computed:\n      c: {type: score, expr: p * b}\n" +
           std::string(more) + "decisions:\n" + std::string(decisions) + "outputs: [a]\n";
  };
  const auto cycle = [](const std::string& document) {
    const auto findings = check(document);
    const Finding* f = testing::find(findings, "cycle");
    return f == nullptr ? std::string() : f->message;
  };
  EXPECT_EQ(cycle(text("  a: {type: score, expr: b}\n  b: {type: score, expr: a + 1}\n")),
            "these need each other: a → b → a");
  EXPECT_EQ(cycle(text("  a: {type: score, expr: a}\n  b: {type: score, expr: 1}\n")), "\"a\" needs itself");
  // Through a child row's computed column.
  EXPECT_EQ(cycle(text("  a: {type: score, expr: 1}\n  b: {type: score, expr: sum(r.c)}\n")),
            "these need each other: b → r.c → b");
  // A column hides the decision of its name in a filter and in a loop.
  EXPECT_EQ(
      cycle(text(
          "  a: {type: score, expr: 1}\n  b: {type: score, expr: 'sum(r[q > 1].p)'}\n  q: {type: score, expr: b}\n")),
      "");
  EXPECT_EQ(cycle(text("  a: {type: score, expr: 1}\n  b: {type: score, expr: sum(for x in r return x.p)}\n  x: {type: "
                       "score, expr: b}\n")),
            "");
  EXPECT_EQ(cycle(text("  a: {type: score, expr: 1}\n  b: {type: score, expr: 'sum(r[this.q > 1].p)'}\n  q: {type: "
                       "score, expr: b}\n")),
            "these need each other: b → q → b");
  // Earlier periods are no need of this one.
  EXPECT_EQ(cycle(text("  a: {type: score, expr: 'coalesce(previous(a), 0) + 1'}\n  b: {type: score, expr: a}\n")), "");
  EXPECT_EQ(cycle(text("  a: {type: score, expr: 1}\n  b: {type: count, expr: streak(a < 60)}\n")), "");
  EXPECT_EQ(cycle(text("  a: {type: score, expr: streak(a < 60)}\n  b: {type: count, expr: 1}\n")),
            "\"a\" needs itself");
  // Through a decision table's test.
  EXPECT_EQ(cycle(text("  a: {type: score, expr: b}\n  b: {type: score, table: {hit: F, inputs: [1], rules: [['< a', "
                       "1], ['-', 2]]}}\n")),
            "these need each other: a → b → a");
}

TEST(Check, LongChainsOfDecisions) {
  std::string text = "kaogong: 1\nid: t\nperiods: [month]\ndecisions:\n  d0: {type: score, expr: d15000}\n";
  for (int i = 1; i <= 15000; ++i) {
    text += "  d" + std::to_string(i) + ": {type: score, expr: d" + std::to_string(i - 1) + "}\n";
  }
  const auto findings = check(text + "outputs: [d0]\n");
  EXPECT_EQ(codes(findings), "!cycle");
}

TEST(Check, Unused) {
  const auto findings = check(
      "kaogong: 1\nid: t\nperiods: [month]\ninputs: {a: {type: score}, b: {type: score}}\n"
      "tables:\n  r: {columns: {k: {type: string}, p: {type: score}, q: {type: score}}, key: k}\n  s: {columns: {p: "
      "{type: score}}}\n"
      "lookups: {l: {key: k, columns: {k: {type: string}}}}\n"
      "groups: {g: {of: r, by: k, computed: {x: {expr: sum(r.p)}, y: {expr: 1}}}}\n"
      "history: {h: {type: score}, out: {type: score}}\nparameters: {u: {type: score, default: 1}}\n"
      "decisions:\n  out: {type: score, expr: 'a + sum(g.x) + coalesce(previous(out), 0)'}\n  alone: {type: score, "
      "expr: alone2}\n"
      "  alone2: {type: score, expr: b}\noutputs: [out]\n");
  std::string unused;
  for (const Finding& f : findings) {
    EXPECT_EQ(f.severity, Severity::kWarning);
    unused += f.message.substr(4, f.message.find(" is used") - 4) + "; ";
  }
  EXPECT_EQ(unused,
            "column \"r.q\"; table \"s\"; lookup \"l\"; computed column \"g.y\"; history \"h\"; parameter \"u\"; "
            "decision \"alone\"; ");
}

TEST(Check, FixedWages) {
  const auto docked = [](std::string_view input, std::string_view expr, std::string_view type = "money") {
    const auto findings = check(
        "kaogong: 1\nid: t\nperiods: [month]\ninputs:\n  w: {type: money}\n  f: {type: factor, min: 1}\n  g: {type: "
        "factor}\n" +
        std::string(input) + "decisions:\n  out: {type: " + std::string(type) + ", expr: '" + std::string(expr) +
        "'}\noutputs: [out]\n");
    return testing::find(findings, "fixed-wage-docked") != nullptr;
  };
  const std::string_view wage = "  base_wage: {type: money}\n";
  EXPECT_TRUE(docked(wage, "base_wage - w"));
  EXPECT_TRUE(docked(wage, "base_wage + w - w"));
  EXPECT_TRUE(docked(wage, "max(0, base_wage - w)"));
  EXPECT_TRUE(docked(wage, "base_wage * 0.99"));
  EXPECT_TRUE(docked(wage, "g * base_wage"));
  EXPECT_TRUE(docked(wage, "base_wage * (1 + g)"));
  EXPECT_FALSE(docked(wage, "base_wage * f"));
  EXPECT_FALSE(docked(wage, "base_wage * 1.05"));
  EXPECT_FALSE(docked(wage, "w - base_wage"));
  EXPECT_FALSE(docked(wage, "base_wage + w * g"));
  EXPECT_FALSE(docked(wage, "base_wage * g", "score"));
  EXPECT_TRUE(docked("  x: {type: money, labels: {zh: 岗位工资}}\n", "x - w"));
  EXPECT_TRUE(docked("  x: {type: money, labels: {en: Base salary}}\n", "x - w"));
  EXPECT_TRUE(docked("  x: {type: money, fixed: true}\n", "x - w"));
  EXPECT_FALSE(docked("  base_wage: {type: money, fixed: false}\n", "base_wage - w"));
  EXPECT_FALSE(docked("  x: {type: money}\n", "x - w"));
}

}  // namespace
}  // namespace kaogong::scheme
