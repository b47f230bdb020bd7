#include "gateway/api/webhooks/routes.h"

#include "gateway/api/answer.h"
#include "gateway/api/body.h"
#include "gateway/api/change.h"
#include "gateway/api/paging.h"
#include "gateway/api/transact.h"
#include "infra/web/post.h"
#include "tenants/webhooks/endpoints.h"

namespace kaogong::api {

using tenants::Result;
using tenants::TenantTransaction;
using webhooks::Delivery;
using webhooks::Endpoint;

namespace {

constexpr size_t kEventsMax = 20;
constexpr size_t kEventBytesMax = 100;

void write_endpoint(json::Writer& writer, const Endpoint& endpoint) {
  writer.member("id", endpoint.id).member("url", endpoint.url).name("events").begin_array();
  for (const auto& event : endpoint.events) writer.value(event);
  writer.end_array()
      .member("description", endpoint.description)
      .member("enabled", endpoint.enabled)
      .member("created_by", endpoint.created_by)
      .member("created_at", clock::to_rfc3339(endpoint.created_at));
}

std::string endpoint_json(const Endpoint& endpoint) {
  json::Writer writer;
  writer.begin_object();
  write_endpoint(writer, endpoint);
  writer.end_object();
  return writer.take();
}

void write_delivery(json::Writer& writer, const Delivery& delivery) {
  writer.begin_object()
      .member("id", delivery.id)
      .member("event", delivery.event)
      .member("state", delivery.state)
      .member("attempts", delivery.attempts)
      .member_or_null("last_status", delivery.last_status)
      .member("last_error", delivery.last_error)
      .member("created_at", clock::to_rfc3339(delivery.created_at))
      .name("tried_at");
  delivery.tried_at ? writer.value(clock::to_rfc3339(*delivery.tried_at)) : writer.null();
  writer.raw_member("payload", delivery.payload).end_object();
}

Result<int64_t> webhook_in_path(const Call& call) {
  const auto id = parse_number(call.values.at(0));
  if (!id) return tenants::not_found("there is no webhook '" + call.values.at(0) + "'");
  return *id;
}

/// A change of the webhook that the path names.
template <typename Body>
http::Response change_one(Call& call, const Body& body) {
  const auto id = webhook_in_path(call);
  if (!id) return problem(id.failure());
  return change(call, [&](TenantTransaction& t) -> Result<http::Response> { return body(t, *id); });
}

http::Response create_webhook(Call& call) {
  JsonBody body(call.request);
  const auto url = body->text("url", web::kUrlBytesMax).value_or("");
  const auto events = body->texts("events", kEventsMax, kEventBytesMax);
  const auto description = body->text_or_empty("description", webhooks::kDescriptionBytesMax);
  if (auto wrong = body.problem()) return *std::move(wrong);
  return change(call, [&](TenantTransaction& t) -> Result<http::Response> {
    const bool is_private = call.services.settings.serve.webhooks_private;
    const auto made = webhooks::create_endpoint(t, url, events, description, is_private);
    if (!made) return made.failure();
    json::Writer writer;
    writer.begin_object();
    write_endpoint(writer, made->endpoint);
    writer.member("secret", made->secret).end_object();
    return answer(201, writer);
  });
}

http::Response list_webhooks(Call& call) {
  Query query(call.request);
  if (auto wrong = query.problem()) return *std::move(wrong);
  return look(
      call, [](TenantTransaction& t) -> Result<std::vector<Endpoint>> { return webhooks::list_endpoints(t); },
      [](const std::vector<Endpoint>& list) {
        json::Writer writer;
        writer.begin_object().name("items").begin_array();
        for (const auto& endpoint : list) writer.raw(endpoint_json(endpoint));
        writer.end_array().end_object();
        return answer(200, writer);
      });
}

http::Response get_webhook(Call& call) {
  const auto id = webhook_in_path(call);
  if (!id) return problem(id.failure());
  return look(
      call, [&](TenantTransaction& t) { return webhooks::find_endpoint(t, *id); },
      [&](const Endpoint& endpoint) { return tagged(call.request, endpoint_json(endpoint)); });
}

http::Response enable(Call& call, bool enabled) {
  return change_one(call, [&](TenantTransaction& t, int64_t id) -> Result<http::Response> {
    const auto endpoint = webhooks::enable_endpoint(t, id, enabled);
    if (!endpoint) return endpoint.failure();
    return answer(200, endpoint_json(*endpoint));
  });
}
http::Response enable_webhook(Call& call) { return enable(call, true); }
http::Response disable_webhook(Call& call) { return enable(call, false); }

http::Response delete_webhook(Call& call) {
  return change_one(call, [](TenantTransaction& t, int64_t id) -> Result<http::Response> {
    const auto gone = webhooks::delete_endpoint(t, id);
    if (!gone) return gone.failure();
    return no_content();
  });
}

http::Response sent(const Result<Delivery>& delivery) {
  json::Writer writer;
  write_delivery(writer, *delivery);
  return answer(202, writer);
}

http::Response test_webhook(Call& call) {
  return change_one(call, [](TenantTransaction& t, int64_t id) -> Result<http::Response> {
    const auto delivery = webhooks::send_test(t, id);
    if (!delivery) return delivery.failure();
    return sent(delivery);
  });
}

http::Response replay_delivery(Call& call) {
  return change_one(call, [&](TenantTransaction& t, int64_t id) -> Result<http::Response> {
    const auto message = parse_number(call.values.at(1));
    if (!message) return tenants::not_found("there is no message '" + call.values.at(1) + "'");
    const auto delivery = webhooks::replay(t, id, *message);
    if (!delivery) return delivery.failure();
    return sent(delivery);
  });
}

http::Response list_deliveries(Call& call) {
  Query query(call.request);
  const auto page = read_page(query, call, kPageSize, webhooks::kDeliveriesMax - 1);
  if (auto wrong = query.problem()) return *std::move(wrong);
  const auto id = webhook_in_path(call);
  if (!id) return problem(id.failure());
  return look(
      call,
      [&](TenantTransaction& t) -> Result<std::vector<Delivery>> {
        if (const auto there = webhooks::find_endpoint(t, *id); !there) return there.failure();
        return webhooks::list_deliveries(t, *id, page.after.empty() ? 0 : std::stoll(page.after), page.size + 1);
      },
      [&](const std::vector<Delivery>& list) {
        const size_t shown = std::min(list.size(), static_cast<size_t>(page.size));
        json::Writer writer;
        writer.begin_object().name("items").begin_array();
        for (size_t i = 0; i < shown; ++i) write_delivery(writer, list[i]);
        writer.end_array();
        write_next_page(writer, call,
                        list.size() > shown ? std::optional(std::to_string(list[shown - 1].id)) : std::nullopt);
        writer.end_object();
        return answer(200, writer);
      });
}

}  // namespace

void add_webhooks_routes(http::RouteTable& routes) {
  using http::BodyKind;
  using http::Method;
  const auto add = [&](Method method, std::string_view pattern, std::string_view id, BodyKind body,
                       http::Response (*handler)(Call&)) {
    routes.add({.method = method,
                .pattern = pattern,
                .operation_id = id,
                .scope = tenants::Scope::kKeysManage,
                .body = body,
                .needs_idempotency_key = method != Method::kGet,
                .handler = handler});
  };
  add(Method::kPost, "/v1/webhooks", "createWebhook", BodyKind::kJson, create_webhook);
  add(Method::kGet, "/v1/webhooks", "listWebhooks", BodyKind::kNone, list_webhooks);
  add(Method::kGet, "/v1/webhooks/{webhook}", "getWebhook", BodyKind::kNone, get_webhook);
  add(Method::kDelete, "/v1/webhooks/{webhook}", "deleteWebhook", BodyKind::kNone, delete_webhook);
  add(Method::kPost, "/v1/webhooks/{webhook}/enable", "enableWebhook", BodyKind::kNone, enable_webhook);
  add(Method::kPost, "/v1/webhooks/{webhook}/disable", "disableWebhook", BodyKind::kNone, disable_webhook);
  add(Method::kPost, "/v1/webhooks/{webhook}/test", "testWebhook", BodyKind::kNone, test_webhook);
  add(Method::kGet, "/v1/webhooks/{webhook}/messages", "listWebhookMessages", BodyKind::kNone, list_deliveries);
  add(Method::kPost, "/v1/webhooks/{webhook}/messages/{message}/replay", "replayWebhookMessage", BodyKind::kNone,
      replay_delivery);
}

}  // namespace kaogong::api
