#include "engine/feel/zone_rules.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/feel/civil.h"

namespace kaogong::feel {
namespace {

constexpr int64_t kDay = 86'400;
constexpr int32_t kHour = 3'600;

/// The day a change falls on: the nth Sunday of a month, 5 the last.
struct Sunday {
  int64_t month;
  int64_t nth;
};

/// When summer time begins and ends, and the time of day of both changes, on the zone's standard clock or on UTC's.
struct SummerTime {
  Sunday begin;
  Sunday end;
  int32_t begin_seconds;
  int32_t end_seconds;
  bool utc;
};

constexpr SummerTime kEurope{{3, 5}, {10, 5}, kHour, kHour, true};
constexpr SummerTime kNorthAmerica{{3, 2}, {11, 1}, 2 * kHour, 1 * kHour, false};
constexpr SummerTime kAustralia{{10, 1}, {4, 1}, 2 * kHour, 2 * kHour, false};
constexpr SummerTime kNewZealand{{9, 5}, {4, 1}, 2 * kHour, 2 * kHour, false};

struct ZoneRow {
  std::string_view name;
  int32_t standard_minutes;
  const SummerTime* summer = nullptr;
};

// The offsets and rules in force in 2024 by the IANA time zone database. Sorted by name, which the search needs.
constexpr auto kZones = std::to_array<ZoneRow>({
    {"Africa/Accra", 0},
    {"Africa/Addis_Ababa", 180},
    {"Africa/Algiers", 60},
    {"Africa/Johannesburg", 120},
    {"Africa/Lagos", 60},
    {"Africa/Nairobi", 180},
    {"Africa/Tunis", 60},
    {"America/Anchorage", -540, &kNorthAmerica},
    {"America/Argentina/Buenos_Aires", -180},
    {"America/Bogota", -300},
    {"America/Caracas", -240},
    {"America/Chicago", -360, &kNorthAmerica},
    {"America/Denver", -420, &kNorthAmerica},
    {"America/Edmonton", -420, &kNorthAmerica},
    {"America/Halifax", -240, &kNorthAmerica},
    {"America/Lima", -300},
    {"America/Los_Angeles", -480, &kNorthAmerica},
    {"America/Mexico_City", -360},
    {"America/New_York", -300, &kNorthAmerica},
    {"America/Phoenix", -420},
    {"America/Puerto_Rico", -240},
    {"America/Sao_Paulo", -180},
    {"America/St_Johns", -210, &kNorthAmerica},
    {"America/Toronto", -300, &kNorthAmerica},
    {"America/Vancouver", -480, &kNorthAmerica},
    {"Asia/Baghdad", 180},
    {"Asia/Bangkok", 420},
    {"Asia/Calcutta", 330},
    {"Asia/Chongqing", 480},
    {"Asia/Colombo", 330},
    {"Asia/Dhaka", 360},
    {"Asia/Dubai", 240},
    {"Asia/Ho_Chi_Minh", 420},
    {"Asia/Hong_Kong", 480},
    {"Asia/Jakarta", 420},
    {"Asia/Kabul", 270},
    {"Asia/Karachi", 300},
    {"Asia/Kathmandu", 345},
    {"Asia/Kolkata", 330},
    {"Asia/Kuala_Lumpur", 480},
    {"Asia/Macau", 480},
    {"Asia/Manila", 480},
    {"Asia/Pyongyang", 540},
    {"Asia/Riyadh", 180},
    {"Asia/Saigon", 420},
    {"Asia/Seoul", 540},
    {"Asia/Shanghai", 480},
    {"Asia/Singapore", 480},
    {"Asia/Taipei", 480},
    {"Asia/Tashkent", 300},
    {"Asia/Tehran", 210},
    {"Asia/Tokyo", 540},
    {"Asia/Ulaanbaatar", 480},
    {"Asia/Urumqi", 360},
    {"Asia/Vladivostok", 600},
    {"Asia/Yangon", 390},
    {"Asia/Yekaterinburg", 300},
    {"Atlantic/Azores", -60, &kEurope},
    {"Atlantic/Reykjavik", 0},
    {"Australia/Adelaide", 570, &kAustralia},
    {"Australia/Brisbane", 600},
    {"Australia/Canberra", 600, &kAustralia},
    {"Australia/Darwin", 570},
    {"Australia/Hobart", 600, &kAustralia},
    {"Australia/Melbourne", 600, &kAustralia},
    {"Australia/Perth", 480},
    {"Australia/Sydney", 600, &kAustralia},
    {"Etc/GMT", 0},
    {"Etc/Greenwich", 0},
    {"Etc/UCT", 0},
    {"Etc/UTC", 0},
    {"Etc/Universal", 0},
    {"Etc/Zulu", 0},
    {"Europe/Amsterdam", 60, &kEurope},
    {"Europe/Athens", 120, &kEurope},
    {"Europe/Belgrade", 60, &kEurope},
    {"Europe/Berlin", 60, &kEurope},
    {"Europe/Bratislava", 60, &kEurope},
    {"Europe/Brussels", 60, &kEurope},
    {"Europe/Bucharest", 120, &kEurope},
    {"Europe/Budapest", 60, &kEurope},
    {"Europe/Copenhagen", 60, &kEurope},
    {"Europe/Dublin", 0, &kEurope},
    {"Europe/Helsinki", 120, &kEurope},
    {"Europe/Istanbul", 180},
    {"Europe/Kiev", 120, &kEurope},
    {"Europe/Kyiv", 120, &kEurope},
    {"Europe/Lisbon", 0, &kEurope},
    {"Europe/Ljubljana", 60, &kEurope},
    {"Europe/London", 0, &kEurope},
    {"Europe/Luxembourg", 60, &kEurope},
    {"Europe/Madrid", 60, &kEurope},
    {"Europe/Malta", 60, &kEurope},
    {"Europe/Minsk", 180},
    {"Europe/Monaco", 60, &kEurope},
    {"Europe/Moscow", 180},
    {"Europe/Oslo", 60, &kEurope},
    {"Europe/Paris", 60, &kEurope},
    {"Europe/Prague", 60, &kEurope},
    {"Europe/Riga", 120, &kEurope},
    {"Europe/Rome", 60, &kEurope},
    {"Europe/Sofia", 120, &kEurope},
    {"Europe/Stockholm", 60, &kEurope},
    {"Europe/Tallinn", 120, &kEurope},
    {"Europe/Vienna", 60, &kEurope},
    {"Europe/Vilnius", 120, &kEurope},
    {"Europe/Warsaw", 60, &kEurope},
    {"Europe/Zagreb", 60, &kEurope},
    {"Europe/Zurich", 60, &kEurope},
    {"GMT", 0},
    {"PRC", 480},
    {"Pacific/Auckland", 720, &kNewZealand},
    {"Pacific/Fiji", 720},
    {"Pacific/Guam", 600},
    {"Pacific/Honolulu", -600},
    {"UCT", 0},
    {"US/Central", -360, &kNorthAmerica},
    {"US/Eastern", -300, &kNorthAmerica},
    {"US/Mountain", -420, &kNorthAmerica},
    {"US/Pacific", -480, &kNorthAmerica},
    {"UTC", 0},
    {"Universal", 0},
    {"Zulu", 0},
});
static_assert(std::ranges::is_sorted(kZones, {}, &ZoneRow::name));

/// "Etc/GMT+5" is five hours behind UTC: POSIX signs. The database has +0..+12 and -0..-14.
std::optional<ZoneRow> find_etc_gmt(std::string_view zone) {
  constexpr std::string_view kPrefix = "Etc/GMT";
  if (!zone.starts_with(kPrefix) || zone.size() < kPrefix.size() + 2 || zone.size() > kPrefix.size() + 3) return {};
  const char sign = zone[kPrefix.size()];
  const std::string_view digits = zone.substr(kPrefix.size() + 1);
  int32_t hours = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), hours);
  if ((sign != '+' && sign != '-') || error != std::errc{} || end != digits.data() + digits.size() || hours < 0 ||
      hours > (sign == '+' ? 12 : 14) || (digits.size() == 2 && digits.front() == '0')) {
    return {};
  }
  return ZoneRow{zone, (sign == '+' ? -60 : 60) * hours};
}

