// Equality and order of values (OMG DMN 1.5, 10.3.2.13, tables 53 and 54).
#pragma once

#include <compare>
#include <optional>

#include "engine/feel/value.h"

namespace kaogong::feel {

/// FEEL's `=`. Empty: the values are of kinds that do not compare. null equals only null.
std::optional<bool> equal(const Value& a, const Value& b, const ZoneRules& zones);
/// The order of two numbers, strings, dates, times, dates with times, or durations of one kind. Empty: no order.
std::optional<std::strong_ordering> order(const Value& a, const Value& b, const ZoneRules& zones);
/// Says whether the range holds the value. Empty: not comparable.
std::optional<bool> contains(const Range& range, const Value& value, const ZoneRules& zones);
/// FEEL's is(): the same kind and the same value in every part.
bool same(const Value& a, const Value& b, const ZoneRules& zones);

}  // namespace kaogong::feel
