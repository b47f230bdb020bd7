// Schemes that load, and data that can be read, meant to break the compiler or the run: each is refused or computed
// right, in bounded time, memory and stack.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "engine/plan/program.h"
#include "engine/scheme/load.h"

namespace kaogong::plan {
namespace {

constexpr const char* kHead =
    "kaogong: 1\nid: hostile\nversion: 1\nlabels: {zh: 坏, en: Hostile}\nsource: {part: 0, title: test}\n"
    "periods: [month]\ninputs:\n  a: {type: money, min: 0, max: 1000}\n  b: {type: money, min: 0, max: 1000}\n";
constexpr int kLong = 19'000;  // scheme::kNamesMax is a little more

Compiled compiled(const std::string& text) {
  auto loaded = scheme::load(kHead + text);
  if (!loaded.document) {
    ADD_FAILURE() << (loaded.findings.empty() ? "" : loaded.findings.front().message);
    return {};
  }
  return compile(std::move(*loaded.document));
}

std::string errors(const Compiled& c) {
  std::string text;
  for (const auto& f : c.findings)
    if (f.severity == scheme::Severity::kError) text += f.code + ": " + f.message + "\n";
  return text;
}

/// `rows` employees with a = 5.00, b = 3.00 and so many rows of each child table, every number in it `child`.
column::Inputs inputs_for(const scheme::Document& document, size_t rows, size_t child_rows = 0, int64_t child = 0) {
  column::Inputs inputs;
  inputs.period = *scheme::parse_period("2026-10");
  inputs.enrolled = rows;
  for (size_t r = 0; r < rows; ++r) inputs.employees.push_back("E" + std::to_string(r));
  const auto filled = [](const scheme::TypeDecl& type, size_t count, int64_t value) {
    column::Column column;
    column.type = type.name;
    column.scale = type.scale;
    column.physical = column::physical_for(type);
    column.allocate(count, false);
    for (size_t r = 0; r < count; ++r) column.set(r, value);
    return column;
  };
  for (const auto& i : document.inputs) inputs.inputs.push_back(filled(i.type, rows, i.name == "a" ? 500 : 300));
  for (const auto& t : document.tables) {
    auto& table = inputs.tables.emplace_back();
    for (const auto& c : t.columns) table.columns.push_back(filled(c.type, rows * child_rows, child));
    for (size_t r = 0; r <= rows; ++r) table.offsets.push_back(r * child_rows);
    for (uint32_t r = 0; r < rows * child_rows; ++r) table.lines.push_back(r + 2);
  }
  return inputs;
}

/// The first row's values of all outputs, by the plan and by the reference, which must agree; "refused" if it is.
std::string computed(const std::string& text, size_t rows = 1) {
  const Compiled c = compiled(text);
  if (c.program == nullptr) return errors(c);
  const auto inputs = inputs_for(document_of(*c.program), rows);
  std::string both[2];
  for (const bool by_reference : {false, true}) {
    RunOptions options;
    options.threads = 1;
    options.reference_only = by_reference;
    const RunResult result = run(*c.program, inputs, {}, options);
    std::string& values = both[by_reference ? 1 : 0];
    if (!result.failure.empty()) return result.failure;
    if (result.refused[0] != 0) {
      values = "refused";
    } else {
      for (const auto& column : result.columns) values += (values.empty() ? "" : " ") + column::format_value(column, 0);
    }
  }
  EXPECT_EQ(both[0], both[1]) << "the plan and the reference differ";
  return both[0];
}

std::string decision(const std::string& expression, const std::string& type = "money") {
  return "decisions:\n  out: {type: " + type + ", expr: '" + expression + "'}\noutputs: [out]\n";
}

std::string repeated(int count, const std::function<std::string(int)>& part) {
  std::string text;
  for (int i = 0; i < count; ++i) text += part(i);
  return text;
}

TEST(Hostile, LongChainsOfDecisions) {
  const auto chain = [](const std::function<std::string(int)>& expression) {
    return "decisions:\n" + repeated(kLong, [&](int i) {
             return "  d" + std::to_string(i) + ": {type: money, expr: '" + expression(i) + "'}\n";
           });
  };
  const std::string last = "d" + std::to_string(kLong - 1);
  // From first to last, and from last to first: what is named below is bound first.
  EXPECT_EQ(computed(chain([](int i) { return i == 0 ? "a" : "d" + std::to_string(i - 1) + " + 0.01"; }) +
                     "outputs: [" + last + "]\n"),
            "194.99");
  EXPECT_EQ(computed(chain([](int i) { return i == kLong - 1 ? "a" : "d" + std::to_string(i + 1) + " + 0.01"; }) +
                     "outputs: [d0]\n"),
            "194.99");
  // Exact sums, each of all before it and something else: computed columns, which are not rounded.
  const Compiled c = compiled(
      "tables:\n  rows:\n    columns:\n" +
      repeated(2000, [](int i) { return "      x" + std::to_string(i) + ": {type: money, min: 0, max: 100}\n"; }) +
      "    computed:\n      s0: {type: exact, expr: x0}\n" +
      repeated(1999,
               [](int i) {
                 const std::string before = std::to_string(i), n = std::to_string(i + 1);
                 return "      s" + n + ": {type: exact, expr: 's" + before + " + x" + n + "'}\n";
               }) +
      "decisions:\n  out: {type: money, expr: 'sum(rows.s1999)'}\noutputs: [out]\n");
  ASSERT_NE(c.program, nullptr) << errors(c);
  const RunResult result = run(*c.program, inputs_for(document_of(*c.program), 2, 3, 25), {});
  ASSERT_EQ(result.failure, "");
  EXPECT_EQ(column::format_value(result.columns[0], 1), "1500.00");
}

TEST(Hostile, GrowingProducts) {
  const std::string squares = "decisions:\n  d0: {type: money, expr: a}\n" + repeated(2000, [](int i) {
                                return "  d" + std::to_string(i + 1) + ": {type: money, expr: 'd" + std::to_string(i) +
                                       " * d" + std::to_string(i) + "'}\n";
                              });
  EXPECT_EQ(computed(squares + "outputs: [d2000]\n"), "refused");
  EXPECT_EQ(computed(squares + "outputs: [d2]\n"), "refused");  // a decision that has no value refuses the employee
}

TEST(Hostile, LongCircles) {
  const std::string circle =
      "decisions:\n" + repeated(kLong, [](int i) {
        return "  d" + std::to_string(i) + ": {type: money, expr: 'd" + std::to_string((i + 1) % kLong) + " + 1'}\n";
      });
  EXPECT_NE(computed(circle + "outputs: [d0]\n").find("cycle: "), std::string::npos);
  // Each link at the bottom of a tall tree.
  const std::string tall = "decisions:\n" + repeated(200, [](int i) {
                             return "  d" + std::to_string(i) + ": {type: money, expr: 'd" +
                                    std::to_string((i + 1) % 200) + repeated(950, [](int) { return " + a"; }) + "'}\n";
                           });
  EXPECT_NE(computed(tall + "outputs: [d0]\n").find("cycle: "), std::string::npos);
}

TEST(Hostile, ATableThatNeverMatchesWithoutAnyOtherConstant) {
  // All inputs are constant: the whole table folds into "no rule matches".
  EXPECT_EQ(computed("decisions:\n  out: {type: score, table: {hit: U, inputs: [a, b], rules: [['[0..5)', '-', 1], "
                     "['> 5', '-', 2]]}}\noutputs: [out]\n")
                .substr(0, 10),
            "table-gap:");
  EXPECT_EQ(
      computed("decisions:\n  out: {type: score, table: {hit: F, inputs: [a], rules: [['< b', 1]]}}\noutputs: [out]\n"),
      "refused");
}

TEST(Hostile, CommonDenominators) {
  // The product of the divisors is beyond 128 bits.
  std::string sum;
  for (int n = 3; n < 300; n += 2) sum += (sum.empty() ? "a / " : " + a / ") + std::to_string(n);
  EXPECT_EQ(computed(decision("if (" + sum + ") > 3 then 1 else 0", "count")), "1");
  EXPECT_EQ(computed(decision(sum)), "12.44");
  std::string by_input;
  for (int n = 1; n < 300; ++n) by_input += (by_input.empty() ? "a / (b + " : " + a / (b + ") + std::to_string(n) + ")";
  EXPECT_EQ(computed(decision(by_input)), "22.28");
}

TEST(Hostile, ConstantsBeyond128Bits) {
  const std::string big = "1" + std::string(20, '0');
  EXPECT_EQ(computed(decision("if " + big + " * " + big + " = " + big + " * " + big + "0 then 1 else 2")), "2.00");
  EXPECT_EQ(computed(decision("if a * " + big + " * " + big + " < a * " + big + " * " + big + "0 then 1 else 2"), 2),
            "1.00");
  EXPECT_EQ(computed(decision("a * " + big + " * " + big + " / " + big + " / " + big), 2), "5.00");
  EXPECT_EQ(computed(decision("if a < " + std::string(60, '9') + " then 1 else 2"), 2), "1.00");
  EXPECT_EQ(computed(decision("if a > 0." + std::string(60, '0') + "1 then 1 else 2"), 2), "1.00");
}

TEST(Hostile, ExponentialExpressions) {
  EXPECT_EQ(computed(decision("sum(for x in 1..1000, y in 1..1000, z in 1..1000 return x * y * z)")), "refused");
  std::string nested = "1";
  for (int i = 0; i < 60; ++i) nested = "sum(for x in 1..10 return " + nested + ")";
  EXPECT_EQ(computed(decision(nested)), "refused");
  EXPECT_EQ(computed(decision("((9 ** 99999) ** 99999) ** 99999")), "refused");
  const std::function<std::string(int)> tree = [&](int depth) {
    return depth == 0 ? std::string("a") : "(if a > b then " + tree(depth - 1) + " else " + tree(depth - 1) + ")";
  };
  EXPECT_EQ(computed(decision(tree(12))), "5.00");
}

TEST(Hostile, HugeTables) {
  // Two thousand rules over eight inputs overlap in ways that cannot all be looked at.
  std::string inputs, names, rules;
  for (int i = 0; i < 8; ++i) {
    inputs += "  i" + std::to_string(i) + ": {type: money, min: 0, max: 1000}\n";
    names += (i == 0 ? "i" : ", i") + std::to_string(i);
  }
  for (int r = 0; r < 2000; ++r) {
    rules += r == 0 ? "[" : ", [";
    for (int i = 0; i < 8; ++i) {
      const int low = (r * 37 + i * 101) % 900;
      rules += "'[" + std::to_string(low) + ".." + std::to_string(low + 1 + (r * 13 + i) % 99) + "]', ";
    }
    rules += std::to_string(r) + "]";
  }
  const std::string text = inputs + "decisions:\n  out: {type: score, table: {hit: F, inputs: [" + names +
                           "], rules: [" + rules + "], default: 0}}\noutputs: [out]\n";
  EXPECT_EQ(computed(text), "0.00");
}

TEST(Hostile, OneEmployeeWithManyFaults) {
  const Compiled c = compiled(
      "tables:\n  rows:\n    columns:\n      amount: {type: money}\n"
      "    computed:\n      share: {type: money, expr: 'a / amount'}\n"
      "decisions:\n  out: {type: money, expr: 'sum(rows.share)'}\noutputs: [out]\n");
  ASSERT_NE(c.program, nullptr) << errors(c);
  ASSERT_EQ(errors(c), "");
  constexpr size_t kRows = 50'000;
  const RunResult result = run(*c.program, inputs_for(document_of(*c.program), 1, kRows, 0), {});
  ASSERT_EQ(result.failure, "");
  ASSERT_EQ(result.failure, "");
  EXPECT_EQ(result.refused, std::vector<uint8_t>{1});
  EXPECT_EQ(result.faults.size(), kRows);
}

}  // namespace
}  // namespace kaogong::plan
