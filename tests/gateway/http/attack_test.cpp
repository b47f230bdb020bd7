// What clients that mean harm send, over real sockets: nothing of it may reach a handler as a second request, hold a
// place for long, or take more memory than the bounds say.
#include <poll.h>
#include <sys/resource.h>

#include <latch>

#include "tests/gateway/http/server_kit.h"

namespace kaogong::http::test {
namespace {

class Attacks : public ServerTest {
 protected:
  /// Memory of this process that is in use, in bytes.
  static int64_t resident() {
    FILE* const file = std::fopen("/proc/self/statm", "r");
    long total = 0, pages = 0;
    if (std::fscanf(file, "%ld %ld", &total, &pages) != 2) pages = 0;
    std::fclose(file);
    return pages * 4096;
  }
};

/// Each of these hides a request for /inline behind one for /echo. It must be refused with 4xx, and nothing follow.
TEST_F(Attacks, smuggling) {
  start();
  const std::string hidden = get("/inline");
  const auto post = [](std::string_view fields) {
    return "POST /echo HTTP/1.1\r\nHost: test\r\n" + std::string(fields) + "\r\n";
  };
  const std::string length = "Content-Length: " + std::to_string(hidden.size()) + "\r\n";
  const std::string chunks = "0\r\n\r\n" + hidden;
  const std::string all[] = {
      post("Transfer-Encoding: gzip\r\n") + hidden,
      post("Transfer-Encoding: chunked, identity\r\n") + chunks,
      post("Transfer-Encoding: xchunked\r\n") + hidden,
      post("Transfer-Encoding: chunked\r\n" + length) + chunks,
      post(length + "Transfer-Encoding: chunked\r\n") + chunks,
      post("Content-Length: 0\r\n" + length) + hidden,
      post("Content-Length: 0, 5\r\n") + hidden,
      post("Content-Length: +0\r\n") + hidden,
      post("X: a\r\n Transfer-Encoding: chunked\r\n" + length) + chunks,
      post("Transfer-Encoding : chunked\r\n" + length) + chunks,
      post("Transfer-Encoding:\x0B"
           "chunked\r\n" +
           length) +
          chunks,
      post("X: a\nTransfer-Encoding: chunked\r\n" + length) + chunks,
      post("X: a\rTransfer-Encoding: chunked\r\n" + length) + chunks,
      post("Host: other\r\n") + hidden,
      "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks,
      "POST /echo HTTP/1.1\r\n\r\n" + hidden,
      "POST http://test/echo HTTP/1.1\r\nHost: test\r\n\r\n" + hidden,
      post("Transfer-Encoding: chunked\r\n") + "0\r\nX: y\r\n\r\n" + hidden,
      post("Transfer-Encoding: chunked\r\n") + "1\r\nab\r\n0\r\n\r\n" + hidden,
      post("Transfer-Encoding: chunked\r\n") + "0\n\n" + hidden,
      post("Transfer-Encoding: chunked\r\n") + "-0\r\n\r\n" + hidden,
      "GET /hello HTTP/1.1\r\nHost: test\r\n" + length + "\r\n" + hidden,
      "GET /nothing HTTP/1.1\r\nHost: test\r\n" + length + "\r\n" + hidden,
      "GET /hello HTTP/1.1 \r\nHost: test\r\n\r\n" + hidden,
      "\r\nGET /hello HTTP/1.1\r\nHost: test\r\n\r\n" + hidden,
  };
  for (const auto& bytes : all) {
    RawClient client(server->port());
    ASSERT_TRUE(client.send(bytes));
    const auto answer = client.read();
    EXPECT_GE(answer.status, 400) << bytes;
    EXPECT_LT(answer.status, 500) << bytes;
    EXPECT_EQ(answer.field("content-type"), "application/problem+json") << bytes;
    EXPECT_EQ(answer.field("connection"), "close") << bytes;
    EXPECT_EQ(client.read_all(), "") << bytes;
  }
}

TEST_F(Attacks, trailers_become_no_header_fields) {
  start();
  std::string trailers;
  for (int i = 0; i < 200'000; ++i) trailers += "X-" + std::to_string(i) + ": y\r\n";
  const auto answer =
      ask("POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + trailers + "\r\n");
  EXPECT_EQ(answer.status, 400);
  RawClient streams(server->port());
  streams.send(
      "PUT /count HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nAuthorization: Bearer x\r\n\r\n");
  EXPECT_EQ(streams.read().body, "0 malformed");
  EXPECT_TRUE(streams.is_closed());
}

TEST_F(Attacks, an_extension_of_a_chunk_is_not_kept) {
  start();
  const auto before = resident();
  for (const std::string head : {"POST /echo", "PUT /count"}) {
    RawClient client(server->port());
    client.send(head + " HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n1;");
    const std::string extension(1 << 16, 'a');
    for (int i = 0; i < 128 && client.send(extension); ++i) {
    }
    const auto answer = client.read();
    if (answer.status == 200) {
      EXPECT_EQ(answer.body, "0 malformed");
    } else {
      EXPECT_TRUE(answer.status == 400 || answer.status == 0) << answer.status;  // 0: cut off while it still sent
    }
  }
  EXPECT_LT(resident() - before, int64_t{32} << 20);
}

TEST_F(Attacks, heads_are_not_kept_beyond_their_bound) {
  start();
  const std::string field = "X: " + std::string(1000, 'a') + "\r\n";
  RawClient client(server->port());
  client.send("GET /hello HTTP/1.1\r\nHost: test\r\n");
  for (int i = 0; i < 40 && client.send(field); ++i) {
  }
  const auto answer = client.read();
  EXPECT_EQ(answer.status, 431);
  EXPECT_EQ(ask("GET /" + std::string(9'000, 'a') + " HTTP/1.1\r\nHost: test\r\n\r\n").status, 414);
}

TEST_F(Attacks, slow_heads_end) {
  options.header_timeout_ms = 300;
  start();
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  // Two descriptors each: ours and the server's.
  const size_t count = std::min<size_t>(5'000, static_cast<size_t>(limit.rlim_cur) / 2 - 200);
  std::vector<std::unique_ptr<RawClient>> clients;
  for (size_t i = 0; i < count; ++i) {
    clients.push_back(std::make_unique<RawClient>(server->port()));
    ASSERT_TRUE(clients.back()->send("GET /hello HTTP/1.1\r\nHo"));
  }
  // Others are served meanwhile.
  EXPECT_EQ(ask(get("/hello")).body, "hello");
  for (auto& client : clients) {
    client->send("s");  // a byte now and then does not help
    const auto answer = client->read();
    EXPECT_TRUE(answer.status == 408 || answer.status == 0) << answer.status;
    EXPECT_TRUE(client->is_closed());
  }
}

TEST_F(Attacks, slow_bodies_end) {
  options.body_timeout_ms = 300;
  start();
  RawClient whole(server->port()), streamed(server->port());
  ASSERT_TRUE(whole.send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nabc"));
  ASSERT_TRUE(streamed.send("PUT /count HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nabc"));
  EXPECT_EQ(whole.read().status, 408);
  EXPECT_EQ(streamed.read().body, "3 timeout");
  EXPECT_TRUE(streamed.is_closed());
}

TEST_F(Attacks, clients_that_do_not_read_are_given_up) {
  options.write_timeout_ms = 300;
  start();
  RawClient client(server->port());
  ASSERT_TRUE(client.send(get("/stream/1000000000")));
  // The only other thread of the lane serves on; and the handler of the first ends, or the server would not drain.
  EXPECT_EQ(ask(get("/stream/10")).body.size(), 10u);
  EXPECT_TRUE(server->drain());
}

TEST_F(Attacks, there_are_no_more_connections_than_may_be) {
  options.connections_max = 3;
  options.io_threads = 1;
  std::latch began(3), go_on(1);
  routes.add({.method = Method::kGet, .pattern = "/waits"}, [&](const Request&, const Values&) {
    began.count_down();
    go_on.wait();
    return Response{};
  });
  start();
  RawClient first(server->port()), second(server->port()), third(server->port());
  for (auto* const client : {&first, &second, &third}) ASSERT_TRUE(client->send(get("/waits")));
  began.wait();
  RawClient fourth(server->port());
  const auto refused = fourth.read();
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.field("retry-after"), "1");
  EXPECT_TRUE(fourth.is_closed());
  go_on.count_down();
  for (auto* const client : {&first, &second, &third}) EXPECT_EQ(client->read().status, 200);
  // One of those that are idle, as soon as they are, makes room for another.
  Answered answer;
  while ((answer = ask(get("/inline"))).status == 503) {
  }
  EXPECT_EQ(answer.body, "inline");
  pollfd sockets[] = {{first.socket(), POLLIN, 0}, {second.socket(), POLLIN, 0}, {third.socket(), POLLIN, 0}};
  ASSERT_GE(::poll(sockets, 3, -1), 1);
  size_t closed = 0;
  for (auto* const client : {&first, &second, &third}) {
    const bool is_readable = sockets[client == &first ? 0 : client == &second ? 1 : 2].revents != 0;
    if (is_readable && client->is_closed()) ++closed;
  }
  EXPECT_GE(closed, 1u);
}

}  // namespace
}  // namespace kaogong::http::test
