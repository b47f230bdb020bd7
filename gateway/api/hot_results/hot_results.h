// The published result of one employee without a thread that waits: from this process' memory, else from Redis, else
// from PostgreSQL, over connections of the io thread's own. Who may see it, and how often he may ask, is found out as
// always.
#pragma once

#include <chrono>
#include <memory>
#include <string_view>

#include "gateway/api/gate/gate.h"
#include "gateway/api/hot_results/pipeline_metrics.h"
#include "gateway/http/fast_path.h"
#include "infra/crypto/hash.h"
#include "infra/metrics/registry.h"
#include "infra/postgres/opener.h"
#include "infra/postgres/pipeline.h"
#include "infra/redis/options.h"

namespace kaogong::api {

/// The fast path of `getResult`.
class HotResults final : public http::FastPath {
 public:
  struct Options {
    /// How long it is believed which run is published.
    std::chrono::milliseconds fresh{1'000};
    /// Of the documents that one io thread keeps; 0: none.
    size_t bytes_max_a_thread = size_t{64} << 20;
    postgres::PipelineOptions pipeline;  // of each io thread
    redis::Options redis;                // without an endpoint: it goes without Redis
  };
  /// `sealing_key`: of cache::sealing_key(). All outlive it.
  HotResults(Gate& gate, std::string_view sealing_key, const log::Logger& logger, const clock::Clock& clock,
             metrics::Registry& metrics, Options options);

  bool takes(const http::Route& route) const override { return route.operation_id == "getResult"; }
  std::unique_ptr<http::FastThread> begin_thread(boost::asio::io_context& io) override;

 private:
  friend class HotThread;
  Gate& gate_;
  const crypto::HmacKey sealing_key_;
  const log::Logger logger_;
  const clock::Clock& clock_;
  const Options options_;
  metrics::Counter& from_memory_;
  metrics::Counter& from_redis_;
  metrics::Counter& from_postgres_;
  metrics::Counter& refused_;
  metrics::Counter& usual_way_;
  PipelineMetrics pipelines_;
  postgres::Opener opener_;
};

}  // namespace kaogong::api
