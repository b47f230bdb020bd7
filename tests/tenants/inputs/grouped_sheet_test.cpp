#include "tenants/inputs/grouped_sheet.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <map>

namespace kaogong::tenants {
namespace {

class GroupedSheetTest : public ::testing::Test {
 protected:
  void TearDown() override { std::remove(path.c_str()); }
  GroupedSheet inspect(const std::string& text, bool by_employee = true) {
    std::ofstream(path, std::ios::binary) << text;
    folder::FileSpec sheet{"ratings", {}};
    if (by_employee) sheet.columns.push_back({folder::ColumnSpec::Kind::kEmployee, "employee", {}, {}});
    sheet.columns.push_back({folder::ColumnSpec::Kind::kValue, "points", {}, {}});
    auto grouped = GroupedSheet::inspect(path, sheet);
    EXPECT_TRUE(grouped.ok());
    return *std::move(grouped);
  }
  static std::string all(const GroupedSheet& sheet) {
    std::map<std::string, std::string> groups;
    const auto read = sheet.for_each([&](std::string_view employee, std::string_view rows) {
      EXPECT_TRUE(groups.emplace(employee, rows).second) << employee << " came twice";
    });
    EXPECT_TRUE(read.ok());
    std::string text;
    for (const auto& [employee, rows] : groups) text += "[" + employee + "] " + rows;
    return text;
  }
  std::string path = ::testing::TempDir() + "kaogong_grouped_" + std::to_string(::getpid()) + ".csv";
};

TEST_F(GroupedSheetTest, RowsThatStandTogether) {
  const auto sheet = inspect("employee,points\nE2,1\r\nE2,\"2\n2\"\nE1,3");
  EXPECT_TRUE(sheet.together());
  EXPECT_EQ(sheet.lines(), 3u);
  EXPECT_EQ(all(sheet), "[E1] E1,3\n[E2] E2,1\nE2,\"2\n2\"\n");
}

TEST_F(GroupedSheetTest, RowsThatDoNot) {
  const auto sheet = inspect("points,employee\n1,E1\n2,\"E,2\"\n\"3\n\",E1\n4,\"E,2\"\n5,E3\n");
  EXPECT_FALSE(sheet.together());
  EXPECT_EQ(all(sheet), "[E,2] 2,\"E,2\"\n4,\"E,2\"\n[E1] 1,E1\n\"3\n\",E1\n[E3] 5,E3\n");
}

TEST_F(GroupedSheetTest, AFaultyLineTakesItsEmployeeWithIt) {
  for (const char* order : {"E1,1\nE1,2,3\nE2,1\nE2,2\n", "E2,1\nE1,1\nE2,2\nE1,2,3\n"}) {
    const auto sheet = inspect(std::string("employee,points\n") + order + ",5\n");
    EXPECT_EQ(sheet.faults().total(), 2u);
    EXPECT_EQ(all(sheet), "[E2] E2,1\nE2,2\n");
  }
}

TEST_F(GroupedSheetTest, ASheetOfNobodyIsOneGroup) {
  EXPECT_EQ(all(inspect("name,points\na,1\nb,2\n", false)), "[] a,1\nb,2\n");
  EXPECT_EQ(all(inspect("name,points\na,1\nb\n", false)), "");
}

TEST_F(GroupedSheetTest, AColumnThatIsMissingIsSaid) {
  std::ofstream(path) << "employee\nE1\n";
  const folder::FileSpec sheet{"ratings",
                               {{folder::ColumnSpec::Kind::kEmployee, "employee", {}, {}},
                                {folder::ColumnSpec::Kind::kValue, "points", {}, {}}}};
  const auto grouped = GroupedSheet::inspect(path, sheet);
  ASSERT_FALSE(grouped.ok());
  EXPECT_NE(grouped.failure().message.find("'points'"), std::string::npos);
}

}  // namespace
}  // namespace kaogong::tenants
