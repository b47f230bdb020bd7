// `kaogong cluster`: a PostgreSQL and a Redis for as long as a command runs.
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "gateway/command/commands.h"
#include "infra/cluster/folder.h"
#include "infra/cluster/postgres.h"
#include "infra/cluster/redis.h"

namespace kaogong::gateway {

namespace {

struct ClusterOptions {
  bool durable = false;
  int shared_buffers_mb = 128;
  std::string parent = "/tmp", template_cache;
  std::vector<std::string> command;
};

// As of a shell: the status, or 128 and the number of the signal.
int exit_status(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

// Runs the command in the foreground and hands on what would have stopped us.
int run_command(const std::vector<std::string>& command, const sigset_t& awaited) {
  std::vector<char*> arguments;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    sigprocmask(SIG_UNBLOCK, &awaited, nullptr);
    execvp(arguments[0], arguments.data());
    std::fprintf(stderr, "kaogong: cannot run %s: %s\n", arguments[0], std::strerror(errno));
    _exit(127);
  }
  if (child < 0) {
    std::fprintf(stderr, "kaogong: cannot start a process: %s\n", std::strerror(errno));
    return kNothingDone;
  }
  while (true) {
    int signal = 0, status = 0;
    sigwait(&awaited, &signal);
    if (signal != SIGCHLD) {
      kill(child, signal);
    } else if (waitpid(child, &status, WNOHANG) == child) {  // not one of the servers, nor their watchdog
      return exit_status(status);
    }
  }
}

int run_cluster(const ClusterOptions& options) {
  try {
    const cluster::Folder folder(options.parent);
    const cluster::Postgres postgres(folder, {.template_cache = options.template_cache,
                                              .durable = options.durable,
                                              .shared_buffers_mb = options.shared_buffers_mb});
    const cluster::Redis redis(folder, {});
    // From here on a signal ends the command, and us after it; before, it ends us at once, and the watchdog cleans up.
    sigset_t awaited;
    sigemptyset(&awaited);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) sigaddset(&awaited, signal);
    sigprocmask(SIG_BLOCK, &awaited, nullptr);
    const std::string socket = redis.socket().string();
    setenv("KAOGONG_POSTGRES_CONNINFO", postgres.conninfo().c_str(), 1);
    setenv("KAOGONG_REDIS_ENDPOINT", ("unix:" + socket).c_str(), 1);
    if (!options.command.empty()) return run_command(options.command, awaited);
    std::printf("PostgreSQL  psql '%s'\nRedis       redis-cli -s %s\nboth until Ctrl-C\n", postgres.conninfo().c_str(),
                socket.c_str());
    std::fflush(stdout);
    sigdelset(&awaited, SIGCHLD);
    int signal = 0;
    sigwait(&awaited, &signal);
    return kDone;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "kaogong: %s\n", error.what());
    return kNothingDone;
  }
}

}  // namespace

void add_cluster(CLI::App& program, int& status) {
  const auto options = std::make_shared<ClusterOptions>();
  auto* command = program.add_subcommand("cluster", "run a command with a PostgreSQL and a Redis of its own");
  command->add_option("command", options->command, "the command, after --; none: until Ctrl-C");
  command->add_flag("--durable", options->durable, "wait for the disk at every commit, as in production");
  command->add_option("--shared-buffers-mb", options->shared_buffers_mb, "PostgreSQL's own cache")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command->add_option("--parent", options->parent, "where the folder with data and sockets is made; a short path")
      ->capture_default_str();
  command->add_option("--template-cache", options->template_cache,
                      "keep the files of a new PostgreSQL here, for a quicker start the next time");
  command->positionals_at_end();
  command->footer(
      "The servers are reached through sockets in a folder that is gone when the command has ended, even if this "
      "program "
      "is killed. The command finds them by KAOGONG_POSTGRES_CONNINFO and KAOGONG_REDIS_ENDPOINT. Exit status: the "
      "command's.\n\n"
      "Example:\n  kaogong cluster -- sh -c 'psql \"$KAOGONG_POSTGRES_CONNINFO\"'");
  command->callback([options, &status] { status = run_cluster(*options); });
}

}  // namespace kaogong::gateway
