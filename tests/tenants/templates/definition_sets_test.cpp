// The definition sets that ship: embedded byte by byte, weights that add up, labels for every KPI.
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "tenants/templates/templates.h"

namespace kaogong::templates {
namespace {

constexpr std::string_view kHeader = "set,kpi,weight,target,direction,method,floor,cap";

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::vector<std::string>> rows_of(std::string_view csv) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines{std::string(csv)};
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string> cells;
    std::istringstream cut(line);
    for (std::string cell; std::getline(cut, cell, ',');) cells.push_back(cell);
    rows.push_back(cells);
  }
  return rows;
}

TEST(DefinitionSets, AreNineAndFoundById) {
  EXPECT_EQ(definition_sets().size(), 9u);
  for (const DefinitionSet& set : definition_sets()) EXPECT_EQ(find_definition_set(set.id), &set);
  EXPECT_EQ(find_definition_set("sales"), nullptr);
}

TEST(DefinitionSets, AreEmbeddedByteByByte) {
  for (const DefinitionSet& set : definition_sets()) {
    const std::string path = std::string(KAOGONG_TEMPLATES_DIR "/sets/") + std::string(set.id);
    EXPECT_EQ(set.csv, read(path + ".csv")) << set.id;
    EXPECT_EQ(set.yaml, read(path + ".yaml")) << set.id;
  }
}

TEST(DefinitionSets, HaveWeightsThatAddUpTo100AndKnownWords) {
  for (const DefinitionSet& set : definition_sets()) {
    const auto rows = rows_of(set.csv);
    ASSERT_GT(rows.size(), 1u) << set.id;
    EXPECT_TRUE(set.csv.starts_with(kHeader)) << set.id;
    int weights = 0;  // the sets that ship have whole weights
    for (size_t i = 1; i < rows.size(); ++i) {
      ASSERT_EQ(rows[i].size(), 8u) << set.id << " line " << i + 1;
      EXPECT_EQ(rows[i][0], set.id);
      EXPECT_GT(std::stoi(rows[i][2]), 0);
      weights += std::stoi(rows[i][2]);
      EXPECT_TRUE(rows[i][4] == "higher" || rows[i][4] == "lower") << rows[i][4];
      EXPECT_TRUE(rows[i][5] == "proportional" || rows[i][5] == "threshold" || rows[i][5] == "scale") << rows[i][5];
    }
    EXPECT_EQ(weights, 100) << set.id;
  }
}

TEST(DefinitionSets, LabelEveryKpiAndSayWhereTheyComeFrom) {
  for (const DefinitionSet& set : definition_sets()) {
    const YAML::Node labels = YAML::Load(std::string(set.yaml));
    EXPECT_EQ(labels["set"].as<std::string>(), set.id);
    EXPECT_TRUE(labels["own"].IsDefined()) << set.id;
    EXPECT_TRUE(labels["source"]["part"].IsDefined()) << set.id;
    const auto rows = rows_of(set.csv);
    EXPECT_EQ(labels["kpis"].size(), rows.size() - 1) << set.id;
    for (size_t i = 1; i < rows.size(); ++i) {
      const YAML::Node kpi = labels["kpis"][rows[i][1]];
      ASSERT_TRUE(kpi.IsDefined()) << set.id << ": " << rows[i][1];
      EXPECT_FALSE(kpi["zh"].as<std::string>().empty());
      EXPECT_FALSE(kpi["en"].as<std::string>().empty());
    }
  }
}

}  // namespace
}  // namespace kaogong::templates
