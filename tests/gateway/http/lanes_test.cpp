// Lanes: everything that was taken is done, as many at once as there are threads, and no more is taken than fits.
#include "gateway/http/lanes.h"

#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <latch>
#include <thread>
#include <vector>

namespace kaogong::http {
namespace {

/// Jobs that end only when all of them have begun.
void meet(ThreadLane& lane, std::ptrdiff_t count) {
  std::barrier<> all(count);
  std::latch done(count);
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    ASSERT_TRUE(lane.submit([&] {
      all.arrive_and_wait();
      done.count_down();
    }));
  }
  lane.wake();
  done.wait();
}

TEST(ThreadLane, OneWakeBeginsAsManyJobsAsThereAreThreads) {
  constexpr std::ptrdiff_t kThreads = 8;
  ThreadLane lane({.threads_max = kThreads, .queue_max = 100});
  // The first time with new threads, then with threads that wait.
  for (int i = 0; i < 200; ++i) meet(lane, kThreads);
}

TEST(ThreadLane, DoesEverythingThatItTook) {
  constexpr int kJobs = 2'000;
  std::atomic<int> done{0};
  int taken = 0;
  {
    ThreadLane lane({.threads_max = 3, .queue_max = kJobs});
    for (int i = 0; i < kJobs; ++i) {
      taken += lane.submit([&] { ++done; }) ? 1 : 0;
      if (i % 7 == 0) lane.wake();
    }
  }  // without a last wake
  EXPECT_EQ(taken, kJobs);
  EXPECT_EQ(done, taken);
}

TEST(ThreadLane, TakesNoMoreThanFits) {
  std::latch begun(1), go(1);
  ThreadLane lane({.threads_max = 1, .queue_max = 2});
  ASSERT_TRUE(lane.submit([&] {
    begun.count_down();
    go.wait();
  }));
  lane.wake();
  begun.wait();
  EXPECT_TRUE(lane.submit([] {}));
  EXPECT_TRUE(lane.submit([] {}));
  EXPECT_FALSE(lane.submit([] {}));
  EXPECT_EQ(lane.status().busy, 1u);
  EXPECT_EQ(lane.status().waiting, 2u);
  go.count_down();
  lane.end();
  EXPECT_FALSE(lane.submit([] {}));
  EXPECT_EQ(lane.status().waiting, 0u);
}

TEST(ThreadLane, IsFilledFromManyThreads) {
  constexpr int kEach = 500;
  std::atomic<int> done{0};
  ThreadLane lane({.threads_max = 4, .queue_max = 10'000});
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i)
    clients.emplace_back([&] {
      for (int k = 0; k < kEach; ++k) {
        if (lane.submit([&] {
              ++done;
              done.notify_all();
            }))
          lane.wake();
      }
    });
  for (auto& client : clients) client.join();
  for (int seen = done; seen < 4 * kEach; seen = done) done.wait(seen);
  EXPECT_EQ(done, 4 * kEach);
}

}  // namespace
}  // namespace kaogong::http
