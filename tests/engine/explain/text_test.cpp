// Explanations as text and as JSON.
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <functional>

#include "engine/explain/text_width.h"
#include "tests/engine/explain/explained.h"

namespace kaogong::tests {
namespace {

using explain::Language;

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(ExplainText, InChinese) {
  const auto run = explained_case("trade-monthly");
  const std::string text = explain::to_text(run->explain("E000009", {"commission"}), {Language::kZh, 20});
  for (const char* part :
       {"外贸业务人员月度考核与薪酬 trade-monthly 第1版,原文第8部分",
        "考核期 2026-10,员工 E000009(population.csv 第11行)",
        "月度业务提成 commission = 825.58  money,四舍五入到2位小数,舍入前 825.5815104", "依据:五、2.1",
        "├─ 条件 commission_coefficient != null  → 成立,取 max(0, net_revenue)", "▶ 其余           fail  ← 适用",
        "… 还有46行", "当月回收业务款项 collected = 350000.00  population.csv 第11行"}) {
    EXPECT_TRUE(holds(text, part)) << part << "\n" << text;
  }
}

TEST(ExplainText, InEnglish) {
  const auto run = explained_case("trade-annual");
  const std::string text = explain::to_text(run->explain("E000000", {"team_award"}), {Language::kEn, 20});
  for (const char* part :
       {"period 2026, employee E000000 (population.csv line 2)", "(group D02: 8 take part)",
        "pool 3000, own weight 1, all weights 8", "Departments departments [department D02]  departments.csv line 4",
        "Team award team_award = 375.00  money, half-up to 2 decimals"}) {
    EXPECT_TRUE(holds(text, part)) << part << "\n" << text;
  }
}

TEST(ExplainText, NumbersStandInLine) {
  const auto run = explained_case("trade-monthly");
  const std::string text = explain::to_text(run->explain("E000009", {"net_revenue"}), {Language::kEn, 20});
  EXPECT_TRUE(holds(text,
                    "├─ Collected collected = 350000.00  population.csv line 11\n"
                    "└─ Cost cost           =  98298.32  population.csv line 11\n"))
      << text;
}

TEST(ExplainText, RefusedEmployee) {
  explain::Explanation refused;
  refused.scheme = "s";
  refused.employee = "E1";
  refused.refused = true;
  refused.faults.push_back({0, "ratings", 7, "points", "12", {"超过该项满分", "above the item's maximum"}});
  EXPECT_TRUE(holds(explain::to_text(refused, {Language::kZh, 20}), "- ratings.csv 第7行, points = 12: 超过该项满分"));
  EXPECT_TRUE(
      holds(explain::to_text(refused, {Language::kEn, 20}), "- ratings.csv line 7, points = 12: above the item's"));
  const YAML::Node json = YAML::Load(explain::to_json(refused));
  EXPECT_TRUE(json["refused"].as<bool>());
  EXPECT_EQ(json["faults"][0]["error"]["zh"].as<std::string>(), "超过该项满分");
}

TEST(ExplainJson, ValuesAreStrings) {
  const auto run = explained_case("trade-monthly");
  const std::string json = explain::to_json(run->explain("E000009", {"commission", "score"}));
  EXPECT_TRUE(holds(json, "\"value\": \"825.58\""));
  EXPECT_FALSE(holds(json, "\"value\": 8"));
  const YAML::Node root = YAML::Load(json);
  EXPECT_EQ(root["scheme"]["labels"]["zh"].as<std::string>(), "外贸业务人员月度考核与薪酬");
  EXPECT_EQ(root["figures"][0]["unrounded"].as<std::string>(), "825.5815104");
  // Lists are complete here.
  const std::function<size_t(const YAML::Node&)> rows = [&](const YAML::Node& node) {
    size_t count = node["kind"].as<std::string>() == "row" ? 1 : 0;
    if (node["from"]) {
      for (const YAML::Node& child : node["from"]) count += rows(child);
    }
    return count;
  };
  EXPECT_EQ(rows(root["figures"][0]), 66u);
}

TEST(ExplainJson, EscapesWhatNamesHold) {
  explain::Explanation explanation;
  explanation.employee = "a\"b\\c\n\x01";
  const YAML::Node json = YAML::Load(explain::to_json(explanation));
  EXPECT_EQ(json["employee"].as<std::string>(), explanation.employee);
}

TEST(ExplainText, Widths) {
  EXPECT_EQ(explain::display_width("得分ab"), 6u);
  EXPECT_EQ(explain::display_width("e\xCC\x81"), 1u);
  EXPECT_EQ(explain::display_width("\xFF\xE4"), 2u);
  EXPECT_EQ(explain::padded("得", 4), "得  ");
  EXPECT_EQ(explain::padded("1", 3, true), "  1");
  EXPECT_EQ(explain::shortened("考核得分", 5), "考核…");
  EXPECT_EQ(explain::shortened("abc", 3), "abc");
}

}  // namespace
}  // namespace kaogong::tests
