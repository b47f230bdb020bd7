#include "infra/postgres/statement_cache.h"

#include <gtest/gtest.h>

#include <string>

#include "infra/postgres/limits.h"

namespace kaogong::postgres {
namespace {

TEST(StatementCache, CountsUsesByTextAndTypes) {
  StatementCache cache;
  const unsigned integer = 20, text = 0;
  EXPECT_EQ(cache.use("select $1", &integer, 1).uses, 1);
  EXPECT_EQ(cache.use("select $1", &integer, 1).uses, 2);
  EXPECT_EQ(cache.use("select $1", &text, 1).uses, 1);
  EXPECT_NE(cache.use("select $1", &integer, 1).name, cache.use("select $1", &text, 1).name);
}

TEST(StatementCache, IsBoundedAndForgetsTheLeastRecentlyUsed) {
  StatementCache cache;
  const std::string first_name = cache.use("kept", nullptr, 0).name;
  cache.use("prepared and left", nullptr, 0).prepared = true;
  for (size_t i = 0; i < 2 * kStatementsMax; ++i) {
    cache.use("select " + std::to_string(i), nullptr, 0);
    cache.use("kept", nullptr, 0);
  }
  EXPECT_EQ(cache.size(), kStatementsMax);
  EXPECT_EQ(cache.use("kept", nullptr, 0).name, first_name);
  EXPECT_EQ(cache.take_evicted(), std::vector<std::string>{"s2"});
  EXPECT_TRUE(cache.take_evicted().empty());
  EXPECT_EQ(cache.use("prepared and left", nullptr, 0).uses, 1);
}

}  // namespace
}  // namespace kaogong::postgres
