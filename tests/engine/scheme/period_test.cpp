#include "engine/scheme/period.h"

#include <gtest/gtest.h>

#include "engine/scheme/literal.h"

namespace kaogong::scheme {
namespace {

TEST(Period, ReadsAndWrites) {
  for (const std::string_view text : {"2026-10", "2026-01", "2026-12", "2026-Q1", "2026-Q4", "2026-H1", "2026-H2",
                                      "2026", "0001-01", "9999-12", "9999"}) {
    const auto period = parse_period(text);
    ASSERT_TRUE(period) << text;
    EXPECT_EQ(to_text(*period), text);
  }
  for (const std::string_view text :
       {"", "2026-", "2026-1", "2026-13", "2026-00", "2026-Q0", "2026-Q5", "2026-H3", "2026-H", "26-10", "20261",
        "2026-q1", "0000", "0000-01", "2026-10-01", " 2026", "2026-1a", "2026-Q11", "+026"}) {
    EXPECT_FALSE(parse_period(text)) << text;
  }
}

TEST(Period, Days) {
  const auto day = [](std::string_view text) { return parse_date(text).value(); };
  const auto check = [&](std::string_view period, std::string_view first, std::string_view last) {
    EXPECT_EQ(first_day(*parse_period(period)), day(first)) << period;
    EXPECT_EQ(last_day(*parse_period(period)), day(last)) << period;
  };
  check("2026-10", "2026-10-01", "2026-10-31");
  check("2024-02", "2024-02-01", "2024-02-29");
  check("1900-02", "1900-02-01", "1900-02-28");
  check("2026-Q1", "2026-01-01", "2026-03-31");
  check("2026-Q4", "2026-10-01", "2026-12-31");
  check("2026-H2", "2026-07-01", "2026-12-31");
  check("2026", "2026-01-01", "2026-12-31");
  check("9999", "9999-01-01", "9999-12-31");
  check("0001-01", "0001-01-01", "0001-01-31");
}

TEST(Period, Within) {
  EXPECT_EQ(to_text(first_within(*parse_period("2026"), PeriodKind::kMonth)), "2026-01");
  EXPECT_EQ(to_text(first_within(*parse_period("2026-H2"), PeriodKind::kMonth)), "2026-07");
  EXPECT_EQ(to_text(first_within(*parse_period("2026-H2"), PeriodKind::kQuarter)), "2026-Q3");
  EXPECT_EQ(to_text(first_within(*parse_period("2026-Q2"), PeriodKind::kQuarter)), "2026-Q2");
  EXPECT_EQ(year_of(*parse_period("2026-12")), 2026);
  EXPECT_EQ(months_of(PeriodKind::kHalfYear), 6);
  for (const PeriodKind k : {PeriodKind::kMonth, PeriodKind::kQuarter, PeriodKind::kHalfYear, PeriodKind::kYear}) {
    EXPECT_EQ(parse_period_kind(to_text(k)), k);
  }
  EXPECT_FALSE(parse_period_kind("Month"));
}

TEST(Literal, Scaled) {
  const auto value = [](std::string_view text, int scale) {
    const auto parsed = parse_scaled(text, scale);
    return std::holds_alternative<int64_t>(parsed) ? std::optional(std::get<int64_t>(parsed)) : std::nullopt;
  };
  EXPECT_EQ(value("1.5", 2), 150);
  EXPECT_EQ(value("-0.05", 2), -5);
  EXPECT_EQ(value("12", 0), 12);
  EXPECT_EQ(value("92233720368547758.07", 2), std::numeric_limits<int64_t>::max());
  for (const std::string_view text :
       {"", "-", ".5", "5.", "1e3", "+1", " 1", "0x1", "1.234", "92233720368547758.08", "1.2.3", "NaN"}) {
    EXPECT_FALSE(value(text, 2)) << text;
  }
  EXPECT_EQ(scaled_to_text(-5, 2), "-0.05");
  EXPECT_EQ(scaled_to_text(150, 2), "1.50");
  EXPECT_EQ(scaled_to_text(7, 0), "7");
  EXPECT_EQ(scaled_to_text(std::numeric_limits<int64_t>::min(), 0), "-9223372036854775808");
}

TEST(Literal, Dates) {
  EXPECT_EQ(parse_date("1970-01-01"), 0);
  EXPECT_EQ(date_to_text(*parse_date("2024-02-29")), "2024-02-29");
  for (const std::string_view text : {"2025-02-29", "2025-13-01", "2025-00-01", "2025-01-32", "25-01-01", "2025/01/01",
                                      "0000-01-01", "2025-1-1", "2025-01-01 "}) {
    EXPECT_FALSE(parse_date(text)) << text;
  }
}

}  // namespace
}  // namespace kaogong::scheme
