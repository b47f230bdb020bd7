// What the io threads' connections to PostgreSQL and Redis do, as metrics of the process.
#pragma once

#include <memory>

#include "infra/metrics/registry.h"
#include "infra/postgres/pipeline.h"
#include "infra/redis/client.h"

namespace kaogong::api {

/// Adds up what all threads have counted, whenever the metrics are written. Thread-safe; nothing of it is on the way of
/// a read.
class PipelineMetrics {
 public:
  /// Shows the series, which stay when this is gone. At most one of a registry.
  explicit PipelineMetrics(metrics::Registry& registry);

  /// `redis`: null: the thread goes without. Both live until remove(), after which what they have counted stays in the
  /// totals.
  void add(const postgres::Pipeline& pipeline, const redis::Client* redis);
  void remove(const postgres::Pipeline& pipeline);

 private:
  struct Threads;
  std::shared_ptr<Threads> threads_;
};

}  // namespace kaogong::api
