// What the rooms below count, as metrics of the process: for workers and servers alike.
#pragma once

#include <string>

#include "infra/metrics/registry.h"
#include "infra/postgres/pool.h"
#include "infra/redis/client.h"
#include "tenants/worker/worker.h"

namespace kaogong::gateway {

/// Each shows the status of one part under its own names, asked whenever the metrics are written. What is shown must
/// live as long as the registry. At most one of each kind: a second one would have the same names.
void show_postgres(metrics::Registry& registry, const postgres::Pool& pool);
void show_redis(metrics::Registry& registry, const redis::Client& client);
void show_worker(metrics::Registry& registry, const worker::Worker& worker);

/// Writes all metrics to a file, which whoever reads it sees whole, the old or the new: for node_exporter's textfile
/// collector, where there is no HTTP. False: it cannot be written.
bool write_metrics(const metrics::Registry& registry, const std::string& path);

}  // namespace kaogong::gateway
