// Delivers messages of webhooks: any number of processes, each message by one at a time, at least once.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>

#include "infra/log/logger.h"
#include "infra/web/post.h"
#include "tenants/registry/tenant_database.h"

namespace kaogong::webhooks {

/// After each attempt that failed the next waits so long; after the last the message has failed.
inline constexpr std::array<std::chrono::seconds, 8> kPauses = {
    std::chrono::seconds(5), std::chrono::minutes(5), std::chrono::minutes(30), std::chrono::hours(2),
    std::chrono::hours(5),   std::chrono::hours(10),  std::chrono::hours(14),   std::chrono::hours(20)};

/// `v1,<base64>` over the id, the time and the body, as Standard Webhooks have it.
std::string signature(std::string_view secret, std::string_view id, std::string_view timestamp, std::string_view body);

struct DelivererOptions {
  web::PostOptions post = {};
  std::chrono::milliseconds poll{2'000};  // how often it looks for what is due
  int64_t at_once = 20;                   // claimed together
};

class Deliverer {
 public:
  /// All outlive it.
  Deliverer(tenants::TenantDatabase& database, const log::Logger& logger, DelivererOptions options)
      : database_(database), logger_(logger), options_(std::move(options)) {}

  /// Delivers until it is told to stop; at the latest the post's timeout after that.
  void run(const std::stop_token& stop);
  /// Delivers what is due now; gives how many messages it tried.
  size_t deliver_due(const std::stop_token& stop = {});

 private:
  struct Due {
    std::string tenant;
    int64_t delivery = 0;
  };
  tenants::Result<std::vector<Due>> claim();
  void deliver(const Due& due);
  /// Nothing: it is to be forgotten.
  std::optional<std::chrono::seconds> try_once(const Due& due);
  void settle(const Due& due, std::optional<std::chrono::seconds> again);

  tenants::TenantDatabase& database_;
  const log::Logger& logger_;
  const DelivererOptions options_;
};

}  // namespace kaogong::webhooks
