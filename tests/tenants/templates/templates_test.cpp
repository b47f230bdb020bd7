// The templates that ship: embedded byte by byte, loadable, labelled, and with a golden case each.
#include "tenants/templates/templates.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "engine/scheme/load.h"

namespace kaogong::templates {
namespace {

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string first_line(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

std::string to_text(const scheme::Finding& finding) {
  return std::to_string(finding.at.line) + ":" + std::to_string(finding.at.column) + ": " + finding.code + ": " +
         finding.message + "; " + finding.remedy;
}

void expect_labels(const scheme::Named& named, std::string_view where) {
  EXPECT_FALSE(named.labels.zh.empty()) << where << ": " << named.name << " has no Chinese label";
  EXPECT_FALSE(named.labels.en.empty()) << where << ": " << named.name << " has no English label";
}

TEST(Templates, AreNineteenInTheOrderOfTheirIds) {
  EXPECT_EQ(all().size(), 19u);
  EXPECT_TRUE(std::is_sorted(all().begin(), all().end(), [](const auto& a, const auto& b) { return a.id < b.id; }));
}

TEST(Templates, AreFoundById) {
  for (const Template& entry : all()) EXPECT_EQ(find(entry.id), &entry);
  EXPECT_EQ(find("trade"), nullptr);
  EXPECT_EQ(find(""), nullptr);
  EXPECT_EQ(find("zzz"), nullptr);
}

TEST(Templates, AreEmbeddedByteByByte) {
  for (const Template& entry : all()) {
    EXPECT_EQ(entry.yaml, read(std::string(KAOGONG_TEMPLATES_DIR "/") + std::string(entry.id) + ".yaml")) << entry.id;
  }
}

TEST(Templates, Load) {
  for (const Template& entry : all()) {
    const scheme::Loaded loaded = scheme::load(entry.yaml);
    for (const scheme::Finding& finding : loaded.findings) ADD_FAILURE() << entry.id << ":" << to_text(finding);
    ASSERT_TRUE(loaded.document.has_value()) << entry.id;
    EXPECT_EQ(loaded.document->id, entry.id);
    EXPECT_FALSE(loaded.document->source_part.empty()) << entry.id;
  }
}

TEST(Templates, LabelEverythingInTwoLanguages) {
  for (const Template& entry : all()) {
    const scheme::Loaded loaded = scheme::load(entry.yaml);
    ASSERT_TRUE(loaded.document.has_value()) << entry.id;
    const scheme::Document& document = *loaded.document;
    for (const auto& input : document.inputs) expect_labels(input, entry.id);
    for (const auto& parameter : document.parameters) expect_labels(parameter, entry.id);
    for (const auto& column : document.history) expect_labels(column, entry.id);
    for (const auto& decision : document.decisions) expect_labels(decision, entry.id);
    for (const auto& table : document.tables) {
      for (const auto& column : table.columns) expect_labels(column, entry.id);
      for (const auto& column : table.computed) expect_labels(column, entry.id);
    }
    for (const auto& lookup : document.lookups) {
      for (const auto& column : lookup.columns) expect_labels(column, entry.id);
    }
  }
}

// The names and their order are a contract: customers' integrations depend on them.
TEST(Templates, NameInputsAndOutputsAsTheGoldenCasesDo) {
  for (const Template& entry : all()) {
    const scheme::Loaded loaded = scheme::load(entry.yaml);
    ASSERT_TRUE(loaded.document.has_value()) << entry.id;
    const std::string folder = std::string(KAOGONG_CASES_DIR "/") + std::string(entry.id);
    std::string population = "employee", results = "employee";
    for (const auto& input : loaded.document->inputs) population += "," + input.name;
    for (const auto& output : loaded.document->outputs) results += "," + output;
    EXPECT_EQ(population, first_line(folder + "/population.csv")) << entry.id;
    EXPECT_EQ(results, first_line(folder + "/expected.csv")) << entry.id;
    for (const auto& table : loaded.document->tables) {
      std::string columns = "employee";
      for (const auto& column : table.columns) columns += "," + column.name;
      EXPECT_EQ(columns, first_line(folder + "/" + table.name + ".csv")) << entry.id;
    }
  }
}

TEST(Templates, SayWhatWasDecided) {
  size_t decided = 0;
  for (const Template& entry : all()) {
    for (size_t at = entry.yaml.find("Decided:"); at != std::string_view::npos;
         at = entry.yaml.find("Decided:", at + 1)) {
      ++decided;
    }
  }
  EXPECT_GE(decided, 35u);
}

}  // namespace
}  // namespace kaogong::templates
