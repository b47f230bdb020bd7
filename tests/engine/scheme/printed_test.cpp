// The source's own tables as printed: the checker must find their faults.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "engine/scheme/check/check.h"
#include "tests/engine/scheme/scheme_text.h"

namespace kaogong::scheme {
namespace {

using testing::describe;

class Printed : public ::testing::Test {
 protected:
  void check(const std::string& name) {
    std::ifstream file(std::string(KAOGONG_PRINTED_DIR) + "/" + name);
    std::stringstream text;
    text << file.rdbuf();
    Loaded loaded = load(text.str());
    ASSERT_TRUE(loaded.document) << describe(loaded.findings);
    findings = check_document(*loaded.document);
  }
  // A finding of this code at this line whose message holds all these.
  void expect(std::string_view code, uint32_t line, std::initializer_list<std::string_view> says) {
    for (const Finding& f : findings) {
      if (f.code != code || f.at.line != line) continue;
      if (std::all_of(says.begin(), says.end(),
                      [&](std::string_view part) { return f.message.find(part) != std::string::npos; })) {
        return;
      }
    }
    ADD_FAILURE() << code << " in line " << line << "\n" << describe(findings);
  }
  size_t errors() const {
    return static_cast<size_t>(std::count_if(findings.begin(), findings.end(),
                                             [](const Finding& f) { return f.severity == Severity::kError; }));
  }
  std::vector<Finding> findings;
};

TEST_F(Printed, EarnedLevelHasNoRuleForExactly30And510) {
  check("earned_level.yaml");
  expect("table-gap", 18,
         {"position in (\"assistant\", \"junior\", \"salesperson\")", "m = 30", "for example", "m = 30"});
  expect("table-gap", 18, {"position = \"leader\" and t = 510"});
  EXPECT_EQ(errors(), 2u) << describe(findings);
}

TEST_F(Printed, OrganisingRisesFrom3Point5To4) {
  check("monthly_items.yaml");
  expect("descend", 23, {"organising", "level_2 is 4", "level_1, which is 3.5"});
  EXPECT_EQ(errors(), 1u) << describe(findings);
}

TEST_F(Printed, KitchenGroupHas11PointsIn10) {
  check("kitchen_groups.yaml");
  expect("add-up", 32, {"adds up to 11", "rules 8 + attendance 3", "group = conduct", "not to 10"});
  expect("bands-gap", 39, {"score < 60"});
  expect("fixed-wage-docked", 40, {"base_wage", "pay_factor", "0.9"});
  EXPECT_EQ(errors(), 2u) << describe(findings);
}

TEST_F(Printed, DesignAbilityDoesNotReachItsTotals) {
  check("design_ability.yaml");
  expect("reach", 17, {"design", "30", "level_1, is 20"});
  expect("reach", 18, {"innovation", "25", "is 15"});
  expect("reach", 19, {"communication", "20", "is 10"});
  EXPECT_EQ(errors(), 3u) << describe(findings);
}

}  // namespace
}  // namespace kaogong::scheme
