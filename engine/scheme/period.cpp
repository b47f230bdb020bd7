#include "engine/scheme/period.h"

#include <array>

#include "engine/feel/civil.h"

namespace kaogong::scheme {
namespace {

constexpr std::array<std::string_view, 4> kKinds = {"month", "quarter", "half_year", "year"};

int32_t per_year(PeriodKind kind) { return 12 / months_of(kind); }

// The digits of `text` from `from` to its end as a number; -1 unless there are exactly `count` of them.
int32_t digits(std::string_view text, size_t from, size_t count) {
  if (text.size() != from + count) return -1;
  int32_t value = 0;
  for (size_t i = from; i < text.size(); ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

std::string padded(int32_t value, size_t width) {
  std::string text = std::to_string(value);
  return text.size() < width ? std::string(width - text.size(), '0') + text : text;
}

}  // namespace

int32_t months_of(PeriodKind k) {
  constexpr std::array<int32_t, 4> kMonths = {1, 3, 6, 12};
  return kMonths[static_cast<size_t>(k)];
}

std::string_view to_text(PeriodKind k) { return kKinds[static_cast<size_t>(k)]; }

std::optional<PeriodKind> parse_period_kind(std::string_view text) {
  for (size_t i = 0; i < kKinds.size(); ++i) {
    if (kKinds[i] == text) return static_cast<PeriodKind>(i);
  }
  return std::nullopt;
}

std::optional<Period> parse_period(std::string_view text) {
  const int32_t year = digits(text.substr(0, 4), 0, 4);
  if (year < 1) return std::nullopt;
  if (text.size() == 4) return Period{PeriodKind::kYear, year};
  if (text[4] != '-' || text.size() < 7) return std::nullopt;
  PeriodKind kind = PeriodKind::kMonth;
  int32_t number = 0;
  if (text[5] == 'Q') {
    kind = PeriodKind::kQuarter;
    number = digits(text, 6, 1);
  } else if (text[5] == 'H') {
    kind = PeriodKind::kHalfYear;
    number = digits(text, 6, 1);
  } else {
    number = digits(text, 5, 2);
  }
  if (number < 1 || number > per_year(kind)) return std::nullopt;
  return Period{kind, year * per_year(kind) + number - 1};
}

std::string to_text(Period p) {
  const std::string year = padded(year_of(p), 4);
  const int32_t number = p.index - year_of(p) * per_year(p.kind) + 1;
  switch (p.kind) {
    case PeriodKind::kMonth:
      return year + "-" + padded(number, 2);
    case PeriodKind::kQuarter:
      return year + "-Q" + std::to_string(number);
    case PeriodKind::kHalfYear:
      return year + "-H" + std::to_string(number);
    case PeriodKind::kYear:
      break;
  }
  return year;
}

int32_t year_of(Period p) { return feel::civil::floor_div<int32_t>(p.index, per_year(p.kind)); }

int32_t first_day(Period p) {
  const int32_t month = (p.index - year_of(p) * per_year(p.kind)) * months_of(p.kind) + 1;
  return feel::civil::days_from_civil<int32_t>(year_of(p), month, 1);
}

int32_t last_day(Period p) { return first_day({p.kind, p.index + 1}) - 1; }

Period first_within(Period p, PeriodKind finer) { return {finer, p.index * (months_of(p.kind) / months_of(finer))}; }

}  // namespace kaogong::scheme
