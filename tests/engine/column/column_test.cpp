// Buffers, dictionaries, columns and how their values are written.
#include "engine/column/column.h"

#include <gtest/gtest.h>

#include <cstring>

namespace kaogong::column {
namespace {

TEST(Buffer, GrowsAndKeepsItsContent) {
  Buffer buffer;
  for (size_t i = 0; i < 100'000; ++i) {
    buffer.resize(i + 1);
    buffer.data()[i] = static_cast<std::byte>(i * 7);
  }
  for (size_t i = 0; i < 100'000; ++i) ASSERT_EQ(buffer.data()[i], static_cast<std::byte>(i * 7));
  EXPECT_EQ(reinterpret_cast<uintptr_t>(buffer.data()) % 64, 0u);
  Buffer other = std::move(buffer);
  EXPECT_EQ(other.bytes(), 100'000u);
  EXPECT_EQ(buffer.bytes(), 0u);
  other.reserve(1'000'000);
  EXPECT_EQ(other.bytes(), 100'000u);
  EXPECT_EQ(other.data()[99'999], static_cast<std::byte>(99'999 * 7));
}

TEST(Dictionary, CodesInTheOrderOfInsertion) {
  Dictionary closed({"A", "B", "C"});
  EXPECT_EQ(closed.find("B"), 1);
  EXPECT_EQ(closed.find("D"), -1);
  EXPECT_EQ(closed.insert("A"), 0);
  Dictionary open;
  EXPECT_EQ(open.find("x"), -1);
  std::vector<std::string_view> seen;
  for (int i = 0; i < 20'000; ++i) {
    const std::string value =
        i % 100 == 99 ? std::string(static_cast<size_t>(1000 + i), 'x') : "value " + std::to_string(i);
    ASSERT_EQ(open.insert(value), i);
    seen.push_back(open.at(i));
  }
  EXPECT_EQ(open.insert(""), 20'000);
  EXPECT_EQ(open.find(""), 20'000);
  for (int i = 0; i < 20'000; ++i) {
    ASSERT_EQ(open.at(i).data(), seen[static_cast<size_t>(i)].data());  // stays where it was
    ASSERT_EQ(open.find(seen[static_cast<size_t>(i)]), i);
  }
}

TEST(Column, NullsAndWidths) {
  for (const Physical physical : {Physical::kI8, Physical::kI16, Physical::kI32, Physical::kI64, Physical::kI128}) {
    Column column;
    column.physical = physical;
    column.allocate(3, false);
    column.set(0, -5);
    column.set(1, 100);
    column.set_null(2);
    EXPECT_EQ(static_cast<int>(column.get(0)), -5);
    EXPECT_FALSE(column.is_null(1));
    EXPECT_TRUE(column.is_null(2));
  }
}

TEST(Column, PhysicalTypes) {
  scheme::TypeDecl type;
  type.name = scheme::TypeName::kScore;
  type.scale = 2;
  EXPECT_EQ(physical_for(type), Physical::kI64);
  type.min = 0;
  EXPECT_EQ(physical_for(type), Physical::kI64);
  type.max = 10'000;
  EXPECT_EQ(physical_for(type), Physical::kI16);
  type.max = 100;
  EXPECT_EQ(physical_for(type), Physical::kI8);
  type.name = scheme::TypeName::kDate;
  EXPECT_EQ(physical_for(type), Physical::kI32);
}

std::string formatted(scheme::TypeName type, uint8_t scale, int64_t value) {
  Column column;
  column.type = type;
  column.scale = scale;
  column.allocate(1, false);
  column.set(0, value);
  return format_value(column, 0);
}

TEST(Column, Text) {
  using scheme::TypeName;
  EXPECT_EQ(formatted(TypeName::kMoney, 2, -5), "-0.05");
  EXPECT_EQ(formatted(TypeName::kRate, 6, 8200), "0.008200");
  EXPECT_EQ(formatted(TypeName::kCount, 0, 12), "12");
  EXPECT_EQ(formatted(TypeName::kDate, 0, 0), "1970-01-01");
  EXPECT_EQ(formatted(TypeName::kDate, 0, -719162), "0001-01-01");
  EXPECT_EQ(formatted(TypeName::kBoolean, 0, 1), "true");
}

}  // namespace
}  // namespace kaogong::column
