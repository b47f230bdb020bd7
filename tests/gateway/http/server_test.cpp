// The server as clients see it: requests one after another and at once, answers, refusals, the end.
#include "gateway/http/server.h"

#include <sys/select.h>

#include <array>
#include <latch>
#include <stdexcept>
#include <thread>

#include "tests/gateway/http/server_kit.h"

namespace kaogong::http::test {
namespace {

class Serving : public ServerTest {};

TEST_F(Serving, answers_and_keeps_the_connection) {
  start();
  RawClient client(server->port());
  for (int i = 0; i < 3; ++i) {
    for (const std::string path : {"/hello", "/inline"}) {
      ASSERT_TRUE(client.send(get(path)));
      const auto answer = client.read();
      EXPECT_EQ(answer.status, 200);
      EXPECT_EQ(answer.body, path.substr(1));
      EXPECT_EQ(answer.field("content-length"), std::to_string(path.size() - 1));
      EXPECT_EQ(answer.field("x-request-id").size(), 16u);
      EXPECT_EQ(answer.field("connection"), "");
      EXPECT_FALSE(answer.field("date").empty());
    }
  }
}

TEST_F(Serving, answers_what_was_sent_at_once_in_order) {
  start();
  RawClient client(server->port());
  std::string bytes;
  for (int i = 0; i < 50; ++i) {
    const std::string body = "{\"i\":" + std::to_string(i) + "}";
    bytes += "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    bytes += get("/inline") + get("/hello");
  }
  ASSERT_TRUE(client.send(bytes));
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(client.read().body, "{\"i\":" + std::to_string(i) + "}");
    EXPECT_EQ(client.read().body, "inline");
    EXPECT_EQ(client.read().body, "hello");
  }
}

TEST_F(Serving, takes_requests_byte_by_byte) {
  start();
  RawClient client(server->port());
  const std::string bytes =
      "POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n" +
      get("/hello");
  for (const char c : bytes) ASSERT_TRUE(client.send({&c, 1}));
  EXPECT_EQ(client.read().body, "abcde");
  EXPECT_EQ(client.read().body, "hello");
}

TEST_F(Serving, closes_when_asked) {
  start();
  RawClient client(server->port());
  ASSERT_TRUE(client.send(get("/hello", "Connection: close\r\n")));
  EXPECT_EQ(client.read().field("connection"), "close");
  EXPECT_TRUE(client.is_closed());
  RawClient old(server->port());
  ASSERT_TRUE(old.send("GET /hello HTTP/1.0\r\n\r\n"));
  EXPECT_EQ(old.read().body, "hello");
  EXPECT_TRUE(old.is_closed());
  RawClient old_staying(server->port());
  ASSERT_TRUE(old_staying.send("GET /hello HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"));
  EXPECT_EQ(old_staying.read().field("connection"), "keep-alive");
  ASSERT_TRUE(old_staying.send(get("/hello")));
  EXPECT_EQ(old_staying.read().body, "hello");
}

TEST_F(Serving, head_is_get_without_a_body) {
  start();
  RawClient client(server->port());
  ASSERT_TRUE(client.send("HEAD /hello HTTP/1.1\r\nHost: test\r\n\r\n" + get("/inline")));
  const auto answer = client.read(true);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.field("content-length"), "5");
  EXPECT_EQ(client.read().body, "inline");
  ASSERT_TRUE(client.send("HEAD /stream/100000 HTTP/1.1\r\nHost: test\r\n\r\n" + get("/inline")));
  const auto streamed = client.read(true);
  EXPECT_EQ(streamed.status, 200);
  // As GET says it; a length of 0 would be a lie.
  EXPECT_EQ(streamed.field("content-length"), "");
  EXPECT_EQ(streamed.field("transfer-encoding"), "chunked");
  EXPECT_EQ(client.read().body, "inline");
  ASSERT_TRUE(client.send("HEAD /nothing HTTP/1.1\r\nHost: test\r\n\r\n" + get("/inline")));
  EXPECT_EQ(client.read(true).status, 404);
  EXPECT_EQ(client.read().body, "inline");
}

