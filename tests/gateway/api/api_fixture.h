// Handlers over real tables: a request goes to its route's handler as the gate would hand it over, without a server.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "gateway/api/call.h"
#include "gateway/api/services.h"
#include "gateway/http/route.h"
#include "gateway/json/read.h"
#include "tests/tenants/runs/run_fixture.h"

namespace kaogong::api::test {

/// What came back, with a stream written out.
struct Answered {
  int status = 0;
  std::string type, body;
  http::AnswerFields fields;
  std::string_view cache_control{};

  std::string field(std::string_view name) const;
  /// The text of what stands at a JSON pointer: of strings and numbers theirs, else `true`, `null`, `{}`, `[3]`;
  /// "none": there is nothing.
  std::string at(std::string_view pointer) const;
};

class ApiTest : public runs::RunTest {
 protected:
  ApiTest();

  /// Sends a request as `caller` to `tenant`. Checks of the gate that are made here: scope, and that mutations that
  /// need one have an Idempotency-Key, which is added if `fields` has none.
  Answered send(http::Method method, const std::string& target, const std::string& body = {},
                std::vector<http::Field> fields = {});
  Answered get(const std::string& target, std::vector<http::Field> fields = {}) {
    return send(http::Method::kGet, target, {}, std::move(fields));
  }
  Answered post(const std::string& target, const std::string& body = {}, std::vector<http::Field> fields = {}) {
    return send(http::Method::kPost, target, body, std::move(fields));
  }

  /// Who calls from now on: everything that the role may.
  void as(tenants::AccessRole role, std::string employee = {});

  http::RouteTable routes;
  Caller caller;
  tenants::Tenant tenant = make_tenant();
  gateway::Settings settings;
  tenants::ApiKeys keys{tenants};
  tenants::TokenIssuers token_issuers{tenants};
  KnownCallers known_callers{database.clock, std::chrono::milliseconds{0}};
  cache::SealedCache cache{nullptr, "a key of tests"};
  cache::Hints hints{nullptr};
  PageTokens page_tokens{"a key of tests, long enough"};
  Services services;

 private:
  int sent_ = 0;
};

}  // namespace kaogong::api::test
