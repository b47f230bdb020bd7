// Periods: months, quarters, half-years and years of the calendar.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/scheme/document.h"

namespace kaogong::scheme {

/// A calendar period. `index` counts periods of its kind since year 0: months year*12+month-1, quarters year*4+q-1, …
struct Period {
  PeriodKind kind = PeriodKind::kMonth;
  int32_t index = 0;

  friend bool operator==(const Period&, const Period&) = default;
};

/// Reads `2026-10`, `2026-Q3`, `2026-H1` or `2026`; years 1..9999. Nothing for any other text.
std::optional<Period> parse_period(std::string_view text);
std::string to_text(Period p);
std::string_view to_text(PeriodKind k);  // "month", "quarter", "half_year", "year"
std::optional<PeriodKind> parse_period_kind(std::string_view text);

/// First and last day, as days since 1970-01-01.
int32_t first_day(Period p);
int32_t last_day(Period p);
int32_t year_of(Period p);
/// How many months the kind has: 1, 3, 6, 12.
int32_t months_of(PeriodKind k);
/// The first period of the finer (or equal) kind inside p.
Period first_within(Period p, PeriodKind finer);

}  // namespace kaogong::scheme
