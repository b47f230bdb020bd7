#include "infra/postgres/permits.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>
#include <vector>

namespace kaogong::postgres {
namespace {

using Outcome = Permits::Outcome;
constexpr auto kForEver = std::chrono::steady_clock::time_point::max();
constexpr auto kNotAtAll = std::chrono::steady_clock::time_point::min();

void await_waiting(const Permits& permits, int count) {
  while (permits.waiting() != count) std::this_thread::yield();
}

TEST(Permits, AreBounded) {
  Permits permits(2);
  bool waited = true;
  EXPECT_EQ(permits.acquire(kNotAtAll, &waited), Outcome::kGranted);
  EXPECT_FALSE(waited);
  EXPECT_EQ(permits.acquire(kNotAtAll, &waited), Outcome::kGranted);
  EXPECT_EQ(permits.acquire(kNotAtAll, &waited), Outcome::kTimeout);
  EXPECT_TRUE(waited);
  EXPECT_EQ(permits.waiting(), 0);
  permits.release();
  EXPECT_EQ(permits.acquire(kNotAtAll, &waited), Outcome::kGranted);
}

TEST(Permits, AreGivenInTheOrderOfAsking) {
  constexpr int kThreads = 16;
  Permits permits(1);
  bool waited = false;
  ASSERT_EQ(permits.acquire(kForEver, &waited), Outcome::kGranted);
  std::mutex mutex;
  std::vector<int> order;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      bool mine = false;
      ASSERT_EQ(permits.acquire(kForEver, &mine), Outcome::kGranted);
      {
        const std::lock_guard lock(mutex);
        order.push_back(i);
      }
      permits.release();
    });
    await_waiting(permits, i + 1);
  }
  permits.release();
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < kThreads; ++i) EXPECT_EQ(order[static_cast<size_t>(i)], i);
}

TEST(Permits, ClosingSendsEverybodyAway) {
  Permits permits(1);
  bool waited = false;
  ASSERT_EQ(permits.acquire(kForEver, &waited), Outcome::kGranted);
  std::atomic<int> closed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      bool mine = false;
      closed += permits.acquire(kForEver, &mine) == Outcome::kClosed ? 1 : 0;
    });
  }
  await_waiting(permits, 3);
  permits.close();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(closed, 3);
  permits.release();
  EXPECT_EQ(permits.acquire(kForEver, &waited), Outcome::kClosed);
}

}  // namespace
}  // namespace kaogong::postgres
