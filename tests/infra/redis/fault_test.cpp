// A Redis that is killed, flushed, stopped, or not there: every failure is a value, and no value is wrong.
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "infra/redis/client.h"
#include "tests/infra/redis/fixture.h"

namespace kaogong::redis {
namespace {

using namespace std::chrono_literals;

TEST_F(RedisTest, KilledAndStartedAgainUnderLoad) {
  const auto client = connect();
  constexpr size_t kThreads = 3;
  constexpr int kRounds = 4;
  std::atomic<bool> stop{false};
  std::atomic<int64_t> wrong{0}, failed{0};
  std::array<std::atomic<int64_t>, kThreads> succeeded{};
  std::vector<std::thread> threads;
  for (size_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      const std::string key = "k" + std::to_string(t);
      std::string may_be;  // the last value that may be there
      for (int64_t i = 0; !stop; ++i) {
        const std::string value = std::to_string(i);
        const auto set_result = client->call(set(key, value, 1h));
        if (!set_result.ok()) {
          ++failed;
          if (set_result.error().code != ErrorCode::kDisconnected) ++wrong;
          continue;
        }
        const auto got = client->call(get(key));
        if (!got.ok()) {
          ++failed;
          if (got.error().code != ErrorCode::kDisconnected) ++wrong;
        } else if (got.value() == value || !got.value()) {
          ++succeeded[t];  // what was written, or nothing: it was killed in between
        } else {
          ++wrong;
        }
      }
    });
  }
  // Each thread succeeds before each kill and after the last start.
  const auto wait_for_success = [&] {
    for (auto& count : succeeded) {
      const int64_t before = count;
      while (count == before) std::this_thread::yield();
    }
  };
  for (int round = 0; round < kRounds; ++round) {
    wait_for_success();
    server().kill();
    server().start();
  }
  wait_for_success();
  stop = true;
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(failed, 0);
  EXPECT_EQ(client->status().connections_total, static_cast<uint64_t>(kRounds) + 1);
  EXPECT_EQ(client->status().outstanding, 0);
  EXPECT_EQ(client->status().outstanding_bytes, 0);
}

TEST_F(RedisTest, OutstandingCommandsFailWhenItIsKilled) {
  const auto client = connect();
  constexpr int kCommands = 1000;
  std::latch all(kCommands);
  std::atomic<int> disconnected{0};
  server().pause();
  for (int i = 0; i < kCommands; ++i) {
    ASSERT_FALSE(client->start(get("k"), [&](const Result<Bytes>& value) {
      if (!value.ok() && value.error().code == ErrorCode::kDisconnected) ++disconnected;
      all.count_down();
    }));
  }
  server().kill();
  all.wait();
  EXPECT_EQ(disconnected, kCommands);
  EXPECT_EQ(client->status().outstanding, 0);
}

TEST_F(RedisTest, FlushedAtAnyMoment) {
  const auto client = connect(), other = connect();
  std::atomic<bool> stop{false};
  std::thread flusher([&] {
    while (!stop) value_of(other->call(raw(Command{"FLUSHALL"})));
  });
  for (int64_t i = 0; i < 2000; ++i) {
    const std::string value = std::to_string(i);
    value_of(client->call(set("k", value, 1h)));
    const Bytes got = value_of(client->call(get("k")));
    EXPECT_TRUE(!got || *got == value);
    EXPECT_GT(value_of(client->call(increment("n", 1, 1h))), 0);
    EXPECT_LE(value_of(client->call(zadd("z", {{"m", i}}, 1h))), 1);
  }
  stop = true;
  flusher.join();
}

TEST_F(RedisTest, LateRepliesAreDroppedAndTheOthersKeepTheirPlace) {
  const auto client = connect();
  value_of(client->call(set("a", "of a", 1h)));
  value_of(client->call(set("b", "of b", 1h)));
  server().pause();
  std::latch late(1), patient(1);
  std::atomic<bool> timed_out{false};
  Bytes of_b;
  ASSERT_FALSE(client->start(get("a").within_ms(20), [&](const Result<Bytes>& value) {
    timed_out = !value.ok() && value.error().code == ErrorCode::kTimeout;
    late.count_down();
  }));
  ASSERT_FALSE(client->start(get("b"), [&](Result<Bytes> value) {
    of_b = value_of(std::move(value));
    patient.count_down();
  }));
  late.wait();
  EXPECT_TRUE(timed_out);
  EXPECT_EQ(client->status().outstanding, 2);  // its reply may still come
  server().resume();
  patient.wait();
  EXPECT_EQ(of_b, "of b");
  EXPECT_EQ(client->status().outstanding, 0);
  EXPECT_EQ(client->status().timeouts_total, 1u);
  EXPECT_EQ(client->status().connections_total, 1u);
}

