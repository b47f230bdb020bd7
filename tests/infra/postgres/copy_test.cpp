#include "infra/postgres/copy.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "infra/postgres/transact.h"
#include "tests/infra/postgres/two_tenants.h"

namespace kaogong::postgres {
namespace {

constexpr std::string_view kItem[] = {"id", "name", "amount"};

class CopyTest : public testing::Test {
 protected:
  CopyTable item() const { return {tenants_.schema_a, "item", kItem}; }
  Transaction begin() { return {pool_, tenants_.a}; }

  const TwoTenants tenants_;
  Pool pool_{tenants_.pool_options()};
};

TEST_F(CopyTest, BinaryTakesEveryTypeThereAndBack) {
  Transaction transaction = begin();
  transaction.execute_script(
      "create table " + tenants_.schema_a.quoted("every") +
      " (n smallint, i integer, b bigint, t text, y bytea, f boolean, d date, s timestamptz, j jsonb)");
  const std::string_view columns[] = {"n", "i", "b", "t", "y", "f", "d", "s", "j"};
  const CopyTable every = {tenants_.schema_a, "every", columns};
  const std::vector<std::byte> bytes = {std::byte{0}, std::byte{255}, std::byte{10}};
  {
    BinaryCopyIn copy(transaction, every);
    copy.row().int16(-32768).int32(-2147483648).int64(std::numeric_limits<int64_t>::min());
    copy.text("\t\\N\n考功").bytes(bytes).boolean(true).day(-1).timestamp_us(-1).jsonb(R"({"a": "b"})");
    copy.row().int16(1).int32(2).int64(std::numeric_limits<int64_t>::max());
    copy.text("").bytes({}).boolean(false).day(20'000).timestamp_us(1'769'832'000'000'001).jsonb("null");
    copy.row();
    for (size_t i = 0; i < std::size(columns); ++i) copy.null();
    EXPECT_EQ(copy.rows(), 3);
    EXPECT_EQ(copy.finish(), 3);
  }
  const Rows rows = transaction.query("select n, i, b, t, y, f, d, s, j from " + tenants_.schema_a.quoted("every"));
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].int64(0), -32768);
  EXPECT_EQ(rows[0].int64(1), -2147483648);
  EXPECT_EQ(rows[0].int64(2), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(rows[0].text(3), "\t\\N\n考功");
  EXPECT_EQ(std::vector(rows[0].bytes(4).begin(), rows[0].bytes(4).end()), bytes);
  EXPECT_TRUE(rows[0].boolean(5));
  EXPECT_EQ(rows[0].day(6), -1);
  EXPECT_EQ(rows[0].timestamp_us(7), -1);
  EXPECT_EQ(rows[0].text(8), R"({"a": "b"})");
  for (size_t column = 0; column < std::size(columns); ++column) EXPECT_TRUE(rows[2].is_null(column));

  const std::string_view without_json[] = {"n", "i", "b", "t", "y", "f", "d", "s"};
  BinaryCopyOut copy(transaction, {tenants_.schema_a, "every", without_json});
  ASSERT_TRUE(copy.next());
  EXPECT_EQ(copy.fields(), std::size(without_json));
  EXPECT_EQ(copy.int64(0), -32768);
  EXPECT_EQ(copy.int64(1), -2147483648);
  EXPECT_EQ(copy.int64(2), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(copy.text(3), "\t\\N\n考功");
  EXPECT_EQ(std::vector(copy.bytes(4).begin(), copy.bytes(4).end()), bytes);
  EXPECT_TRUE(copy.boolean(5));
  EXPECT_EQ(copy.day(6), -1);
  EXPECT_EQ(copy.timestamp_us(7), -1);
  ASSERT_TRUE(copy.next());
  EXPECT_EQ(copy.int64(2), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(copy.text(3), "");
  EXPECT_FALSE(copy.is_null(3));
  EXPECT_TRUE(copy.bytes(4).empty());
  EXPECT_EQ(copy.day(6), 20'000);
  EXPECT_EQ(copy.timestamp_us(7), 1'769'832'000'000'001);
  ASSERT_TRUE(copy.next());
  for (size_t field = 0; field < copy.fields(); ++field) EXPECT_TRUE(copy.is_null(field));
  EXPECT_EQ(code_of([&] { copy.int64(0); }), ErrorCode::kUnexpectedValue);
  EXPECT_EQ(code_of([&] { copy.is_null(8); }), ErrorCode::kUnexpectedValue);
  EXPECT_FALSE(copy.next());
  EXPECT_FALSE(copy.next());
  EXPECT_TRUE(transaction.commit().committed());
}

// Texts of the characters that COPY's text form has a meaning for, in both forms, each way.
TEST_F(CopyTest, HostileTextsComeBackAsTheyWent) {
  const char* given = std::getenv("KAOGONG_TEST_SEED");
  const auto seed = given != nullptr ? static_cast<uint32_t>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
  SCOPED_TRACE("KAOGONG_TEST_SEED=" + std::to_string(seed));
  std::mt19937 random(seed);
  const std::vector<std::string> pieces = {"\\", "\t", "\n", "\r", "\\N",  "\\.",  "\b", "\f", "\v",  "'",  "\"", ",",
                                           "x",  "0",  " ",  "考", "\x01", "\x7f", "N",  ".",  "\\n", "$1", "{",  "}"};
  std::vector<std::string> texts = {"", "\\N", "\\.", "\\", "\\\\.", "\t", "\n", "NULL"};
  for (int i = 0; i < 500; ++i) {
    std::string text;
    for (auto length = random() % 12; length > 0; --length) text += pieces[random() % pieces.size()];
    texts.push_back(std::move(text));
  }
  for (const bool binary : {false, true}) {
    Transaction transaction = begin();
    transaction.execute("delete from " + tenants_.item_a());
    if (binary) {
      BinaryCopyIn copy(transaction, item());
      for (size_t i = 0; i < texts.size(); ++i) copy.row().int64(static_cast<int64_t>(i)).text(texts[i]).null();
      EXPECT_EQ(copy.finish(), static_cast<int64_t>(texts.size()));
    } else {
      TextCopyIn copy(transaction, item());
      for (size_t i = 0; i < texts.size(); ++i) copy.row().int64(static_cast<int64_t>(i)).text(texts[i]).null();
      EXPECT_EQ(copy.finish(), static_cast<int64_t>(texts.size()));
    }
    const std::string query = "select id, name, amount from " + tenants_.item_a() + " order by id";
    const Rows rows = transaction.query(query);
    ASSERT_EQ(rows.size(), texts.size());
    for (size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(rows[i].text(1), texts[i]);
    {
      BinaryCopyOut copy(transaction, query);
      for (const std::string& text : texts) {
        ASSERT_TRUE(copy.next());
        EXPECT_EQ(copy.text(1), text);
        EXPECT_TRUE(copy.is_null(2));
      }
      EXPECT_FALSE(copy.next());
    }
    TextCopyOut copy(transaction, query);
    for (const std::string& text : texts) {
      ASSERT_TRUE(copy.next());
      EXPECT_EQ(copy.text(1), text);
      EXPECT_EQ(copy.text(2), std::nullopt);
    }
    EXPECT_FALSE(copy.next());
  }
}

TEST_F(CopyTest, IsPartOfItsTransaction) {
  {
    Transaction transaction = begin();
    transaction.execute("update " + tenants_.item_a() + " set amount = 7");
    BinaryCopyIn copy(transaction, item());
    copy.row().int64(2).text("two").int64(8);
    copy.finish();
    EXPECT_EQ(transaction.query("select sum(amount)::bigint from " + tenants_.item_a()).one().int64(0), 15);
  }
  Transaction transaction = begin();
  EXPECT_EQ(transaction.query("select sum(amount)::bigint from " + tenants_.item_a()).one().int64(0), 100);
}

TEST_F(CopyTest, NoRowsAreFine) {
  Transaction transaction = begin();
  EXPECT_EQ(BinaryCopyIn(transaction, item()).finish(), 0);
  EXPECT_EQ(TextCopyIn(transaction, item()).finish(), 0);
  transaction.execute("delete from " + tenants_.item_a());
  EXPECT_FALSE(BinaryCopyOut(transaction, item()).next());
  EXPECT_FALSE(TextCopyOut(transaction, item()).next());
  EXPECT_TRUE(transaction.commit().committed());
}

TEST_F(CopyTest, ManyRowsBothWays) {
  constexpr int64_t kRows = 300'000;
  Transaction transaction = begin();
  transaction.execute("delete from " + tenants_.item_a());
  {
    BinaryCopyIn copy(transaction, item());
    for (int64_t i = 0; i < kRows; ++i) copy.row().int64(i).text("a name of some length").int64(i * 3);
    EXPECT_EQ(copy.finish(), kRows);
  }
  int64_t rows = 0, sum = 0;
  BinaryCopyOut copy(transaction, item());
  while (copy.next()) {
    ++rows;
    sum += copy.int64(2) - 3 * copy.int64(0);
  }
  EXPECT_EQ(rows, kRows);
  EXPECT_EQ(sum, 0);
}

TEST_F(CopyTest, AFieldMayBeLargerThanTheBuffer) {
  Transaction transaction = begin();
  transaction.execute("delete from " + tenants_.item_a());
  const std::string large(5 * kCopyBufferBytes + 1, 'x');
  EXPECT_EQ(BinaryCopyIn(transaction, item()).row().int64(1).text(large).null().finish(), 1);
  EXPECT_EQ(TextCopyIn(transaction, item()).row().int64(2).text(large).null().finish(), 1);
  BinaryCopyOut copy(transaction, item());
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(copy.next());
    EXPECT_TRUE(copy.text(1) == large);
  }
}

TEST_F(CopyTest, ErrorsInRowsComeOutAndSayNoValue) {
  Transaction transaction = begin();
  BinaryCopyIn copy(transaction, item());
  copy.row().int64(1).text("Zhang San").int64(424242);
  try {
    copy.finish();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUniqueViolation);
    EXPECT_EQ(error.constraint(), "item_pkey");
    EXPECT_EQ(std::string(error.what()).find("Zhang"), std::string::npos);
  }
  EXPECT_EQ(transaction.commit().error.value().code(), ErrorCode::kUniqueViolation);
}

TEST_F(CopyTest, RowsThatDoNotFitTheColumnsAreRefusedHere) {
  Transaction transaction = begin();
  {
    BinaryCopyIn copy(transaction, item());
    EXPECT_EQ(code_of([&] { copy.int64(1); }), ErrorCode::kUnexpectedValue);
    copy.row().int64(1);
    EXPECT_EQ(code_of([&] { copy.row(); }), ErrorCode::kUnexpectedValue);
    EXPECT_EQ(code_of([&] { copy.finish(); }), ErrorCode::kUnexpectedValue);
    copy.null().null();
    EXPECT_EQ(code_of([&] { copy.null(); }), ErrorCode::kUnexpectedValue);
  }
  EXPECT_EQ(transaction.commit().error.value().code(), ErrorCode::kAborted);
  Transaction other = begin();
  EXPECT_EQ(code_of([&] { BinaryCopyIn(other, {tenants_.schema_a, "item", {}}); }), ErrorCode::kInvalidData);
  {
    TextCopyIn copy(other, item());
    copy.row().int64(5);
    EXPECT_EQ(code_of([&] { copy.text(std::string_view("a\0b", 3)); }), ErrorCode::kInvalidData);
    EXPECT_EQ(code_of([&] { copy.text("x").text("not a number").finish(); }), ErrorCode::kInvalidData);
  }
}

TEST_F(CopyTest, NothingElseRunsWhileOneIsOpen) {
  Transaction transaction = begin();
  BinaryCopyIn copy(transaction, item());
  EXPECT_EQ(code_of([&] { transaction.query("select 1"); }), ErrorCode::kUnexpectedValue);
  EXPECT_EQ(code_of([&] { BinaryCopyOut(transaction, item()); }), ErrorCode::kUnexpectedValue);
  copy.row().int64(2).null().null();
  EXPECT_EQ(transaction.commit().state, CommitState::kRolledBack);
}

TEST_F(CopyTest, OneThatIsGivenUpFailsItsTransactionAndNoOther) {
  for (int round = 0; round < 3; ++round) {
    {
      Transaction transaction = begin();
      {
        BinaryCopyIn copy(transaction, item());
        for (int64_t i = 100; i < 50'000; ++i) copy.row().int64(i).text("a name").int64(i);
      }
      const CommitResult result = transaction.commit();
      EXPECT_EQ(result.state, CommitState::kRolledBack);
      EXPECT_EQ(result.error.value().code(), ErrorCode::kAborted);
    }
    {
      Transaction transaction = begin();
      {
        BinaryCopyOut copy(transaction, "select pg_catalog.generate_series(1, 1000000000)");
        EXPECT_TRUE(copy.next());
      }
      const CommitResult result = transaction.commit();
      EXPECT_EQ(result.state, CommitState::kRolledBack);
      EXPECT_EQ(result.error.value().code(), ErrorCode::kAborted);
    }
  }
  Transaction transaction = begin();
  EXPECT_EQ(transaction.query("select count(*) from " + tenants_.item_a()).one().int64(0), 1);
  EXPECT_EQ(pool_.status().opened_total, 4);
  EXPECT_EQ(pool_.status().broken_total, 3);
}

TEST_F(CopyTest, NamesAreQuoted) {
  Transaction transaction = begin();
  const std::string_view columns[] = {"a\" , \"b"};
  transaction.execute_script("create table " + tenants_.schema_a.quoted("od\"d; --") + " (" +
                             quote_identifier(columns[0]) + " bigint)");
  const CopyTable odd = {tenants_.schema_a, "od\"d; --", columns};
  EXPECT_EQ(BinaryCopyIn(transaction, odd).row().int64(5).finish(), 1);
  BinaryCopyOut copy(transaction, odd);
  ASSERT_TRUE(copy.next());
  EXPECT_EQ(copy.int64(0), 5);
}

TEST_F(CopyTest, ForeignTablesAreRefused) {
  Transaction transaction = begin();
  EXPECT_EQ(code_of([&] {
              BinaryCopyOut(transaction, {tenants_.schema_b, "item", kItem});
            }),
            ErrorCode::kPermissionDenied);
  transaction.rollback();
  Transaction other = begin();
  EXPECT_EQ(code_of([&] { BinaryCopyIn(other, {tenants_.schema_b, "item", kItem}); }), ErrorCode::kPermissionDenied);
}

}  // namespace
}  // namespace kaogong::postgres
