// Webhooks: where a tenant wants to be told what happens, and what became of each message.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "infra/clock/clock.h"
#include "tenants/registry/tenant_database.h"

namespace kaogong::webhooks {

inline constexpr size_t kEndpointsMax = 20;  // of a tenant
inline constexpr size_t kDescriptionBytesMax = 1'000;

/// What can be asked for: `run.calculated`, `run.failed`, `run.approved`, `run.published`, `run.cancelled`, `run.void`,
/// and `*` for all.
bool is_event(std::string_view text);

struct Endpoint {
  int64_t id = 0;
  std::string url;
  std::vector<std::string> events;
  std::string description;
  bool enabled = true;
  std::string created_by;
  clock::Instant created_at;
};

/// A new endpoint; `secret`: "whsec_…", which is shown this once.
struct NewEndpoint {
  Endpoint endpoint;
  std::string secret;
};

/// Failures: kInvalid (the URL, no event or one that there is not), kQuotaExceeded (kEndpointsMax). `allow_http`: URLs
/// without TLS are taken.
tenants::Result<NewEndpoint> create_endpoint(tenants::TenantTransaction& transaction, const std::string& url,
                                             const std::vector<std::string>& events, const std::string& description,
                                             bool allow_http);
std::vector<Endpoint> list_endpoints(tenants::TenantTransaction& transaction);
/// Failures: kNotFound.
tenants::Result<Endpoint> find_endpoint(tenants::TenantTransaction& transaction, int64_t id);
/// An endpoint that is not enabled is told nothing; what waits for it waits on. Failures: kNotFound.
tenants::Result<Endpoint> enable_endpoint(tenants::TenantTransaction& transaction, int64_t id, bool enabled);
/// With its messages. Failures: kNotFound.
tenants::Result<tenants::Done> delete_endpoint(tenants::TenantTransaction& transaction, int64_t id);

struct Delivery {
  int64_t id = 0, endpoint = 0;
  std::string event, payload;
  std::string state;  // waiting, delivered, failed
  int64_t attempts = 0;
  std::optional<int64_t> last_status;
  std::string last_error;
  clock::Instant created_at;
  std::optional<clock::Instant> tried_at;
};
inline constexpr int64_t kDeliveriesMax = 1'000;

/// The newest first, those before `before` (0: from the newest), at most `limit`.
std::vector<Delivery> list_deliveries(tenants::TenantTransaction& transaction, int64_t endpoint, int64_t before,
                                      int64_t limit);
/// Sends a message again, the same with the same id. Failures: kNotFound.
tenants::Result<Delivery> replay(tenants::TenantTransaction& transaction, int64_t endpoint, int64_t delivery);
/// Sends a message `webhook.test`. Failures: kNotFound.
tenants::Result<Delivery> send_test(tenants::TenantTransaction& transaction, int64_t endpoint);

}  // namespace kaogong::webhooks
