#include "infra/clock/clock.h"

#include <gtest/gtest.h>

namespace kaogong::clock {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::year;

TEST(Clock, ManualStandsStillUntilTurned) {
  ManualClock clock(sys_days{year{2026} / 10 / 31});
  const Instant begin = clock.now();
  const Tick tick = clock.tick();
  EXPECT_EQ(clock.now(), begin);
  clock.advance(seconds{90});
  EXPECT_EQ(clock.now() - begin, seconds{90});
  EXPECT_EQ(clock.tick() - tick, seconds{90});
  clock.set(begin - seconds{5});
  EXPECT_EQ(clock.now(), begin - seconds{5});
  EXPECT_EQ(clock.tick() - tick, seconds{90});
  EXPECT_DEATH(clock.advance(microseconds{-1}), "");
}

TEST(Clock, SystemGoesForward) {
  const SystemClock clock;
  const Tick before = clock.tick();
  EXPECT_GE(clock.tick(), before);
  EXPECT_GT(clock.now(), Instant{sys_days{year{2024} / 1 / 1}});
}

TEST(Clock, Rfc3339) {
  EXPECT_EQ(to_rfc3339(Instant{}), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(to_rfc3339(Instant{microseconds{-1}}), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(to_rfc3339(sys_days{year{2024} / 2 / 29} + seconds{86399} + microseconds{123}),
            "2024-02-29T23:59:59.000123Z");
  EXPECT_EQ(to_rfc3339(Instant::max()), "9999-12-31T23:59:59.999999Z");
  EXPECT_EQ(to_rfc3339(Instant::min()), "0000-01-01T00:00:00.000000Z");
}

}  // namespace
}  // namespace kaogong::clock
