// A worker: claims chunks of all tenants' runs, calculates, writes. Any number of processes on any machines.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "infra/log/logger.h"
#include "tenants/registry/tenant_database.h"
#include "tenants/runs/build.h"
#include "tenants/runs/tidy.h"
#include "tenants/worker/lease_keeper.h"
#include "tenants/worker/products.h"
#include "tenants/worker/queue.h"
#include "tenants/worker/stalled.h"

namespace kaogong::worker {

struct WorkerOptions {
  std::string name;             // of new_worker_name()
  int lanes = 2;                // chunks that are worked on at once
  int64_t lease_ms = 15'000;    // how long a worker may be silent before its chunk goes to another
  int64_t poll_ms = 250;        // how often it looks for work when nobody wakes it
  int64_t tidy_ms = 3'600'000;  // how often what nobody will ask for again is cleaned away; 0: never
  runs::TidyOptions tidy = {};
  ProductBounds bounds = {};
};

/// What a worker has done. Totals only grow.
struct WorkerStatus {
  uint64_t chunks_written = 0;
  uint64_t chunks_fenced = 0;  // written by another in the meantime: nothing was lost, nothing doubled
  uint64_t rows_written = 0;
  uint64_t runs_calculated = 0;  // products made
  uint64_t runs_failed = 0;
  uint64_t retries = 0;  // of transactions that the database's absence or an unknown COMMIT made necessary
};

/// Thread-safe.
class Worker {
 public:
  /// All outlive it.
  Worker(tenants::TenantDatabase& database, runs::Builder& builder, const log::Logger& logger, WorkerOptions options);

  /// Works until it is told to stop: then every lane ends the chunk that it is at. While nothing waits it polls.
  void run(const std::stop_token& stop);
  /// Works until nothing waits any more: also for chunks that others hold, and for the database if it is away.
  void run_until_idle(const std::stop_token& stop = {});
  /// Says that there may be work: a hint, from whoever knows. Any thread.
  void wake();
  WorkerStatus status() const;

 private:
  enum class Outcome : uint8_t { kWorked, kNothing, kEmpty };
  void lane(const std::stop_token& stop, bool until_idle);
  Outcome take_one();
  Outcome take(const Waiting& waiting);
  void finish(const Waiting& waiting, const tenants::Tenant& tenant);
  std::shared_ptr<const runs::Product> make(const Waiting& waiting, const tenants::Tenant& tenant,
                                            const runs::Claim& claim);
  void write(const Waiting& waiting, const tenants::Tenant& tenant, const runs::Claim& claim,
             const runs::Product& product);
  postgres::TransactionOptions within_lease() const;
  void give_back(const tenants::Tenant& tenant, const runs::Claim& claim);
  /// Leaves a run alone for a while. `passes`: what is in the way may pass by itself.
  void hold_off(const Waiting& waiting, bool passes);
  bool nothing_to_wait_for(const std::vector<Waiting>& list);
  bool is_held_off(const Waiting& waiting);
  /// Frees what a worker or loader keeps locked which was stopped while it sent.
  void free_stalled();
  void tidy();

  tenants::TenantDatabase& database_;
  runs::Builder& builder_;
  const log::Logger logger_;
  const WorkerOptions options_;
  const tenants::Actor actor_;
  LeaseKeeper leases_;
  Products products_;

  std::mutex mutex_;
  std::condition_variable woken_;
  uint64_t wakes_ = 0;
  struct HeldOff {
    Waiting run;
    clock::Tick until;
    bool passes = false;
  };
  std::vector<HeldOff> held_off_;
  clock::Tick tidied_{}, stalled_looked_{};
  StalledSessions stalled_;
  std::atomic<uint64_t> chunks_written_{0}, chunks_fenced_{0}, rows_written_{0}, runs_calculated_{0}, runs_failed_{0},
      retries_{0};
};

}  // namespace kaogong::worker
