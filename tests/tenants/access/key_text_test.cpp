#include "tenants/access/key_text.h"

#include <gtest/gtest.h>

#include <set>

namespace kaogong::tenants {
namespace {

TEST(KeyText, WhatIsMadeCanBeRead) {
  std::set<std::string> keys;
  for (int i = 0; i < 1000; ++i) {
    const auto kind = i % 2 == 0 ? KeyKind::kLive : KeyKind::kTest;
    const auto key = make_key(kind);
    const auto parsed = parse_key(key);
    ASSERT_TRUE(parsed) << key;
    EXPECT_EQ(parsed->kind, kind);
    EXPECT_TRUE(key.starts_with(parsed->id + "_"));
    keys.insert(key);
  }
  EXPECT_EQ(keys.size(), 1000u);
}

TEST(KeyText, AnyOneCharacterWrongIsNoticed) {
  const auto key = make_key(KeyKind::kLive);
  for (size_t i = 0; i < key.size(); ++i) {
    auto wrong = key;
    wrong[i] = wrong[i] == 'x' ? 'y' : 'x';
    EXPECT_FALSE(parse_key(wrong)) << i;
    EXPECT_FALSE(parse_key(key.substr(0, i))) << i;
    wrong = key;
    if (i + 1 < key.size() && wrong[i] != wrong[i + 1]) {
      std::swap(wrong[i], wrong[i + 1]);
      EXPECT_FALSE(parse_key(wrong)) << "swapped at " << i;
    }
  }
  EXPECT_FALSE(parse_key(key + "0"));
  EXPECT_FALSE(parse_key(""));
}

}  // namespace
}  // namespace kaogong::tenants
