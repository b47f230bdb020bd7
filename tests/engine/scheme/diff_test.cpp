#include "engine/scheme/diff.h"

#include <gtest/gtest.h>

#include "tests/engine/scheme/scheme_text.h"

namespace kaogong::scheme {
namespace {

constexpr std::string_view kBefore = R"(kaogong: 1
id: t
periods: [month]
inputs:
  a: {type: money, min: 0, labels: {zh: 基本工资, en: Base wage}}
  gone: {type: count}
lookups:
  l: {key: k, columns: {k: {type: string}, v: {type: score}}, rows: [[x, 1], [y, 2]]}
parameters:
  p: {type: rate, default: 0.6}
decisions:
  f: {type: factor, bands: {of: a, at_least: [[95, 1.00], [80, 0.99]], else: 0.90}}
  t: {type: string, table: {hit: F, inputs: [a], rules: [['< 1', '"x"'], ['>= 1', '"y"']]}}
  out: {type: money, expr: a * (f), labels: {zh: 工资, en: Pay}}
outputs: [out, f]
)";

std::vector<std::string> lines(std::string_view after, Language language = Language::kEnglish) {
  const Loaded a = load(kBefore), b = load(after);
  EXPECT_TRUE(a.document && b.document) << testing::describe(a.findings) << testing::describe(b.findings);
  std::vector<std::string> all;
  for (const Change& change : diff(*a.document, *b.document)) all.push_back(describe(change, language));
  return all;
}

std::string replaced(std::initializer_list<std::pair<std::string_view, std::string_view>> changes) {
  std::string text(kBefore);
  for (const auto& [from, to] : changes) {
    const size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
  }
  return text;
}

using Lines = std::vector<std::string>;

TEST(Diff, NothingChanged) {
  EXPECT_EQ(lines(kBefore), Lines());
  // Brackets, spaces, quotes and the order of declarations mean nothing.
  EXPECT_EQ(lines(replaced({{"a * (f)", "'a  *   f'"}, {"'< 1'", "'<1'"}})), Lines());
}

TEST(Diff, EverySection) {
  EXPECT_EQ(lines(replaced({{"min: 0", "min: 1"},
                            {"  gone: {type: count}\n", "  new: {type: date?}\n"},
                            {"[y, 2]", "[y, 3], [z, 4]"},
                            {"0.6", "0.5"},
                            {"[80, 0.99]", "[85, 0.99]"},
                            {"0.90", "0.80"},
                            {"\"y\"", "\"z\""},
                            {"a * (f)", "a + a"},
                            {"outputs: [out, f]", "outputs: [f, out]"}})),
            (Lines{"scheme: outputs changed from out, f to f, out",
                   "input \"a\" (Base wage): least value changed from 0.00 to 1.00", "input \"new\": added",
                   "input \"gone\": removed", "lookup row \"l[y]\": cell \"v\" changed from 2 to 3",
                   "lookup row \"l[z]\": added", "parameter \"p\": default changed from 0.6 to 0.5",
                   "decision \"f\": band \"at least 85\" added: 0.99",
                   "decision \"f\": band \"else\" changed from 0.90 to 0.80",
                   "decision \"f\": band \"at least 80\" removed (was 0.99)",
                   "decision \"t\": rule \">= 1\" changed from \"y\" to \"z\"",
                   "decision \"out\" (Pay): expression changed from a * f to a + a"}));
}

TEST(Diff, InChinese) {
  EXPECT_EQ(lines(replaced({{"a * (f)", "a + a"}, {"  gone: {type: count}\n", ""}}), Language::kChinese),
            (Lines{"输入“gone”:删除", "决策“out”(工资):表达式由a * f改为a + a"}));
}

TEST(Diff, OrderOfRules) {
  EXPECT_EQ(lines(replaced({{"['< 1', '\"x\"'], ['>= 1', '\"y\"']", "['>= 1', '\"y\"'], ['< 1', '\"x\"']"}})),
            (Lines{"decision \"t\": order of rules changed"}));
}

TEST(Diff, FromExpressionToBands) {
  EXPECT_EQ(lines(replaced({{"expr: a * (f)", "bands: {of: a, up_to: [[5, 1]], else: 2}"}})),
            (Lines{"decision \"out\" (Pay): banded value added: a", "decision \"out\" (Pay): band \"up to 5\" added: 1",
                   "decision \"out\" (Pay): band \"else\" added: 2",
                   "decision \"out\" (Pay): expression removed (was a * f)"}));
}

}  // namespace
}  // namespace kaogong::scheme
