// `kaogong worker`: a process that calculates runs until it is told to stop.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>

#include "gateway/command/config.h"
#include "gateway/command/run_session.h"
#include "gateway/metrics/process_metrics.h"
#include "infra/log/keys.h"
#include "infra/log/logger.h"
#include "tenants/cache/hints.h"
#include "tenants/worker/worker.h"

namespace kaogong::gateway {

namespace {

struct Options {
  bool until_idle = false;
  std::string metrics_file;
};

constexpr log::Key kSetting{"setting"};
constexpr std::chrono::seconds kMetricsPause{5};

/// Connections of one lane: one that writes, one that renews or asks.
constexpr int kConnectionsALane = 2;

/// Takes over what may change while the program runs, and says of the rest that it takes a restart.
void reload(const SettingsArguments& arguments, const config::Registry& before, const log::Logger& logger) {
  config::Registry after;
  const auto settings = read_settings(arguments, &after);
  if (!settings) {
    logger.warn(log::Event("settings_not_reloaded"), {{log::keys::kReason, log::MachineText("faults")}});
    return;
  }
  for (const auto& change : config::changes_between(before, after))
    if (!change.reloadable)
      logger.warn(log::Event("setting_needs_restart"), {{kSetting, log::MachineText(change.key)}});
  logger.set_level(settings->log.level);
  logger.info(log::Event("settings_reloaded"), {});
}

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
  how.tidy.snapshot_days = settings.worker.snapshot_days;
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
  metrics::Registry metrics;
  show_postgres(metrics, session->database().pool());
  show_worker(metrics, worker);
  const auto write_metrics_file = [&] {
    return options.metrics_file.empty() || write_metrics(metrics, options.metrics_file);
  };
  if (!write_metrics_file()) return fail(options.metrics_file + " cannot be written");
  config::Registry keys;
  if (!read_settings(*arguments.settings, &keys)) return kNothingDone;
  std::stop_source stop;
  std::jthread waiter([&](const std::stop_token& ended) {
    clock::Tick written = session->clock().tick();
    while (!ended.stop_requested()) {
      timespec pause{0, 100'000'000};
      const int signal = sigtimedwait(&signals, nullptr, &pause);
      if (signal == SIGHUP) {
        reload(*arguments.settings, keys, *logger);
      } else if (signal > 0) {
        stop.request_stop();
      }
      if (session->clock().tick() < written + kMetricsPause) continue;
      written = session->clock().tick();
      if (!write_metrics_file())
        logger->warn(log::Event("metrics_not_written"), {{log::keys::kReason, log::MachineText("file")}});
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
  (void)write_metrics_file();
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
  command->add_option("--metrics-file", options->metrics_file,
                      "write metrics as Prometheus reads them to this file, every five seconds and at the end");
  command->footer(
      "Any number of workers on any machines share the work. SIGTERM ends each lane after the chunk that it is at; "
      "SIGHUP\nreads the settings again and takes over those that are reloadable.\n"
      "Settings: worker.threads, worker.lease_ms, worker.poll_ms, postgres.*, redis.* (see kaogong config).");
  command->callback([=, &status] {
    // Blocked before there are threads, so that all of them have it so.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    status = work(*arguments, *options, signals);
  });
}

}  // namespace kaogong::gateway
