// Civil dates as day numbers: proleptic Gregorian, day 0 is 1970-01-01. Header only and branch-light, because the
// column kernels run these over whole columns of int32 day numbers.
#pragma once

#include <concepts>
#include <cstdint>

namespace kaogong::feel::civil {

/// A year, month (1..12) and day (1..31). Int is int32_t for columns, int64_t for FEEL's range of years.
template <std::signed_integral Int>
struct YearMonthDay {
  Int year;
  Int month;
  Int day;
  friend constexpr bool operator==(const YearMonthDay&, const YearMonthDay&) = default;
};

/// Divides rounding down; `divisor` is positive.
template <std::signed_integral Int>
constexpr Int floor_div(Int value, Int divisor) {
  const Int quotient = value / divisor;
  return quotient - static_cast<Int>(value % divisor < 0);
}

/// Says whether a year has 366 days. Year 0 is 1 BC.
template <std::signed_integral Int>
constexpr bool is_leap_year(Int year) {
  // A multiple of 25 is a multiple of 100 when it is one of 4; then 400 = 25 * 16 decides.
  return (year & (year % 25 == 0 ? 15 : 3)) == 0;
}

/// Returns the number of days of a month (1..12).
template <std::signed_integral Int>
constexpr Int last_day_of_month(Int year, Int month) {
  // 30 | (m ^ m >> 3) & 1 is 31 for the long months: their parity turns over at August.
  return month == 2 ? static_cast<Int>(28 + is_leap_year(year)) : static_cast<Int>(30 | ((month ^ (month >> 3)) & 1));
}

/// Returns the day number of a civil date. The date must exist; for int32_t the year is within ±5,000,000.
/// The algorithm is Howard Hinnant's (chrono-compatible low-level date algorithms): years begin in March.
template <std::signed_integral Int>
constexpr Int days_from_civil(Int year, Int month, Int day) {
  const Int y = year - static_cast<Int>(month <= 2);
  const Int era = floor_div<Int>(y, 400);
  const Int year_of_era = y - era * 400;
  const Int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const Int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

/// Returns the civil date of a day number, the inverse of days_from_civil over the same range.
template <std::signed_integral Int>
constexpr YearMonthDay<Int> civil_from_days(Int days) {
  const Int z = days + 719468;
  const Int era = floor_div<Int>(z, 146097);
  const Int day_of_era = z - era * 146097;
  const Int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const Int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const Int shifted_month = (5 * day_of_year + 2) / 153;
  const Int day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
  const Int month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  return {static_cast<Int>(year_of_era + era * 400 + static_cast<Int>(month <= 2)), month, day};
}

/// Adds months (negative: subtracts) to a day number: the day of the month stays, or becomes the month's last day where
/// it does not exist (31 January + 1 month is 28 or 29 February). The result must be within the range of
/// days_from_civil; year * 12 + months must not overflow Int.
template <std::signed_integral Int>
constexpr Int add_months(Int days, Int months) {
  const YearMonthDay<Int> from = civil_from_days(days);
  const Int index = from.year * 12 + (from.month - 1) + months;
  const Int year = floor_div<Int>(index, 12);
  const Int month = index - year * 12 + 1;
  const Int last = last_day_of_month(year, month);
  return days_from_civil<Int>(year, month, from.day < last ? from.day : last);
}

/// Returns the last day of the month that a day is in.
template <std::signed_integral Int>
constexpr Int month_end(Int days) {
  const YearMonthDay<Int> date = civil_from_days(days);
  return days + last_day_of_month(date.year, date.month) - date.day;
}

/// Returns the first month-end strictly after a day: of a month-end, the next month's.
template <std::signed_integral Int>
constexpr Int month_end_after(Int days) {
  return month_end<Int>(days + 1);
}

/// Returns the first day of the month that a day is in.
template <std::signed_integral Int>
constexpr Int month_start(Int days) {
  return days - civil_from_days(days).day + 1;
}

/// Returns the weekday by ISO 8601: Monday is 1, Sunday is 7.
template <std::signed_integral Int>
constexpr Int iso_weekday(Int days) {
  // Day 0 was a Thursday.
  const Int offset = (days + 3) % 7;
  return (offset < 0 ? offset + 7 : offset) + 1;
}

/// Returns the whole months from one day to another, as FEEL's years and months duration counts them: a month is whole
/// when its day of the month is reached. Negative when `to` is before `from`.
template <std::signed_integral Int>
constexpr Int whole_months_between(Int from, Int to) {
  const YearMonthDay<Int> a = civil_from_days(from);
  const YearMonthDay<Int> b = civil_from_days(to);
  const Int months = (b.year - a.year) * 12 + (b.month - a.month);
  return months - static_cast<Int>(months > 0 && b.day < a.day) + static_cast<Int>(months < 0 && b.day > a.day);
}

}  // namespace kaogong::feel::civil
