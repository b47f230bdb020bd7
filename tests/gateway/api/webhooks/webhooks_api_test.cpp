#include "gateway/api/webhooks/routes.h"
#include "infra/crypto/encode.h"
#include "tenants/webhooks/deliverer.h"
#include "tenants/webhooks/endpoints.h"
#include "tests/gateway/api/api_fixture.h"
#include "tests/gateway/api/webhooks/receiver.h"
#include "tests/gateway/http/tls_kit.h"

namespace kaogong::api {

namespace {

using http::Method;
using tenants::AccessRole;
using tenants::TenantTransaction;
using test::Receiver;

class WebhooksApi : public test::ApiTest {
 protected:
  WebhooksApi() {
    add_webhooks_routes(routes);
    options.post.allow_private = true;
    options.post.timeout_ms = 5'000;
    run_as_owner("DELETE FROM kaogong.webhook_queue");  // of other tests
  }
  /// An endpoint on this machine; gives its secret.
  std::string listen(const std::string& url, const std::vector<std::string>& events = {"*"}) {
    const auto made =
        in(tenant, [&](TenantTransaction& t) { return webhooks::create_endpoint(t, url, events, "", true); });
    EXPECT_OK(made);
    id = std::to_string(made->endpoint.id);
    return *crypto::from_base64(made->secret.substr(6));
  }
  size_t deliver() { return webhooks::Deliverer(tenants, logger, options).deliver_due(); }
  void make_due() { run_as_owner("UPDATE kaogong.webhook_queue SET due_at = now()"); }
  test::Answered messages() { return get("/v1/webhooks/" + id + "/messages"); }

