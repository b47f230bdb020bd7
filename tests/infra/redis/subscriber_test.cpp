// Messages, also after Redis was killed or stood still.
#include "infra/redis/subscriber.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "infra/redis/limits.h"
#include "tests/infra/redis/fixture.h"

namespace kaogong::redis {
namespace {

// What a subscriber told, in its order: `+channel` when it is heard from now on, `channel=message`.
class Heard {
 public:
  Subscriber::Handlers handlers() {
    return {[this](std::string_view channel, std::string_view message) {
              add(std::string(channel) + "=" + std::string(message));
            },
            [this](std::string_view channel) { add("+" + std::string(channel)); }};
  }
  /// Waits for the next.
  std::string next() {
    std::unique_lock lock(mutex_);
    came_.wait(lock, [this] { return !all_.empty(); });
    std::string first = std::move(all_.front());
    all_.erase(all_.begin());
    return first;
  }

 private:
  void add(std::string text) {
    const std::lock_guard lock(mutex_);
    all_.push_back(std::move(text));
    came_.notify_one();
  }
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<std::string> all_;
};

TEST_F(RedisTest, SubscriberHearsItsChannels) {
  const auto client = connect();
  Heard heard;
  Subscriber subscriber(loop_, options_of(server()), silent_logger(), heard.handlers());
  EXPECT_TRUE(subscriber.subscribe("a"));
  EXPECT_TRUE(subscriber.subscribe("a"));
  EXPECT_EQ(heard.next(), "+a");
  EXPECT_TRUE(subscriber.subscribe("b"));
  EXPECT_EQ(heard.next(), "+b");
  const std::string bytes("\0\r\n\xff", 4);
  EXPECT_EQ(value_of(client->call(publish("a", bytes))), 1);
  EXPECT_EQ(heard.next(), "a=" + bytes);
  value_of(client->call(publish("none", "x")));
  value_of(client->call(publish("b", "")));
  EXPECT_EQ(heard.next(), "b=");
  subscriber.unsubscribe("a");
  // A message from before the server has seen it is not heard either.
  value_of(client->call(publish("a", "x")));
  value_of(client->call(publish("b", "last")));
  EXPECT_EQ(heard.next(), "b=last");
}

TEST_F(RedisTest, SubscriberComesBackAfterEachRestart) {
  const auto client = connect();
  Heard heard;
  Subscriber subscriber(loop_, options_of(server()), silent_logger(), heard.handlers());
  subscriber.subscribe("a");
  subscriber.subscribe("b");
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(heard.next(), "+a");
    EXPECT_EQ(heard.next(), "+b");
    const std::string message = std::to_string(round);
    // The client may notice the restart later than the subscriber.
    auto heard_by = client->call(publish("b", message));
    while (!heard_by.ok()) {
      EXPECT_EQ(heard_by.error().code, ErrorCode::kDisconnected);
      EXPECT_TRUE(client->wait_connected(60'000));
      heard_by = client->call(publish("b", message));
    }
    EXPECT_EQ(heard_by.value(), 1);
    EXPECT_EQ(heard.next(), "b=" + message);
    server().kill();
    server().start();
  }
}

TEST_F(RedisTest, SubscriberNoticesSilence) {
  Options options = options_of(server());
  options.silence_max_ms = 10;
  options.connect_timeout_ms = 100;
  Heard heard;
  Subscriber subscriber(loop_, options, silent_logger(), heard.handlers());
  subscriber.subscribe("a");
  EXPECT_EQ(heard.next(), "+a");
  Client client(loop_, options_of(server()), silent_logger());
  ASSERT_TRUE(client.wait_connected(60'000));
  const auto connections = [&] {
    const std::string info = value_of(client.call(raw(Command{"INFO", "stats"}))).text;
    const std::string field = "total_connections_received:";
    return std::stoll(info.substr(info.find(field) + field.size()));
  };
  const auto pings = [&] {
    const std::string info = value_of(client.call(raw(Command{"INFO", "commandstats"}))).text;
    const std::string field = "cmdstat_ping:calls=";
    const size_t at = info.find(field);
    return at == std::string::npos ? 0 : std::stoll(info.substr(at + field.size()));
  };
  // Each connection begins with a ping; the others are those that were asked into the silence.
  const auto asked = [&] { return pings() - connections(); };
  for (const auto before = asked(); asked() < before + 20;) {
  }
  const auto connections_before = connections();
  // The server stands still, a little longer each time, until the subscriber has given its connection up.
  for (int64_t stands_still_ms = 10; connections() == connections_before; stands_still_ms *= 2) {
    server().pause();
    EXPECT_EQ(client.call(ping().within_ms(stands_still_ms)).error().code, ErrorCode::kTimeout);
    server().resume();
  }
  EXPECT_EQ(heard.next(), "+a");
}

TEST_F(RedisTest, ChannelsAreBounded) {
  Heard heard;
  Subscriber subscriber(loop_, options_of(server()), silent_logger(), heard.handlers());
  for (size_t i = 0; i < kChannelsMax; ++i) ASSERT_TRUE(subscriber.subscribe(std::to_string(i)));
  EXPECT_FALSE(subscriber.subscribe("one more"));
  EXPECT_TRUE(subscriber.subscribe("0"));
  subscriber.unsubscribe("0");
  EXPECT_TRUE(subscriber.subscribe("one more"));
}

TEST_F(RedisTest, NothingIsHeardAfterTheEnd) {
  const auto client = connect();
  for (int round = 0; round < 50; ++round) {
    Heard heard;
    Subscriber subscriber(loop_, options_of(server()), silent_logger(), heard.handlers());
    subscriber.subscribe("a");
    if (round % 2 == 0) {
      EXPECT_EQ(heard.next(), "+a");
    }
    value_of(client->call(publish("a", "x")));
  }
}

}  // namespace
}  // namespace kaogong::redis
