// Bodies: whole and streamed, in and out, packed, bounded.
#include <algorithm>
#include <latch>
#include <thread>

#include "gateway/http/coding.h"
#include "tests/gateway/http/server_kit.h"

namespace kaogong::http::test {
namespace {

class Bodies : public ServerTest {
 protected:
  static std::string packed(Coding coding, std::string_view bytes) {
    std::string out;
    Encoder encoder(coding);
    encoder.put(bytes, &out);
    encoder.finish(&out);
    return out;
  }
  static std::string put(std::string_view body, std::string_view fields = "") {
    return "PUT /count HTTP/1.1\r\nHost: test\r\n" + std::string(fields) +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
  }
};

TEST_F(Bodies, whole_ones_are_bounded) {
  start();
  const auto post = [](size_t bytes) {
    return "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n";
  };
  EXPECT_EQ(ask(post(10'000) + std::string(10'000, 'a')).body, std::string(10'000, 'a'));
  const auto large = ask(post(10'001) + std::string(10'001, 'a'));
  EXPECT_EQ(large.status, 413);
  EXPECT_EQ(large.field("connection"), "close");
  EXPECT_EQ(ask(post(999'999'999'999)).status, 413);
  const std::string chunked = "POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(ask(chunked + "2711\r\n" + std::string(10'001, 'a') + "\r\n0\r\n\r\n").status, 413);
  EXPECT_EQ(ask(chunked + "2710\r\n" + std::string(10'000, 'a') + "\r\n0\r\n\r\n").status, 200);
  EXPECT_EQ(ask("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx").status,
            415);
}

TEST_F(Bodies, whole_ones_are_bounded_together) {
  options.bodies_bytes_max = 9'000;
  start();
  RawClient first(server->port());
  ASSERT_TRUE(first.send("POST /echo HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 5000\r\n\r\n"));
  EXPECT_EQ(first.read().status, 100);
  const std::string head = "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 5000\r\n\r\n";
  const auto refused = ask(head);
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.field("retry-after"), "1");
  ASSERT_TRUE(first.send(std::string(5'000, 'a')));
  EXPECT_EQ(first.read().status, 200);
  first.close();
  server.reset();
  start();
  EXPECT_EQ(ask(head + std::string(5'000, 'a')).status, 200);
}

TEST_F(Bodies, stream_in) {
  start();
  RawClient client(server->port());
  const std::string piece(1 << 16, 'a');
  ASSERT_TRUE(client.send("PUT /count HTTP/1.1\r\nHost: test\r\nContent-Length: 20971520\r\n\r\n"));
  for (int i = 0; i < 320; ++i) ASSERT_TRUE(client.send(piece));
  EXPECT_EQ(client.read().body, "20971520 end");
  ASSERT_TRUE(client.send("PUT /count HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"));
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(client.send("10000\r\n" + piece + "\r\n"));
  ASSERT_TRUE(client.send("0\r\n\r\n"));
  EXPECT_EQ(client.read().body, "6553600 end");
  ASSERT_TRUE(client.send("PUT /count HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_EQ(client.read().body, "0 end");
  ASSERT_TRUE(client.send("PUT /count HTTP/1.1\r\nHost: test\r\n\r\n"));
  EXPECT_EQ(client.read().body, "0 end");
  ASSERT_TRUE(client.send("PUT /count HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcdefg"));
  EXPECT_EQ(client.read().body, "5 malformed");
  EXPECT_TRUE(client.is_closed());
}

TEST_F(Bodies, are_asked_for_when_the_handler_reads) {
  start();
  RawClient client(server->port());
  ASSERT_TRUE(client.send("PUT /count HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"));
  EXPECT_EQ(client.read().status, 100);
  ASSERT_TRUE(client.send("abcd"));
  EXPECT_EQ(client.read().body, "4 end");
}

TEST_F(Bodies, need_not_be_read) {
  routes.add({.method = Method::kPut, .pattern = "/refuse", .body = BodyKind::kStream, .lane = Lane::kBulk},
             [](const Request&, const Values&) {
               Response response;
               response.status = 422;
               return response;
             });
  start();
  RawClient client(server->port());
  ASSERT_TRUE(client.send("PUT /refuse HTTP/1.1\r\nHost: test\r\nContent-Length: 100000000\r\n\r\nabc"));
  const auto answer = client.read();
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.field("connection"), "close");
  EXPECT_TRUE(client.is_closed());
  RawClient polite(server->port());
  ASSERT_TRUE(polite.send("PUT /refuse HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n"));
  EXPECT_EQ(polite.read().status, 422);
}

TEST_F(Bodies, that_break_off_are_seen_to) {
  std::string seen;
  routes.add({.method = Method::kPut, .pattern = "/seen", .body = BodyKind::kStream, .lane = Lane::kBulk},
             [&](const Request& request, const Values&) {
               std::array<char, 100> piece;
               auto part = request.stream->read(piece);
               while (part.state == BodySource::State::kMore) part = request.stream->read(piece);
               seen = part.state == BodySource::State::kGone ? "gone" : "otherwise";
               return Response{};
             });
  start();
  {
    RawClient client(server->port());
    ASSERT_TRUE(client.send("PUT /seen HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nabc"));
  }
  EXPECT_TRUE(server->drain());
  EXPECT_EQ(seen, "gone");
}

// The request is in the loop's hands, not yet in the connection's, when the wait for a next one is ended.
TEST_F(Bodies, that_come_when_the_server_drains_are_read) {
  options.io_threads = 1;
  std::latch holds(1), is_held(1);
  routes.add({.method = Method::kGet, .pattern = "/hold", .body = BodyKind::kNone, .lane = Lane::kInline},
             [&](const Request&, const Values&) {
               is_held.count_down();
               holds.wait();
               return Response{};
             });
  start();
  RawClient client(server->port());
  ASSERT_TRUE(client.send("GET /hold HTTP/1.1\r\nHost: test\r\n\r\n"));
  is_held.wait();
  ASSERT_TRUE(client.send("PUT /count HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\n"));
  std::thread drains([&] { EXPECT_TRUE(server->drain()); });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));  // a little later it would be an easier test
  holds.count_down();
  EXPECT_EQ(client.read().status, 200);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_TRUE(client.send("abcd"));
  EXPECT_EQ(client.read().body, "4 end");
  client.close();
  drains.join();
}

TEST_F(Bodies, stream_both_ways_at_once) {
  routes.add({.method = Method::kPost, .pattern = "/lines", .body = BodyKind::kStream, .lane = Lane::kBulk},
             [](const Request& request, const Values&) {
               Response response;
               response.content_type = "application/x-ndjson";
               response.stream = [source = request.stream](BodySink& sink) {
                 std::string piece(20'000, ' ');
                 for (;;) {
                   const auto part = source->read(piece);
                   if (part.state != BodySource::State::kMore) return;
                   if (!sink.write(std::string_view(piece).substr(0, part.bytes)) || !sink.flush()) return;
                 }
               };
               return response;
             });
  start();
  RawClient client(server->port());
  ASSERT_TRUE(client.send("POST /lines HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nline\n\r\n"));
  std::string came;
  // The answer to the first line is there before the second line is sent.
  while (came.find("line\n\r\n") == std::string::npos) {
    const auto more = client.receive();
    ASSERT_FALSE(more.empty());
    came += more;
  }
  constexpr int kPieces = 400;
  const std::string piece(50'000, 'B');
  std::thread sender([&] {
    for (int i = 0; i < kPieces; ++i) client.send("C350\r\n" + piece + "\r\n");
    client.send("0\r\n\r\n");
  });
  came.clear();
  size_t count = 0;
  for (std::string tail; !tail.ends_with("\r\n0\r\n\r\n");) {
    const auto more = client.receive();
    if (more.empty()) break;
    count += static_cast<size_t>(std::count(more.begin(), more.end(), 'B'));
    tail = (tail + more).substr(tail.size() + more.size() > 16 ? tail.size() + more.size() - 16 : 0);
  }
  sender.join();
  EXPECT_EQ(count, size_t{kPieces} * piece.size());
  ASSERT_TRUE(client.send(get("/hello")));
  EXPECT_EQ(client.read().body, "hello");
}

TEST_F(Bodies, stream_out) {
  start();
  RawClient client(server->port());
  ASSERT_TRUE(client.send(get("/stream/20000000")));
  const auto answer = client.read();
  EXPECT_EQ(answer.body.size(), 20'000'000u);
  EXPECT_EQ(answer.field("transfer-encoding"), "chunked");
  ASSERT_TRUE(client.send(get("/stream/0")));
  EXPECT_EQ(client.read().body, "");
  ASSERT_TRUE(client.send("GET /stream/30000 HTTP/1.0\r\n\r\n"));
  EXPECT_EQ(client.read().body.size(), 30'000u);
  EXPECT_TRUE(client.is_closed());
}

TEST_F(Bodies, are_unpacked) {
  start();
  const std::string large(3'000'000, 'a');
  std::string mixed;
  for (int i = 0; mixed.size() < 500'000; ++i) mixed += std::to_string(i * 7919) + ",";
  for (const auto coding : {Coding::kGzip, Coding::kZstd}) {
    const std::string field = "Content-Encoding: " + std::string(to_text(coding)) + "\r\n";
    EXPECT_EQ(ask(put(packed(coding, mixed), field)).body, std::to_string(mixed.size()) + " end");
    EXPECT_EQ(ask(put(packed(coding, mixed) + packed(coding, "more"), field)).body,
              std::to_string(mixed.size() + 4) + " end");
    EXPECT_EQ(ask(put("", field)).body, "0 malformed");
    EXPECT_EQ(ask(put("no such format", field)).body, "0 malformed");
    const auto cut = packed(coding, mixed);
    EXPECT_TRUE(ask(put(cut.substr(0, cut.size() - 5), field)).body.ends_with(" malformed"));
  }
  EXPECT_EQ(ask(put("x", "Content-Encoding: br\r\n")).status, 415);
}

TEST_F(Bodies, that_swell_are_refused) {
  options.upload_bytes_max = 200'000'000;
  start();
  std::string zeros;
  zeros.resize(300'000'000);
  for (const auto coding : {Coding::kGzip, Coding::kZstd}) {
    const std::string field = "Content-Encoding: " + std::string(to_text(coding)) + "\r\n";
    const auto answer = ask(put(packed(coding, zeros), field)).body;
    EXPECT_TRUE(answer.ends_with(" too_large")) << answer;
    EXPECT_LT(std::stoull(answer), 200'000'000u);
  }
}

TEST_F(Bodies, that_are_longer_than_uploads_may_be_are_refused) {
  options.upload_bytes_max = 100'000;
  start();
  EXPECT_EQ(ask(put(std::string(100'000, 'a'))).body, "100000 end");
  EXPECT_EQ(ask(put(std::string(100'001, 'a'))).status, 413);
  std::string noise;
  for (int i = 0; noise.size() < 100'001; ++i) noise += std::to_string(i * 7919);
  const auto answer = ask(put(packed(Coding::kGzip, noise), "Content-Encoding: gzip\r\n")).body;
  EXPECT_TRUE(answer.ends_with(" too_large")) << answer;
}

}  // namespace
}  // namespace kaogong::http::test
