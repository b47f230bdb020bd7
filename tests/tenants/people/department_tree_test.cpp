#include "tenants/people/department_tree.h"

#include <gtest/gtest.h>

namespace kaogong::tenants {
namespace {

using Codes = std::vector<std::string>;

// On day 0: A over B over C, and D. From day 10 on C is below D, from day 20 on B is closed.
DepartmentTree tree() {
  return DepartmentTree({{"A", 0, "a", "", false},
                         {"B", 0, "b", "A", false},
                         {"C", 0, "c", "B", false},
                         {"D", 5, "d", "", false},
                         {"C", 10, "c", "D", false},
                         {"B", 20, "b", "A", true}});
}

TEST(DepartmentTree, IsAsItWasOnTheDay) {
  const auto departments = tree();
  EXPECT_EQ(departments.with_descendants("A", 9), (Codes{"A", "B", "C"}));
  EXPECT_EQ(departments.with_descendants("A", 10), (Codes{"A", "B"}));
  EXPECT_EQ(departments.with_descendants("A", 20), (Codes{"A"}));
  EXPECT_EQ(departments.with_descendants("D", 4), Codes{});
  EXPECT_EQ(departments.with_descendants("D", 10), (Codes{"C", "D"}));
  EXPECT_EQ(departments.path("C", 9), (Codes{"C", "B", "A"}));
  EXPECT_EQ(departments.path("C", 10), (Codes{"C", "D"}));
  EXPECT_EQ(departments.find("B", 20), nullptr);
  EXPECT_EQ(departments.find("B", -1), nullptr);
  EXPECT_EQ(departments.open_on(20).size(), 3u);
  EXPECT_FALSE(departments.fault_from(0));
}

TEST(DepartmentTree, ACycleIsFoundOnTheDayItBegins) {
  const DepartmentTree departments(
      {{"A", 0, "a", "", false}, {"B", 0, "b", "A", false}, {"C", 0, "c", "B", false}, {"A", 30, "a", "C", false}});
  ASSERT_TRUE(departments.fault_from(0));
  EXPECT_EQ(departments.fault_from(0)->day, 30);
  EXPECT_EQ(departments.fault_from(0)->what, "it would be above itself");
  // Looking at it does not go round for ever.
  EXPECT_EQ(departments.with_descendants("A", 30).size(), 3u);
  EXPECT_EQ(departments.path("A", 30).size(), kDepartmentDepthMax);
}

TEST(DepartmentTree, AParentMustBeThere) {
  const DepartmentTree departments({{"A", 0, "a", "", false}, {"B", 0, "b", "A", false}, {"A", 7, "a", "", true}});
  ASSERT_TRUE(departments.fault_from(0));
  EXPECT_EQ(departments.fault_from(0)->code, "B");
  EXPECT_EQ(departments.fault_from(0)->day, 7);
}

TEST(DepartmentTree, LevelsAreBounded) {
  std::vector<DepartmentVersion> chain;
  for (size_t i = 0; i <= kDepartmentDepthMax; ++i)
    chain.push_back({"D" + std::to_string(1000 + i), 0, "d", i == 0 ? "" : "D" + std::to_string(1000 + i - 1), false});
  EXPECT_TRUE(DepartmentTree(chain).fault_from(0));
  chain.pop_back();
  EXPECT_FALSE(DepartmentTree(chain).fault_from(0));
}

}  // namespace
}  // namespace kaogong::tenants
