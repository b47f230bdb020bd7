// A Redis server of our own.
#pragma once

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "infra/cluster/folder.h"
#include "infra/cluster/process.h"

namespace kaogong::cluster {

struct RedisOptions {
  /// Redis is a cache here: beyond this it forgets what was used least lately.
  int memory_max_mb = 256;
  /// Others, as arguments: {"--hz", "100"}; later ones count.
  std::vector<std::string> arguments = {};
  int64_t start_timeout_ms = 60'000;
  int64_t stop_timeout_ms = 60'000;
};

/// One server in a Folder, reached only through a socket in it; it keeps nothing on disk, so that each start begins
/// empty. Not thread-safe. Errors: std::runtime_error with the end of the server's log.
class Redis {
 public:
  /// Starts it, and waits until it takes connections. `folder` must outlive it.
  Redis(const Folder& folder, RedisOptions options);

  std::filesystem::path socket() const { return folder_ / "redis.sock"; }
  std::filesystem::path log() const { return folder_ / "redis.log"; }
  pid_t pid() const { return process_.pid(); }
  bool running() const { return process_.running(); }

  void start();
  void stop();
  /// kill -9.
  void kill() { process_.kill(); }
  /// Stops it (SIGSTOP): it is there, and answers nothing; resume() lets it go on.
  void pause() const { process_.send_signal(SIGSTOP); }
  void resume() const { process_.send_signal(SIGCONT); }

 private:
  [[noreturn]] void fail(const std::string& what) const;

  const std::filesystem::path folder_;
  const RedisOptions options_;
  Process process_;
};

}  // namespace kaogong::cluster
