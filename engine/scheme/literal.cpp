#include "engine/scheme/literal.h"

#include <algorithm>
#include <array>
#include <limits>

#include "engine/feel/civil.h"

namespace kaogong::scheme {
namespace {

constexpr std::array<std::string_view, 10> kTypeNames = {"money",  "score", "rate",   "factor",  "count",
                                                         "number", "exact", "string", "boolean", "date"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

}  // namespace

std::optional<int> decimals_of(std::string_view text) {
  if (!text.empty() && text[0] == '-') text.remove_prefix(1);
  const size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  const bool has_point = point < text.size();
  const std::string_view fraction = has_point ? text.substr(point + 1) : std::string_view{};
  const auto all_digits = [](std::string_view s) { return !s.empty() && std::all_of(s.begin(), s.end(), is_digit); };
  if (!all_digits(whole) || (has_point && !all_digits(fraction))) return std::nullopt;
  return static_cast<int>(std::min<size_t>(fraction.size(), 1'000'000));
}

std::variant<int64_t, DecimalError> parse_scaled(std::string_view text, int scale) {
  const auto decimals = decimals_of(text);
  if (!decimals) return DecimalError::kNotANumber;
  if (*decimals > scale) return DecimalError::kTooManyDecimals;
  const bool negative = text[0] == '-';
  __int128 value = 0;
  const auto take = [&](int digit) {
    value = value * 10 + digit;
    return value <= static_cast<__int128>(std::numeric_limits<int64_t>::max());
  };
  for (const char c : text) {
    if (is_digit(c) && !take(c - '0')) return DecimalError::kTooLarge;
  }
  for (int i = *decimals; i < scale; ++i) {
    if (!take(0)) return DecimalError::kTooLarge;
  }
  return static_cast<int64_t>(negative ? -value : value);
}

std::string scaled_to_text(int64_t value, int scale) {
  // Through the unsigned value, which also has the magnitude of the least integer.
  uint64_t magnitude = value < 0 ? ~static_cast<uint64_t>(value) + 1 : static_cast<uint64_t>(value);
  std::string digits = std::to_string(magnitude);
  const auto decimals = static_cast<size_t>(scale);
  if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
  if (decimals > 0) digits.insert(digits.size() - decimals, 1, '.');
  return value < 0 ? "-" + digits : digits;
}

std::optional<int32_t> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto number = [&](size_t from, size_t count) {
    int32_t value = 0;
    for (size_t i = from; i < from + count; ++i) {
      if (!is_digit(text[i])) return -1;
      value = value * 10 + (text[i] - '0');
    }
    return value;
  };
  const int32_t year = number(0, 4), month = number(5, 2), day = number(8, 2);
  if (year < 1 || month < 1 || month > 12 || day < 1) return std::nullopt;
  if (day > feel::civil::last_day_of_month<int32_t>(year, month)) return std::nullopt;
  return feel::civil::days_from_civil<int32_t>(year, month, day);
}

std::string date_to_text(int32_t days) {
  const auto date = feel::civil::civil_from_days<int32_t>(days);
  const auto padded = [](int32_t value, size_t width) {
    std::string text = std::to_string(value);
    return text.size() < width ? std::string(width - text.size(), '0') + text : text;
  };
  return padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2);
}

std::string_view type_name(TypeName name) { return kTypeNames[static_cast<size_t>(name)]; }

std::optional<TypeName> parse_type_name(std::string_view text) {
  const auto found = std::find(kTypeNames.begin(), kTypeNames.end(), text);
  if (found == kTypeNames.end()) return std::nullopt;
  return static_cast<TypeName>(found - kTypeNames.begin());
}

std::string type_to_text(const TypeDecl& type) {
  std::string text(type_name(type.name));
  if (type.nullable) text += '?';
  if (type.name == TypeName::kNumber && type.scale != 6) text += " (" + std::to_string(type.scale) + " decimals)";
  return text;
}

std::string rounding_to_text(const TypeDecl& type) {
  constexpr const char* kModes[] = {"half-up", "up", "down"};
  return std::string(kModes[static_cast<size_t>(type.rounding)]) + " to " + std::to_string(type.kept_decimals()) +
         " decimals";
}

std::optional<std::string> literal_error(const TypeDecl& type, std::string_view text) {
  if (text.empty()) {
    if (type.nullable) return std::nullopt;
    return "null where the type " + type_to_text(type) + " has no null";
  }
  if (is_decimal(type.name)) {
    const auto parsed = parse_scaled(text, type.scale);
    if (const auto* error = std::get_if<DecimalError>(&parsed)) {
      switch (*error) {
        case DecimalError::kNotANumber:
          return quoted(text) + " is not a " + std::string(type_name(type.name));
        case DecimalError::kTooManyDecimals:
          return std::string(text) + " has more decimals than a " + std::string(type_name(type.name)) +
                 " has: " + std::to_string(type.scale);
        case DecimalError::kTooLarge:
          return std::string(text) + " is too large";
      }
    }
    const int64_t value = std::get<int64_t>(parsed);
    if (type.min && value < *type.min) {
      return std::string(text) + " is below the least value, " + scaled_to_text(*type.min, type.scale);
    }
    if (type.max && value > *type.max) {
      return std::string(text) + " is above the greatest value, " + scaled_to_text(*type.max, type.scale);
    }
    return std::nullopt;
  }
  switch (type.name) {
    case TypeName::kBoolean:
      if (text != "true" && text != "false") return quoted(text) + " is not true or false";
      break;
    case TypeName::kDate:
      if (!parse_date(text)) return quoted(text) + " is not a date (YYYY-MM-DD) that exists";
      break;
    case TypeName::kString:
      if (!type.values.empty() && std::find(type.values.begin(), type.values.end(), text) == type.values.end()) {
        return quoted(text) + " is not one of the values";
      }
      break;
    default:
      if (!decimals_of(text)) return quoted(text) + " is not a number";
  }
  return std::nullopt;
}

}  // namespace kaogong::scheme
