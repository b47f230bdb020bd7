// Bytes as text: hexadecimal, base64 in both alphabets, numbers in base 62. Not in constant time: decode no secrets
// that an enemy can time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kaogong::crypto {

/// The digits of base 62 in the order of their values, which is also their order as bytes.
inline constexpr std::string_view kBase62Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Two lower-case digits a byte.
std::string to_hex(std::string_view bytes);
/// Nothing for an odd length or a character that is no hexadecimal digit; either case is read.
std::optional<std::string> from_hex(std::string_view text);

/// RFC 4648 section 4, with padding.
std::string to_base64(std::string_view bytes);
/// Nothing for anything but what to_base64 gives: missing padding, line ends, bits that are not zero behind the end.
std::optional<std::string> from_base64(std::string_view text);

/// RFC 4648 section 5 (`-` and `_`), without padding.
std::string to_base64url(std::string_view bytes);
/// Nothing for anything but what to_base64url gives.
std::optional<std::string> from_base64url(std::string_view text);

/// The number in base 62, with zeros before it up to `width` characters; longer if the number is. Six characters hold
/// any uint32_t, eleven any uint64_t. Texts of one width are in the order of their numbers.
std::string to_base62(uint64_t number, size_t width = 1);
/// Nothing for an empty text, a character that is no digit, or a number above 64 bits.
std::optional<uint64_t> from_base62(std::string_view text);

}  // namespace kaogong::crypto
