// A client of the test program's own Redis.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "infra/clock/clock.h"
#include "infra/log/logger.h"
#include "infra/redis/client.h"
#include "tests/infra/cluster/program_servers.h"

namespace kaogong::redis {

/// Writes no lines.
inline log::Logger silent_logger() {
  static const clock::SystemClock clock;
  std::string error;
  return *log::Logger::open({.level = log::Level::kOff}, clock, &error);
}

/// Patient with a slow machine, and quick to connect again.
inline Options options_of(const cluster::Redis& server) {
  Options options;
  options.endpoint = "unix:" + server.socket().string();
  options.connect_timeout_ms = 60'000;
  options.command_timeout_ms = 60'000;
  options.answer_grace_ms = 60'000;
  options.reconnect_delay_min_ms = 1;
  options.reconnect_delay_max_ms = 10;
  return options;
}

/// Each test begins with an empty server that runs.
class RedisTest : public testing::Test {
 protected:
  void SetUp() override {
    server().start();
    auto client = connect(options_of(server()));
    ASSERT_TRUE(client->call(raw(Command{"FLUSHALL"})).ok());
    ASSERT_TRUE(client->call(raw(Command{"SCRIPT", "FLUSH"})).ok());
  }
  static cluster::Redis& server() { return test::program_redis(); }
  std::unique_ptr<Client> connect(Options options) {
    auto client = std::make_unique<Client>(loop_, std::move(options), silent_logger());
    EXPECT_TRUE(client->wait_connected(60'000));
    return client;
  }
  std::unique_ptr<Client> connect() { return connect(options_of(server())); }

  Loop loop_;
};

/// The value, or a failure of the test and a default.
template <class T>
T value_of(Result<T> result) {
  if (result.ok()) return std::move(result.value());
  ADD_FAILURE() << to_text(result.error().code) << " " << result.error().text;
  return T{};
}

}  // namespace kaogong::redis
