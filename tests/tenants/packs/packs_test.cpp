// The shipped packs as documents: each can be read, is sound, and says where it comes from.
#include "tenants/packs/packs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "engine/plan/program.h"

namespace kaogong::packs {
namespace {

TEST(ShippedPacks, AreTheFilesOfTheFolder) {
  std::vector<std::string> files, embedded;
  for (const auto& entry : std::filesystem::directory_iterator(KAOGONG_PACKS_DIR)) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path().stem().string());
  }
  std::sort(files.begin(), files.end());
  for (const ShippedPack& pack : shipped()) embedded.emplace_back(pack.id);
  EXPECT_EQ(embedded, files);
}

TEST(ShippedPacks, AreSound) {
  for (const ShippedPack& pack : shipped()) {
    SCOPED_TRACE(pack.id);
    const scheme::LoadedPack loaded = read(pack.yaml);
    std::string findings;
    for (const auto& f : loaded.findings) findings += std::to_string(f.at.line) + ": " + f.message + '\n';
    ASSERT_NE(loaded.pack, nullptr) << findings;
    for (const auto& f : plan::check_pack(loaded.pack)) findings += std::to_string(f.at.line) + ": " + f.message + '\n';
    EXPECT_EQ(findings, "");
    EXPECT_EQ(loaded.pack->id, pack.id);
    EXPECT_FALSE(loaded.pack->sources.empty());
    EXPECT_FALSE(loaded.pack->labels.zh.empty());
    EXPECT_FALSE(loaded.pack->labels.en.empty());
    for (const auto& table : loaded.pack->tables)
      for (const auto& edition : table.editions) EXPECT_FALSE(edition.source.empty()) << table.name;
    for (const auto& function : loaded.pack->functions) {
      EXPECT_FALSE(function.labels.zh.empty()) << function.name;
      EXPECT_FALSE(function.labels.en.empty()) << function.name;
    }
  }
  EXPECT_EQ(library().all().size(), shipped().size());
}

TEST(ShippedPacks, HaveTheHashOfTheirText) {
  const std::string text =
      "kaogong_pack: 1\nid: a\njurisdiction: XX\nfunctions: {f: {result: {type: count, expr: 1}}}\n";
  const auto one = read(text), other = read(text + "# a remark\n");
  EXPECT_EQ(one.pack->hash.substr(0, 7), "sha256:");
  EXPECT_EQ(one.pack->hash.size(), 7u + 64);
  EXPECT_EQ(one.pack->hash, read(text).pack->hash);
  EXPECT_NE(one.pack->hash, other.pack->hash);
  const auto loaded = scheme::load(
      "kaogong: 1\nid: t\nperiods: [year]\nuses: [cn.iit]\ninputs: {x: {type: money}}\n"
      "decisions: {tax: {type: money, expr: cn.iit.tax_on(x)}}\noutputs: [tax]\n",
      library());
  ASSERT_TRUE(loaded.document);
  const auto used = scheme::used_packs(*loaded.document);
  ASSERT_EQ(used.size(), 1u);
  EXPECT_EQ(used[0].id, "cn.iit");
  EXPECT_EQ(used[0].version, 1u);
  EXPECT_EQ(used[0].hash, library().find("cn.iit")->hash);
}

}  // namespace
}  // namespace kaogong::packs
