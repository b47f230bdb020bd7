// A real server for tests, on a port that is free, and a client that sends bytes as they are.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/http/server.h"

namespace kaogong::http::test {

using Values = std::vector<std::string>;
using Answer = std::function<Response(const Request&, const Values&)>;

/// Routes with what answers them, without anybody who asks who calls.
class TestRoutes final : public Dispatcher {
 public:
  /// `route`: method, pattern, body, lane; the operation is named after them.
  void add(Route route, Answer answer);
  Response handle(const Request& request, const Route& route, const Values& values) override;
  const RouteTable& table() const { return table_; }

 private:
  RouteTable table_;
  std::map<std::string, Answer, std::less<>> answers_;
  std::vector<std::unique_ptr<std::string>> names_;
};

/// What every test of the server may ask for: GET /hello, GET /inline, POST /echo (JSON), PUT /count (streamed: the
/// number of its bytes and how it ended), GET /stream/{bytes}.
void add_plain_routes(TestRoutes& routes);

struct Answered {
  int status = 0;
  std::string head;
  std::string body;  // chunks put together
  bool whole = false;
  /// The value of a field; empty: there is none.
  std::string field(std::string_view name) const;
};

/// A client. Reads wait for some seconds at most, and then the test fails: nothing depends on how long they take.
class RawClient {
 public:
  explicit RawClient(uint16_t port);
  virtual ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  /// Whether all of it could be sent.
  virtual bool send(std::string_view bytes);
  /// Reads one answer. `head_only`: of a HEAD request.
  Answered read(bool head_only = false);
  /// Everything until the server closes.
  std::string read_all();
  /// Whether the server has closed; waits for it.
  bool is_closed() { return receive().empty(); }
  void close();
  int socket() const { return socket_; }
  /// Takes the bytes that are there, at least one; empty: closed.
  std::string receive();

 private:
  virtual std::string receive_bytes();

  int socket_;
  std::string rest_;
};

/// The kit of a test: routes, options, then start().
class ServerTest : public ::testing::Test {
 protected:
  ServerTest();
  void start();
  /// Sends bytes on a connection of its own and reads one answer.
  Answered ask(std::string_view bytes);
  static std::string get(std::string_view path, std::string_view fields = "");

  clock::SystemClock clock;
  metrics::Registry metrics;
  std::optional<log::Logger> logger;
  ServerOptions options;
  TestRoutes routes;
  std::unique_ptr<Server> server;
};

}  // namespace kaogong::http::test
