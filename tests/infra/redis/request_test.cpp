// What is written for a command, how replies are read, and the small parts.
#include "infra/redis/request.h"

#include <gtest/gtest.h>

#include "infra/redis/backoff.h"
#include "infra/redis/limits.h"
#include "infra/redis/options.h"

namespace kaogong::redis {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

Reply text(Reply::Kind kind, std::string bytes) { return {kind, 0, std::move(bytes), {}}; }
Reply number(int64_t value) { return {Reply::Kind::kInteger, value, {}, {}}; }
Reply array(std::vector<Reply> elements) { return {Reply::Kind::kArray, 0, {}, std::move(elements)}; }

TEST(Request, WireFormIsBinarySafe) {
  EXPECT_EQ(set(std::string_view("k\0\r\n", 4), "", 1500ms).command.bytes(),
            "*5\r\n$3\r\nSET\r\n$4\r\nk\0\r\n\r\n$0\r\n\r\n$2\r\nPX\r\n$4\r\n1500\r\n"s);
  EXPECT_EQ(mget({"a", "b"}).command.bytes(), "*3\r\n$4\r\nMGET\r\n$1\r\na\r\n$1\r\nb\r\n");
}

TEST(Request, ScriptsAreSentByHashAndByTextIfNeeded) {
  const auto request = evaluate(Script("return ARGV[1]"), {"k"}, {"a"});
  EXPECT_EQ(
      request.command.bytes(),
      "*5\r\n$7\r\nEVALSHA\r\n$40\r\n098e0f0d1448c0a81dafe820f66d460eb09263da\r\n$1\r\n1\r\n$1\r\nk\r\n$1\r\na\r\n");
  ASSERT_TRUE(request.unless_known.has_value());
  EXPECT_EQ(request.unless_known->bytes(),
            "*5\r\n$4\r\nEVAL\r\n$14\r\nreturn ARGV[1]\r\n$1\r\n1\r\n$1\r\nk\r\n$1\r\na\r\n");
}

TEST(Request, RepliesOfAnotherTypeAreErrors) {
  using Kind = Reply::Kind;
  EXPECT_EQ(get("k").read(number(1)).error().code, ErrorCode::kUnexpected);
  EXPECT_EQ(ping().read(text(Kind::kString, "PONG")).error().code, ErrorCode::kUnexpected);
  EXPECT_EQ(zrank("k", "m").read(text(Kind::kString, "1")).error().code, ErrorCode::kUnexpected);
  EXPECT_EQ(mget({"a"}).read(array({number(1)})).error().code, ErrorCode::kUnexpected);
  EXPECT_EQ(hgetall("k").read(array({text(Kind::kString, "odd")})).error().code, ErrorCode::kUnexpected);
  EXPECT_EQ(ztop("k", 0, 1).read(array({text(Kind::kString, "m"), text(Kind::kString, "1.5")})).error().code,
            ErrorCode::kUnexpected);
  const auto error = get("k").read(text(Kind::kError, "WRONGTYPE " + std::string(1000, 'x')));
  EXPECT_EQ(error.error().code, ErrorCode::kReplied);
  EXPECT_EQ(error.error().word(), "WRONGTYPE");
  EXPECT_EQ(error.error().text.size(), kErrorBytesMax);
}

TEST(Request, WordOfAnErrorQuotesNothing) {
  EXPECT_EQ((Error{ErrorCode::kReplied, "ERR unknown command 'E001'"}).word(), "ERR");
  EXPECT_EQ((Error{ErrorCode::kReplied, "E001 is no word"}).word(), "replied");
  EXPECT_EQ((Error{ErrorCode::kReplied, ""}).word(), "replied");
  EXPECT_EQ((Error{ErrorCode::kTimeout, ""}).word(), "timeout");
}

TEST(Request, BrokenPreconditionsAbort) {
  EXPECT_DEATH(static_cast<void>(set("k", "v", 0ms)), "");
  EXPECT_DEATH(static_cast<void>(del({})), "");
  EXPECT_DEATH(static_cast<void>(zadd("k", {{"m", kScoreMax + 1}}, 1ms)), "");
  EXPECT_DEATH(static_cast<void>(hset("k", {}, 1ms)), "");
}

TEST(Options, Endpoints) {
  const auto named = endpoint_of("redis.internal:6379");
  ASSERT_TRUE(named.has_value());
  EXPECT_EQ(named->host, "redis.internal");
  EXPECT_EQ(named->port, "6379");
  EXPECT_EQ(endpoint_of("[::1]:6379")->host, "::1");
  EXPECT_EQ(endpoint_of("unix:/run/redis.sock")->socket_path, "/run/redis.sock");
  for (const char* wrong : {"", "redis", "redis:", "redis:0", "redis:65536", "redis:6379x", ":6379", "::1:6379",
                            "a b:1", "redis://redis:6379", "user@redis:6379", "unix:", "[]:1"}) {
    EXPECT_FALSE(endpoint_of(wrong).has_value()) << wrong;
  }
  EXPECT_TRUE(endpoint_of("unix:/" + std::string(106, 'x')).has_value());
  EXPECT_FALSE(endpoint_of("unix:/" + std::string(107, 'x')).has_value());
  EXPECT_TRUE(is_sound({}));
  EXPECT_FALSE(is_sound({.command_timeout_ms = 0}));
  EXPECT_FALSE(is_sound({.reconnect_delay_min_ms = 10, .reconnect_delay_max_ms = 9}));
}

TEST(Backoff, DoublesUpToTheMostWithChance) {
  for (uint64_t seed = 0; seed < 100; ++seed) {
    Backoff backoff(50, 1000, seed);
    for (const int64_t whole : {50, 100, 200, 400, 800, 1000, 1000, 1000}) {
      const int64_t delay_ms = backoff.next().count();
      EXPECT_GE(delay_ms, whole / 2);
      EXPECT_LE(delay_ms, whole);
    }
    backoff.reset();
    EXPECT_LE(backoff.next().count(), 50);
  }
  Backoff one(1, 1, 7);
  EXPECT_EQ(one.next().count(), 1);
  Backoff a(1000, 100'000, 1), b(1000, 100'000, 2);
  EXPECT_NE(a.next(), b.next());
}

}  // namespace
}  // namespace kaogong::redis
