// The fast reader: what each kind of malformed text gives, and both kernels against the plain splitter.
#include "infra/csv/records.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <string>

#include "infra/csv/collect.h"

namespace kaogong::csv {
namespace {

using reference::Record;

std::vector<const Kernel*> kernels() { return {&kPortableKernel, &best_kernel()}; }

void expect_same(const std::string& text, size_t fields) {
  const auto expected = reference::split(text, fields);
  for (const Kernel* kernel : kernels()) {
    for (const size_t block_bytes : {size_t{64}, size_t{100}, size_t{1} << 20}) {
      Limits limits;
      limits.block_bytes = block_bytes;
      const auto got = collect(text, fields, limits, *kernel);
      ASSERT_EQ(got.size(), expected.size()) << kernel->name << " " << block_bytes << ": " << text;
      for (size_t i = 0; i < got.size(); ++i) {
        EXPECT_EQ(got[i].line, expected[i].line) << kernel->name << ": " << text;
        EXPECT_EQ(got[i].faulty, expected[i].faulty) << kernel->name << " record " << i << ": " << text;
        EXPECT_EQ(got[i].fields, expected[i].fields) << kernel->name << ": " << text;
      }
    }
  }
}

std::vector<Record> read(const std::string& text, size_t fields) {
  expect_same(text, fields);
  return collect(text, fields, {}, best_kernel());
}

FaultKind fault_of(const std::string& text, size_t fields, Limits limits = {}) {
  Block block(text.size() + 1);
  std::copy(text.begin(), text.end(), block.text());
  block.size = text.size();
  if (text.empty() || text.back() != '\n') block.text()[block.size++] = '\n';
  RecordScanner scanner(fields, limits);
  scanner.begin(block);
  Records records;
  while (scanner.next(&records))
    if (records.fault != FaultKind::kNone) return records.fault;
  return FaultKind::kNone;
}

TEST(Records, PlainFields) {
  const auto records = read("a,b\n1,2\n", 2);
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[1].line, 2u);
  EXPECT_EQ(records[1].fields, (std::vector<std::string>{"1", "2"}));
}

TEST(Records, LineEndsAndEmptyLines) {
  EXPECT_EQ(read("a,b\r\n\r\n\nc,d", 2).size(), 2u);
  EXPECT_EQ(read("a,b\r\nc,d\r", 2)[1].fields[1], "d");
  EXPECT_EQ(read("a\n\nb\r\n\r\n", 1).size(), 2u);
  EXPECT_EQ(read("a,\r\n", 2)[0].fields[1], "");
}

TEST(Records, Quotes) {
  const auto records = read("\"a,b\",\"say \"\"hi\"\"\"\n\"two\nlines\",\"\"\nx,y\n", 2);
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].fields, (std::vector<std::string>{"a,b", "say \"hi\""}));
  EXPECT_EQ(records[1].fields, (std::vector<std::string>{"two\nlines", ""}));
  EXPECT_EQ(records[2].line, 4u);
}

TEST(Records, MalformedQuotes) {
  EXPECT_EQ(fault_of("a,\"b", 2), FaultKind::kUnterminatedQuote);
  EXPECT_EQ(fault_of("a,\"b\"c\n", 2), FaultKind::kTextAfterQuote);
  EXPECT_EQ(fault_of("a,b\"c\n", 2), FaultKind::kStrayQuote);
  EXPECT_EQ(fault_of("a,\"b\" \n", 2), FaultKind::kTextAfterQuote);
  // The row is faulty, the next one is not.
  const auto records = read("a,5\" screen\nb,2\n\"c\"x,\"3\nd,4\n", 2);
  ASSERT_EQ(records.size(), 4u);
  EXPECT_TRUE(records[0].faulty);
  EXPECT_FALSE(records[1].faulty);
  EXPECT_TRUE(records[2].faulty);
  EXPECT_FALSE(records[3].faulty);
}

TEST(Records, OtherFaults) {
  EXPECT_EQ(fault_of("a,b,c\n", 2), FaultKind::kColumnCount);
  EXPECT_EQ(fault_of("a\n", 2), FaultKind::kColumnCount);
  EXPECT_EQ(fault_of(std::string("a,\0b\n", 5), 2), FaultKind::kNul);
  EXPECT_EQ(fault_of("a,\xff\n", 2), FaultKind::kInvalidUtf8);
  EXPECT_EQ(fault_of("a,\xed\xa0\x80\n", 2), FaultKind::kInvalidUtf8);
  EXPECT_EQ(fault_of("a,\xc0\x80\n", 2), FaultKind::kInvalidUtf8);
  EXPECT_EQ(fault_of("a\rb,c\n", 2), FaultKind::kBareCarriageReturn);
  EXPECT_EQ(fault_of("\"a\"\rb,c\n", 2), FaultKind::kBareCarriageReturn);
  EXPECT_EQ(fault_of("考功,😀\n", 2), FaultKind::kNone);
  const auto records = read(std::string("a,b\nc,\0\nd,e\nf\ng,h\n", 18), 2);
  ASSERT_EQ(records.size(), 5u);
  EXPECT_TRUE(records[1].faulty);
  EXPECT_TRUE(records[3].faulty);
  EXPECT_EQ(records[4].line, 5u);
}

TEST(Records, Bounds) {
  Limits limits;
  limits.field_bytes_max = 10;
  limits.record_bytes_max = 20;
  EXPECT_EQ(fault_of("a,12345678901\n", 2, limits), FaultKind::kFieldTooLong);
  EXPECT_EQ(fault_of("1234567890,1234567890\n", 2, limits), FaultKind::kRecordTooLong);
  EXPECT_EQ(fault_of("123456789,1234567890\n", 2, limits), FaultKind::kNone);
}

TEST(Records, RandomTextsLikeThePlainSplitter) {
  const char* seed_text = std::getenv("KAOGONG_TEST_SEED");
  const uint64_t seed = seed_text != nullptr ? std::strtoull(seed_text, nullptr, 10) : std::random_device{}();
  SCOPED_TRACE("KAOGONG_TEST_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  const std::vector<std::string> pieces = {"\"",
                                           "\"\"",
                                           ",",
                                           "\n",
                                           "\r\n",
                                           "\r",
                                           "a",
                                           "12.5",
                                           "考",
                                           "\xff",
                                           "\",\"",
                                           "\"\n",
                                           "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
  const std::vector<int> wild = {8, 3, 20, 12, 4, 1, 20, 20, 3, 1, 6, 4, 2},
                         tame = {0, 0, 30, 12, 4, 0, 30, 30, 3, 0, 8, 0, 4};
  const int rounds = std::getenv("KAOGONG_TEST_SHORT") != nullptr ? 300 : 3000;
  for (int round = 0; round < rounds && !testing::Test::HasFailure(); ++round) {
    const auto& weights = round % 2 == 0 ? wild : tame;
    std::discrete_distribution<size_t> pick(weights.begin(), weights.end());
    std::string text;
    for (size_t n = random() % 200; n > 0; --n) text += pieces[pick(random)];
    expect_same(text, 1 + random() % 3);
  }
}

}  // namespace
}  // namespace kaogong::csv
