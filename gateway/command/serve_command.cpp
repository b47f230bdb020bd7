// `kaogong serve`: the HTTP server.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "gateway/command/commands.h"
#include "gateway/command/config.h"
#include "gateway/command/tenant_session.h"
#include "gateway/serve/host.h"

namespace kaogong::gateway {

namespace {

struct Options {
  bool worker = false;
};

std::string address_of(const Settings& settings, const Host& host) {
  const auto& address = settings.server.address;
  const bool is_ipv6 = address.find(':') != std::string::npos;
  return (host.is_tls() ? "https://" : "http://") + (is_ipv6 ? "[" + address + "]" : address) + ":" +
         std::to_string(host.port());
}

/// Takes what can be changed while the server runs.
void reload(const SettingsArguments& arguments, Host& host, const log::Logger& logger) {
  if (const auto settings = read_settings(arguments)) logger.set_level(settings->log.level);
  if (const auto error = host.reload(); !error.empty()) {
    fail(error);
    return;
  }
  std::fprintf(stderr, "kaogong: the log's level, certificate and key were read again\n");
}

int serve(const SettingsArguments& arguments, const Options& options, const sigset_t& signals) {
  auto settings = read_settings(arguments);
  if (!settings) return kNothingDone;
  if (settings->postgres.conninfo.empty())
    return fail("it is not said where PostgreSQL is: set postgres.conninfo (KAOGONG_POSTGRES_CONNINFO)");
  settings->serve.worker = settings->serve.worker || options.worker;
  const clock::SystemClock clock;
  std::string error;
  const auto logger = log::Logger::open(settings->log, clock, &error);
  if (!logger) return fail(error);
  Host host(*settings, *logger, clock);
  if (error = host.start(); !error.empty()) return fail(error);
  std::printf("%s\n", address_of(*settings, host).c_str());
  std::fflush(stdout);
  for (int signal = 0; sigwait(&signals, &signal) == 0 && signal == SIGHUP;) reload(arguments, host, *logger);
  return host.drain() ? kDone : kSomeRefused;
}

}  // namespace

void add_serve(CLI::App& program, int& status) {
  const auto options = std::make_shared<Options>();
  auto* command = program.add_subcommand("serve", "serve the HTTP API until it is told to stop");
  const auto arguments = add_settings_options(*command);
  command->add_flag("--worker", options->worker, "calculate runs in the same process (or: server.worker)");
  command->footer(
      "Prints its address when it serves. SIGTERM or SIGINT: accepts no more, lets requests end, exits with 0 (2: "
      "some\n"
      "did not end in time). SIGHUP: reads the log's level, certificate and key again.\n"
      "Settings: server.*, postgres.*, redis.*, log.* (see kaogong config, and docs/gateway.md).\n"
      "Example:\n  kaogong serve --set server.port=8620 --worker");
  command->callback([=, &status] {
    // Blocked before there are threads, so that all of them have it so.
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    status = serve(*arguments, *options, signals);
  });
}

}  // namespace kaogong::gateway
