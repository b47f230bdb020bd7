// How values are written at the edge, and what is said when they are not.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "engine/scheme/literal.h"
#include "engine/scheme/period.h"
#include "gateway/json/writer.h"
#include "infra/clock/clock.h"
#include "tenants/calendar/day.h"

namespace kaogong::api {

inline constexpr std::string_view kDateForm = "a date like 2026-10-31";
inline constexpr std::string_view kPeriodForm = "a period like 2026-10, 2026-Q3, 2026-H1 or 2026";
inline constexpr std::string_view kInstantForm = "a time in UTC like 2026-10-31T08:15:00Z";

/// Reads RFC 3339 in UTC with at most six decimals of the second.
std::optional<clock::Instant> parse_instant(std::string_view text);
/// The day that it is, in UTC.
tenants::Day today(const clock::Clock& clock);

/// A text as one segment of a path: percent-encoded but for letters, digits and -._~
std::string escaped_segment(std::string_view text);

/// Members whose values may be missing: then null.
inline json::Writer& date_member(json::Writer& w, std::string_view name, tenants::Day day) {
  return w.member(name, scheme::date_to_text(day));
}
inline json::Writer& date_member(json::Writer& w, std::string_view name, const std::optional<tenants::Day>& day) {
  w.name(name);
  return day ? w.value(scheme::date_to_text(*day)) : w.null();
}
inline json::Writer& instant_member(json::Writer& w, std::string_view name, const std::optional<clock::Instant>& at) {
  w.name(name);
  return at ? w.value(clock::to_rfc3339(*at)) : w.null();
}

}  // namespace kaogong::api