std::optional<ZoneRow> find(std::string_view zone) {
  const auto row = std::ranges::lower_bound(kZones, zone, {}, &ZoneRow::name);
  if (row != kZones.end() && row->name == zone) return *row;
  return find_etc_gmt(zone);
}

/// The day number of the nth (or last) Sunday of a month.
int64_t day_of(int64_t year, const Sunday& sunday) {
  if (sunday.nth == 5) {
    const int64_t last =
        civil::days_from_civil<int64_t>(year, sunday.month, civil::last_day_of_month(year, sunday.month));
    return last - civil::iso_weekday(last) % 7;
  }
  const int64_t first = civil::days_from_civil<int64_t>(year, sunday.month, 1);
  return first + 7 - civil::iso_weekday(first) + 7 * (sunday.nth - 1);
}

int32_t offset_at(const ZoneRow& row, int64_t utc_seconds) {
  const int32_t standard = row.standard_minutes * 60;
  if (row.summer == nullptr) return standard;
  const SummerTime& rule = *row.summer;
  // On the standard clock every change is within the year that the clock shows.
  const int64_t clock = utc_seconds + standard;
  const int64_t year = civil::civil_from_days(civil::floor_div(clock, kDay)).year;
  const int64_t shift = rule.utc ? standard : 0;
  const int64_t begin = day_of(year, rule.begin) * kDay + rule.begin_seconds + shift;
  const int64_t end = day_of(year, rule.end) * kDay + rule.end_seconds + shift;
  const bool summer = begin < end ? begin <= clock && clock < end : !(end <= clock && clock < begin);
  return summer ? standard + kHour : standard;
}

class BuiltinZones final : public ZoneRules {
 public:
  constexpr BuiltinZones() = default;

  bool known(std::string_view zone) const override { return find(zone).has_value(); }

  std::optional<int32_t> offset_at_local(std::string_view zone, int64_t local_seconds) const override {
    const auto row = find(zone);
    if (!row) return {};
    const int32_t standard = row->standard_minutes * 60;
    const int32_t summer = standard + kHour;
    // Summer time first: an hour shown twice is first shown in summer time. In the skipped hour neither fits, and the
    // offset before the skip is the standard one.
    return offset_at(*row, local_seconds - summer) == summer ? summer : standard;
  }

  std::optional<int32_t> offset_at_utc(std::string_view zone, int64_t utc_seconds) const override {
    const auto row = find(zone);
    if (!row) return {};
    return offset_at(*row, utc_seconds);
  }

  std::optional<int32_t> standard_offset(std::string_view zone) const override {
    const auto row = find(zone);
    if (!row) return {};
    return row->standard_minutes * 60;
  }
};

}  // namespace

const ZoneRules& builtin_zones() {
  static const BuiltinZones kRules;
  return kRules;
}

}  // namespace kaogong::feel
