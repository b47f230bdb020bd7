// Packs in compiled schemes: what the checker finds, and that their functions vectorise.
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/plan/program.h"
#include "engine/scheme/load.h"

namespace kaogong::plan {
namespace {

constexpr const char* kPack = R"(kaogong_pack: 1
id: test.pay
jurisdiction: XX
tables:
  brackets:
    bands: {up_to: limit}
    columns: {limit: {type: money?}, rate: {type: rate}, note: {type: string?}}
    editions: [{effective_from: 2020-01-01, rows: [[100, 0.1, a], [null, 0.2, b]]}]
  cities:
    key: city
    columns: {city: {type: string}, rate: {type: rate}}
    editions: [{effective_from: 2020-01-01, effective_to: 2020-12-31, rows: [[a, 0.1]]}]
functions:
  tax: {parameters: {income: {type: money}, town: {type: string, default: a}}, result: {type: money, expr: income * brackets(income).rate}}
  city: {parameters: {name: {type: string}}, result: {type: rate, expr: cities(name).rate}}
)";

scheme::PackLibrary library() {
  scheme::PackLibrary packs;
  packs.add(scheme::load_pack(kPack).pack);
  return packs;
}

Compiled compiled(const std::string& expr, const std::string& type = "money", const std::string& uses = "[test.pay]") {
  auto loaded =
      scheme::load("kaogong: 1\nid: t\nperiods: [month]\n" + (uses.empty() ? "" : "uses: " + uses + "\n") +
                       "inputs: {pay: {type: money, min: 0, max: 1000000}, part: {type: money?}, town: {type: "
                       "string}}\ndecisions:\n  x: {type: " +
                       type + ", expr: '" + expr + "'}\noutputs: [x]\n",
                   library());
  if (!loaded.document) {
    ADD_FAILURE() << loaded.findings.front().message;
    return {};
  }
  return compile(std::move(*loaded.document));
}

/// The first error: "code line:column message".
std::string error(const std::string& expr, const std::string& type = "money", const std::string& uses = "[test.pay]") {
  const Compiled done = compiled(expr, type, uses);
  for (const auto& f : done.findings) {
    if (f.severity != scheme::Severity::kError) continue;
    return f.code + " " + std::to_string(f.at.line) + ":" + std::to_string(f.at.column) + " " + f.message;
  }
  return "";
}

TEST(PlanPacks, VectoriseTheirFunctions) {
  const Compiled done = compiled("test.pay.tax(pay)");
  ASSERT_NE(done.program, nullptr);
  EXPECT_TRUE(interpreted_decisions(*done.program).empty());
}

TEST(PlanPacks, TheCheckerNamesWhatIsWrongWithACall) {
  EXPECT_EQ(error("test.pay.tax(pay)"), "");
  EXPECT_EQ(error("1 + test.pay.tex(pay)"), "unknown-function 7:31 the pack test.pay has no function 'tex'");
  EXPECT_EQ(error("other.tax(pay)"), "unknown-pack 7:27 'other.tax' is no function of a pack that is used here");
  EXPECT_EQ(error("test.pay.tax(pay)", "money", "[]"),
            "unknown-pack 7:27 'test.pay.tax' is no function of a pack that is used here");
  EXPECT_EQ(error("test.pay.tax(pay, town, 3)"),
            "wrong-arguments 7:27 'test.pay.tax' is given 3 arguments and has 2 parameters");
  EXPECT_EQ(error("test.pay.tax(incom: pay)"), "wrong-arguments 7:27 'test.pay.tax' has no parameter 'incom'");
  EXPECT_EQ(error("test.pay.tax(town: town)"), "wrong-arguments 7:27 'test.pay.tax' is not given 'income'");
  EXPECT_EQ(error("test.pay.tax(pay, income: pay)"), "wrong-arguments 7:27 'test.pay.tax' is given 'income' twice");
  EXPECT_EQ(error("test.pay.tax(town)").substr(0, 45), "type-clash 7:40 parameter of 'test.pay.tax': ");
  EXPECT_EQ(error("test.pay.tax(part)").substr(0, 48), "possible-null 7:40 parameter of 'test.pay.tax': ");
  EXPECT_EQ(error("if part != null then test.pay.tax(part) else 0"), "");
  EXPECT_EQ(error("test.pay.city(\"b\")", "rate"), "unknown-key 7:26 in 'test.pay.city': 'cities' has no such key");
  EXPECT_EQ(error("test.pay.city(\"a\")", "rate"), "") << "its rows have ended: that is for the run to say";
  EXPECT_EQ(error("test.pay.tax(pay)", "string").substr(0, 10), "type-clash");
}

TEST(PlanPacks, AnUnusedPackIsAWarning) {
  const Compiled done = compiled("pay");
  EXPECT_TRUE(std::any_of(done.findings.begin(), done.findings.end(), [](const auto& f) {
    return f.code == "unused-pack" && f.severity == scheme::Severity::kWarning;
  }));
}

/// The findings of a pack with these functions behind the tables above.
std::string check(const std::string& functions) {
  std::string text = kPack;
  text.resize(text.find("functions:"));
  const auto loaded = scheme::load_pack(text + "functions:\n" + functions);
  if (loaded.pack == nullptr) return "not loaded: " + loaded.findings.front().message;
  std::string found;
  for (const auto& f : check_pack(loaded.pack))
    found += f.code + " " + std::to_string(f.at.line) + ":" + std::to_string(f.at.column) + "\n";
  return found;
}

TEST(PlanPacks, ThePackItselfIsChecked) {
  EXPECT_EQ(check("  f: {parameters: {x: {type: money}}, result: {type: money, expr: x}}\n"), "");
  EXPECT_EQ(check("  f: {result: {type: money, expr: y}}\n"), "unknown-name 14:35\n");
  EXPECT_EQ(check("  f: {result: {type: money, expr: employee}}\n"), "unknown-name 14:35\n");
  EXPECT_EQ(check("  f: {steps: {a: {expr: b}, b: {expr: 1}}, result: {type: money, expr: 1}}\n"),
            "unknown-name 14:25\n")
      << "a step sees those before it only";
  EXPECT_EQ(check("  f: {parameters: {x: {type: money?}}, result: {type: money, expr: x}}\n"), "possible-null 14:68\n");
  EXPECT_EQ(check("  f: {result: {type: string, expr: brackets(1).note}}\n"), "possible-null 14:36\n");
  EXPECT_EQ(check("  f: {result: {type: rate, expr: brackets(1).rat}}\n"), "unknown-name 14:34\n");
  EXPECT_EQ(check("  f: {result: {type: rate, expr: 'brackets(1, 2).rate'}}\n"), "wrong-arguments 14:35\n");
  EXPECT_EQ(check("  f: {result: {type: rate, expr: brackets(\"x\").rate}}\n"), "type-clash 14:34\n");
  EXPECT_EQ(check("  f: {parameters: {x: {type: money}}, result: {type: rate, expr: 1 / x}}\n"),
            "division-by-zero 14:66\n");
  EXPECT_EQ(check("  f: {parameters: {x: {type: money}}, result: {type: money, expr: x * x * x * x}}\n"),
            "overflow-possible 14:67\n");
  EXPECT_EQ(check("  f: {result: {type: count, expr: 'count(brackets[rate > 0])'}}\n"), "row-by-row 14:3\n");
  // What is computed row by row is judged, too.
  EXPECT_EQ(check("  f: {result: {type: count, expr: 'count(brackets[rat > 0]) + foo(1)'}}\n"),
            "row-by-row 14:3\nunknown-name 14:51\nunknown-name 14:63\n");
  EXPECT_EQ(check("  f: {result: {type: count, expr: 1}}\n  g: {result: {type: count, expr: 'sqrt(f())'}}\n"),
            "row-by-row 15:3\n");
}

}  // namespace
}  // namespace kaogong::plan
