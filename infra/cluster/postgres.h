// A PostgreSQL server of our own.
#pragma once

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "infra/cluster/folder.h"
#include "infra/cluster/process.h"

namespace kaogong::cluster {

struct PostgresOptions {
  /// Where the files of a new server are kept once made, and copied from the next time: initdb takes seconds. Created
  /// if it is not there; several programs may use it at once. Empty: initdb every time.
  std::filesystem::path template_cache = {};
  /// fsync and full pages, as in production; false: a crash of the machine may lose everything, a kill -9 of the server
  /// nothing.
  bool durable = false;
  int connections_max = 100;
  int shared_buffers_mb = 64;
  /// Others, as "name=value"; later ones count.
  std::vector<std::string> settings = {};
  /// If above 0: small_disk() is an own in-memory disk of this size, for a tablespace that becomes full.
  int small_disk_mb = 0;
  int64_t start_timeout_ms = 60'000;
  int64_t stop_timeout_ms = 60'000;
};

/// One server with its data in a Folder, reached only through a socket in it, by users of this machine that may enter
/// the folder: its owner and root. Nobody else's server is touched: there is no port, and no system folder. Not
/// thread-safe. Errors, all as std::runtime_error with the end of the server's log: it cannot be started or stopped.
class Postgres {
 public:
  /// Makes its data, starts it, and waits until it takes connections. `folder` must outlive it.
  Postgres(const Folder& folder, PostgresOptions options);

  /// What libpq connects with, as the superuser `postgres`.
  std::string conninfo(std::string_view database = "postgres") const;
  /// The path of the socket itself.
  std::filesystem::path socket() const;
  std::filesystem::path small_disk() const { return folder_ / "small"; }
  std::filesystem::path log() const { return folder_ / "postgres.log"; }
  pid_t pid() const { return process_.pid(); }
  bool running() const { return process_.running(); }

  void start();
  /// Ends sessions and writes everything out ("fast").
  void stop();
  /// kill -9 of the server and all its processes at one moment, as a power cut does it to a process.
  void kill() { process_.kill(); }
  /// Stops (SIGSTOP) every process of the server: it is there, and answers nothing; resume() lets them go on.
  void pause() const { process_.send_signal_to_tree(SIGSTOP); }
  void resume() const { process_.send_signal_to_tree(SIGCONT); }

 private:
  void make_data();
  void initialise(const std::filesystem::path& data) const;
  [[noreturn]] void fail(const std::string& what) const;

  const std::filesystem::path folder_;
  const PostgresOptions options_;
  const Account account_;
  Process process_;
};

/// Where Debian has PostgreSQL's programs. Throws std::runtime_error if there are none.
std::filesystem::path postgres_programs();

}  // namespace kaogong::cluster
