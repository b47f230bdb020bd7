// Time zones by name, behind an interface: the engine reads no files, so whoever has tzdata may inject it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace kaogong::feel {

/// What the calculation needs to know of time zones. Offsets are seconds east of UTC; instants and local times are
/// seconds since 1970-01-01T00:00:00 (of UTC or of the zone's own clock). Implementations are immutable: one object is
/// read from many threads at once.
class ZoneRules {
 public:
  virtual ~ZoneRules() = default;
  /// Says whether a zone of this name exists ("Europe/Paris"). Names are case-sensitive.
  virtual bool known(std::string_view zone) const = 0;
  /// Returns the offset while the zone's clock shows `local_seconds`. A time that the clock skips has the offset from
  /// before the skip, one that it shows twice has the first. Empty: unknown zone.
  virtual std::optional<int32_t> offset_at_local(std::string_view zone, int64_t local_seconds) const = 0;
  /// Returns the offset at an instant. Empty: unknown zone.
  virtual std::optional<int32_t> offset_at_utc(std::string_view zone, int64_t utc_seconds) const = 0;
  /// Returns the offset outside summer time, which stands for the zone where there is a time but no date.
  virtual std::optional<int32_t> standard_offset(std::string_view zone) const = 0;
};

/// Returns the rules built into the engine: "UTC", "GMT", "Etc/UTC", "Etc/GMT±N" and the common zones of every
/// continent, each with its present-day offset and summer time. The limit: these apply at all dates, so the offset of
/// a past instant is wrong where a country has changed its rules since (the end of European summer time before 1996,
/// Chinese summer time of 1986–1991, local mean time before standard time). Names not in the table are unknown.
const ZoneRules& builtin_zones();

}  // namespace kaogong::feel
