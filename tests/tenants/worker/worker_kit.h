// Everything that a worker stands on, over one conninfo.
#pragma once

#include <string>

#include "infra/clock/clock.h"
#include "infra/log/logger.h"
#include "infra/postgres/pool.h"
#include "tenants/runs/build.h"
#include "tenants/worker/worker.h"
#include "tests/tenants/runs/run_fixture.h"

namespace kaogong::worker {

inline log::Logger logger_to(const std::string& file, const clock::Clock& clock) {
  log::Options options;
  options.file_path = file;
  if (file.empty()) options.level = log::Level::kOff;
  std::string error;
  return log::Logger::open(options, clock, &error).value();
}

struct WorkerKit {
  WorkerKit(const std::string& conninfo, const WorkerOptions& options, const std::string& log_file = {})
      : pool({.conninfo = conninfo,
              .connections_max = 2 * options.lanes + 2,
              .connect_timeout_ms = 2'000,
              .statement_timeout_ms = 5'000,
              .idle_in_transaction_timeout_ms = 2'000}),
        database(pool, clock),
        results(database, uint64_t{256} << 20),
        builder(database, programs, results, snapshots, {.threads = 1}),
        worker(database, builder, logger_to(log_file, clock), options) {}

  clock::SystemClock clock;
  postgres::Pool pool;
  tenants::TenantDatabase database;
  runs::Programs programs;
  runs::EffectiveResults results;
  freeze::ResidentSnapshots snapshots{uint64_t{256} << 20};
  runs::Builder builder;
  Worker worker;
};

}  // namespace kaogong::worker
