// Lexical forms of FEEL's temporal values: XML Schema part 2 (dates, times, durations) with FEEL's zone names.
#include <charconv>

#include "engine/feel/civil.h"
#include "engine/feel/temporal.h"

namespace kaogong::feel {
namespace {

/// Reads a text from the left; a failed step leaves it where it was.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// The digits that come next, maybe none.
  std::string_view take_digits() {
    size_t count = 0;
    while (count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9') ++count;
    const std::string_view digits = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return digits;
  }

  /// Exactly two digits.
  std::optional<int64_t> take_pair() {
    if (rest_.size() < 2 || !is_digit(rest_[0]) || !is_digit(rest_[1])) return {};
    const int64_t value = (rest_[0] - '0') * 10 + (rest_[1] - '0');
    rest_.remove_prefix(2);
    return value;
  }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  std::string_view rest_;
};

/// At most 18 digits (any int64 of them fits); empty for none or more.
std::optional<int64_t> to_integer(std::string_view digits) {
  if (digits.empty() || digits.size() > 18) return {};
  int64_t value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

/// Digits after a decimal point as nanoseconds; empty when they are finer than that.
std::optional<int64_t> to_nanos(std::string_view digits) {
  int64_t nanos = 0;
  for (size_t i = 0; i < 9; ++i) nanos = nanos * 10 + (i < digits.size() ? digits[i] - '0' : 0);
  if (digits.size() > 9 && digits.find_first_not_of('0', 9) != std::string_view::npos) return {};
  return nanos;
}

std::optional<Date> read_date(Cursor& cursor) {
  const bool negative = cursor.take('-');
  const std::string_view digits = cursor.take_digits();
  if (digits.size() < 4 || digits.size() > 9 || (digits.size() > 4 && digits.front() == '0')) return {};
  const int64_t year = *to_integer(digits);
  if (!cursor.take('-')) return {};
  const auto month = cursor.take_pair();
  if (!month || !cursor.take('-')) return {};
  const auto day = cursor.take_pair();
  if (!day) return {};
  return make_date(negative ? -year : year, *month, *day);
}

std::optional<Zone> read_zone(Cursor& cursor, const ZoneRules& zones) {
  if (cursor.done()) return Zone::local();
  if (cursor.take('Z')) return cursor.done() ? std::optional(Zone::utc()) : std::nullopt;
  if (cursor.take('@')) {
    if (!zones.known(cursor.rest())) return {};
    return Zone::named(std::string(cursor.rest()));
  }
  const bool negative = cursor.take('-');
  if (!negative && !cursor.take('+')) return {};
  const auto hours = cursor.take_pair();
  if (!hours || !cursor.take(':')) return {};
  const auto minutes = cursor.take_pair();
  if (!minutes || *minutes > 59) return {};
  // XML Schema has no seconds here, but FEEL's time() makes offsets with seconds and string() writes them.
  int64_t seconds = 0;
  if (cursor.take(':')) {
    const auto read = cursor.take_pair();
    if (!read || *read > 59) return {};
    seconds = *read;
  }
  const int64_t offset = (*hours * 60 + *minutes) * 60 + seconds;
  if (!cursor.done() || offset > kOffsetSecondsMax) return {};
  return Zone::offset(static_cast<int32_t>(negative ? -offset : offset));
}

struct ClockReading {
  Time time;
  bool end_of_day = false;  // written 24:00:00
};

std::optional<ClockReading> read_clock(Cursor& cursor, const ZoneRules& zones) {
  const auto hour = cursor.take_pair();
  if (!hour || !cursor.take(':')) return {};
  const auto minute = cursor.take_pair();
  if (!minute || !cursor.take(':')) return {};
  const auto second = cursor.take_pair();
  if (!second) return {};
  int64_t nanos = 0;
  if (cursor.take('.')) {
    const std::string_view digits = cursor.take_digits();
    const auto fraction = to_nanos(digits);
    if (digits.empty() || !fraction) return {};
    nanos = *fraction;
  }
  const bool end_of_day = *hour == 24 && *minute == 0 && *second == 0 && nanos == 0;
  auto time = make_time(end_of_day ? 0 : *hour, *minute, *second, nanos, {});
  auto zone = read_zone(cursor, zones);
  if (!time || !zone) return {};
  time->zone = std::move(*zone);
  return ClockReading{std::move(*time), end_of_day};
}

/// One number of a duration and the letter after it; `fraction` only for seconds.
struct DurationPart {
  int64_t value;
  int64_t nanos;
  char unit;
};

std::optional<DurationPart> read_part(Cursor& cursor) {
  const auto value = to_integer(cursor.take_digits());
  if (!value) return {};
  int64_t nanos = 0;
  const bool fraction = cursor.take('.');
  if (fraction) {
    const auto read = to_nanos(cursor.take_digits());
    if (!read) return {};
    nanos = *read;
  }
  for (const char unit : {'Y', 'M', 'D', 'H', 'S'}) {
    if (cursor.take(unit)) {
      if (fraction && unit != 'S') return {};
      return DurationPart{*value, nanos, unit};
    }
  }
  return {};
}

std::optional<Duration> read_years_months(const DurationPart& first, Cursor& cursor, int64_t sign) {
  int64_t years = 0;
  int64_t months = 0;
  if (first.unit == 'Y') {
    years = first.value;
    if (!cursor.done()) {
      const auto second = read_part(cursor);
      if (!second || second->unit != 'M') return {};
      months = second->value;
    }
  } else {
    months = first.value;
  }
  if (!cursor.done()) return {};
  return make_years_months(sign * years, sign * months);
}

std::optional<Duration> read_clock_parts(__int128 total, Cursor& cursor, int64_t sign) {
  // After "T": hours, minutes, seconds, each at most once, in this order, at least one.
  constexpr std::string_view kUnits = "HMS";
  size_t next = 0;
  do {
    const auto part = read_part(cursor);
    const size_t unit = part ? kUnits.find(part->unit, next) : std::string_view::npos;
    if (unit == std::string_view::npos) return {};
    constexpr int64_t kSeconds[] = {3600, 60, 1};
    total += static_cast<__int128>(part->value) * kSeconds[unit] * kNanosPerSecond + part->nanos;
    next = unit + 1;
  } while (!cursor.done());
  return make_nanos(sign * total);
}

void append_padded(std::string& out, int64_t value, int width) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  for (auto length = end - digits; length < width; ++length) out += '0';
  out.append(digits, end);
}

/// ".123" without trailing zeros; nothing for 0.
void append_fraction(std::string& out, int64_t nanos) {
  if (nanos == 0) return;
  out += '.';
  append_padded(out, nanos, 9);
  out.erase(out.find_last_not_of('0') + 1);
}

void append_zone(std::string& out, const Zone& zone) {
  if (zone.is_local()) return;
  if (zone.kind == Zone::Kind::kNamed) {
    out += '@';
    out += zone.name;
    return;
  }
  if (zone.offset_seconds == 0) {
    out += 'Z';
    return;
  }
  const int64_t offset = zone.offset_seconds < 0 ? -int64_t{zone.offset_seconds} : zone.offset_seconds;
  out += zone.offset_seconds < 0 ? '-' : '+';
  append_padded(out, offset / 3600, 2);
  out += ':';
  append_padded(out, offset / 60 % 60, 2);
  if (offset % 60 != 0) {
    out += ':';
    append_padded(out, offset % 60, 2);
  }
}

void append_part(std::string& out, uint64_t value, char unit) {
  if (value == 0) return;
  out += std::to_string(value);
  out += unit;
}

}  // namespace

std::optional<Date> parse_date(std::string_view text) {
  Cursor cursor(text);
  const auto date = read_date(cursor);
  return cursor.done() ? date : std::nullopt;
}

std::optional<Time> parse_time(std::string_view text, const ZoneRules& zones) {
  Cursor cursor(text);
  auto reading = read_clock(cursor, zones);
  if (!reading) return {};
  return std::move(reading->time);
}

std::optional<DateTime> parse_date_time(std::string_view text, const ZoneRules& zones) {
  Cursor cursor(text);
  auto date = read_date(cursor);
  if (!date) return {};
  if (cursor.done()) return DateTime{*date, {}};
  if (!cursor.take('T')) return {};
  auto reading = read_clock(cursor, zones);
  if (!reading) return {};
  if (reading->end_of_day) date = add_days(*date, 1);
  if (!date) return {};
  return DateTime{*date, std::move(reading->time)};
}

std::optional<Duration> parse_duration(std::string_view text) {
  Cursor cursor(text);
  const int64_t sign = cursor.take('-') ? -1 : 1;
  if (!cursor.take('P')) return {};
  if (cursor.take('T')) return read_clock_parts(0, cursor, sign);
  const auto first = read_part(cursor);
  if (!first) return {};
  if (first->unit == 'Y' || first->unit == 'M') return read_years_months(*first, cursor, sign);
  if (first->unit != 'D') return {};
  const __int128 total = static_cast<__int128>(first->value) * kNanosPerDay;
  if (cursor.done()) return make_nanos(sign * total);
  if (!cursor.take('T')) return {};
  return read_clock_parts(total, cursor, sign);
}

std::optional<Temporal> parse_temporal(std::string_view text, const ZoneRules& zones) {
  const auto widen = [](auto&& value) -> std::optional<Temporal> {
    if (!value) return {};
    return Temporal(std::move(*value));
  };
  if (text.starts_with('P') || text.starts_with("-P")) {
    const auto duration = parse_duration(text);
    if (!duration) return {};
    return std::visit([](const auto& value) { return Temporal(value); }, *duration);
  }
  if (text.size() > 2 && text[2] == ':') return widen(parse_time(text, zones));
  if (text.find('T') != std::string_view::npos) return widen(parse_date_time(text, zones));
  return widen(parse_date(text));
}

std::string to_string(const Date& date) {
  std::string out;
  if (date.year < 0) out += '-';
  append_padded(out, date.year < 0 ? -int64_t{date.year} : date.year, 4);
  out += '-';
  append_padded(out, date.month, 2);
  out += '-';
  append_padded(out, date.day, 2);
  return out;
}

std::string to_string(const Time& time) {
  std::string out;
  append_padded(out, hour(time), 2);
  out += ':';
  append_padded(out, minute(time), 2);
  out += ':';
  append_padded(out, second(time), 2);
  append_fraction(out, nanos_of_second(time));
  append_zone(out, time.zone);
  return out;
}

std::string to_string(const DateTime& date_time) { return to_string(date_time.date) + 'T' + to_string(date_time.time); }

std::string to_string(const DaysTimeDuration& duration) {
  if (duration.nanos == 0) return "PT0S";
  std::string out = duration.nanos < 0 ? "-P" : "P";
  const DaysTimeDuration size = absolute(duration);
  append_part(out, static_cast<uint64_t>(days(size)), 'D');
  if (size.nanos % kNanosPerDay == 0) return out;
  out += 'T';
  append_part(out, static_cast<uint64_t>(hours(size)), 'H');
  append_part(out, static_cast<uint64_t>(minutes(size)), 'M');
  if (size.nanos % (60 * kNanosPerSecond) != 0) {
    out += std::to_string(seconds(size));
    append_fraction(out, nanos_of_second(size));
    out += 'S';
  }
  return out;
}

std::string to_string(const YearsMonthsDuration& duration) {
  if (duration.months == 0) return "P0M";
  std::string out = duration.months < 0 ? "-P" : "P";
  const YearsMonthsDuration size = absolute(duration);
  append_part(out, static_cast<uint64_t>(years(size)), 'Y');
  append_part(out, static_cast<uint64_t>(months(size)), 'M');
  return out;
}

}  // namespace kaogong::feel
