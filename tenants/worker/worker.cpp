#include "tenants/worker/worker.h"

#include <algorithm>
#include <thread>

#include "tenants/worker/keys.h"

namespace kaogong::worker {

using runs::Claim;
using runs::WriteOutcome;
using tenants::Done;
using tenants::FailureCode;
using tenants::Result;
using tenants::Tenant;
using tenants::TenantTransaction;

namespace {

constexpr std::chrono::seconds kHoldOff{5};  // of a run that could not be calculated for a reason outside of it
constexpr int64_t kTimeoutMsMin = 5'000;
constexpr int kWriteAttemptsMax = 50;
constexpr std::chrono::milliseconds kWritePause{200};

bool may_pass(FailureCode code) { return code == FailureCode::kUnavailable || code == FailureCode::kUnknown; }

}  // namespace

Worker::Worker(tenants::TenantDatabase& database, runs::Builder& builder, const log::Logger& logger,
               WorkerOptions options)
    : database_(database),
      builder_(builder),
      logger_(logger.with({{log::keys::kComponent, "worker"}})),
      options_(std::move(options)),
      actor_{"worker:" + options_.name},
      leases_(database, actor_, options_.lease_ms),
      products_(options_.bounds) {}

void Worker::run(const std::stop_token& stop) {
  logger_.info(log::Event("worker_started"), {{keys::kLanes, options_.lanes}});
  const std::stop_callback wake_all(stop, [this] { wake(); });
  {
    std::vector<std::jthread> lanes;
    for (int i = 0; i < options_.lanes; ++i) lanes.emplace_back([this, stop] { lane(stop, false); });
  }
  (void)report(database_, options_.name, WorkerState::kGone);
  logger_.info(log::Event("worker_ended"), {{keys::kChunks, chunks_written_.load()}});
}

void Worker::run_until_idle(const std::stop_token& stop) {
  const std::stop_callback wake_all(stop, [this] { wake(); });
  std::vector<std::jthread> lanes;
  for (int i = 0; i < options_.lanes; ++i) lanes.emplace_back([this, stop] { lane(stop, true); });
}

void Worker::wake() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++wakes_;
  }
  woken_.notify_all();
}

WorkerStatus Worker::status() const {
  return {chunks_written_, chunks_fenced_, rows_written_, runs_calculated_, runs_failed_, retries_};
}

void Worker::lane(const std::stop_token& stop, bool until_idle) {
  while (!stop.stop_requested()) {
    uint64_t wakes = 0;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      wakes = wakes_;
    }
    const Outcome outcome = take_one();
    if (outcome == Outcome::kWorked) continue;
    if (outcome == Outcome::kEmpty && until_idle) return;
    (void)report(database_, options_.name, WorkerState::kIdle);
    free_stalled();
    tidy();
    std::unique_lock<std::mutex> lock(mutex_);
    woken_.wait_for(lock, std::chrono::milliseconds(options_.poll_ms),
                    [&] { return stop.stop_requested() || wakes_ != wakes; });
  }
}

Worker::Outcome Worker::take_one() {
  const auto list = waiting(database_);
  if (!list) return Outcome::kNothing;
  products_.keep_only(*list);
  for (const auto& run : *list)
    if (take(run) == Outcome::kWorked) return Outcome::kWorked;
  return nothing_to_wait_for(*list) ? Outcome::kEmpty : Outcome::kNothing;
}

Worker::Outcome Worker::take(const Waiting& waiting) {
  if (is_held_off(waiting)) return Outcome::kNothing;
  const Products::State state = products_.state(waiting);
  if (state == Products::State::kBeingMade) return Outcome::kNothing;
  if (state == Products::State::kMissing && !products_.begin(waiting)) return Outcome::kNothing;
  bool making = state == Products::State::kMissing;
  const auto stop_making = [&] {
    if (making) products_.give_up(waiting);
    making = false;
  };
  const auto tenant = database_.open(waiting.tenant);
  if (!tenant) {
    stop_making();
    hold_off(waiting, may_pass(tenant.failure().code));
    return Outcome::kNothing;
  }
  const auto claim = database_.transact(
      *tenant, actor_,
      [&](TenantTransaction& transaction) -> Result<std::optional<Claim>> {
        return runs::claim_chunk(transaction, waiting.run, options_.name, options_.lease_ms);
      },
      within_lease());
  if (!claim || !*claim) {
    stop_making();
    // Not in the transaction above, which shares the run with others who may want to finish it: each would wait for
    // all.
    if (claim) finish(waiting, *tenant);
    return Outcome::kNothing;
  }
  const HeldLease held(leases_, *tenant, **claim);
  std::shared_ptr<const runs::Product> product = products_.find(waiting);
  if (product == nullptr) {
    if (!making) making = products_.begin(waiting);  // it was forgotten since
    product = making ? make(waiting, *tenant, **claim) : nullptr;
    if (product == nullptr) {
      stop_making();
      give_back(*tenant, **claim);
      return Outcome::kNothing;
    }
    products_.put(waiting, product);
  }
  write(waiting, *tenant, **claim, *product);
  return Outcome::kWorked;
}

void Worker::finish(const Waiting& waiting, const Tenant& tenant) {
  (void)database_.transact(
      tenant, actor_,
      [&](TenantTransaction& transaction) -> Result<Done> {
        runs::finish_run(transaction, waiting.run);
        return Done{};
      },
      within_lease());
}

