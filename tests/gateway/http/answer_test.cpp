// Header fields of answers, and the head that they go out in.
#include "gateway/http/answer.h"

#include <gtest/gtest.h>

#include <string>

namespace kaogong::http {
namespace {

TEST(AnswerFields, GoOutAsTheyWereAdded) {
  AnswerFields fields, others;
  EXPECT_TRUE(fields.all().empty());
  fields.add("ETag", "\"a: b\"");
  fields.add("Link", "");
  others.add("RateLimit", "\"tenant\";r=1");
  fields.add(others);
  EXPECT_EQ(fields.lines(), "ETag: \"a: b\"\r\nLink: \r\nRateLimit: \"tenant\";r=1\r\n");
  EXPECT_EQ(fields.find("etag"), "\"a: b\"");
  EXPECT_EQ(fields.find("LINK"), "");
  EXPECT_EQ(fields.find("RateLimit"), "\"tenant\";r=1");
  EXPECT_FALSE(fields.find("Rate"));
  EXPECT_FALSE(fields.find("a"));
  ASSERT_EQ(fields.all().size(), 3u);
  EXPECT_EQ(fields.all()[1].name, "Link");
  EXPECT_TRUE(fields.whole());
}

TEST(AnswerFields, LeaveOutWhatWouldBreakTheLine) {
  for (const std::string bad : {"a\r\nset-cookie: b", "a\nb", "a\rb", "\r\n"}) {
    Response in_value, in_name, in_other;
    in_value.fields.add("location", bad);
    in_name.fields.add(bad, "x");
    in_other.fields.add(in_value.fields);
    for (const auto* response : {&in_value, &in_name, &in_other}) {
      EXPECT_EQ(response->fields.lines(), "");
      EXPECT_FALSE(response->fields.whole());
      EXPECT_FALSE(is_sendable(*response));
    }
  }
}

TEST(IsSendable, RefusesWhatIsNoFieldAndWhatIsTheServers) {
  const auto sendable = [](std::string_view name, std::string_view value) {
    Response response;
    response.fields.add(name, value);
    return is_sendable(response);
  };
  EXPECT_TRUE(sendable("Location", "/v1/runs/1"));
  EXPECT_TRUE(sendable("x", "tab\tand ü"));
  EXPECT_FALSE(sendable("", "x"));
  EXPECT_FALSE(sendable("a b", "x"));
  EXPECT_FALSE(sendable("a", std::string_view("\0", 1)));
  EXPECT_FALSE(sendable("a", "\x7F"));
  for (const auto* const name : {"Content-Length", "transfer-encoding", "DATE", "X-Request-Id", "Cache-Control"})
    EXPECT_FALSE(sendable(name, "1")) << name;
}

TEST(AppendHead, SaysHowLongTheAnswerMayBeKept) {
  Response response;
  response.content_type = "application/json";
  response.fields.add("ETag", "\"x\"");
  std::string head;
  append_head(response, {.date = "now", .body_bytes = 2}, &head);
  EXPECT_EQ(head,
            "HTTP/1.1 200 OK\r\ndate: now\r\ncontent-type: application/json\r\nx-content-type-options: nosniff\r\n"
            "vary: accept-encoding\r\ncache-control: no-store\r\nETag: \"x\"\r\ncontent-length: 2\r\n\r\n");
  response.cache_control = "private, no-cache";
  head.clear();
  append_head(response, {.date = "now", .body_bytes = 2}, &head);
  EXPECT_NE(head.find("\r\ncache-control: private, no-cache\r\n"), std::string::npos);
  EXPECT_EQ(head.find("no-store"), std::string::npos);
}

}  // namespace
}  // namespace kaogong::http
