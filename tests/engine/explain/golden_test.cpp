// Every decision of every employee of every golden case can be explained, and the parts give the plan's value.
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include "engine/number/number.h"
#include "engine/scheme/literal.h"
#include "tests/engine/explain/explained.h"

namespace kaogong::tests {
namespace {

using explain::Kind;
using explain::Node;
using explain::Shown;

// What is missing or wrong in a tree, a line each.
void check(const Node& node, const std::string& path, std::string* wrong) {
  const std::string here = path + "/" + (node.name.empty() ? node.expression : node.name);
  const auto say = [&](const std::string& what) { *wrong += here + ": " + what + '\n'; };
  const bool valued = node.kind != Kind::kLookup && node.kind != Kind::kRows && node.kind != Kind::kRow &&
                      node.kind != Kind::kTable && node.kind != Kind::kRecorded;
  if (valued && node.value.kind == Shown::Kind::kNone) say("no value");
  const bool part = node.kind != Kind::kAggregate && node.kind != Kind::kCondition;
  if (part && node.kind != Kind::kBand && node.kind != Kind::kRow && node.kind != Kind::kRule && node.name.empty()) {
    say("no name");
  }
  if (node.kind == Kind::kCondition && (!node.holds || node.branch.empty())) say("no branch");
  if (node.kind == Kind::kBands && node.value.kind != Shown::Kind::kNull) {
    int matched = 0;
    for (const Node& band : node.children) matched += band.holds.value_or(false);
    if (matched > 1) say("more than one band");
  }
  if (node.kind == Kind::kRows) {
    size_t rows = 0;
    for (const Node& child : node.children) rows += child.kind == Kind::kRow;
    if (rows != node.count) say("rows are missing");
  }
  if (node.kind == Kind::kTable && node.children.empty()) say("no rule");
  if (!node.unrounded.empty()) {
    const auto exact = number::Number::parse(node.unrounded, number::Arithmetic::kExact);
    const auto shown = number::Number::parse(node.value.text, number::Arithmetic::kExact);
    if (!exact || !shown || node.decimals < 0) {
      say("unrounded " + node.unrounded);
    } else if (number::round(*exact, node.decimals, number::Rounding::kHalfUp).value != *shown) {
      say("is " + node.value.text + ", its parts give " + node.unrounded);
    }
  }
  for (const Node& child : node.children) check(child, here, wrong);
}

class ExplainGolden : public testing::TestWithParam<std::string> {};

TEST_P(ExplainGolden, EveryDecision) {
  const auto run = explained_case(GetParam());
  const std::vector<std::string> decisions = run->all_decisions();
  std::string wrong;
  for (size_t row = 0; row < run->inputs.rows(); ++row) {
    const explain::Explanation explanation = run->explainer->explain(row, decisions);
    ASSERT_EQ(explanation.figures.size(), decisions.size());
    for (const Node& figure : explanation.figures) check(figure, explanation.employee, &wrong);
    for (size_t d = 0; d < decisions.size(); ++d) {
      for (size_t c = 0; c < run->result.names.size(); ++c) {
        if (run->result.names[c] == decisions[d]) {
          EXPECT_EQ(explanation.figures[d].value.text, column::format_value(run->result.columns[c], row))
              << decisions[d];
        }
      }
    }
    if (wrong.size() > 4000) break;
    // One decision alone is shown in full.
    const explain::Explanation alone = run->explainer->explain(row, {decisions.back()});
    EXPECT_FALSE(alone.figures.at(0).repeated);
    if (row % 8 != 0) continue;
    for (const auto language : {explain::Language::kZh, explain::Language::kEn}) {
      EXPECT_GT(explain::to_text(explanation, {language, 20}).size(), 100u);
    }
    const YAML::Node json = YAML::Load(explain::to_json(explanation));
    EXPECT_EQ(json["employee"].as<std::string>(), explanation.employee);
    EXPECT_EQ(json["figures"].size(), decisions.size());
  }
  EXPECT_EQ(wrong, "");
}

INSTANTIATE_TEST_SUITE_P(Cases, ExplainGolden, testing::ValuesIn(golden_ids()), [](const auto& cases) {
  std::string name = cases.param;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
});

}  // namespace
}  // namespace kaogong::tests
