// Narrow integers: every width, the ends of every type, and what does not belong there.
#include "tenants/snapshot/integers.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace kaogong::snapshot {
namespace {

using column::Physical;

template <class T>
void expect_back(const std::vector<T>& values, Physical physical) {
  const Extent extent = extent_of(values.data(), physical, values.size());
  const auto span = static_cast<unsigned __int128>(extent.high) - static_cast<unsigned __int128>(extent.low);
  const unsigned width = width_for(span);
  std::string bytes(packed_bytes(values.size(), width), '\xEE');
  narrow(values.data(), physical, values.size(), extent.low, width, bytes.data());
  std::vector<T> back(values.size());
  ASSERT_TRUE(widen(bytes.data(), width, values.size(), extent.low, span, physical, back.data()));
  EXPECT_TRUE(back == values) << kBitWidths[width];
  for (size_t i = 0; i < values.size(); ++i) {
    const auto value =
        static_cast<__int128>(static_cast<unsigned __int128>(extent.low) + distance_at(bytes.data(), width, i));
    ASSERT_TRUE(value == static_cast<__int128>(values[i])) << i;
  }
  if (span == 0) return;
  EXPECT_FALSE(widen(bytes.data(), width, values.size(), extent.low, span - 1, physical, back.data()));
}

template <class T>
void every_width(Physical physical) {
  std::mt19937_64 random(sizeof(T));
  for (unsigned bits = 0; bits <= 8 * sizeof(T); ++bits) {
    for (const size_t count : {1, 2, 3, 7, 8, 9, 1023, 1024, 1025, 3000}) {
      std::vector<T> values(count);
      const auto base = static_cast<T>(random());
      for (auto& value : values) {
        const auto noise = static_cast<unsigned __int128>(random()) << 64 | random();
        const auto mask =
            bits == 128 ? ~static_cast<unsigned __int128>(0) : (static_cast<unsigned __int128>(1) << bits) - 1;
        value = static_cast<T>(static_cast<unsigned __int128>(base) + (noise & mask));
      }
      expect_back(values, physical);
    }
  }
}

TEST(Integers, EveryWidthOfEveryType) {
  every_width<int8_t>(Physical::kI8);
  every_width<int16_t>(Physical::kI16);
  every_width<int32_t>(Physical::kI32);
  every_width<int64_t>(Physical::kI64);
  every_width<__int128>(Physical::kI128);
}

TEST(Integers, TheEndsOfTypes) {
  expect_back<int8_t>({INT8_MIN, INT8_MAX, 0, -1}, Physical::kI8);
  expect_back<int64_t>({INT64_MIN, INT64_MAX, 0, -1, 1}, Physical::kI64);
  const Extent whole = range_of(Physical::kI128);
  expect_back<__int128>({whole.low, whole.high, 0, -1}, Physical::kI128);
  expect_back<int32_t>({5, 5, 5}, Physical::kI32);
}

TEST(Integers, Counts) {
  for (const auto& values : {std::vector<uint32_t>{}, {7, 7, 7}, {0, UINT32_MAX, 5}, {UINT32_MAX, UINT32_MAX - 2}}) {
    ByteWriter out;
    append_counts(values.data(), values.size(), &out);
    ByteReader in(out.bytes());
    const Counts counts = take_counts(&in, values.size());
    ASSERT_TRUE(in.ok());
    EXPECT_EQ(in.left(), 0u);
    std::vector<uint32_t> back(values.size());
    ASSERT_TRUE(counts.read(back.data()));
    EXPECT_EQ(back, values);
    for (size_t i = 0; i < values.size(); ++i) EXPECT_EQ(counts.at(i), values[i]);
    ByteReader strict(out.bytes());
    take_counts(&strict, values.size(), 6);
    EXPECT_EQ(strict.ok(), values.empty());
    ByteReader cut(std::string_view(out.bytes()).substr(0, out.size() - 1));
    take_counts(&cut, values.size());
    EXPECT_FALSE(cut.ok());
  }
}

TEST(Bytes, NumbersOfAnySize) {
  ByteWriter out;
  const std::vector<uint64_t> numbers = {0, 1, 127, 128, 300, UINT32_MAX, UINT64_MAX, uint64_t{1} << 63};
  const std::vector<int64_t> signed_numbers = {0, -1, 1, INT64_MIN, INT64_MAX};
  for (const auto number : numbers) out.varint(number);
  for (const auto number : signed_numbers) out.zigzag(number);
  ByteReader in(out.bytes());
  for (const auto number : numbers) EXPECT_EQ(in.varint(), number);
  for (const auto number : signed_numbers) EXPECT_EQ(in.zigzag(), number);
  EXPECT_TRUE(in.ok());
  EXPECT_EQ(in.varint(), 0u);
  EXPECT_FALSE(in.ok());
  ByteReader too_long("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02");
  too_long.varint();
  EXPECT_FALSE(too_long.ok());
}

}  // namespace
}  // namespace kaogong::snapshot
