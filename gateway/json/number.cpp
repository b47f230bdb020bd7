// The grammar of a JSON number.
#include <algorithm>
#include <charconv>

#include "gateway/json/read.h"

namespace kaogong::json {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

size_t digits(std::string_view text) {
  return static_cast<size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
}

}  // namespace

bool is_number(std::string_view text) {
  if (text.size() > kNumberBytesMax) return false;
  if (text.starts_with('-')) text.remove_prefix(1);
  const size_t whole = digits(text);
  if (whole == 0 || (whole > 1 && text.front() == '0')) return false;
  text.remove_prefix(whole);
  size_t decimals = 0;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    decimals = digits(text);
    if (decimals == 0) return false;
    text.remove_prefix(decimals);
  }
  if (text.empty()) return true;
  if (text.front() != 'e' && text.front() != 'E') return false;
  text.remove_prefix(1);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  int exponent = 0;
  const auto end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, exponent);
  if (text.empty() || !is_digit(text.front()) || at != end || error != std::errc{}) return false;
  // Below 10^308, however the digits stand; and small numbers likewise, so that reciprocals are there, too.
  return negative ? exponent + static_cast<int>(decimals) <= kMagnitudeMax
                  : exponent + static_cast<int>(whole) <= kMagnitudeMax;
}

}  // namespace kaogong::json
