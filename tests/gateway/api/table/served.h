// The API behind its server: requests go over the loopback.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "gateway/http/server.h"
#include "tests/gateway/api/fixture/api_fixture.h"
#include "tests/gateway/http/server_kit.h"

namespace kaogong::api::test {

/// Requests to one server, on a connection that stays as long as the server keeps it.
class ServedClient {
 public:
  explicit ServedClient(uint16_t port) : port_(port) {}

  /// `once`: whether the route needs an Idempotency-Key, and gets a new one if `say` has none.
  http::Response send(std::string_view method, std::string_view target, const Say& say, bool once);

 private:
  uint16_t port_;
  std::unique_ptr<http::test::RawClient> connection_;
};

/// Tests of all routes, with no bounds on how often somebody calls.
class ServedApiTest : public GatedApiTest {
 protected:
  ServedApiTest();

  http::Response send(std::string_view method, std::string_view target, const Say& say = {});
  uint16_t port() const { return server_->port(); }

 private:
  metrics::Registry metrics_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<ServedClient> client_;
};

}  // namespace kaogong::api::test
