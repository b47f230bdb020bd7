#include "gateway/api/hot_results/hot_results.h"

#include "gateway/api/hot_results/hot_thread.h"

namespace kaogong::api {

namespace {

using metrics::Label;

constexpr metrics::CounterDefinition kHot{"kaogong_hot_results_total",
                                          "Published results by where they came from: memory, redis, postgres, or the "
                                          "usual way; refused: PostgreSQL took too "
                                          "long or had too much to do."};

}  // namespace

HotResults::HotResults(Gate& gate, std::string_view sealing_key, const log::Logger& logger, const clock::Clock& clock,
                       metrics::Registry& metrics, Options options)
    : gate_(gate),
      sealing_key_(sealing_key),
      logger_(logger),
      clock_(clock),
      options_(std::move(options)),
      from_memory_(metrics.counter(kHot, {{Label::kKind, "memory"}})),
      from_redis_(metrics.counter(kHot, {{Label::kKind, "redis"}})),
      from_postgres_(metrics.counter(kHot, {{Label::kKind, "postgres"}})),
      refused_(metrics.counter(kHot, {{Label::kKind, "refused"}})),
      usual_way_(metrics.counter(kHot, {{Label::kKind, "usual"}})),
      pipelines_(metrics) {}

std::unique_ptr<http::FastThread> HotResults::begin_thread(boost::asio::io_context& io) {
  return std::make_unique<HotThread>(*this, io);
}

}  // namespace kaogong::api