TEST_F(Serving, refuses_with_problem_documents) {
  start();
  const auto missing = ask(get("/nothing"));
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.field("content-type"), "application/problem+json");
  EXPECT_NE(missing.body.find("\"status\":404"), std::string::npos);
  const auto method = ask("DELETE /hello HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(method.status, 405);
  EXPECT_EQ(method.field("allow"), "GET, HEAD");
  EXPECT_EQ(ask(get("/stream/")).status, 404);
  EXPECT_EQ(ask(get("/hello/../hello")).status, 400);
  EXPECT_EQ(ask(get("/hello%00")).status, 400);
  EXPECT_EQ(ask(get("/hello%")).status, 400);
  EXPECT_EQ(ask(get("/hello", "Content-Length: 3\r\n") + "abc").status, 400);
}

TEST_F(Serving, an_answer_that_breaks_off_is_seen_to) {
  routes.add({.method = Method::kGet, .pattern = "/breaks", .lane = Lane::kBulk}, [](const Request&, const Values&) {
    Response response;
    response.content_type = "text/plain";
    response.stream = [](BodySink& sink) {
      sink.write("half");
      throw std::runtime_error("no more");
    };
    return response;
  });
  start();
  RawClient client(server->port());
  ASSERT_TRUE(client.send(get("/breaks")));
  const auto answer = client.read();
  EXPECT_EQ(answer.status, 200);
  EXPECT_FALSE(answer.whole);
}

TEST_F(Serving, says_nothing_of_what_a_handler_threw) {
  routes.add({.method = Method::kGet, .pattern = "/throws"},
             [](const Request&, const Values&) -> Response { throw std::runtime_error("password 1234"); });
  routes.add({.method = Method::kGet, .pattern = "/splits"}, [](const Request&, const Values&) {
    Response response;
    response.fields.add("location", "/x\r\nset-cookie: a=b");
    return response;
  });
  start();
  const auto answer = ask(get("/throws"));
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body.find("1234"), std::string::npos);
  const auto split = ask(get("/splits"));
  EXPECT_EQ(split.status, 500);
  EXPECT_EQ(split.field("set-cookie"), "");
}

TEST_F(Serving, sees_that_a_client_is_gone) {
  std::latch began(1), stopped(1);
  routes.add({.method = Method::kGet, .pattern = "/waits", .lane = Lane::kWatch},
             [&](const Request& request, const Values&) {
               std::latch stop(1);
               {
                 const std::stop_callback when(request.stop, [&] { stop.count_down(); });
                 began.count_down();
                 stop.wait();
               }
               stopped.count_down();
               return Response{};
             });
  start();
  RawClient client(server->port());
  ASSERT_TRUE(client.send(get("/waits")));
  began.wait();
  client.close();
  stopped.wait();
}

TEST_F(Serving, refuses_when_there_is_too_much_to_do) {
  options.interactive_threads = 1;
  options.interactive_queue_max = 1;
  std::latch began(1), go_on(1);
  routes.add({.method = Method::kGet, .pattern = "/waits"}, [&](const Request&, const Values&) {
    began.count_down();
    go_on.wait();
    return Response{};
  });
  start();
  RawClient first(server->port()), second(server->port()), third(server->port());
  ASSERT_TRUE(first.send(get("/waits")));
  began.wait();
  // One of these waits in the queue; whichever it is, the other is refused, and stays connected.
  ASSERT_TRUE(second.send(get("/hello")));
  ASSERT_TRUE(third.send(get("/hello")));
  fd_set sockets;
  FD_ZERO(&sockets);
  FD_SET(second.socket(), &sockets);
  FD_SET(third.socket(), &sockets);
  ASSERT_EQ(::select(std::max(second.socket(), third.socket()) + 1, &sockets, nullptr, nullptr, nullptr), 1);
  RawClient& refused = FD_ISSET(second.socket(), &sockets) ? second : third;
  RawClient& waiting = &refused == &second ? third : second;
  const auto refusal = refused.read();
  EXPECT_EQ(refusal.status, 503);
  EXPECT_EQ(refusal.field("retry-after"), "1");
  go_on.count_down();
  EXPECT_EQ(first.read().status, 200);
  EXPECT_EQ(waiting.read().status, 200);
  ASSERT_TRUE(refused.send(get("/hello")));
  EXPECT_EQ(refused.read().status, 200);
}

