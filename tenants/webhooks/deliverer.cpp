#include "tenants/webhooks/deliverer.h"

#include <condition_variable>
#include <mutex>

#include "infra/crypto/encode.h"
#include "infra/crypto/hash.h"

namespace kaogong::webhooks {

using tenants::Result;
using tenants::TenantTransaction;

namespace {

constexpr int kGone = 410;  // by which an endpoint says that it wants nothing any more
constexpr int64_t kLeaseMarginMs = 30'000;

const tenants::Actor& actor() {
  static const tenants::Actor actor{"webhooks"};
  return actor;
}

/// What is to be sent, and where.
struct Message {
  std::string url, secret, payload;
  int64_t endpoint = 0, attempts = 0;
  bool enabled = false;
};

Result<std::optional<Message>> read(TenantTransaction& t, int64_t delivery) {
  const auto rows =
      t.sql().query("SELECT e.url, e.secret, d.payload, e.endpoint_id, d.attempts::bigint, e.enabled FROM " +
                        t.table("webhook_deliveries") + " d JOIN " + t.table("webhook_endpoints") +
                        " e USING (endpoint_id) WHERE d.delivery_id = $1 AND d.state = 'waiting'",
                    {delivery});
  if (rows.empty()) return std::optional<Message>();
  const auto row = rows.one();
  const auto secret = row.bytes(1);
  return std::optional<Message>({std::string(row.text(0)),
                                 {reinterpret_cast<const char*>(secret.data()), secret.size()},
                                 std::string(row.text(2)),
                                 row.int64(3),
                                 row.int64(4),
                                 row.boolean(5)});
}

}  // namespace

std::string signature(std::string_view secret, std::string_view id, std::string_view timestamp, std::string_view body) {
  std::string text(id);
  text.append(".").append(timestamp).append(".").append(body);
  return "v1," + crypto::to_base64(crypto::view(crypto::hmac_sha256(secret, text)));
}

Result<std::vector<Deliverer::Due>> Deliverer::claim() {
  return database_.transact_control([&](postgres::Transaction& sql) -> Result<std::vector<Due>> {
    const auto rows = sql.query(
        "UPDATE kaogong.webhook_queue q SET due_at = now() + $2 * interval '1 millisecond' FROM (SELECT tenant_id, "
        "delivery_id FROM kaogong.webhook_queue WHERE due_at <= now() ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED) "
        "d "
        "WHERE q.tenant_id = d.tenant_id AND q.delivery_id = d.delivery_id RETURNING q.tenant_id, q.delivery_id",
        {options_.at_once, options_.at_once * options_.post.timeout_ms + kLeaseMarginMs});
    std::vector<Due> due;
    for (const auto row : rows) due.push_back({std::string(row.text(0)), row.int64(1)});
    return due;
  });
}

std::optional<std::chrono::seconds> Deliverer::try_once(const Due& due) {
  const auto tenant = database_.open(due.tenant);
  if (!tenant) {
    // Suspended: later. Gone with all that it had: never.
    if (tenant.failure().code == tenants::FailureCode::kNotFound) return std::nullopt;
    return kPauses[2];
  }
  const auto message =
      database_.transact(*tenant, actor(), [&](TenantTransaction& t) { return read(t, due.delivery); });
  if (!message) return kPauses[0];
  if (!*message) return std::nullopt;
  const Message& sent = **message;
  if (!sent.enabled) return kPauses[2];
  const auto url = web::parse_url(sent.url);
  const std::string id = "msg_" + due.tenant + "_" + std::to_string(due.delivery);
  const auto timestamp = std::to_string(
      std::chrono::duration_cast<std::chrono::seconds>(database_.clock().now().time_since_epoch()).count());
  const auto posted = url ? web::post(*url,
                                      {{"webhook-id", id},
                                       {"webhook-timestamp", timestamp},
                                       {"webhook-signature", signature(sent.secret, id, timestamp, sent.payload)}},
                                      sent.payload, options_.post)
                          : web::Posted{0, "the URL is none"};
  const bool good = posted.status >= 200 && posted.status < 300;
  const bool over = good || posted.status == kGone || static_cast<size_t>(sent.attempts) >= kPauses.size();
  const auto noted = database_.transact(*tenant, actor(), [&](TenantTransaction& t) -> Result<tenants::Done> {
    t.sql().execute("UPDATE " + t.table("webhook_deliveries") +
                        " SET state = $2, attempts = attempts + 1, last_status = nullif($3, 0)::integer, last_error = "
                        "nullif($4, ''), tried_at = now() WHERE delivery_id = $1",
                    {due.delivery,
                     good   ? "delivered"
                     : over ? "failed"
                            : "waiting",
                     int64_t{posted.status}, posted.error});
    if (posted.status == kGone)
      t.sql().execute("UPDATE " + t.table("webhook_endpoints") + " SET enabled = false WHERE endpoint_id = $1",
                      {sent.endpoint});
    return tenants::Done{};
  });
  if (!noted) return kPauses[0];
  if (over) return std::nullopt;
  return kPauses[static_cast<size_t>(sent.attempts)];
}

void Deliverer::settle(const Due& due, std::optional<std::chrono::seconds> again) {
  const auto done = database_.transact_control([&](postgres::Transaction& sql) -> Result<tenants::Done> {
    if (again) {
      sql.execute(
          "UPDATE kaogong.webhook_queue SET due_at = now() + $3 * interval '1 second' WHERE tenant_id = $1 AND "
          "delivery_id = $2",
          {due.tenant, due.delivery, int64_t{again->count()}});
    } else {
      sql.execute("DELETE FROM kaogong.webhook_queue WHERE tenant_id = $1 AND delivery_id = $2",
                  {due.tenant, due.delivery});
    }
    return tenants::Done{};
  });
  // Not settled: its lease runs out, and it is looked at again.
  if (!done) logger_.warn(log::Event("webhook_not_settled"));
}

void Deliverer::deliver(const Due& due) { settle(due, try_once(due)); }

size_t Deliverer::deliver_due(const std::stop_token& stop) {
  size_t tried = 0;
  while (!stop.stop_requested()) {
    const auto due = claim();
    if (!due || due->empty()) break;
    for (const auto& one : *due) {
      if (stop.stop_requested()) break;
      deliver(one);
      ++tried;
    }
  }
  return tried;
}

void Deliverer::run(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any woken;
  while (!stop.stop_requested()) {
    deliver_due(stop);
    std::unique_lock lock(mutex);
    woken.wait_for(lock, stop, options_.poll, [] { return false; });
  }
}

}  // namespace kaogong::webhooks