std::shared_ptr<const runs::Product> Worker::make(const Waiting& waiting, const Tenant& tenant, const Claim&) {
  const auto run = database_.transact(
      tenant, actor_, [&](TenantTransaction& transaction) { return runs::read_run(transaction, waiting.run); });
  if (!run) return nullptr;
  (void)report(database_, options_.name, WorkerState::kWorking);
  const clock::Tick begun = database_.clock().tick();
  auto product = builder_.build(tenant, actor_, *run);
  if (product && (*product)->chunks() != static_cast<size_t>(run->chunks))
    product = tenants::invalid("the run was cut into " + std::to_string(run->chunks) + " chunks, its snapshot is of " +
                               std::to_string((*product)->chunks()));
  if (product) {
    ++runs_calculated_;
    logger_.info(log::Event("run_calculated"), {{keys::kRun, number_of(waiting.run)},
                                                {log::keys::kRows, (*product)->calculated().rows},
                                                {log::keys::kElapsedMs, database_.clock().tick() - begun}});
    return *product;
  }
  const auto code = product.failure().code;
  logger_.warn(log::Event("run_not_calculated"),
               {{keys::kRun, number_of(waiting.run)}, {log::keys::kReason, log::MachineText(to_text(code))}});
  if (may_pass(code) || code == FailureCode::kSuspended) {
    hold_off(waiting, may_pass(code));
    return nullptr;
  }
  // What lies in the run itself is the same for every worker.
  const auto failed = database_.transact(
      tenant, actor_,
      [&](TenantTransaction& transaction) -> Result<Done> {
        runs::fail_run(transaction, waiting.run, product.failure().message);
        return Done{};
      },
      within_lease());
  if (failed) ++runs_failed_;
  return nullptr;
}

void Worker::write(const Waiting& waiting, const Tenant& tenant, const Claim& claim, const runs::Product& product) {
  const runs::ChunkRows rows = product.make(static_cast<size_t>(claim.chunk));
  for (int attempt = 0; attempt < kWriteAttemptsMax; ++attempt) {
    bool written_before = false;
    const auto body = [&](TenantTransaction& transaction) -> Result<WriteOutcome> {
      written_before = attempt != 0 && runs::was_written(transaction, claim);
      if (written_before) return WriteOutcome::kWritten;
      return runs::write_chunk(transaction, claim, rows, product.outputs());
    };
    const auto outcome = database_.transact(tenant, actor_, body, within_lease());
    if (outcome) {
      if (*outcome == WriteOutcome::kFenced) {
        ++chunks_fenced_;
        logger_.warn(log::Event("chunk_fenced"), {{keys::kRun, number_of(claim.run)}, {keys::kChunk, claim.chunk}});
      }
      if (*outcome != WriteOutcome::kWritten) return;
      ++chunks_written_;
      rows_written_ += rows.rows;
      (void)count_served(database_, waiting.tenant, static_cast<int64_t>(rows.rows + rows.refused));
      return;
    }
    logger_.warn(log::Event("chunk_not_written"),
                 {{keys::kRun, number_of(claim.run)},
                  {keys::kChunk, claim.chunk},
                  {log::keys::kAttempt, attempt},
                  {log::keys::kReason, log::MachineText(to_text(outcome.failure().code))}});
    if (!may_pass(outcome.failure().code)) break;
    ++retries_;
    std::this_thread::sleep_for(kWritePause);
  }
  give_back(tenant, claim);
  hold_off(waiting, true);
}

postgres::TransactionOptions Worker::within_lease() const {
  // Whoever is stopped in the middle of a transaction must not keep its locks: the server ends such a session.
  const int64_t timeout_ms = std::max(kTimeoutMsMin, 2 * options_.lease_ms);
  postgres::TransactionOptions options;
  options.statement_timeout_ms = timeout_ms;
  options.idle_timeout_ms = timeout_ms;
  return options;
}

void Worker::give_back(const Tenant& tenant, const Claim& claim) {
  // If it cannot be given back, its lease runs out.
  (void)database_.transact(
      tenant, actor_,
      [&](TenantTransaction& transaction) -> Result<Done> {
        runs::release(transaction, claim);
        return Done{};
      },
      within_lease());
}

void Worker::hold_off(const Waiting& waiting, bool passes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  held_off_.push_back({waiting, database_.clock().tick() + kHoldOff, passes});
}

bool Worker::nothing_to_wait_for(const std::vector<Waiting>& list) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return std::all_of(list.begin(), list.end(), [&](const Waiting& waiting) {
    return std::any_of(held_off_.begin(), held_off_.end(),
                       [&](const HeldOff& held) { return held.run == waiting && !held.passes; });
  });
}

bool Worker::is_held_off(const Waiting& waiting) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const clock::Tick now = database_.clock().tick();
  std::erase_if(held_off_, [&](const HeldOff& held) { return held.until <= now; });
  return std::any_of(held_off_.begin(), held_off_.end(), [&](const HeldOff& held) { return held.run == waiting; });
}

void Worker::free_stalled() {
  const int64_t older_than_ms = *within_lease().idle_timeout_ms;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const clock::Tick now = database_.clock().tick();
    if (now < stalled_looked_ + std::chrono::milliseconds(older_than_ms)) return;
    stalled_looked_ = now;
  }
  const auto ended = stalled_.end(database_, older_than_ms);
  if (ended && *ended > 0) logger_.warn(log::Event("stalled_sessions_ended"), {{keys::kSessions, *ended}});
}

void Worker::tidy() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const clock::Tick now = database_.clock().tick();
    if (options_.tidy_ms == 0 || now < tidied_ + std::chrono::milliseconds(options_.tidy_ms)) return;
    tidied_ = now;
  }
  runs::tidy(database_, actor_, options_.tidy);
}

}  // namespace kaogong::worker
