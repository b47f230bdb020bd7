// What machines ask of a server: whether it lives, whether it can work, and its numbers.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "gateway/http/route.h"
#include "infra/clock/clock.h"
#include "infra/metrics/registry.h"
#include "infra/postgres/pool.h"

namespace kaogong::gateway {

/// Whether the server can work: PostgreSQL answers and its control schema is at this program's version. Thread-safe.
class Readiness {
 public:
  /// An answer is good for so long, however many ask.
  static constexpr std::chrono::milliseconds kGoodFor{500};

  /// All outlive it.
  Readiness(postgres::Pool& owner, const clock::Clock& clock, std::function<bool()> is_draining)
      : owner_(owner), clock_(clock), is_draining_(std::move(is_draining)) {}

  /// Why it cannot; nothing: it can.
  std::optional<std::string> fault();

 private:
  postgres::Pool& owner_;
  const clock::Clock& clock_;
  const std::function<bool()> is_draining_;
  std::mutex mutex_;
  std::optional<clock::Tick> asked_;
  std::optional<std::string> fault_;
};

/// /livez, /readyz and /metrics. What is handed in outlives the table.
void add_health_routes(http::RouteTable& routes, Readiness& readiness, const metrics::Registry& metrics);

}  // namespace kaogong::gateway
