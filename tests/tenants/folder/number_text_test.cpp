// The fast reading of decimals against the plain one.
#include "tenants/folder/number_text.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "engine/number/fixed.h"

namespace kaogong::folder {
namespace {

/// What the fast way gives must be what the plain one gives; it may give nothing for whatever it likes.
void compare(const std::string& text, unsigned scale) {
  const std::string padded = std::string(20, '7') + text;  // what stands before must not matter
  int64_t fast = 0, plain = 0;
  const char* const at = padded.data() + 20;
  const auto expect_plain = [&] {
    ASSERT_EQ(fixed::parse(text, static_cast<int>(scale), &plain), fixed::ParseStatus::kOk)
        << text << " scale " << scale;
    ASSERT_EQ(fast, plain) << text << " scale " << scale;
  };
  if (parse_short_decimal(at, text.size(), scale, fixed::kPow10Int64.data(), &fast)) expect_plain();
  if (UsualDecimal(scale).parse(at, text.size(), &fast)) expect_plain();
}

bool is_fast(const std::string& text, unsigned scale) {
  const std::string padded = std::string(20, ',') + text;
  int64_t value = 0;
  return parse_short_decimal(padded.data() + 20, text.size(), scale, fixed::kPow10Int64.data(), &value);
}

TEST(NumberText, TheUsualOnesAreFast) {
  for (const char* text : {"0", "7", "-3", "12.50", "1234567.89", "-1234567.89", "3.5", "0.008200"})
    EXPECT_TRUE(is_fast(text, 6)) << text;
  EXPECT_TRUE(is_fast("9999999999999.99", 2));
}

TEST(NumberText, TheCommonestForm) {
  const auto usual = [](const std::string& text, unsigned scale) {
    const std::string padded = std::string(20, '.') + text;
    int64_t value = -1;
    return UsualDecimal(scale).parse(padded.data() + 20, text.size(), &value) ? value : -1;
  };
  EXPECT_EQ(usual("3.5", 1), 35);
  EXPECT_EQ(usual("12345.67", 2), 1234567);
  EXPECT_EQ(usual("7", 0), 7);
  EXPECT_EQ(usual("12345678", 0), 12345678);
  EXPECT_EQ(usual("0.008200", 6), 8200);
  for (const char* text : {"", "5", ".5", "-3.5", "3.55", "3,5", "3..", "123456789.5"})
    EXPECT_EQ(usual(text, 1), -1) << text;
}

TEST(NumberText, WhatIsNoNumberIsRefused) {
  for (const char* text :
       {"",    "-",   "+1",    ".5",   "5.",    "1.2.3",    "1e3",       "inf",       "nan",        " 1", "1 ",
        "0x1", "--1", "1,000", "12-3", "\"1\"", "1234567.", ".12345678", "12345678.", "123456789.", "１"})
    EXPECT_FALSE(is_fast(text, 6)) << text;
  EXPECT_FALSE(is_fast("1.234", 2));
  EXPECT_FALSE(is_fast("1.0", 0));
}

TEST(NumberText, RandomTexts) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  const std::string alphabet = "0123456789012345678901234567890123456789..-e +,\"";
  for (int round = 0; round < 200'000 && !testing::Test::HasFailure(); ++round) {
    std::string text;
    const bool wild = round % 4 == 0;
    for (size_t n = random() % 20; n > 0; --n) text += alphabet[random() % (wild ? alphabet.size() : 40)];
    if (!wild && text.size() > 1 && random() % 2 == 0) text[random() % text.size()] = '.';
    if (!wild && random() % 4 == 0) text = "-" + text;
    compare(text, static_cast<unsigned>(random() % 7));
  }
}

}  // namespace
}  // namespace kaogong::folder
