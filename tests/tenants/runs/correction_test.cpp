#include "tenants/runs/correction.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "tenants/runs/year_difference.h"
#include "tests/tenants/runs/columns.h"

namespace kaogong::runs {
namespace {

std::string shown(const ResultSet& set) {
  std::string all;
  for (size_t row = 0; row < set.employees.size(); ++row) {
    all += std::string(set.employees[row]) + ":";
    for (size_t c = 0; c < set.columns.size(); ++c)
      all += " " + set.names[c] + "=" + column::format_value(set.columns[c], row);
    all += "\n";
  }
  return all;
}

TEST(Correction, HasNewValuesAndDifferences) {
  const ResultSet before =
      results_of({"A", "B", "C"}, {{"grade", text(), {"good", "good", "bad"}}, {"pay", money(), {"1", "2", "3"}}});
  const ResultSet after =
      results_of({"A", "B", "D"}, {{"grade", text(), {"good", "bad", ""}}, {"pay", money(), {"1", "1.50", "4"}}});
  const ResultSet correction = correction_of(before.view(), after.view());
  EXPECT_EQ(shown(correction),
            "B: :change=changed grade=bad pay=1.50 pay:delta=-0.50\n"
            "C: :change=removed grade= pay= pay:delta=-3.00\n"
            "D: :change=added grade= pay=4.00 pay:delta=4.00\n");
  std::string error;
  const auto again = applied(before.view(), correction.view(), &error);
  ASSERT_TRUE(again) << error;
  EXPECT_EQ(shown(*again), shown(after));
}

TEST(Correction, AppliedIsWhatItWasMadeFrom) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 50; ++round) {
    ResultSet sides[2];
    for (auto& side : sides) {
      std::vector<std::string> employees, grades, pays;
      for (int i = 0; i < 30; ++i) {
        if (random() % 4 == 0) continue;
        employees.push_back("E" + std::to_string(100 + i));
        grades.push_back(random() % 5 == 0 ? "" : std::string(1, static_cast<char>('A' + random() % 3)));
        pays.push_back(random() % 5 == 0 ? "" : std::to_string(random() % 4));
      }
      side = results_of(employees, {{"grade", text(), grades}, {"pay", money(), pays}});
      for (size_t i = 0; i < employees.size(); ++i) side.refused.push_back(random() % 6 == 0 ? 1 : 0);
    }
    const ResultSet correction = correction_of(sides[0].view(), sides[1].view());
    std::string error;
    const auto again = applied(sides[0].view(), correction.view(), &error);
    ASSERT_TRUE(again) << error;
    const DiffSummary same = diff(source_of(again->view()), source_of(sides[1].view()), {}, {});
    EXPECT_EQ(same.changed + same.added + same.removed, 0u);
    EXPECT_EQ(same.after, same.equal);
  }
}

TEST(Correction, OutputsThatChangeTheirTypeCannotBeCombined) {
  const ResultSet before = results_of({"A"}, {{"x", text(), {"good"}}});
  const ResultSet after = results_of({"B"}, {{"x", money(), {"1"}}});
  std::string error;
  EXPECT_FALSE(applied(before.view(), correction_of(before.view(), after.view()).view(), &error));
  EXPECT_NE(error.find("'x'"), std::string::npos);
}

TEST(YearDifference, SumsMonths) {
  YearDifference year;
  const auto month = [](const char* a, const char* b) {
    return results_of({"A", "B"},
                      {{"grade", text(), {"x", "x"}}, {"pay", money(), {a, b}}, {"tax", money(), {"1", "1"}}});
  };
  year.add("2026-01", month("1", "2").view(), month("1", "2").view());
  year.add("2026-02", month("1", "2").view(), month("3", "2").view());
  year.add("2026-03", month("1", "2").view(), month("0.50", "2").view());
  EXPECT_EQ(shown(year.finish()), "A: :months=2 pay:delta=1.50 pay:2026-02=2.00 pay:2026-03=-0.50\n");
}

TEST(YearDifference, NothingDiffers) {
  YearDifference year;
  const ResultSet one = results_of({"A"}, {{"pay", money(), {"1"}}});
  year.add("2026-01", one.view(), one.view());
  const ResultSet none = year.finish();
  EXPECT_EQ(none.employees.size(), 0u);
  EXPECT_EQ(none.names, std::vector<std::string>{":months"});
}

}  // namespace
}  // namespace kaogong::runs
