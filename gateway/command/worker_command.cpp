// `kaogong worker`: a process that calculates runs until it is told to stop.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>

#include "gateway/command/run_session.h"
#include "infra/log/logger.h"
#include "tenants/cache/hints.h"
#include "tenants/worker/worker.h"

namespace kaogong::gateway {

namespace {

struct Options {
  bool until_idle = false;
};

/// Connections of one lane: one that writes, one that renews or asks.
constexpr int kConnectionsALane = 2;

int work(const SessionArguments& arguments, const Options& options, const sigset_t& signals) {
  const auto session = Session::open(arguments);
  if (session == nullptr) return kNothingDone;
  const Settings& settings = session->settings();
  std::string error;
  const auto logger = log::Logger::open(settings.log, session->clock(), &error);
  if (!logger) return fail(error);
  worker::WorkerOptions how;
  how.name = worker::new_worker_name();
  const int cores = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  const int wanted = settings.worker.threads > 0 ? static_cast<int>(settings.worker.threads) : std::max(2, cores);
  how.lanes = std::max(1, std::min(wanted, settings.postgres.connections_max / kConnectionsALane));
  how.lease_ms = settings.worker.lease_ms;
  how.poll_ms = settings.worker.poll_ms;
  runs::Programs programs;
  runs::EffectiveResults results(session->database(), kResultsBytesMax);
  freeze::ResidentSnapshots snapshots(kSnapshotsBytesMax);
  // A large run leaves a core to the small ones beside it.
  runs::Builder builder(session->database(), programs, results, snapshots, {.threads = std::max(1, cores - 1)});
  worker::Worker worker(session->database(), builder, *logger, how);

  std::optional<redis::Loop> loop;
  std::optional<cache::Listener> listener;
  if (!settings.redis.endpoint.empty()) {
    loop.emplace();
    listener.emplace(*loop, settings.redis, *logger, cache::Listener::Handlers{[&] { worker.wake(); }, {}});
    listener->listen_for_work();
  }
  std::stop_source stop;
  std::jthread waiter([&signals, &stop](const std::stop_token& ended) {
    while (!ended.stop_requested()) {
      timespec pause{0, 100'000'000};
      if (sigtimedwait(&signals, nullptr, &pause) > 0) stop.request_stop();
    }
  });
  if (options.until_idle) {
    worker.run_until_idle(stop.get_token());
  } else {
    worker.run(stop.get_token());
  }
  waiter.request_stop();
  waiter.join();
  listener.reset();
  const worker::WorkerStatus status = worker.status();
  std::fprintf(
      stderr, "%llu runs calculated, %llu chunks and %llu rows written, %llu fenced off\n",
      static_cast<unsigned long long>(status.runs_calculated), static_cast<unsigned long long>(status.chunks_written),
      static_cast<unsigned long long>(status.rows_written), static_cast<unsigned long long>(status.chunks_fenced));
  return kDone;
}

}  // namespace

void add_worker(CLI::App& program, int& status) {
  const auto options = std::make_shared<Options>();
  auto* command = program.add_subcommand("worker", "calculate the runs of all tenants, until it is told to stop");
  const auto arguments = add_session_options(*command);
  command->add_flag("--until-idle", options->until_idle, "end when nothing waits any more");
  command->footer(
      "Any number of workers on any machines share the work. SIGTERM ends each lane after the chunk that it is at.\n"
      "Settings: worker.threads, worker.lease_ms, worker.poll_ms, postgres.*, redis.* (see kaogong config).");
  command->callback([=, &status] {
    // Blocked before there are threads, so that all of them have it so.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    status = work(*arguments, *options, signals);
  });
}

}  // namespace kaogong::gateway
