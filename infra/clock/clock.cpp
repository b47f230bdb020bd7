#include "infra/clock/clock.h"

#include <algorithm>
#include <cstdlib>

namespace kaogong::clock {

using std::chrono::microseconds;

Instant SystemClock::now() const {
  return std::chrono::time_point_cast<microseconds>(std::chrono::system_clock::now());
}

Tick SystemClock::tick() const { return std::chrono::steady_clock::now(); }

void ManualClock::advance(microseconds by) {
  if (by.count() < 0) std::abort();  // a tick never goes backwards
  now_us_.fetch_add(by.count());
  tick_us_.fetch_add(by.count());
}

namespace {

char* put_digits(char* out, uint64_t value, int digits) {
  for (int i = digits - 1; i >= 0; --i) {
    out[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  return out + digits;
}

}  // namespace

std::string to_rfc3339(Instant instant) {
  using std::chrono::days;
  using std::chrono::sys_days;
  using std::chrono::year;
  const Instant first = sys_days{year{0} / 1 / 1};
  const Instant last = Instant{sys_days{year{10000} / 1 / 1}} - microseconds{1};
  instant = std::clamp(instant, first, last);
  const sys_days day = std::chrono::floor<days>(instant);
  const std::chrono::year_month_day date{day};
  const uint64_t us = static_cast<uint64_t>((instant - day).count());
  const uint64_t seconds = us / 1'000'000;
  char text[27];
  char* at = put_digits(text, static_cast<uint64_t>(static_cast<int>(date.year())), 4);
  *at++ = '-';
  at = put_digits(at, static_cast<unsigned>(date.month()), 2);
  *at++ = '-';
  at = put_digits(at, static_cast<unsigned>(date.day()), 2);
  *at++ = 'T';
  at = put_digits(at, seconds / 3600, 2);
  *at++ = ':';
  at = put_digits(at, seconds / 60 % 60, 2);
  *at++ = ':';
  at = put_digits(at, seconds % 60, 2);
  *at++ = '.';
  at = put_digits(at, us % 1'000'000, 6);
  *at++ = 'Z';
  return std::string(text, at);
}

}  // namespace kaogong::clock