  Receiver receiver;
  webhooks::DelivererOptions options;
  std::string id;
};

TEST_F(WebhooksApi, WhatBefallsARunIsTold) {
  const auto secret = listen(receiver.url(), {"run.calculated", "run.published"});
  install(tenant, runs::kPayScheme);
  const auto run = publish(tenant, "2026-01", {{"population", "employee,wage,fine,department\nE1,5000,0,A\n"}});
  EXPECT_EQ(deliver(), 2u);
  EXPECT_EQ(deliver(), 0u);
  const auto told = receiver.messages();
  ASSERT_EQ(told.size(), 2u);
  for (const auto& message : told) {
    const auto& fields = message.fields;
    EXPECT_EQ(fields.at("content-type"), "application/json");
    EXPECT_EQ(fields.at("webhook-signature"),
              webhooks::signature(secret, fields.at("webhook-id"), fields.at("webhook-timestamp"), message.body));
    EXPECT_NE(message.body.find("\"run\" : " + std::to_string(number_of(run.id))), std::string::npos) << message.body;
  }
  EXPECT_NE(told[0].body.find("\"type\" : \"run."), std::string::npos);
  EXPECT_NE(told[0].fields.at("webhook-id"), told[1].fields.at("webhook-id"));
  const auto list = messages();
  EXPECT_EQ(list.at("/items"), "[2]");
  EXPECT_EQ(list.at("/items/0/event"), "run.published");
  EXPECT_EQ(list.at("/items/0/state"), "delivered");
  EXPECT_EQ(list.at("/items/0/last_status"), "204");
  EXPECT_EQ(list.at("/items/0/payload/data/period"), "2026-01");
}

// The example of the specification of Standard Webhooks.
TEST(WebhookSignature, IsThatOfTheStandard) {
  EXPECT_EQ(webhooks::signature(*crypto::from_base64("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                                "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "{\"test\": 2432232314}"),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_F(WebhooksApi, WhatFailsIsSentAgainLaterAndCanBeReplayed) {
  listen(receiver.url());
  receiver.answer(500);
  EXPECT_EQ(post("/v1/webhooks/" + id + "/test").status, 202);
  EXPECT_EQ(deliver(), 1u);
  EXPECT_EQ(deliver(), 0u);  // not before its time
  EXPECT_EQ(messages().at("/items/0/state"), "waiting");
  EXPECT_EQ(messages().at("/items/0/last_status"), "500");
  make_due();
  receiver.answer(204);
  EXPECT_EQ(deliver(), 1u);
  EXPECT_EQ(messages().at("/items/0/state"), "delivered");
  EXPECT_EQ(messages().at("/items/0/attempts"), "2");
  const auto message = messages().at("/items/0/id");
  EXPECT_EQ(post("/v1/webhooks/" + id + "/messages/" + message + "/replay").at("/state"), "waiting");
  EXPECT_EQ(deliver(), 1u);
  const auto told = receiver.messages();
  ASSERT_EQ(told.size(), 3u);
  EXPECT_EQ(told[0].fields.at("webhook-id"), told[2].fields.at("webhook-id"));
  EXPECT_EQ(told[0].body, told[2].body);
  EXPECT_EQ(post("/v1/webhooks/" + id + "/messages/999/replay").status, 404);
}

TEST_F(WebhooksApi, AfterTheLastAttemptAMessageHasFailed) {
  listen(receiver.url());
  receiver.answer(503);
  post("/v1/webhooks/" + id + "/test");
  for (size_t i = 0; i <= webhooks::kPauses.size(); ++i) {
    EXPECT_EQ(deliver(), 1u) << i;
    make_due();
  }
  EXPECT_EQ(messages().at("/items/0/state"), "failed");
  EXPECT_EQ(deliver(), 0u);
}

TEST_F(WebhooksApi, WhoSaysThatHeIsGoneIsAskedNoMore) {
  listen(receiver.url());
  receiver.answer(410);
  post("/v1/webhooks/" + id + "/test");
  EXPECT_EQ(deliver(), 1u);
  EXPECT_EQ(get("/v1/webhooks/" + id).at("/enabled"), "false");
  EXPECT_EQ(messages().at("/items/0/state"), "failed");
}

// A name that was public when the webhook was made, and leads to this machine when something is sent.
TEST_F(WebhooksApi, ANameThatIsReboundIsNotFollowed) {
  options.post.allow_private = false;
  const auto made = post("/v1/webhooks", R"({"url":"https://rebound.example:)" + std::to_string(receiver.port()) +
                                             R"(/","events":["*"]})");
  ASSERT_EQ(made.status, 201) << made.body;
  id = made.at("/id");
  int asked = 0;
  options.post.resolve = [&](const std::string&, uint16_t port) -> std::vector<web::Address> {
    ++asked;
    return {web::parse_address("127.0.0.1", port)};
  };
  post("/v1/webhooks/" + id + "/test");
  EXPECT_EQ(deliver(), 1u);
  EXPECT_EQ(asked, 1);
  EXPECT_TRUE(receiver.messages().empty());
  EXPECT_EQ(messages().at("/items/0/last_error"), "the name leads to an address that is not public");
}

TEST_F(WebhooksApi, TheCertificateMustBeTheNamesAndTrusted) {
  std::vector<std::string> got;
  http::test::TestRoutes hooks;
  hooks.add({.method = Method::kPost, .pattern = "/hook", .body = http::BodyKind::kJson},
            [&](const http::Request& request, const http::test::Values&) {
              got.push_back(*request.fields.find("webhook-signature"));
              return http::Response{.status = 204};
            });
  const http::test::Identity identity;
  http::ServerOptions how;
  how.port = 0;
  how.io_threads = 1;
  how.interactive_threads = 1;
  how.tls_certificate_path = identity.certificate_path();
  how.tls_key_path = identity.key_path();
  metrics::Registry metrics;
  http::Server server(how, hooks.table(), hooks, metrics, logger, database.clock);
  ASSERT_EQ(server.start(), "");
  options.post.ca_file = identity.certificate_path();
  options.post.resolve = [](const std::string&, uint16_t port) -> std::vector<web::Address> {
    return {web::parse_address("127.0.0.1", port)};
  };
  const std::string rest = ":" + std::to_string(server.port()) + "/hook";
  const auto told = [&](const std::string& host) {
    listen("https://" + host + rest);
    post("/v1/webhooks/" + id + "/test");
    EXPECT_EQ(deliver(), 1u);
    return messages().at("/items/0/state");
  };
  EXPECT_EQ(told("localhost"), "delivered");
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got.front().substr(0, 3), "v1,");
  EXPECT_NE(told("other.example"), "delivered");
  EXPECT_EQ(messages().at("/items/0/last_status"), "null");
  options.post.ca_file.clear();  // those of the system, of which it is none
  EXPECT_NE(told("localhost"), "delivered");
  EXPECT_EQ(got.size(), 1u);
}

TEST_F(WebhooksApi, OnlyPublicAddressesWithTlsAreTaken) {
  const auto make = [&](const std::string& url) {
    return post("/v1/webhooks", R"({"url":")" + url + R"(","events":["run.published"]})").status;
  };
  for (const auto* url : {"http://hooks.example.com/", "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.1/",
                          "https://169.254.169.254/latest", "ftp://a/", "https://u:p@a/", "nonsense"})
    EXPECT_EQ(make(url), 422) << url;
  const auto made =
      post("/v1/webhooks", R"({"url":"https://hooks.example.com/x","events":["run.published"],"description":"d"})");
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.at("/secret").substr(0, 6), "whsec_");
  const auto shown = get("/v1/webhooks/" + made.at("/id"));
  EXPECT_EQ(shown.at("/secret"), "none");
  EXPECT_EQ(get("/v1/webhooks").at("/items"), "[1]");
  EXPECT_EQ(post("/v1/webhooks", R"({"url":"https://a.example/","events":["run.done"]})").status, 422);
  EXPECT_EQ(post("/v1/webhooks", R"({"url":"https://a.example/","events":[]})").status, 422);
  EXPECT_EQ(post("/v1/webhooks/" + made.at("/id") + "/disable").at("/enabled"), "false");
  EXPECT_EQ(post("/v1/webhooks/" + made.at("/id") + "/enable").at("/enabled"), "true");
  EXPECT_EQ(send(Method::kDelete, "/v1/webhooks/" + made.at("/id")).status, 204);
  EXPECT_EQ(get("/v1/webhooks/" + made.at("/id")).status, 404);
}

TEST_F(WebhooksApi, AnInstallationMayAllowItsOwnNetwork) {
  const std::string body = R"({"url":")" + receiver.url() + R"(","events":["*"]})";
  EXPECT_EQ(post("/v1/webhooks", body).status, 422);
  settings.serve.webhooks_private = true;
  const auto made = post("/v1/webhooks", body);
  ASSERT_EQ(made.status, 201) << made.body;
  post("/v1/webhooks/" + made.at("/id") + "/test");
  EXPECT_EQ(deliver(), 1u);
  EXPECT_EQ(receiver.messages().size(), 1u);
}

TEST_F(WebhooksApi, WebhooksAreTheTenantsAndItsAdministrators) {
  listen(receiver.url());
  const auto path = "/v1/webhooks/" + id;
  as(AccessRole::kHr);
  EXPECT_EQ(get(path).status, 403);
  as(AccessRole::kTenantAdmin);
  tenant = make_tenant();
  EXPECT_EQ(get(path).status, 404);
  EXPECT_EQ(get(path + "/messages").status, 404);
  EXPECT_EQ(post(path + "/test").status, 404);
  EXPECT_EQ(post(path + "/disable").status, 404);
  EXPECT_EQ(send(Method::kDelete, path).status, 404);
}

}  // namespace

}  // namespace kaogong::api
