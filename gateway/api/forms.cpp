#include "gateway/api/forms.h"

namespace kaogong::api {

namespace {

/// A number of exactly `digits` digits, cut off the text.
std::optional<int> take_number(std::string_view* text, size_t digits) {
  int number = 0;
  if (text->size() < digits) return std::nullopt;
  for (size_t i = 0; i < digits; ++i) {
    const char c = (*text)[i];
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  text->remove_prefix(digits);
  return number;
}

bool take(std::string_view* text, char c) {
  if (!text->starts_with(c)) return false;
  text->remove_prefix(1);
  return true;
}

}  // namespace

std::optional<clock::Instant> parse_instant(std::string_view text) {
  constexpr size_t kDateBytes = 10;
  if (text.size() < kDateBytes) return std::nullopt;
  const auto day = scheme::parse_date(text.substr(0, kDateBytes));
  text.remove_prefix(kDateBytes);
  if (!day || !take(&text, 'T')) return std::nullopt;
  const auto hour = take_number(&text, 2);
  if (!hour || *hour > 23 || !take(&text, ':')) return std::nullopt;
  const auto minute = take_number(&text, 2);
  if (!minute || *minute > 59 || !take(&text, ':')) return std::nullopt;
  const auto second = take_number(&text, 2);
  if (!second || *second > 59) return std::nullopt;
  int64_t micro = 0;
  if (take(&text, '.')) {
    int64_t unit = 100'000;
    if (text.empty()) return std::nullopt;
    while (const auto digit = take_number(&text, 1)) {
      if (unit == 0) return std::nullopt;
      micro += *digit * unit;
      unit /= 10;
    }
    if (text.empty()) return std::nullopt;
  }
  if (text != "Z" && text != "+00:00") return std::nullopt;
  using namespace std::chrono;
  return clock::Instant{days{*day} + hours{*hour} + minutes{*minute} + seconds{*second} + microseconds{micro}};
}

std::string escaped_segment(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
        c == '_' || c == '~') {
      out += c;
      continue;
    }
    out += '%';
    out += kHex[static_cast<unsigned char>(c) >> 4];
    out += kHex[static_cast<unsigned char>(c) & 0xF];
  }
  return out;
}

tenants::Day today(const clock::Clock& clock) {
  return static_cast<tenants::Day>(std::chrono::floor<std::chrono::days>(clock.now()).time_since_epoch().count());
}

}  // namespace kaogong::api
