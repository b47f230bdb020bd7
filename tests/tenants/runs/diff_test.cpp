#include "tenants/runs/diff.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "tests/tenants/runs/columns.h"

namespace kaogong::runs {
namespace {

/// Every change as a line.
std::string told(const DiffSummary& summary, const EmployeeChange& change) {
  std::string line = std::string(change.employee) + " " + std::string(to_text(change.kind));
  for (const auto& output : change.outputs) {
    const auto& of = summary.outputs[output.output];
    line += " " + of.name + ":" + output.before_text + ">" + output.after_text;
    if (output.has_delta) line += "(" + signed_text(output.delta, of.scale) + ")";
    if (output.warned) line += "!";
  }
  return line;
}

std::vector<std::string> changes(const ResultSource& before, const ResultSource& after,
                                 const std::vector<VarianceRule>& rules, DiffSummary* summary) {
  std::vector<EmployeeChange> kept;
  std::vector<std::string> employees;
  *summary = diff(before, after, rules, [&](const EmployeeChange& change) {
    employees.emplace_back(change.employee);
    kept.push_back(change);
  });
  std::vector<std::string> lines;
  for (size_t i = 0; i < kept.size(); ++i) {
    kept[i].employee = employees[i];
    lines.push_back(told(*summary, kept[i]));
  }
  return lines;
}

TEST(Diff, SaysWhoDiffersAndByHowMuch) {
  const ResultSet before = results_of({"A", "B", "C", "D"}, {{"grade", text(), {"good", "good", "", "bad"}},
                                                             {"pay", money(), {"100", "200", "300", ""}}});
  const ResultSet after = results_of({"A", "B", "C", "E"}, {{"grade", text(), {"good", "bad", "", "good"}},
                                                            {"pay", money(), {"100", "150.50", "300", "70"}}});
  DiffSummary summary;
  const auto lines = changes(source_of(before.view()), source_of(after.view()), {{"pay", 2000}}, &summary);
  const std::vector<std::string> expected = {"B changed grade:good>bad pay:200.00>150.50(-49.50)!",
                                             "D removed grade:bad>", "E added grade:>good pay:>70.00(+70.00)"};
  EXPECT_EQ(lines, expected);
  EXPECT_EQ(summary.before, 4u);
  EXPECT_EQ(summary.after, 4u);
  EXPECT_EQ(summary.equal, 2u);
  EXPECT_EQ(summary.changed, 1u);
  EXPECT_EQ(summary.added, 1u);
  EXPECT_EQ(summary.removed, 1u);
  EXPECT_EQ(summary.warned, 1u);
  EXPECT_EQ(signed_text(summary.outputs[1].delta_sum, summary.outputs[1].scale), "+20.50");
  EXPECT_EQ(summary.outputs[0].changed, 3u);
}

TEST(Diff, VarianceIsMoreThanThePercent) {
  const ResultSet before = results_of({"A", "B", "C"}, {{"pay", money(), {"100", "100", "0"}}});
  const ResultSet after = results_of({"A", "B", "C"}, {{"pay", money(), {"80", "79.99", "0.01"}}});
  DiffSummary summary;
  const auto lines = changes(source_of(before.view()), source_of(after.view()), {{"pay", 2000}}, &summary);
  const std::vector<std::string> expected = {"A changed pay:100.00>80.00(-20.00)",
                                             "B changed pay:100.00>79.99(-20.01)!", "C changed pay:0.00>0.01(+0.01)!"};
  EXPECT_EQ(lines, expected);
}

TEST(Diff, RefusedRowsAreNotThereAndOutputsComeAndGo) {
  ResultSet before = results_of({"A", "B"}, {{"pay", money(), {"1", "2"}}, {"old", money(), {"5", "6"}}});
  ResultSet after = results_of({"A", "B"}, {{"pay", decimal_type(scheme::TypeName::kRate, 6), {"1", "2"}}});
  after.refused = {0, 1};
  DiffSummary summary;
  const auto lines = changes(source_of(before.view()), source_of(after.view()), {}, &summary);
  const std::vector<std::string> expected = {"A changed old:5.00>(-5.00)",
                                             "B removed pay:2.00>(-2.000000) old:6.00>(-6.00)"};
  EXPECT_EQ(lines, expected);
  EXPECT_EQ(summary.after, 1u);
}

// Any cut into blocks gives the same answer, and the answer is what a map of employees gives.
TEST(Diff, BlocksDoNotMatter) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 50; ++round) {
    std::map<std::string, std::string> sides[2];
    for (auto& side : sides)
      for (int i = 0; i < 40; ++i)
        if (random() % 3 != 0) side["E" + std::to_string(100 + i)] = std::to_string(random() % 3);
    std::vector<std::vector<ResultSet>> cut(2);
    for (int s = 0; s < 2; ++s) {
      std::vector<std::string> employees, pay;
      const auto flush = [&, s] {
        cut[static_cast<size_t>(s)].push_back(results_of(employees, {{"pay", money(), pay}}));
        employees.clear();
        pay.clear();
      };
      for (const auto& [employee, value] : sides[s]) {
        employees.push_back(employee);
        pay.push_back(value);
        if (random() % 5 == 0) flush();
        if (random() % 9 == 0) flush();  // an empty block
      }
      flush();
    }
    const auto source = [](const std::vector<ResultSet>& blocks) {
      return [&blocks, next = size_t{0}]() mutable -> std::optional<ResultView> {
        if (next == blocks.size()) return std::nullopt;
        return blocks[next++].view();
      };
    };
    DiffSummary summary;
    const auto lines = changes(source(cut[0]), source(cut[1]), {}, &summary);
    std::map<std::string, int64_t> expected;
    uint64_t equal = 0;
    for (const auto& [employee, value] : sides[0])
      if (!sides[1].contains(employee)) expected[employee] = -std::stoll(value);
    for (const auto& [employee, value] : sides[1]) {
      const auto old = sides[0].find(employee);
      const int64_t delta = std::stoll(value) - (old == sides[0].end() ? 0 : std::stoll(old->second));
      if (old != sides[0].end() && delta == 0) {
        ++equal;
      } else {
        expected[employee] = delta;
      }
    }
    int64_t sum = 0;
    for (const auto& [employee, delta] : expected) sum += delta;
    EXPECT_EQ(lines.size(), expected.size());
    EXPECT_EQ(summary.equal, equal);
    EXPECT_EQ(static_cast<int64_t>(summary.outputs[0].delta_sum), sum * 100);
  }
}

}  // namespace
}  // namespace kaogong::runs
