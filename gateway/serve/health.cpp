#include "gateway/serve/health.h"

#include "gateway/http/answer.h"
#include "tenants/registry/migrations.h"

namespace kaogong::gateway {

namespace {

constexpr std::string_view kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

http::Response text(std::string_view type, std::string body) {
  http::Response response;
  response.content_type = type;
  response.body = std::move(body);
  return response;
}

}  // namespace

std::optional<std::string> Readiness::fault() {
  if (is_draining_()) return "The server is ending.";
  const std::lock_guard lock(mutex_);
  const auto now = clock_.tick();
  if (asked_ && now - *asked_ < kGoodFor) return fault_;
  const auto found = tenants::check_control(owner_);
  // The database's own words are for the log and not for whoever asks.
  fault_ = found.good()
               ? std::nullopt
               : std::optional<std::string>("PostgreSQL does not answer, or kaogong migrate has not been run.");
  asked_ = clock_.tick();
  return fault_;
}

void add_health_routes(http::RouteTable& routes, Readiness& readiness, const metrics::Registry& metrics) {
  routes.add({.method = http::Method::kGet,
              .pattern = "/livez",
              .operation_id = "live",
              .access = http::Access::kPublic,
              .lane = http::Lane::kInline,
              .handler = [](api::Call&) { return text("text/plain", "live\n"); }});
  routes.add({.method = http::Method::kGet,
              .pattern = "/readyz",
              .operation_id = "ready",
              .access = http::Access::kPublic,
              .handler = [&readiness](api::Call&) {
                const auto fault = readiness.fault();
                return fault ? http::refusal_for_now(503, *fault, 1) : text("text/plain", "ready\n");
              }});
  routes.add({.method = http::Method::kGet,
              .pattern = "/metrics",
              .operation_id = "metrics",
              .access = http::Access::kPublic,
              .handler = [&metrics](api::Call&) { return text(kMetricsType, metrics.text()); }});
}

}  // namespace kaogong::gateway
