#include "engine/number/fixed.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>

namespace kaogong::fixed {
namespace {

int128 half_up(int128 n, int128 d) {
  int128 out = 0;
  EXPECT_TRUE(divide_half_up(n, d, &out));
  return out;
}

std::string text(int128 units, int scale) {
  char buffer[kFormatBytesMax];
  return {buffer, format(units, scale, buffer)};
}

TEST(Fixed, DividesHalfUp) {
  EXPECT_TRUE(half_up(5, 2) == 3);
  EXPECT_TRUE(half_up(-5, 2) == -3);
  EXPECT_TRUE(half_up(5, -2) == -3);
  EXPECT_TRUE(half_up(-5, -2) == 3);
  EXPECT_TRUE(half_up(4, 3) == 1);
  EXPECT_TRUE(half_up(-4, 3) == -1);
  EXPECT_TRUE(half_up(1, 3) == 0);
  EXPECT_TRUE(half_up(kInt128Max, kInt128Max) == 1);
  EXPECT_TRUE(half_up(kInt128Max / 2 + 1, kInt128Max) == 1);
  EXPECT_TRUE(half_up(kInt128Max / 2, kInt128Max) == 0);
  EXPECT_TRUE(half_up(kInt128Min, kInt128Min) == 1);
  int128 out = 0;
  EXPECT_FALSE(divide_half_up(1, 0, &out));
  EXPECT_FALSE(divide_half_up(kInt128Min, -1, &out));
}

TEST(Fixed, DividesDownAndUp) {
  for (int n = -20; n <= 20; ++n) {
    for (int d = -6; d <= 6; ++d) {
      if (d == 0) continue;
      int128 low = 0, high = 0;
      EXPECT_TRUE(divide_floor(n, d, &low));
      EXPECT_TRUE(divide_ceiling(n, d, &high));
      EXPECT_EQ(static_cast<int>(low), static_cast<int>(std::floor(static_cast<double>(n) / d)));
      EXPECT_EQ(static_cast<int>(high), static_cast<int>(std::ceil(static_cast<double>(n) / d)));
    }
  }
}

TEST(Fixed, Rescales) {
  int128 out = 0;
  EXPECT_TRUE(rescale_half_up(12345, 3, 2, &out));
  EXPECT_TRUE(out == 1235);
  EXPECT_TRUE(rescale_exact(12340, 3, 2, &out));
  EXPECT_TRUE(out == 1234);
  EXPECT_FALSE(rescale_exact(12345, 3, 2, &out));
  EXPECT_TRUE(rescale_exact(5, 0, 4, &out));
  EXPECT_TRUE(out == 50000);
  EXPECT_FALSE(rescale_exact(kInt128Max, 0, 1, &out));
}

TEST(Fixed, ParsesDecimalText) {
  struct Case {
    const char* text;
    int scale;
    ParseStatus status;
    int64_t units;
  };
  constexpr auto kOk = ParseStatus::kOk;
  constexpr auto kMalformed = ParseStatus::kMalformed;
  constexpr auto kTooMany = ParseStatus::kTooManyDecimals;
  constexpr auto kRange = ParseStatus::kOutOfRange;
  for (const Case& c : std::initializer_list<Case>{
           {"0", 2, kOk, 0},
           {"12.3", 2, kOk, 1230},
           {"-0.05", 2, kOk, -5},
           {"-0", 2, kOk, 0},
           {"007", 0, kOk, 7},
           {"9223372036854775807", 0, kOk, INT64_MAX},
           {"-9223372036854775808", 0, kOk, INT64_MIN},
           {"92233720368547758.07", 2, kOk, INT64_MAX},
           {"9223372036854775808", 0, kRange, 0},
           {"-9223372036854775809", 0, kRange, 0},
           {"92233720368547758.08", 2, kRange, 0},
           {"99999999999999999999999999", 2, kRange, 0},
           {"18446744073709551617", 0, kRange, 0},
           {"1.234", 2, kTooMany, 0},
           {"1.230", 2, kTooMany, 0},
           {"1.0", 0, kTooMany, 0},
           {"99999999999999999999.001", 2, kTooMany, 0},
           {"", 2, kMalformed, 0},
           {"-", 2, kMalformed, 0},
           {".5", 2, kMalformed, 0},
           {"5.", 2, kMalformed, 0},
           {"+5", 2, kMalformed, 0},
           {"1e3", 2, kMalformed, 0},
           {" 1", 2, kMalformed, 0},
           {"1 ", 2, kMalformed, 0},
           {"1,000", 2, kMalformed, 0},
           {"1.2.3", 2, kMalformed, 0},
           {"1.2345x", 2, kMalformed, 0},
           {"NaN", 2, kMalformed, 0},
       }) {
    int64_t units = 0;
    EXPECT_EQ(parse(c.text, c.scale, &units), c.status) << c.text;
    if (c.status == kOk) {
      EXPECT_EQ(units, c.units) << c.text;
    }
  }
  int64_t units = 0;
  EXPECT_EQ(parse("1.230000", 2, &units, true), kOk);
  EXPECT_EQ(units, 123);
}

TEST(Fixed, FormatsWithAllDecimals) {
  EXPECT_EQ(text(0, 0), "0");
  EXPECT_EQ(text(0, 6), "0.000000");
  EXPECT_EQ(text(-5, 2), "-0.05");
  EXPECT_EQ(text(8200, 6), "0.008200");
  EXPECT_EQ(text(INT64_MIN, 2), "-92233720368547758.08");
  EXPECT_EQ(text(kInt128Max, 0), "170141183460469231731687303715884105727");
  EXPECT_EQ(text(kInt128Min, 38), "-1.70141183460469231731687303715884105728");
  EXPECT_EQ(text(1, 38), "0.00000000000000000000000000000000000001");
}

TEST(Fixed, FormatsWhatItParses) {
  constexpr unsigned kSeed = 20261031;
  std::mt19937_64 random(kSeed);
  for (int i = 0; i < 20000; ++i) {
    const int scale = static_cast<int>(random() % 19);
    const auto units = static_cast<int64_t>(random() >> (random() % 64));
    int64_t back = 0;
    ASSERT_EQ(parse(text(units, scale), scale, &back), ParseStatus::kOk) << "seed " << kSeed;
    ASSERT_EQ(back, units);
  }
}

TEST(Fixed, ChecksOverflow) {
  int64_t out = 0;
  EXPECT_FALSE(add_checked(INT64_MAX, int64_t{1}, &out));
  EXPECT_FALSE(sub_checked(INT64_MIN, int64_t{1}, &out));
  EXPECT_FALSE(mul_checked(INT64_MAX, int64_t{2}, &out));
  EXPECT_FALSE(negate_checked(INT64_MIN, &out));
  EXPECT_TRUE(add_checked(int64_t{1}, int64_t{2}, &out));
  EXPECT_EQ(out, 3);
  EXPECT_FALSE(narrow_checked(static_cast<int128>(INT64_MAX) + 1, &out));
}

static_assert([] {
  int64_t units = 0;
  return parse("3.14", 2, &units) == ParseStatus::kOk && units == 314;
}());

}  // namespace
}  // namespace kaogong::fixed
