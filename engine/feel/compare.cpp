#include "engine/feel/compare.h"

namespace kaogong::feel {
namespace {

std::optional<bool> equal_lists(const std::vector<Value>& a, const std::vector<Value>& b, const ZoneRules& zones) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!equal(a[i], b[i], zones).value_or(false)) return false;
  }
  return true;
}

std::optional<bool> equal_contexts(const Context& a, const Context& b, const ZoneRules& zones) {
  if (a.size() != b.size()) return false;
  for (const auto& [key, value] : a.entries()) {
    const Value* other = b.find(key);
    if (other == nullptr || !equal(value, *other, zones).value_or(false)) return false;
  }
  return true;
}

std::optional<bool> equal_ranges(const Range& a, const Range& b, const ZoneRules& zones) {
  return a.form == b.form && a.has_low == b.has_low && a.has_high == b.has_high && a.low_closed == b.low_closed &&
         a.high_closed == b.high_closed && equal(a.low, b.low, zones).value_or(false) &&
         (a.form != Range::Form::kInterval || equal(a.high, b.high, zones).value_or(false));
}

}  // namespace

std::optional<bool> equal(const Value& a, const Value& b, const ZoneRules& zones) {
  if (a.kind() != b.kind()) {
    if (a.is_null() || b.is_null()) return false;
    return std::nullopt;
  }
  switch (a.kind()) {
    case ValueKind::kNull:
      return true;
    case ValueKind::kNumber:
      return a.as_number() == b.as_number();
    case ValueKind::kString:
      return a.as_string() == b.as_string();
    case ValueKind::kBoolean:
      return a.as_boolean() == b.as_boolean();
    case ValueKind::kDate:
      return a.as_date() == b.as_date();
    case ValueKind::kTime:
      return equals(a.as_time(), b.as_time(), zones);
    case ValueKind::kDateTime:
      return equals(a.as_date_time(), b.as_date_time(), zones);
    case ValueKind::kDaysTimeDuration:
      return a.as_days_time() == b.as_days_time();
    case ValueKind::kYearsMonthsDuration:
      return a.as_years_months() == b.as_years_months();
    case ValueKind::kList:
      return equal_lists(a.as_list(), b.as_list(), zones);
    case ValueKind::kContext:
      return equal_contexts(a.as_context(), b.as_context(), zones);
    case ValueKind::kRange:
      return equal_ranges(a.as_range(), b.as_range(), zones);
    case ValueKind::kFunction:
      if (a.shared_function() == b.shared_function()) return true;
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::strong_ordering> order(const Value& a, const Value& b, const ZoneRules& zones) {
  if (a.kind() != b.kind()) return std::nullopt;
  switch (a.kind()) {
    case ValueKind::kNumber:
      return a.as_number() <=> b.as_number();
    case ValueKind::kString:
      return a.as_string().compare(b.as_string()) <=> 0;  // bytes of UTF-8 order as code points do
    case ValueKind::kDate:
      return a.as_date() <=> b.as_date();
    case ValueKind::kTime:
      return compare(a.as_time(), b.as_time(), zones);
    case ValueKind::kDateTime:
      return compare(a.as_date_time(), b.as_date_time(), zones);
    case ValueKind::kDaysTimeDuration:
      return a.as_days_time() <=> b.as_days_time();
    case ValueKind::kYearsMonthsDuration:
      return a.as_years_months() <=> b.as_years_months();
    default:
      return std::nullopt;
  }
}

std::optional<bool> contains(const Range& range, const Value& value, const ZoneRules& zones) {
  if (value.is_null()) return std::nullopt;
  if (range.form != Range::Form::kInterval) {
    const std::optional<bool> same_value = equal(value, range.low, zones);
    if (!same_value) return std::nullopt;
    return *same_value == (range.form == Range::Form::kEqual);
  }
  bool inside = true;
  if (range.has_low) {
    const auto to_low = order(value, range.low, zones);
    if (!to_low) return std::nullopt;
    inside = *to_low > 0 || (*to_low == 0 && range.low_closed);
  }
  if (range.has_high) {
    const auto to_high = order(value, range.high, zones);
    if (!to_high) return std::nullopt;
    inside = inside && (*to_high < 0 || (*to_high == 0 && range.high_closed));
  }
  return inside;
}

bool same(const Value& a, const Value& b, const ZoneRules& zones) {
  if (a.kind() != b.kind()) return false;
  if (a.is(ValueKind::kTime)) return a.as_time() == b.as_time();
  if (a.is(ValueKind::kDateTime)) return a.as_date_time() == b.as_date_time();
  return equal(a, b, zones).value_or(false);
}

}  // namespace kaogong::feel
