#include "infra/postgres/error.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace kaogong::postgres {
namespace {

TEST(Error, EveryCodeHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(ErrorCode::kOther); ++i) names.insert(to_text(static_cast<ErrorCode>(i)));
  EXPECT_EQ(names.size(), static_cast<size_t>(ErrorCode::kOther) + 1);
  EXPECT_EQ(to_text(ErrorCode::kPoolTimeout), "pool_timeout");
  EXPECT_EQ(to_text(ErrorCode::kUniqueViolation), "unique_violation");
  EXPECT_EQ(to_text(ErrorCode::kUnexpectedValue), "unexpected_value");
}

TEST(Error, CodesComeFromSqlstates) {
  EXPECT_EQ(code_of_sqlstate(""), ErrorCode::kConnectionLost);
  EXPECT_EQ(code_of_sqlstate("08006"), ErrorCode::kConnectionLost);
  EXPECT_EQ(code_of_sqlstate("40001"), ErrorCode::kSerialization);
  EXPECT_EQ(code_of_sqlstate("23505"), ErrorCode::kUniqueViolation);
  EXPECT_EQ(code_of_sqlstate("23P01"), ErrorCode::kOtherViolation);
  EXPECT_EQ(code_of_sqlstate("22P02"), ErrorCode::kInvalidData);
  EXPECT_EQ(code_of_sqlstate("53100"), ErrorCode::kDiskFull);
  EXPECT_EQ(code_of_sqlstate("53400"), ErrorCode::kResourceLimit);
  EXPECT_EQ(code_of_sqlstate("42601"), ErrorCode::kOther);
  EXPECT_EQ(code_of_sqlstate("P0001"), ErrorCode::kRaised);
  EXPECT_EQ(code_of_sqlstate("KG001"), ErrorCode::kRaised);
}

TEST(Error, SaysWhatItKnows) {
  const Error error(ErrorCode::kUniqueViolation, "schema t, table p", "23505", "p_pkey");
  EXPECT_EQ(std::string(error.what()), "postgres: unique_violation (23505) by p_pkey: schema t, table p");
  EXPECT_EQ(error.sqlstate(), "23505");
  EXPECT_EQ(error.constraint(), "p_pkey");
  const Error bare(ErrorCode::kPoolTimeout);
  EXPECT_EQ(std::string(bare.what()), "postgres: pool_timeout");
  EXPECT_EQ(bare.sqlstate(), "");
  EXPECT_EQ(bare.constraint(), "");
}

TEST(Error, TellsWhatMayBeTriedAgain) {
  EXPECT_TRUE(Error(ErrorCode::kDeadlock).retry_at_once());
  EXPECT_TRUE(Error(ErrorCode::kDeadlock).retry_later());
  EXPECT_FALSE(Error(ErrorCode::kPoolTimeout).retry_at_once());
  EXPECT_TRUE(Error(ErrorCode::kPoolTimeout).retry_later());
  EXPECT_FALSE(Error(ErrorCode::kUniqueViolation).retry_later());
}

}  // namespace
}  // namespace kaogong::postgres
