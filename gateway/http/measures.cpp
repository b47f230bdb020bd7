#include "gateway/http/measures.h"

#include <algorithm>

namespace kaogong::http {

namespace {

using metrics::CounterDefinition;
using metrics::GaugeDefinition;
using metrics::HistogramDefinition;
using metrics::Label;
using metrics::LabelPair;
using metrics::LabelValue;

constexpr CounterDefinition kRequests{"kaogong_http_requests_total", "Requests that were answered, by operation."};
constexpr HistogramDefinition kElapsed{"kaogong_http_request_duration_seconds",
                                       "From a request's head to the end of its answer, by operation.",
                                       metrics::kDurations};
constexpr CounterDefinition kRefused{"kaogong_http_refused_total",
                                     "Requests and connections that were refused by the server itself."};
constexpr GaugeDefinition kConnections{"kaogong_http_connections", "Connections that are open."};
constexpr CounterDefinition kAccepted{"kaogong_http_connections_accepted_total", "Connections that were opened."};
constexpr CounterDefinition kReceived{"kaogong_http_received_bytes_total", "Bytes of requests."};
constexpr CounterDefinition kSent{"kaogong_http_sent_bytes_total", "Bytes of answers."};

constexpr LabelValue kClasses[] = {"2xx", "3xx", "4xx", "5xx"};
constexpr LabelValue kReasons[] = {"head", "target", "route", "body", "busy", "timeout", "connections"};
static_assert(std::size(kReasons) == kRefusals);

}  // namespace

Measures::Measures(metrics::Registry& registry, const RouteTable& routes)
    : first_(routes.all().data()),
      connections_(&registry.gauge(kConnections)),
      accepted_(&registry.counter(kAccepted)),
      received_(&registry.counter(kReceived)),
      sent_(&registry.counter(kSent)) {
  for (size_t i = 0; i < kRefusals; ++i) refused_[i] = &registry.counter(kRefused, {{Label::kKind, kReasons[i]}});
  const auto add = [&](LabelValue operation) {
    const LabelPair of{Label::kOperation, operation};
    OfRoute one{};
    for (size_t i = 0; i < one.by_class.size(); ++i)
      one.by_class[i] = &registry.counter(kRequests, {of, {Label::kClass, kClasses[i]}});
    one.elapsed = &registry.histogram(kElapsed, {of});
    routes_.push_back(one);
  };
  for (const auto& route : routes.all()) add(LabelValue::of_table(route.operation_id));
  add("none");
}

void Measures::answered(const Route* route, int status, std::chrono::nanoseconds elapsed) {
  const size_t index = route == nullptr ? routes_.size() - 1 : static_cast<size_t>(route - first_);
  const auto by_class = static_cast<size_t>(std::clamp(status / 100, 2, 5) - 2);
  routes_[index].by_class[by_class]->add();
  routes_[index].elapsed->observe(elapsed);
}

}  // namespace kaogong::http
