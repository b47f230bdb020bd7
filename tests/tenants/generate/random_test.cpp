#include "tenants/generate/random.h"

#include <gtest/gtest.h>

#include <set>

#include "tenants/generate/draw.h"
#include "tenants/generate/person_names.h"

namespace kaogong::generate {
namespace {

TEST(Random, IsSplitmix64) {
  // The finaliser over the known first outputs of splitmix64 from state 0.
  EXPECT_EQ(mix(0x9E3779B97F4A7C15ULL), 0xE220A8397B1DCDAFULL);
  EXPECT_EQ(mix(2 * 0x9E3779B97F4A7C15ULL), 0x6E789E6AA1B965F4ULL);
}

TEST(Random, DependsOnSeedStreamAndIndexAlone) {
  Random a(1, stream_of("ratings"), 7), b(1, stream_of("ratings"), 7);
  EXPECT_EQ(a.next(), b.next());
  EXPECT_EQ(a.next(), b.next());
  EXPECT_NE(Random(1, stream_of("ratings"), 7).next(), Random(2, stream_of("ratings"), 7).next());
  EXPECT_NE(Random(1, stream_of("ratings"), 7).next(), Random(1, stream_of("history"), 7).next());
  EXPECT_NE(Random(1, stream_of("ratings"), 7).next(), Random(1, stream_of("ratings"), 8).next());
}

TEST(Random, StaysWithinBounds) {
  Random random(1, 2, 3);
  for (int i = 0; i < 10000; ++i) {
    EXPECT_LT(random.below(7), 7u);
    const int64_t value = random.between(-3, 3);
    EXPECT_GE(value, -3);
    EXPECT_LE(value, 3);
  }
  EXPECT_EQ(random.between(5, 5), 5);
  EXPECT_FALSE(random.chance(0));
  EXPECT_TRUE(random.chance(1000));
}

TEST(Random, IsNormal) {
  EXPECT_EQ(normal(1U << 31), 0);
  EXPECT_LT(normal(0), -3 * kUnit);
  EXPECT_GT(normal(~0U), 3 * kUnit);
  for (uint32_t place = 0; place < ~0U - (1U << 20); place += 1U << 20) {
    EXPECT_LE(normal(place), normal(place + (1U << 20)));
  }
  // About two thirds are within one standard deviation.
  Random random(9, 9, 9);
  int within = 0;
  for (int i = 0; i < 10000; ++i) {
    const int32_t z = random.z();
    within += z > -kUnit && z < kUnit ? 1 : 0;
  }
  EXPECT_GT(within, 6700);
  EXPECT_LT(within, 6960);
}

TEST(Draw, TakesWholeStepsBetweenItsBounds) {
  EXPECT_EQ(value_at(10, 20, 5, 0), 10);
  EXPECT_EQ(value_at(10, 20, 5, ~0U), 20);
  EXPECT_EQ(value_at(10, 19, 5, ~0U), 15);
  EXPECT_EQ(value_at(7, 7, 1, 12345), 7);
  EXPECT_EQ(value_at(0, 4'000'000'000'000'000'000, 1, ~0U) > 3'999'999'999'000'000'000, true);
}

TEST(Draw, KeepsTheWeightsOfChoices) {
  Draw draw;
  draw.shape = Draw::Shape::kChoice;
  draw.choices = {10, 20, 30};
  draw.up_to = {20, 70, 100};
  draw.best_first = true;
  int tens = 0, able_tens = 0, able = 0;
  for (uint64_t i = 0; i < 20000; ++i) {
    Random random(4, 5, i);
    Person person;
    person.place = random.next32();
    const Cell cell = draw.next(person, random);
    tens += cell == 10 ? 1 : 0;
    if (person.place < 0xE0000000U) continue;
    ++able;
    able_tens += cell == 10 ? 1 : 0;
  }
  EXPECT_GT(tens, 3800);
  EXPECT_LT(tens, 4200);
  EXPECT_GT(able_tens * 10, able * 4) << "the able have the first choice more often";
}

TEST(Names, AreDifferentForDifferentDepartments) {
  std::set<std::string> names;
  for (uint64_t n = 1; n <= 3000; ++n) {
    std::string name;
    append_department_name(&name, n);
    names.insert(name);
  }
  EXPECT_EQ(names.size(), 3000u);
  std::string first;
  append_department_name(&first, 1);
  EXPECT_EQ(first, "华东业务一部");
}

TEST(Names, AreManyForPeople) {
  std::set<std::string> names;
  for (uint64_t i = 0; i < 2000; ++i) {
    Random random(1, stream_of("name"), i);
    std::string name;
    append_person_name(&name, random);
    EXPECT_GE(name.size(), 6u);
    names.insert(name);
  }
  EXPECT_GT(names.size(), 1800u);
}

}  // namespace
}  // namespace kaogong::generate
