// What is counted of the server, for Prometheus.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <vector>

#include "gateway/http/route.h"
#include "infra/metrics/registry.h"

namespace kaogong::http {

/// Why requests were refused before a route was asked.
enum class Refused : uint8_t { kHead, kTarget, kRoute, kBody, kBusy, kTimeout, kConnections };
inline constexpr size_t kRefusals = static_cast<size_t>(Refused::kConnections) + 1;

/// Counters of all routes, made once. Any thread.
class Measures {
 public:
  Measures(metrics::Registry& registry, const RouteTable& routes);

  /// A request of that route was answered; null: there was none.
  void answered(const Route* route, int status, std::chrono::nanoseconds elapsed);
  void refused(Refused why) { refused_[static_cast<size_t>(why)]->add(); }

  metrics::Gauge& connections() { return *connections_; }
  metrics::Counter& connections_accepted() { return *accepted_; }
  metrics::Counter& received_bytes() { return *received_; }
  metrics::Counter& sent_bytes() { return *sent_; }

 private:
  struct OfRoute {
    std::array<metrics::Counter*, 4> by_class;  // 2xx to 5xx
    metrics::Histogram* elapsed;
  };
  const Route* first_;
  std::vector<OfRoute> routes_;  // in the table's order; behind them those without a route
  std::array<metrics::Counter*, kRefusals> refused_;
  metrics::Gauge* connections_;
  metrics::Counter* accepted_;
  metrics::Counter* received_;
  metrics::Counter* sent_;
};

}  // namespace kaogong::http