TEST_F(Serving, drains) {
  options.io_threads = 1;  // so that who is busy knows of the end when who is idle was sent away
  std::latch began(1), go_on(1);
  routes.add({.method = Method::kGet, .pattern = "/waits"}, [&](const Request&, const Values&) {
    began.count_down();
    go_on.wait();
    return Response{};
  });
  routes.add({.method = Method::kGet, .pattern = "/events", .lane = Lane::kWatch},
             [](const Request& request, const Values&) {
               Response response;
               response.content_type = "text/event-stream";
               response.stream = [stop = request.stop](BodySink& sink) {
                 std::latch ended(1);
                 const std::stop_callback when(stop, [&] { ended.count_down(); });
                 sink.write("data: 1\n\n");
                 sink.flush();
                 ended.wait();
                 sink.write("data: 2\n\n");
               };
               return response;
             });
  start();
  RawClient idle(server->port()), busy(server->port()), watches(server->port());
  ASSERT_TRUE(idle.send(get("/hello")));
  EXPECT_EQ(idle.read().status, 200);
  ASSERT_TRUE(busy.send(get("/waits")));
  began.wait();
  ASSERT_TRUE(watches.send(get("/events")));
  std::string events;
  while (events.find("data: 1\n\n") == std::string::npos) events += watches.receive();
  bool ended = false;
  std::thread drains([&] { ended = server->drain(); });
  EXPECT_TRUE(idle.is_closed());
  events += watches.read_all();
  EXPECT_NE(events.find("data: 2\n\n"), std::string::npos);
  EXPECT_TRUE(events.ends_with("0\r\n\r\n"));
  go_on.count_down();
  const auto answer = busy.read();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.field("connection"), "close");
  drains.join();
  EXPECT_TRUE(ended);
  EXPECT_TRUE(server->is_draining());
}

TEST_F(Serving, stops_requests_that_do_not_end) {
  options.drain_timeout_ms = 1;
  std::latch began(1);
  routes.add({.method = Method::kGet, .pattern = "/waits"}, [&](const Request& request, const Values&) {
    std::latch stop(1);
    const std::stop_callback when(request.stop, [&] { stop.count_down(); });
    began.count_down();
    stop.wait();
    return Response{};
  });
  start();
  RawClient client(server->port());
  ASSERT_TRUE(client.send(get("/waits")));
  began.wait();
  EXPECT_FALSE(server->drain());
}

TEST_F(Serving, packs_answers_that_the_client_can_unpack) {
  const std::string large(50'000, 'a');
  routes.add({.method = Method::kGet, .pattern = "/large"}, [&](const Request&, const Values&) {
    Response response;
    response.content_type = "application/json";
    response.body = large;
    return response;
  });
  start();
  EXPECT_EQ(ask(get("/large")).body, large);
  for (const std::string coding : {"gzip", "zstd"}) {
    const auto answer = ask(get("/large", "Accept-Encoding: " + coding + "\r\n"));
    EXPECT_EQ(answer.field("content-encoding"), coding);
    EXPECT_EQ(answer.field("vary"), "accept-encoding");
    EXPECT_LT(answer.body.size(), 500u);
  }
  EXPECT_EQ(ask(get("/large", "Accept-Encoding: br, gzip;q=0\r\n")).field("content-encoding"), "");
  EXPECT_EQ(ask(get("/hello", "Accept-Encoding: gzip\r\n")).field("content-encoding"), "");
  const auto streamed = ask(get("/stream/1000000", "Accept-Encoding: gzip\r\n"));
  EXPECT_EQ(streamed.field("content-encoding"), "gzip");
  EXPECT_LT(streamed.body.size(), 5'000u);
}

TEST_F(Serving, counts_and_traces) {
  std::string trace;
  routes.add({.method = Method::kGet, .pattern = "/trace", .lane = Lane::kInline},
             [&](const Request& request, const Values&) {
               trace = view(request.trace_id);
               return Response{};
             });
  start();
  ask(get("/trace", "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n"));
  EXPECT_EQ(trace, "0af7651916cd43dd8448eb211c80319c");
  ask(get("/trace", "traceparent: 00-00000000000000000000000000000000-b7ad6b7169203331-01\r\n"));
  EXPECT_EQ(trace.size(), 32u);
  EXPECT_NE(trace, "00000000000000000000000000000000");
  server.reset();
  const auto text = metrics.text();
  EXPECT_NE(text.find("kaogong_http_requests_total{class=\"2xx\",operation=\"GET /trace\"} 2"), std::string::npos)
      << text;
}

}  // namespace
}  // namespace kaogong::http::test
