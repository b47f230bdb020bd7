// What the program can be told. Each room declares its options as a struct with defaults; here they get their keys.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gateway/http/server_options.h"
#include "infra/config/registry.h"
#include "infra/log/logger.h"
#include "infra/postgres/pool.h"
#include "infra/redis/options.h"
#include "tenants/registry/tenant.h"

namespace kaogong::gateway {

struct WorkerSettings {
  int64_t threads = 0;         // chunks that are worked on at once; 0: one a core, as far as there are connections
  int64_t lease_ms = 15'000;   // how long a worker may be silent before its chunk goes to another
  int64_t poll_ms = 250;       // how often it looks for work when nobody wakes it
  int64_t snapshot_days = 30;  // how long snapshots stay that no run names; 0: for ever
};

/// Bounds of a tenant that is created without bounds of its own; 0: none.
struct NewTenantSettings {
  int64_t people_max = 0;
  int64_t runs_per_day_max = 0;
  int64_t stored_bytes_max = 0;
  int64_t requests_per_second_max = 0;

  tenants::Quotas quotas() const;
};

/// Of `kaogong serve`, beside the HTTP server's own.
struct ServeSettings {
  bool worker = false;                            // calculate runs in the same process
  int64_t caller_cache_ms = 5'000;                // a key is believed so long without asking again
  int64_t requests_per_second_max = 1'000;        // of a tenant without a quota of its own; 0: no bound
  int64_t wrong_keys_per_minute_max = 20;         // of one address; 0: no bound
  int64_t results_fresh_ms = 1'000;               // it is believed so long which run is published
  int64_t results_bytes_max = int64_t{64} << 20;  // of single results in each io thread's memory; 0: none
  int64_t results_connections = 2;     // to PostgreSQL, of each io thread, for single results; 0: no fast path
  int64_t results_timeout_ms = 2'000;  // for PostgreSQL's answer there
  bool webhooks_private = false;       // webhooks may lead into private networks, and go without TLS
  std::string webhooks_ca_path;        // whose certificates they must have; empty: the system's
};

/// All of it, with the defaults.
struct Settings {
  log::Options log;
  postgres::PoolOptions postgres;       // as the application
  std::string postgres_owner_conninfo;  // as the owner of the schemas; empty: the same
  redis::Options redis;                 // without an endpoint: the program goes without Redis
  WorkerSettings worker;
  NewTenantSettings limits;
  http::ServerOptions server;
  ServeSettings serve;
};

/// Declares every key and binds it to its place in `settings`, which must live as long as the registry is loaded.
void declare(config::Registry& registry, Settings& settings);

}  // namespace kaogong::gateway
