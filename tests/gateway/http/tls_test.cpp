// TLS: who gets through the handshake and who does not, and everything over it that goes over plain sockets.
#include <atomic>
#include <cstdio>
#include <thread>

#include "tests/gateway/http/tls_kit.h"

namespace kaogong::http::test {
namespace {

class Tls : public ServerTest {
 protected:
  void SetUp() override {
    options.tls_certificate_path = identity.certificate_path();
    options.tls_key_path = identity.key_path();
  }
  Identity identity;
};

TEST_F(Tls, who_gets_through) {
  start();
  const std::string http11 = "\x08http/1.1", h2 = "\x02h2";
  struct Case {
    const char* what;
    Offer offer;
    bool is_up;
    const char* version;
    const char* alpn;
  };
  const Case cases[] = {
      {"1.3", {}, true, "TLSv1.3", ""},
      {"1.2", {.version_max = TLS1_2_VERSION}, true, "TLSv1.2", ""},
      {"1.1", {.version_min = TLS1_1_VERSION, .version_max = TLS1_1_VERSION, .weak = true}, false, "", ""},
      {"1.0", {.version_min = TLS1_VERSION, .version_max = TLS1_VERSION, .weak = true}, false, "", ""},
      {"http/1.1", {.alpn = http11}, true, "TLSv1.3", "http/1.1"},
      {"h2 first", {.alpn = h2 + http11}, true, "TLSv1.3", "http/1.1"},
      {"h2 only", {.alpn = h2}, false, "", ""},
      {"no forward secrecy",
       {.version_max = TLS1_2_VERSION, .suites = "AES128-GCM-SHA256", .weak = true},
       false,
       "",
       ""},
      {"CBC", {.version_max = TLS1_2_VERSION, .suites = "ECDHE-ECDSA-AES128-SHA", .weak = true}, false, "", ""},
      {"no certificate", {.version_max = TLS1_2_VERSION, .suites = "AECDH-AES128-SHA", .weak = true}, false, "", ""},
  };
  for (const auto& one : cases) {
    TlsClient client(server->port(), one.offer);
    EXPECT_EQ(client.is_up(), one.is_up) << one.what;
    if (!one.is_up || !client.is_up()) continue;
    EXPECT_EQ(client.version(), one.version) << one.what;
    EXPECT_EQ(client.alpn(), one.alpn) << one.what;
    ASSERT_TRUE(client.send(get("/hello"))) << one.what;
    EXPECT_TRUE(client.receive_until("hello").ends_with("hello")) << one.what;
  }
}

TEST_F(Tls, plain_bytes_are_no_handshake) {
  start();
  RawClient client(server->port());
  ASSERT_TRUE(client.send(get("/hello")));
  EXPECT_EQ(client.read_all().find("hello"), std::string::npos);
}

TEST_F(Tls, a_handshake_that_does_not_come_is_not_waited_for) {
  options.handshake_timeout_ms = 200;
  start();
  RawClient client(server->port());
  EXPECT_TRUE(client.is_closed());
}

TEST_F(Tls, streams_both_ways) {
  start();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client(server->port(), {.version_max = version});
    ASSERT_TRUE(client.send("PUT /count HTTP/1.1\r\nHost: test\r\nContent-Length: 10000000\r\n\r\n"));
    const std::string piece(10'000, 'a');
    for (int i = 0; i < 1'000; ++i) ASSERT_TRUE(client.send(piece));
    EXPECT_TRUE(client.receive_until("10000000 end").ends_with("10000000 end"));
    ASSERT_TRUE(client.send("GET /stream/10000000 HTTP/1.1\r\nHost: test\r\n\r\n"));
    EXPECT_GT(client.receive_until("\r\n0\r\n\r\n").size(), 10'000'000u);
    ASSERT_TRUE(client.send(get("/inline") + get("/hello")));
    EXPECT_TRUE(client.receive_until("hello").ends_with("hello"));
  }
}

TEST_F(Tls, says_when_it_ends) {
  start();
  TlsClient client(server->port(), {});
  ASSERT_TRUE(client.send(get("/hello", "Connection: close\r\n")));
  client.receive_until("hello");
  EXPECT_TRUE(client.was_ended());
}

TEST_F(Tls, sees_that_a_client_is_gone) {
  std::atomic<bool> stopped{false};
  routes.add({.method = Method::kGet, .pattern = "/waits", .lane = Lane::kWatch},
             [&](const Request& request, const Values&) {
               while (!request.stop.stop_requested()) std::this_thread::yield();
               stopped = true;
               return Response{};
             });
  start();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    stopped = false;
    {
      TlsClient client(server->port(), {.version_max = version});
      ASSERT_TRUE(client.send(get("/waits")));
    }
    while (!stopped) std::this_thread::yield();
  }
}

TEST_F(Tls, takes_a_new_certificate) {
  start();
  TlsClient before(server->port(), {});
  const Identity other;
  ASSERT_EQ(::rename(other.certificate_path().c_str(), identity.certificate_path().c_str()), 0);
  EXPECT_NE(server->reload_tls(), "");  // the key is another's
  EXPECT_TRUE(TlsClient(server->port(), {}).is_up());
  ASSERT_EQ(::rename(other.key_path().c_str(), identity.key_path().c_str()), 0);
  EXPECT_EQ(server->reload_tls(), "");
  EXPECT_TRUE(TlsClient(server->port(), {}).is_up());
  ASSERT_TRUE(before.send(get("/hello")));
  EXPECT_TRUE(before.receive_until("hello").ends_with("hello"));
}

TEST_F(Tls, does_not_start_without_its_files) {
  options.tls_key_path += ".none";
  server = std::make_unique<http::Server>(options, routes.table(), routes, metrics, *logger, clock);
  EXPECT_NE(server->start().find("cannot be read"), std::string::npos);
}

}  // namespace
}  // namespace kaogong::http::test
