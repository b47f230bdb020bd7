// Arithmetic and comparison of FEEL's temporal values. Instants are nanoseconds since 1970-01-01T00:00:00 in 128 bits:
// a billion years of nanoseconds need 85.
#include <limits>

#include "engine/feel/civil.h"
#include "engine/feel/temporal.h"

namespace kaogong::feel {
namespace {

using Nanos = __int128;
using UNanos = unsigned __int128;

constexpr Nanos floor_quotient(Nanos value, Nanos divisor) {
  const Nanos quotient = value / divisor;
  return quotient - static_cast<Nanos>(value % divisor < 0);
}

/// Nanoseconds on the value's own clock.
Nanos clock_nanos(const DateTime& value) {
  return static_cast<Nanos>(to_days(value.date)) * kNanosPerDay + value.time.nanos_of_day;
}

std::optional<DateTime> from_clock_nanos(Nanos nanos, Zone zone) {
  const Nanos day = floor_quotient(nanos, kNanosPerDay);
  if (day < std::numeric_limits<int64_t>::min() || day > std::numeric_limits<int64_t>::max()) return {};
  const auto date = from_days(static_cast<int64_t>(day));
  if (!date) return {};
  return DateTime{*date, {static_cast<int64_t>(nanos - day * kNanosPerDay), std::move(zone)}};
}

/// Nanoseconds of UTC; empty for a local value or an unknown zone.
std::optional<Nanos> utc_nanos(const DateTime& value, const ZoneRules& zones) {
  const auto offset = time_offset(value, zones);
  if (!offset) return {};
  return clock_nanos(value) - offset->nanos;
}

/// Nanoseconds by which two values of the same kind may be compared and subtracted, on one clock: both local, both in
/// one zone, or both brought to UTC.
struct Pair {
  Nanos a;
  Nanos b;
};

std::optional<Pair> on_one_clock(const DateTime& a, const DateTime& b, const ZoneRules& zones) {
  if (a.time.zone.is_local() != b.time.zone.is_local()) return {};
  if (a.time.zone.is_local()) return Pair{clock_nanos(a), clock_nanos(b)};
  const auto left = utc_nanos(a, zones);
  const auto right = utc_nanos(b, zones);
  if (!left || !right) return {};
  return Pair{*left, *right};
}

std::optional<Pair> on_one_clock(const Time& a, const Time& b, const ZoneRules& zones) {
  if (a.zone.is_local() != b.zone.is_local()) return {};
  if (a.zone == b.zone) return Pair{a.nanos_of_day, b.nanos_of_day};
  const auto left = time_offset(a, zones);
  const auto right = time_offset(b, zones);
  if (!left || !right) return {};
  return Pair{a.nanos_of_day - left->nanos, b.nanos_of_day - right->nanos};
}

template <class T>
std::optional<std::strong_ordering> compare_seconds(const T& a, const T& b, const ZoneRules& zones) {
  const auto pair = on_one_clock(a, b, zones);
  if (!pair) return {};
  return floor_quotient(pair->a, kNanosPerSecond) <=> floor_quotient(pair->b, kNanosPerSecond);
}

template <class T>
std::optional<bool> equal_seconds(const T& a, const T& b, const ZoneRules& zones) {
  const auto order = compare_seconds(a, b, zones);
  if (!order) return {};
  return *order == std::strong_ordering::equal;
}

template <class T>
std::optional<DaysTimeDuration> difference(const T& a, const T& b, const ZoneRules& zones) {
  const auto pair = on_one_clock(a, b, zones);
  if (!pair) return {};
  return DaysTimeDuration{pair->a - pair->b};
}

UNanos magnitude(Nanos value) { return value < 0 ? -static_cast<UNanos>(value) : static_cast<UNanos>(value); }

/// a * b / c, the fraction dropped; c is positive and below 2^127. Empty: the quotient does not fit 127 bits.
std::optional<UNanos> scale(UNanos a, UNanos b, UNanos c) {
  UNanos product = 0;
  if (!__builtin_mul_overflow(a, b, &product)) return product / c;
  // The 256-bit product from four 64-bit halves, then division bit by bit: only absurd factors come here.
  constexpr UNanos kLow = ~uint64_t{0};
  const UNanos a0 = a & kLow, a1 = a >> 64, b0 = b & kLow, b1 = b >> 64;
  const UNanos low = a0 * b0;
  const UNanos middle = a1 * b0 + (low >> 64);
  const UNanos middle2 = a0 * b1 + (middle & kLow);
  UNanos high = a1 * b1 + (middle >> 64) + (middle2 >> 64);
  UNanos rest = (middle2 << 64) | (low & kLow);
  if (high >= c) return {};
  UNanos quotient = 0;
  for (int bit = 0; bit < 128; ++bit) {
    high = (high << 1) | (rest >> 127);
    rest <<= 1;
    quotient <<= 1;
    if (high >= c) {
      high -= c;
      quotient |= 1;
    }
  }
  if (quotient >> 127) return {};
  return quotient;
}

std::optional<Nanos> scale_signed(Nanos value, Nanos numerator, Nanos denominator) {
  constexpr UNanos kMax = ~UNanos{0} >> 1;
  const UNanos divisor = magnitude(denominator);
  if (divisor == 0 || divisor > kMax) return {};
  const auto result = scale(magnitude(value), magnitude(numerator), divisor);
  if (!result || *result > kMax) return {};
  const bool negative = (value < 0) != ((numerator < 0) != (denominator < 0));
  return negative ? -static_cast<Nanos>(*result) : static_cast<Nanos>(*result);
}

}  // namespace

std::optional<DateTime> in_zone(const DateTime& value, const Zone& zone, const ZoneRules& zones) {
  const auto utc = utc_nanos(value, zones);
  if (!utc || zone.is_local()) return {};
  int32_t offset = zone.offset_seconds;
  if (zone.kind == Zone::Kind::kNamed) {
    const auto found = zones.offset_at_utc(zone.name, static_cast<int64_t>(floor_quotient(*utc, kNanosPerSecond)));
    if (!found) return {};
    offset = *found;
  }
  return from_clock_nanos(*utc + static_cast<Nanos>(offset) * kNanosPerSecond, zone);
}

std::optional<bool> equals(const Time& a, const Time& b, const ZoneRules& zones) { return equal_seconds(a, b, zones); }
std::optional<bool> equals(const DateTime& a, const DateTime& b, const ZoneRules& zones) {
  return equal_seconds(a, b, zones);
}
std::optional<std::strong_ordering> compare(const Time& a, const Time& b, const ZoneRules& zones) {
  return compare_seconds(a, b, zones);
}
std::optional<std::strong_ordering> compare(const DateTime& a, const DateTime& b, const ZoneRules& zones) {
  return compare_seconds(a, b, zones);
}

std::optional<Date> add_months(const Date& date, int64_t months) {
  // Within these bounds nothing below overflows; beyond them the year is out of range whatever the date.
  constexpr int64_t kMonthsMax = 2 * (kYearMax + 1) * 12;
  if (months < -kMonthsMax || months > kMonthsMax) return {};
  const int64_t index = int64_t{date.year} * 12 + (date.month - 1) + months;
  const int64_t year = civil::floor_div<int64_t>(index, 12);
  const int64_t month = index - year * 12 + 1;
  if (year < -kYearMax || year > kYearMax) return {};
  const int64_t last = civil::last_day_of_month(year, month);
  return make_date(year, month, date.day < last ? date.day : last);
}

std::optional<Date> add_days(const Date& date, int64_t days) {
  int64_t sum = 0;
  if (__builtin_add_overflow(to_days(date), days, &sum)) return {};
  return from_days(sum);
}

int64_t days_between(const Date& from, const Date& to) { return to_days(to) - to_days(from); }

Date month_end(const Date& date) {
  return {date.year, date.month, static_cast<int8_t>(civil::last_day_of_month<int64_t>(date.year, date.month))};
}

std::optional<Date> month_end_after(const Date& date) {
  const auto next = add_days(date, 1);
  if (!next) return {};
  return month_end(*next);
}

std::optional<Date> add(const Date& date, const YearsMonthsDuration& duration) {
  return add_months(date, duration.months);
}

std::optional<Date> add(const Date& date, const DaysTimeDuration& duration) {
  const auto sum = from_clock_nanos(static_cast<Nanos>(to_days(date)) * kNanosPerDay + duration.nanos, Zone::local());
  if (!sum) return {};
  return sum->date;
}

std::optional<DateTime> add(const DateTime& value, const YearsMonthsDuration& duration) {
  const auto date = add_months(value.date, duration.months);
  if (!date) return {};
  return DateTime{*date, value.time};
}

std::optional<DateTime> add(const DateTime& value, const DaysTimeDuration& duration, const ZoneRules& zones) {
  if (value.time.zone.kind != Zone::Kind::kNamed) {
    return from_clock_nanos(clock_nanos(value) + duration.nanos, value.time.zone);
  }
  const auto utc = utc_nanos(value, zones);
  if (!utc) return {};
  const auto sum = from_clock_nanos(*utc + duration.nanos, Zone::utc());
  if (!sum) return {};
  return in_zone(*sum, value.time.zone, zones);
}

Time add(const Time& time, const DaysTimeDuration& duration) {
  const Nanos sum = time.nanos_of_day + duration.nanos % kNanosPerDay + kNanosPerDay;
  return {static_cast<int64_t>(sum % kNanosPerDay), time.zone};
}

std::optional<DaysTimeDuration> add(const DaysTimeDuration& a, const DaysTimeDuration& b) {
  return make_nanos(a.nanos + b.nanos);
}

std::optional<YearsMonthsDuration> add(const YearsMonthsDuration& a, const YearsMonthsDuration& b) {
  int64_t sum = 0;
  if (__builtin_add_overflow(a.months, b.months, &sum) || sum < -kDurationMonthsMax) return {};
  return YearsMonthsDuration{sum};
}

std::optional<Date> subtract(const Date& date, const YearsMonthsDuration& duration) {
  return add(date, negate(duration));
}
std::optional<Date> subtract(const Date& date, const DaysTimeDuration& duration) { return add(date, negate(duration)); }
std::optional<DateTime> subtract(const DateTime& value, const YearsMonthsDuration& duration) {
  return add(value, negate(duration));
}
std::optional<DateTime> subtract(const DateTime& value, const DaysTimeDuration& duration, const ZoneRules& zones) {
  return add(value, negate(duration), zones);
}
Time subtract(const Time& time, const DaysTimeDuration& duration) { return add(time, negate(duration)); }
std::optional<DaysTimeDuration> subtract(const DaysTimeDuration& a, const DaysTimeDuration& b) {
  return add(a, negate(b));
}
std::optional<YearsMonthsDuration> subtract(const YearsMonthsDuration& a, const YearsMonthsDuration& b) {
  return add(a, negate(b));
}

DaysTimeDuration subtract(const Date& a, const Date& b) {
  return {static_cast<Nanos>(to_days(a) - to_days(b)) * kNanosPerDay};
}
std::optional<DaysTimeDuration> subtract(const DateTime& a, const DateTime& b, const ZoneRules& zones) {
  return difference(a, b, zones);
}
std::optional<DaysTimeDuration> subtract(const DateTime& a, const Date& b, const ZoneRules& zones) {
  return difference(a, at_midnight_utc(b), zones);
}
std::optional<DaysTimeDuration> subtract(const Date& a, const DateTime& b, const ZoneRules& zones) {
  return difference(at_midnight_utc(a), b, zones);
}
std::optional<DaysTimeDuration> subtract(const Time& a, const Time& b, const ZoneRules& zones) {
  return difference(a, b, zones);
}

DaysTimeDuration negate(const DaysTimeDuration& duration) { return {-duration.nanos}; }
YearsMonthsDuration negate(const YearsMonthsDuration& duration) { return {-duration.months}; }
DaysTimeDuration absolute(const DaysTimeDuration& duration) {
  return {duration.nanos < 0 ? -duration.nanos : duration.nanos};
}
YearsMonthsDuration absolute(const YearsMonthsDuration& duration) {
  return {duration.months < 0 ? -duration.months : duration.months};
}

std::optional<DaysTimeDuration> multiply(const DaysTimeDuration& duration, __int128 numerator, __int128 denominator) {
  const auto nanos = scale_signed(duration.nanos, numerator, denominator);
  if (!nanos) return {};
  return make_nanos(*nanos);
}

std::optional<YearsMonthsDuration> multiply(const YearsMonthsDuration& duration, __int128 numerator,
                                            __int128 denominator) {
  const auto months = scale_signed(duration.months, numerator, denominator);
  if (!months || *months < -kDurationMonthsMax || *months > kDurationMonthsMax) return {};
  return YearsMonthsDuration{static_cast<int64_t>(*months)};
}

}  // namespace kaogong::feel
