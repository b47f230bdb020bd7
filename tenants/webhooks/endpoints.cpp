#include "tenants/webhooks/endpoints.h"

#include <algorithm>
#include <chrono>
#include <span>

#include "infra/crypto/encode.h"
#include "infra/crypto/random.h"
#include "infra/web/post.h"
#include "tenants/audit/json_object.h"

namespace kaogong::webhooks {

using tenants::Result;
using tenants::TenantTransaction;

namespace {

constexpr size_t kSecretBytes = 32;
constexpr std::string_view kEvents[] = {
    "*", "run.calculated", "run.failed", "run.approved", "run.published", "run.cancelled", "run.void"};
constexpr const char* kEndpointColumns = "endpoint_id, url, events, description, enabled, created_by, created_at";
constexpr const char* kDeliveryColumns =
    "delivery_id, endpoint_id, event, payload, state, attempts::bigint, last_status::bigint, last_error, created_at, "
    "tried_at";

clock::Instant instant(int64_t us) { return clock::Instant{std::chrono::microseconds{us}}; }

Endpoint endpoint_of(const postgres::Row& row) {
  Endpoint endpoint{row.int64(0),
                    std::string(row.text(1)),
                    {},
                    std::string(row.text(3)),
                    row.boolean(4),
                    std::string(row.text(5)),
                    instant(row.timestamp_us(6))};
  for (const auto event : row.text_array(2)) endpoint.events.emplace_back(event);
  return endpoint;
}

Delivery delivery_of(const postgres::Row& row) {
  Delivery delivery{row.int64(0),
                    row.int64(1),
                    std::string(row.text(2)),
                    std::string(row.text(3)),
                    std::string(row.text(4)),
                    row.int64(5),
                    row.optional_int64(6),
                    std::string(row.optional_text(7).value_or("")),
                    instant(row.timestamp_us(8)),
                    std::nullopt};
  if (!row.is_null(9)) delivery.tried_at = instant(row.timestamp_us(9));
  return delivery;
}

std::string named(int64_t id) { return "webhook " + std::to_string(id); }
tenants::Failure no_endpoint(int64_t id) { return tenants::not_found("there is no " + named(id)); }

}  // namespace

bool is_event(std::string_view text) {
  return std::find(std::begin(kEvents), std::end(kEvents), text) != std::end(kEvents);
}

Result<NewEndpoint> create_endpoint(TenantTransaction& t, const std::string& url,
                                    const std::vector<std::string>& events, const std::string& description,
                                    bool allow_http) {
  const auto parsed = web::parse_url(url);
  if (!parsed || (!parsed->secure && !allow_http))
    return tenants::invalid("the URL must be one like https://host/path");
  // A name is looked at each time that something is sent; a number can be told at once.
  if (const auto number = web::parse_address(parsed->host, 0);
      number.size != 0 && !allow_http && !web::is_public(number))
    return tenants::invalid("the URL leads to an address that is not public");
  if (events.empty()) return tenants::invalid("no event is named");
  for (const auto& event : events)
    if (!is_event(event)) return tenants::invalid("there is no event '" + event + "'");
  if (description.size() > kDescriptionBytesMax) return tenants::invalid("the description is too long");
  const auto id = t.take("webhooks");
  const auto count = t.sql().query("SELECT count(*) FROM " + t.table("webhook_endpoints"), {});
  if (count.one().int64(0) >= static_cast<int64_t>(kEndpointsMax))
    return tenants::Failure{tenants::FailureCode::kQuotaExceeded,
                            "there are " + std::to_string(kEndpointsMax) + " webhooks already"};
  const auto secret = crypto::random_bytes(kSecretBytes);
  t.sql().execute(
      "INSERT INTO " + t.table("webhook_endpoints") +
          " (endpoint_id, url, secret, events, description, enabled, created_by, created_at) VALUES ($1, $2, "
          "$3, $4, $5, true, $6, $7::timestamptz)",
      {id, url, std::as_bytes(std::span(secret)), events, description, t.actor().name, t.now_text()});
  auto endpoint = find_endpoint(t, id);
  if (!endpoint) return endpoint.failure();
  t.audit("webhook.create", named(id), tenants::audit::json_object({{"host", parsed->host}}));
  return NewEndpoint{*endpoint, "whsec_" + crypto::to_base64(secret)};
}

std::vector<Endpoint> list_endpoints(TenantTransaction& t) {
  const auto rows = t.sql().query(
      std::string("SELECT ") + kEndpointColumns + " FROM " + t.table("webhook_endpoints") + " ORDER BY endpoint_id",
      {});
  std::vector<Endpoint> list;
  for (const auto row : rows) list.push_back(endpoint_of(row));
  return list;
}

Result<Endpoint> find_endpoint(TenantTransaction& t, int64_t id) {
  const auto rows = t.sql().query(
      std::string("SELECT ") + kEndpointColumns + " FROM " + t.table("webhook_endpoints") + " WHERE endpoint_id = $1",
      {id});
  if (rows.empty()) return no_endpoint(id);
  return endpoint_of(rows.one());
}

Result<Endpoint> enable_endpoint(TenantTransaction& t, int64_t id, bool enabled) {
  const auto changed = t.sql().execute(
      "UPDATE " + t.table("webhook_endpoints") + " SET enabled = $2 WHERE endpoint_id = $1", {id, enabled});
  if (changed == 0) return no_endpoint(id);
  auto endpoint = find_endpoint(t, id);
  t.audit(enabled ? "webhook.enable" : "webhook.disable", named(id));
  return endpoint;
}

Result<tenants::Done> delete_endpoint(TenantTransaction& t, int64_t id) {
  if (t.sql().execute("DELETE FROM " + t.table("webhook_endpoints") + " WHERE endpoint_id = $1", {id}) == 0)
    return no_endpoint(id);
  t.audit("webhook.delete", named(id));
  return tenants::Done{};
}

std::vector<Delivery> list_deliveries(TenantTransaction& t, int64_t endpoint, int64_t before, int64_t limit) {
  const auto rows = t.sql().query(std::string("SELECT ") + kDeliveryColumns + " FROM " + t.table("webhook_deliveries") +
                                      " WHERE endpoint_id = $1 AND ($2 = 0 OR delivery_id < $2) ORDER BY delivery_id "
                                      "DESC LIMIT $3",
                                  {endpoint, before, std::clamp<int64_t>(limit, 1, kDeliveriesMax)});
  std::vector<Delivery> list;
  for (const auto row : rows) list.push_back(delivery_of(row));
  return list;
}

Result<Delivery> replay(TenantTransaction& t, int64_t endpoint, int64_t delivery) {
  const auto rows =
      t.sql().query("UPDATE " + t.table("webhook_deliveries") +
                        " SET state = 'waiting', attempts = 0 WHERE endpoint_id = $1 AND delivery_id = $2 "
                        "RETURNING " +
                        kDeliveryColumns,
                    {endpoint, delivery});
  if (rows.empty())
    return tenants::not_found("there is no message " + std::to_string(delivery) + " of " + named(endpoint));
  t.audit("webhook.replay", named(endpoint), tenants::audit::json_object({{"message", delivery}}));
  return delivery_of(rows.one());
}

Result<Delivery> send_test(TenantTransaction& t, int64_t endpoint) {
  const auto found = find_endpoint(t, endpoint);
  if (!found) return found.failure();
  const auto rows = t.sql().query(
      "INSERT INTO " + t.table("webhook_deliveries") +
          " (delivery_id, endpoint_id, event, payload, state, attempts, created_at) VALUES ($4, $1, 'webhook.test', "
          "$2, "
          "'waiting', 0, $3::timestamptz) RETURNING " +
          kDeliveryColumns,
      {endpoint,
       tenants::audit::json_object({{"type", std::string("webhook.test")}, {"timestamp", clock::to_rfc3339(t.now())}}),
       t.now_text(), t.take("webhook_messages")});
  return delivery_of(rows.one());
}

}  // namespace kaogong::webhooks
