// Replies in pieces of any size, and bytes that mean harm.
#include "infra/redis/reply_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "infra/redis/limits.h"

namespace kaogong::redis {
namespace {

constexpr size_t kMebibyte = size_t{1} << 20;

std::string to_text(const Reply& reply) {
  switch (reply.kind) {
    case Reply::Kind::kNil:
      return "nil";
    case Reply::Kind::kInteger:
      return std::to_string(reply.integer);
    case Reply::Kind::kString:
      return "'" + reply.text + "'";
    case Reply::Kind::kStatus:
      return "+" + reply.text;
    case Reply::Kind::kError:
      return "-" + reply.text;
    case Reply::Kind::kArray:
      break;
  }
  std::string out = "[";
  for (const Reply& element : reply.elements) out += (out.size() > 1 ? " " : "") + to_text(element);
  return out + "]";
}

TEST(ReplyReader, AnyPiecesGiveTheSame) {
  const std::string bytes =
      "+OK\r\n-ERR no\r\n:-9223372036854775808\r\n$-1\r\n$0\r\n\r\n$4\r\na\r\nb\r\n*-1\r\n*0\r\n"
      "*4\r\n:1\r\n$1\r\nx\r\n*2\r\n$-1\r\n-E\r\n+s\r\n";
  const std::vector<std::string> expected = {"+OK", "-ERR no", "-9223372036854775808", "nil", "''", "'a\r\nb'",
                                             "nil", "[]",      "[1 'x' [nil -E] +s]"};
  for (size_t piece = 1; piece <= bytes.size(); ++piece) {
    ReplyReader reader(kMebibyte);
    std::vector<std::string> got;
    for (size_t at = 0; at < bytes.size(); at += piece) {
      reader.feed(std::string_view(bytes).substr(at, piece));
      while (auto reply = reader.next()) got.push_back(to_text(*reply));
    }
    EXPECT_EQ(got, expected) << piece;
    EXPECT_FALSE(reader.failed());
  }
}

TEST(ReplyReader, MalformedBytesFail) {
  std::string deep;
  for (int i = 0; i < 20; ++i) deep += "*1\r\n";
  for (const std::string& bytes :
       {std::string("?\r\n"), std::string(":12x\r\n"), std::string("$x\r\n"), std::string("$-2\r\n"),
        std::string("*-2\r\n"), std::string("*x\r\n"), std::string("HTTP/1.1 400 Bad Request\r\n"), deep}) {
    ReplyReader reader(kMebibyte);
    reader.feed(bytes);
    EXPECT_FALSE(reader.next().has_value()) << bytes;
    EXPECT_TRUE(reader.failed()) << bytes;
    reader.feed("+OK\r\n");
    EXPECT_FALSE(reader.next().has_value()) << bytes;
  }
}

TEST(ReplyReader, AnnouncedLengthsAreNotTakenOnTrust) {
  for (const char* bytes : {"*2147483647\r\n", "*100001\r\n", "*2\r\n*60000\r\n"}) {
    ReplyReader reader(kMebibyte);
    reader.feed(bytes);
    EXPECT_FALSE(reader.next().has_value());
    // The last one has announced its first part only.
    if (reader.failed()) continue;
    for (int i = 0; i < 60'000; ++i) reader.feed(":1\r\n");
    reader.feed("*60000\r\n");
    EXPECT_FALSE(reader.next().has_value());
    EXPECT_TRUE(reader.failed());
  }
}

TEST(ReplyReader, BoundsAreInside) {
  ReplyReader reader(1000);
  reader.feed("$1000\r\n" + std::string(1000, 'x') + "\r\n");
  ASSERT_TRUE(reader.next().has_value());
  std::string many = "*" + std::to_string(kReplyValuesMax - 1) + "\r\n";
  for (size_t i = 0; i + 1 < kReplyValuesMax; ++i) many += ":1\r\n";
  reader.feed(many);
  const auto reply = reader.next();
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->elements.size(), kReplyValuesMax - 1);
  reader.feed("$1001\r\n" + std::string(1001, 'x') + "\r\n");
  EXPECT_FALSE(reader.next().has_value());
  EXPECT_TRUE(reader.failed());
}

TEST(ReplyReader, AStringWithoutEndStopsAtTheBound) {
  ReplyReader reader(kMebibyte);
  reader.feed("$9999999999\r\n");
  size_t fed = 0;
  const std::string piece(kReadBytes, 'x');
  while (!reader.next().has_value() && !reader.failed()) {
    reader.feed(piece);
    fed += piece.size();
    ASSERT_LE(fed, 2 * kMebibyte);
  }
  EXPECT_TRUE(reader.failed());
}

TEST(ReplyReader, ElementsCountTogether) {
  ReplyReader reader(1000);
  reader.feed("*2\r\n$600\r\n" + std::string(600, 'x') + "\r\n$600\r\n" + std::string(600, 'x') + "\r\n");
  EXPECT_FALSE(reader.next().has_value());
  EXPECT_TRUE(reader.failed());
}

}  // namespace
}  // namespace kaogong::redis
