// Results into pages and back, one employee's and all.
#include "tenants/snapshot/page.h"

#include <gtest/gtest.h>

#include <random>

#include "tenants/snapshot/limits.h"

namespace kaogong::snapshot {
namespace {

using column::Physical;
using scheme::TypeName;

column::Column make(TypeName type, uint8_t scale, Physical physical, size_t rows) {
  column::Column column;
  column.type = type;
  column.scale = scale;
  column.physical = physical;
  if (type == TypeName::kString) column.dictionary = std::make_shared<column::Dictionary>();
  column.allocate(rows, false);
  return column;
}

struct Pages : testing::Test {
  static constexpr size_t kRows = 1000;
  column::StringRows employees;
  std::vector<column::Column> columns;
  std::vector<uint8_t> refused;

  Pages() {
    std::mt19937_64 random(1);
    columns.push_back(make(TypeName::kMoney, 2, Physical::kI64, kRows));
    columns.push_back(make(TypeName::kString, 0, Physical::kI8, kRows));
    columns.push_back(make(TypeName::kBoolean, 0, Physical::kI8, kRows));
    columns.push_back(make(TypeName::kNumber, 6, Physical::kI128, kRows));
    columns.push_back(make(TypeName::kDate, 0, Physical::kI32, kRows));
    for (const char* grade : {"A", "B", "C", "D", "E"}) columns[1].dictionary->insert(grade);
    refused.resize(kRows, 0);
    for (size_t row = 0; row < kRows; ++row) {
      std::string id = std::to_string(row * 3);
      employees.push_back("E" + std::string(6 - id.size(), '0') + id);
      columns[0].set(row, static_cast<int64_t>(random() % 3'000'000'000) - 1'000'000'000);
      columns[1].set(row, static_cast<int64_t>(random() % 5));
      columns[2].set(row, static_cast<int64_t>(random() % 2));
      columns[3].set(row, static_cast<__int128>(random()) * static_cast<int64_t>(random() >> 1));
      columns[4].set(row, static_cast<int64_t>(20'000 + random() % 1000));
      if (row % 7 == 0) columns[4].set_null(row);
      if (row % 11 == 0) {
        refused[row] = 1;
        for (auto& column : columns) column.set(row, 77);  // what stands there has no influence
      }
    }
  }
  std::vector<std::string> pack(size_t page_rows) const {
    std::vector<std::string> pages;
    for (size_t begin = 0; begin < kRows; begin += page_rows)
      pages.push_back(pack_page(employees, columns, refused, begin, std::min(kRows, begin + page_rows)));
    return pages;
  }
};

TEST_F(Pages, OneEmployee) {
  std::string error;
  const auto pages = pack(kPageRows);
  for (size_t row = 0; row < kRows; ++row) {
    const auto page = Page::open(pages[row / kPageRows], &error);
    ASSERT_TRUE(page) << error;
    const size_t at = page->find(employees[row]);
    ASSERT_EQ(at, row % kPageRows);
    EXPECT_EQ(page->employee(at), employees[row]);
    ASSERT_EQ(page->refused(at), refused[row] != 0);
    if (refused[row] != 0) continue;
    for (size_t c = 0; c < columns.size(); ++c) {
      const column::Column value = page->value(c, at);
      EXPECT_EQ(column::format_value(value, 0), column::format_value(columns[c], row)) << c << " " << row;
      EXPECT_EQ(value.type, columns[c].type);
      EXPECT_EQ(value.scale, columns[c].scale);
    }
  }
  const auto page = Page::open(pages[0], &error);
  for (const char* nobody : {"", "E", "E000001", "E999999", "E0000030", "F"})
    EXPECT_EQ(page->find(nobody), page->rows()) << nobody;
}

TEST_F(Pages, AllOfThem) {
  for (const size_t page_rows : {size_t{1}, size_t{7}, size_t{256}, kRows}) {
    const auto pages = pack(page_rows);
    std::string error;
    const auto back = read_pages({pages.begin(), pages.end()}, &error);
    ASSERT_TRUE(back) << error;
    ASSERT_EQ(back->employees.size(), kRows);
    EXPECT_EQ(back->refused, refused);
    ASSERT_EQ(back->columns.size(), columns.size());
    for (size_t row = 0; row < kRows; ++row) {
      ASSERT_EQ(back->employees[row], employees[row]);
      if (refused[row] != 0) continue;
      for (size_t c = 0; c < columns.size(); ++c)
        ASSERT_EQ(column::format_value(back->columns[c], row), column::format_value(columns[c], row));
    }
  }
}

TEST_F(Pages, Compressed) {
  std::string error;
  const std::string bytes = pack_page(employees, columns, refused, 0, kPageRows, Compression::kZstd);
  EXPECT_LT(bytes.size(), pack(kPageRows)[0].size());
  EXPECT_TRUE(sealed_checksum(bytes) == sealed_checksum(pack(kPageRows)[0]));
  auto opened = Page::open(bytes, &error);
  ASSERT_TRUE(opened) << error;
  const Page page = std::move(*opened);  // its bytes go with it
  opened.reset();
  EXPECT_EQ(page.find(employees[17]), 17u);
  EXPECT_EQ(column::format_value(page.value(0, 17), 0), column::format_value(columns[0], 17));
}

TEST_F(Pages, BytesDependOnTheResultOnly) {
  const auto pages = pack(kPageRows);
  // Other codes for the strings, other values in the rows that are refused.
  column::Column grades = make(TypeName::kString, 0, Physical::kI8, kRows);
  for (const char* grade : {"E", "C", "X", "A", "D", "B"}) grades.dictionary->insert(grade);
  for (size_t row = 0; row < kRows; ++row)
    grades.set(row, refused[row] != 0 ? 2 : grades.dictionary->find(column::format_value(columns[1], row)));
  columns[1] = std::move(grades);
  for (size_t row = 0; row < kRows; row += 11) columns[0].set(row, -5);
  EXPECT_TRUE(pack(kPageRows) == pages);
  columns[0].set(1, columns[0].get(1) + 1);
  const auto changed = pack(kPageRows);
  EXPECT_TRUE(changed[0] != pages[0]);
  EXPECT_TRUE(changed[1] == pages[1]);
}

TEST_F(Pages, NobodyHasAResult) {
  std::fill(refused.begin(), refused.end(), uint8_t{1});
  const auto pages = pack(kPageRows);
  std::string error;
  const auto back = read_pages({pages.begin(), pages.end()}, &error);
  ASSERT_TRUE(back) << error;
  EXPECT_EQ(back->refused, refused);
  EXPECT_LT(pages[0].size(), 1000u);
}

TEST_F(Pages, DamageIsFound) {
  const auto pages = pack(kPageRows);
  std::string error;
  std::mt19937_64 random(9);
  for (int i = 0; i < 300; ++i) {
    std::string damaged = pages[1];
    if (i % 3 == 0) {
      damaged.resize(random() % damaged.size());
    } else {
      const size_t at = random() % damaged.size();
      damaged[at] = static_cast<char>(damaged[at] ^ 1 << random() % 8);
    }
    EXPECT_FALSE(Page::open(damaged, &error));
    EXPECT_FALSE(error.empty());
    EXPECT_FALSE(read_pages({pages[0], damaged}, &error));
    EXPECT_EQ(error.find("page 1 of the results is damaged"), 0u) << error;
  }
}

TEST_F(Pages, PagesOfDifferentRunsAreNotMixed) {
  const auto pages = pack(kPageRows);
  columns.pop_back();
  const auto others = pack(kPageRows);
  std::string error;
  EXPECT_FALSE(read_pages({pages[0], others[1]}, &error));
  EXPECT_EQ(error, "page 1 of the results is damaged: its columns are not those of the first page");
}

}  // namespace
}  // namespace kaogong::snapshot
