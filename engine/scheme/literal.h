// Literals of a document (bounds, band values, inline lookup rows): their text against a declared type.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "engine/scheme/document.h"

namespace kaogong::scheme {

enum class DecimalError : uint8_t { kNotANumber, kTooManyDecimals, kTooLarge };

/// Reads `[-]digits[.digits]` as an integer scaled by 10^scale (scale 0..18). More decimals than the scale, also zeros,
/// are an error.
std::variant<int64_t, DecimalError> parse_scaled(std::string_view text, int scale);
/// Writes an integer scaled by 10^scale with all its decimals.
std::string scaled_to_text(int64_t value, int scale);
/// The decimals that a number's text has; nothing if it is not a number.
std::optional<int> decimals_of(std::string_view text);
/// Reads YYYY-MM-DD (a date that exists) as days since 1970-01-01.
std::optional<int32_t> parse_date(std::string_view text);
/// Writes days since 1970-01-01 as YYYY-MM-DD.
std::string date_to_text(int32_t days);

/// What is wrong with a literal of a type (null: the empty text), bounds included; nothing when it fits.
std::optional<std::string> literal_error(const TypeDecl& type, std::string_view text);

/// How a type is written: "money?", "number (3 decimals)".
std::string type_to_text(const TypeDecl& type);
/// How a decimal type is rounded: "up to 1 decimals", "half-up to 2 decimals".
std::string rounding_to_text(const TypeDecl& type);
std::string_view type_name(TypeName name);
std::optional<TypeName> parse_type_name(std::string_view text);

}  // namespace kaogong::scheme
