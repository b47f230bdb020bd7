// Redis on the caller's own io_context, awaited by coroutines.
#include "infra/redis/asio.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

#include "tests/infra/redis/fixture.h"

#ifdef BOOST_ASIO_HAS_CO_AWAIT

namespace kaogong::redis {
namespace {

using namespace std::chrono_literals;

boost::asio::awaitable<int> set_and_get(Client& client, const std::string& key, int rounds) {
  int right = 0;
  for (int i = 0; i < rounds; ++i) {
    const std::string value = std::to_string(i);
    auto set_request = set(key, value, 1h);
    const auto done = co_await call(client, std::move(set_request));
    auto get_request = get(key);
    const auto got = co_await call(client, std::move(get_request));
    if (done.ok() && got.ok() && got.value() == value) ++right;
  }
  co_return right;
}

boost::asio::awaitable<void> until_connected(Client& client) {
  for (bool connected = false; !connected;) {
    auto request = ping();
    const auto result = co_await call(client, std::move(request));
    connected = result.ok();
  }
}

TEST_F(RedisTest, CoroutinesAwaitReplies) {
  boost::asio::io_context io(1);
  const auto loop = adopt(io);
  auto client = std::make_unique<Client>(*loop, options_of(server()), silent_logger());
  int right = 0;
  constexpr int kCoroutines = 20, kRounds = 50;
  const auto work = [&](int number) -> boost::asio::awaitable<void> {
    co_await until_connected(*client);
    const std::string key = std::to_string(number);
    right += co_await set_and_get(*client, key, kRounds);
    if (right == kCoroutines * kRounds) client.reset();  // ends the loop's work
  };
  for (int i = 0; i < kCoroutines; ++i) boost::asio::co_spawn(io, work(i), boost::asio::detached);
  io.run();
  EXPECT_EQ(right, kCoroutines * kRounds);
  EXPECT_EQ(client, nullptr);
}

TEST_F(RedisTest, CoroutinesAreToldOfTheEnd) {
  boost::asio::io_context io(1);
  const auto loop = adopt(io);
  auto client = std::make_unique<Client>(*loop, options_of(server()), silent_logger());
  ErrorCode code = ErrorCode::kReplied;
  const auto waiter = [&]() -> boost::asio::awaitable<void> {
    co_await until_connected(*client);
    server().pause();
    boost::asio::post(io, [&] { client.reset(); });
    auto request = get("k");
    const auto result = co_await call(*client, std::move(request));
    if (!result.ok()) code = result.error().code;
  };
  boost::asio::co_spawn(io, waiter(), boost::asio::detached);
  io.run();
  server().resume();
  EXPECT_EQ(code, ErrorCode::kClosed);
}

}  // namespace
}  // namespace kaogong::redis

#endif
