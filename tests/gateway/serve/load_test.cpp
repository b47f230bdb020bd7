// A mixed load on two servers of one installation, one of them under TLS: answers one after another and at once,
// changes, uploads in pieces, events, clients that leave in the midst of it; and the end of both while it goes on.
// Small enough to run under sanitizers.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "tests/gateway/serve/clients.h"
#include "tests/gateway/serve/host_kit.h"

namespace kaogong::gateway::test {
namespace {

constexpr uint64_t kGoodCalls = 10;  // of each client
constexpr int kAtOnce = 16;          // requests that are sent before the first answer is read
constexpr int kUploadRows = 500;

class ServeLoad : public HostTest {
 protected:
  ServeLoad() {
    auto how = settings();
    how.postgres = {};
    how.postgres.connections_max = 8;
    // A slow machine is no fault here.
    how.postgres.acquire_timeout_ms = how.postgres.statement_timeout_ms = 60'000;
    how.serve.results_timeout_ms = 60'000;
    how.server.body_timeout_ms = how.server.write_timeout_ms = 60'000;
    how.redis = {};
    how.server.drain_timeout_ms = 120'000;
    plain = start(how);
    how.server.tls_certificate_path = identity.certificate_path();
    how.server.tls_key_path = identity.key_path();
    how.serve.worker = false;
    tls = start(how);
    Clients first(key);
    Client asks = first.one(plain->port());
    for (int i = 0; i < kAtOnce; ++i) {
      targets[i] = "/v1/results/pay/2026-01/" + employee(i + 1);
      bodies[i] = asks.get(targets[i]).body;
      EXPECT_NE(bodies[i].find("\"" + employee(i + 1) + "\""), std::string::npos) << bodies[i];
    }
    description = asks.call("GET", "/openapi.json", {}, "Accept-Encoding: gzip\r\n").body;
  }

  void begin_clients(uint16_t port, bool under_tls) {
    const auto begin = [&](std::function<void(Client&)> work) { clients.begin(port, std::move(work), under_tls); };
    begin([this](Client& client) {
      for (int i = 0; i < kAtOnce && !client.has_ended(); ++i) client.expect(targets[i], bodies[i]);
    });
    begin([this](Client& client) { ask_at_once(client); });
    begin([this](Client& client) { upload(client); });
    begin([this](Client& client) { watch(client); });
    begin([](Client& client) { write(client); });
    begin([this](Client& client) { be_odd(client); });
  }

  void ask_at_once(Client& client) {
    std::string bytes;
    for (const auto& target : targets) bytes += client.request("GET", target, {}, {});
    client.wire().send(bytes);
    for (int i = 0; i < kAtOnce; ++i) {
      const auto answer = client.read();
      if (client.has_ended()) return;
      if (answer.status != 200 || answer.body != bodies[i])
        return client.fail(targets[i] + " gave " + std::to_string(answer.status) + " " + answer.body);
      // Who is told to go gets no more of what he has asked.
      if (answer.field("connection") == "close") return;
    }
  }

  /// In pieces that end anywhere, with an answer for each line.
  void upload(Client& client) {
    auto& wire = client.wire();
    wire.send(client.request("POST", "/v1/inputs/small/2026-03/sheets/ratings", {},
                             "Content-Type: application/x-ndjson\r\nAccept: application/x-ndjson\r\n"
                             "Transfer-Encoding: chunked\r\n"));
    std::string rows;
    for (int i = 1; i <= kUploadRows; ++i)
      rows += R"({"employee":")" + employee(i) + R"(","rater":"a","points":)" + std::to_string(client.number()) + "}\n";
    for (size_t at = 0, bytes = 1; at < rows.size(); at += bytes, bytes = bytes * 3 % 7'919 + 1) {
      const auto piece = rows.substr(at, bytes);
      std::array<char, 16> size{};
      std::snprintf(size.data(), size.size(), "%zx\r\n", piece.size());
      wire.send(std::string(size.data()) + piece + "\r\n");
    }
    wire.send("0\r\n\r\n");
    const auto answer = client.read();
    if (client.has_ended()) return;
    if (answer.status != 200 || std::count(answer.body.begin(), answer.body.end(), '\n') != kUploadRows + 1 ||
        answer.body.find("\"stored\":true") == std::string::npos)
      client.fail("the upload gave " + std::to_string(answer.status) + " " + answer.body);
  }

  /// A run from its making to the event of its end.
  void watch(Client& client) {
    const auto made = client.change("POST", "/v1/runs", R"({"scheme":"pay","period":"2026-02","kind":"preview"})");
    if (client.has_ended()) return;
    const auto where = made.field("location");
    if (made.status != 202) return client.fail("the run gave " + std::to_string(made.status) + " " + made.body);
    const auto events = client.get(where + "/events");
    if (client.has_ended()) return;
    // A server that ends ends them, too.
    const bool is_done = events.body.find("\nevent: done\n") != std::string::npos || clients.may_end();
    if (events.status != 200 || !is_done)
      client.fail("the events are " + std::to_string(events.status) + " " + events.body);
  }

  static void write(Client& client) {
    const auto target = "/v1/inputs/small/2026-03/sheets/population/entries/W" + std::to_string(client.number());
    const auto stands = client.get(target);
    const auto put = client.change("PUT", target, R"({"rows":[{"wage":"1.00","late":0}]})",
                                   stands.status == 200 ? "If-Match: " + stands.field("etag") + "\r\n" : "");
    if (!client.has_ended() && put.status != (stands.status == 200 ? 200 : 201))
      client.fail("the entry gave " + std::to_string(put.status) + " " + put.body);
  }

  /// Leaves in the midst of everything, and says what nobody understands.
  void be_odd(Client& client) {
    const std::string begun = client.request("GET", "/v1/results/pay/2026-01?page_size=40", {}, {});
    for (const auto& bytes : {begun.substr(0, begun.size() / 2), begun,
                              client.request("POST", "/v1/inputs/small/2026-03/sheets/ratings", {},
                                             "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n") +
                                  "a\r\n{\"employee\r\n"}) {
      client.wire().send(bytes);
      client.connect();
    }
    // Comes to its end behind what was left: so that it does not pile up.
    client.get("/v1/audit/verify");
    client.wire().send("GET /livez HTTP/1.1\r\nHost: test\r\nHost: test\r\n\r\n");
    const auto refused = client.read();
    if (client.has_ended()) return;
    if (refused.status != 400) client.fail("a double Host gave " + std::to_string(refused.status));
    const auto packed = client.call("GET", "/openapi.json", {}, "Accept-Encoding: gzip\r\n");
    if (!client.has_ended() && (packed.field("content-encoding") != "gzip" || packed.body != description))
      client.fail("the description came as " + packed.head);
  }

  http::test::Identity identity;
  std::unique_ptr<Host> plain, tls;
  std::array<std::string, kAtOnce> targets, bodies;
  std::string description;
  Clients clients{key};
};

TEST_F(ServeLoad, EverybodyIsAnsweredUntilTheEnd) {
  begin_clients(plain->port(), false);
  begin_clients(tls->port(), true);
  ASSERT_TRUE(clients.wait_good(kGoodCalls));
  EXPECT_EQ(tls->reload(), "");
  ASSERT_TRUE(clients.wait_good(kGoodCalls));
  EXPECT_EQ(clients.refused(), 0u);
  clients.expect_end();
  EXPECT_TRUE(tls->drain());
  EXPECT_TRUE(plain->drain());
  clients.stop();
  EXPECT_FALSE(clients.has_failed());
}

}  // namespace
}  // namespace kaogong::gateway::test