TEST_F(RedisTest, SlowCommandsReachTheirDeadline) {
  const auto client = connect(), other = connect();
  value_of(other->call(raw(Command{"CLIENT", "PAUSE", "3600000", "WRITE"})));
  EXPECT_EQ(client->call(set("k", "v", 1h).within_ms(10)).error().code, ErrorCode::kTimeout);
  EXPECT_EQ(client->call(set("k", "v", 1h).within_ms(10)).error().code, ErrorCode::kTimeout);
  value_of(other->call(raw(Command{"CLIENT", "UNPAUSE"})));
  EXPECT_EQ(value_of(client->call(get("k"))), "v");  // both were done all the same
}

TEST_F(RedisTest, ServerThatNeverAnswersIsGivenUp) {
  Options options = options_of(server());
  options.command_timeout_ms = 10;
  options.answer_grace_ms = 10;
  const auto client = connect(options);
  server().pause();
  // At first late, then without a connection.
  std::set<ErrorCode> seen;
  while (!seen.contains(ErrorCode::kDisconnected)) {
    const auto result = client->call(get("k"));
    ASSERT_FALSE(result.ok());
    seen.insert(result.error().code);
  }
  EXPECT_EQ(seen, (std::set<ErrorCode>{ErrorCode::kTimeout, ErrorCode::kDisconnected}));
  server().resume();
  EXPECT_TRUE(client->wait_connected(60'000));
  EXPECT_TRUE(client->call(get("k").within_ms(60'000)).ok());
}

TEST_F(RedisTest, BeyondTheBoundIsAnErrorAtOnce) {
  Options options = options_of(server());
  options.outstanding_max = 10;
  options.outstanding_bytes_max = 1000;
  const auto client = connect(options);
  const std::string large(600, 'x');
  EXPECT_EQ(client->call(set("k", std::string(1000, 'x'), 1h)).error().code, ErrorCode::kTooLarge);
  server().pause();
  std::latch all(10);
  const auto count = [&](const auto& result) {
    EXPECT_TRUE(result.ok());
    all.count_down();
  };
  ASSERT_FALSE(client->start(set("k", large, 1h), count));
  EXPECT_EQ(client->start(set("k", large, 1h), count)->code, ErrorCode::kOverloaded);
  for (int i = 0; i < 9; ++i) ASSERT_FALSE(client->start(get("k"), count));
  EXPECT_EQ(client->start(get("k"), count)->code, ErrorCode::kOverloaded);
  EXPECT_EQ(client->call(get("k")).error().code, ErrorCode::kOverloaded);
  EXPECT_EQ(client->status().overloaded_total, 3u);
  server().resume();
  all.wait();
  EXPECT_EQ(value_of(client->call(get("k"))), large);
  EXPECT_EQ(client->status().outstanding_bytes, 0);
}

TEST_F(RedisTest, WithoutAServerEveryCommandFailsAtOnce) {
  server().stop();
  Client client(loop_, options_of(server()), silent_logger());
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(client.call(get("k")).error().code, ErrorCode::kDisconnected);
  EXPECT_FALSE(client.wait_connected(1));
  server().start();
  EXPECT_TRUE(client.wait_connected(60'000));
  EXPECT_TRUE(client.call(ping()).ok());
}

TEST_F(RedisTest, DestroyedWithCommandsOutstanding) {
  auto client = connect();
  server().pause();
  std::atomic<int> closed{0};
  for (int i = 0; i < 100; ++i) {
    ASSERT_FALSE(client->start(get("k"), [&](const Result<Bytes>& value) {
      if (!value.ok() && value.error().code == ErrorCode::kClosed) ++closed;
    }));
  }
  client.reset();
  EXPECT_EQ(closed, 100);
  server().resume();
}

TEST_F(RedisTest, DestroyedByItsOwnHandler) {
  auto client = connect();
  std::latch both(2);
  std::atomic<int> closed{0};
  // The second is still outstanding, or has not been written, when the first one's handler destroys the client.
  const auto refused = client->start(ping(), [&](const Result<Done>&) {
    EXPECT_FALSE(client->start(ping(), [&](const Result<Done>& second) {
      if (!second.ok() && second.error().code == ErrorCode::kClosed) ++closed;
      both.count_down();
    }));
    client.reset();
    both.count_down();
  });
  ASSERT_FALSE(refused.has_value());
  both.wait();
  EXPECT_EQ(closed, 1);
}

TEST_F(RedisTest, WaitingOnTheLoopsOwnThreadAborts) {
  EXPECT_DEATH(
      {
        Loop loop;
        Client client(loop, options_of(server()), silent_logger());
        client.wait_connected(60'000);
        std::latch never(1);
        const auto refused = client.start(ping(), [&](const Result<Done>&) { static_cast<void>(client.call(ping())); });
        never.wait();
      },
      "");
}

}  // namespace
}  // namespace kaogong::redis
