#include "tenants/sheet/sheet_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

namespace kaogong::tenants {
namespace {

class SheetFileTest : public ::testing::Test {
 protected:
  void TearDown() override { std::remove(path.c_str()); }
  Result<std::unique_ptr<SheetFile>> open(std::string_view text) {
    std::ofstream(path, std::ios::binary) << text;
    return SheetFile::open(path, "x.csv");
  }
  std::string path = ::testing::TempDir() + "kaogong_sheet_" + std::to_string(::getpid()) + ".csv";
};

TEST_F(SheetFileTest, GivesLinesAsWrittenAndValuesWithoutQuotes) {
  auto file = open(
      "\xEF\xBB\xBF"
      "employee,\"note\"\r\nE1,\"a\"\"b\nc\"\r\n\nE2,\nE3,x");
  ASSERT_TRUE(file.ok());
  auto& sheet = **file;
  EXPECT_EQ(sheet.columns(), (std::vector<std::string>{"employee", "note"}));
  EXPECT_EQ(sheet.column("note"), 1u);
  EXPECT_FALSE(sheet.column("nothing"));
  EXPECT_FALSE(sheet.require("nothing").ok());
  ASSERT_TRUE(sheet.next());
  EXPECT_EQ(sheet.line(), 2u);
  EXPECT_EQ(sheet.value(1), "a\"b\nc");
  EXPECT_EQ(sheet.text(), "E1,\"a\"\"b\nc\"");
  ASSERT_TRUE(sheet.next());
  EXPECT_EQ(sheet.line(), 5u);
  EXPECT_EQ(sheet.text(), "E2,");
  ASSERT_TRUE(sheet.next());
  EXPECT_EQ(sheet.text(), "E3,x");
  EXPECT_FALSE(sheet.next());
  EXPECT_FALSE(sheet.next());
  EXPECT_FALSE(sheet.failure());
}

TEST_F(SheetFileTest, FaultyLinesStandWhereTheyStand) {
  auto file = open("employee,a\nE1,1\nE2,1,2\nE3,\"x\"y\nE4,4\n");
  ASSERT_TRUE(file.ok());
  auto& sheet = **file;
  std::string seen;
  while (sheet.next()) {
    seen += std::to_string(sheet.line()) + (sheet.is_faulty() ? "!" : "");
    if (sheet.is_faulty()) {
      const auto answer = sheet.fault("E");
      EXPECT_EQ(answer.line, sheet.line());
      EXPECT_FALSE(answer.error.en.empty());
      EXPECT_FALSE(answer.error.zh.empty());
    }
    seen += " ";
  }
  EXPECT_EQ(seen, "2 3! 4! 5 ");
}

TEST_F(SheetFileTest, ManyBlocksCountTheirLines) {
  std::string text = "employee,a\n";
  constexpr int kLines = 300'000;
  for (int i = 0; i < kLines; ++i) text += "E" + std::to_string(i) + ",value of this line\n";
  auto file = open(text);
  ASSERT_TRUE(file.ok());
  auto& sheet = **file;
  for (int i = 0; i < kLines; ++i) {
    ASSERT_TRUE(sheet.next());
    ASSERT_EQ(sheet.line(), static_cast<uint64_t>(i) + 2);
    ASSERT_EQ(sheet.value(0), "E" + std::to_string(i));
  }
  EXPECT_FALSE(sheet.next());
}

TEST_F(SheetFileTest, WhatIsNoSheetIsSaid) {
  EXPECT_FALSE(open("").ok());
  EXPECT_FALSE(open("a,\"b\n").ok());
  const auto twice = open("a,b,a\n");
  ASSERT_FALSE(twice.ok());
  EXPECT_NE(twice.failure().message.find("'a' twice"), std::string::npos);
  EXPECT_FALSE(SheetFile::open("/dev/null/nothing", "x.csv").ok());
}

TEST_F(SheetFileTest, AnswersAreCountedBeyondWhatIsKept) {
  LineAnswers answers;
  for (size_t i = 0; i < kLineAnswersMax + 5; ++i) answers.add({"x.csv", i, "E\n", {}, std::string(5000, 'x'), {}});
  EXPECT_EQ(answers.total(), kLineAnswersMax + 5);
  EXPECT_EQ(answers.list().size(), kLineAnswersMax);
  EXPECT_LE(answers.list()[0].value.size(), 200u);
  EXPECT_EQ(answers.list()[0].employee.find('\n'), std::string::npos);
}

}  // namespace
}  // namespace kaogong::tenants
