// The better choice for an annual bonus against trying every split, yuan by yuan.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "engine/plan/program.h"
#include "tenants/packs/packs.h"
#include "tests/engine/reference/text_inputs.h"

namespace kaogong::tests {
namespace {

// Written again from the law's tables, in hundredths of a fen.
struct Band {
  int64_t limit, rate, quick;
};
constexpr std::array<Band, 7> kYear{{{36'000, 3, 0},
                                     {144'000, 10, 2'520},
                                     {300'000, 20, 16'920},
                                     {420'000, 25, 31'920},
                                     {660'000, 30, 52'920},
                                     {960'000, 35, 85'920},
                                     {INT64_MAX, 45, 181'920}}};
constexpr std::array<int64_t, 7> kMonthQuick{0, 210, 1'410, 2'660, 4'410, 7'160, 15'160};

int64_t year_tax(int64_t yuan) {
  if (yuan <= 0) return 0;
  const auto band = std::find_if(kYear.begin(), kYear.end(), [&](const Band& b) { return yuan <= b.limit; });
  return yuan * band->rate - band->quick * 100;
}
int64_t bonus_tax(int64_t yuan) {
  const auto band = std::find_if(kYear.begin(), kYear.end(), [&](const Band& b) { return yuan <= b.limit; });
  return yuan * band->rate - kMonthQuick[static_cast<size_t>(band - kYear.begin())] * 100;
}

TEST(BestBonus, IsTheLeastOfAllSplits) {
  auto loaded = scheme::load(
      "kaogong: 1\nid: t\nperiods: [year]\nuses: [cn.iit]\ninputs: {w: {type: count}, b: {type: count}}\ndecisions:\n"
      "  best: {type: money, expr: 'cn.iit.bonus_best_total(w, b)'}\n"
      "  part: {type: money, expr: 'cn.iit.bonus_best_separate(w, b)'}\n"
      "  again: {type: money, expr: 'cn.iit.bonus_split_total(w, b, part)'}\noutputs: [best, part, again]\n",
      packs::library());
  ASSERT_TRUE(loaded.document) << loaded.findings.front().message;
  const auto compiled = plan::compile(std::move(*loaded.document));
  ASSERT_NE(compiled.program, nullptr);
  std::string population = "employee,w,b\n";
  std::vector<std::pair<int64_t, int64_t>> cases;
  for (const int64_t wage : {-40'000, 0, 10'000, 36'000, 120'000, 250'000, 700'000})
    for (const int64_t bonus : {0, 1, 30'000, 36'001, 40'000, 150'000, 310'000, 1'000'000}) {
      population += std::to_string(cases.size()) + "," + std::to_string(wage) + "," + std::to_string(bonus) + "\n";
      cases.emplace_back(wage, bonus);
    }
  const auto inputs = text_inputs(plan::document_of(*compiled.program), "2026", {{"population", population}});
  const auto result = plan::run(*compiled.program, inputs, {});
  ASSERT_EQ(result.failure, "");
  size_t splits = 0;
  for (size_t r = 0; r < cases.size(); ++r) {
    const auto [wage, bonus] = cases[r];
    SCOPED_TRACE(std::to_string(wage) + " and " + std::to_string(bonus));
    int64_t best = INT64_MAX;
    for (int64_t separate = 0; separate <= bonus; ++separate)
      best = std::min(best, year_tax(wage + bonus - separate) + bonus_tax(separate));
    EXPECT_EQ(static_cast<int64_t>(result.columns[0].get(r)), best);
    EXPECT_EQ(static_cast<int64_t>(result.columns[2].get(r)), best) << "the part that is named gives it";
    splits += result.columns[1].get(r) != 0 && result.columns[1].get(r) != bonus * 100;
  }
  EXPECT_GT(splits, 0u) << "some of the best are splits";
}

}  // namespace
}  // namespace kaogong::tests
