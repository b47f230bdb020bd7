// A server as a child process.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "infra/cluster/account.h"
#include "infra/cluster/descriptor.h"

namespace kaogong::cluster {

/// What to run, and how.
struct Command {
  std::vector<std::string> arguments;  // the program's path first
  Account account;
  std::filesystem::path working_folder;
  std::filesystem::path log;  // standard output and error, appended
  /// Where the program says by the protocol of sd_notify that it is ready; empty: it does not say.
  std::filesystem::path notify_socket = {};
  /// Mounts an own, empty, in-memory file system of this size on this folder, seen by the program alone.
  std::filesystem::path small_disk = {};
  int small_disk_mb = 0;
};

/// A child in a session of its own, so that a terminal's interrupt does not reach it. Not thread-safe.
class Process {
 public:
  Process() = default;
  /// Starts it; throws std::runtime_error if it cannot be run. Variables of the environment named PG… are not handed
  /// on.
  explicit Process(const Command& command);
  /// Kills it if it still runs.
  ~Process();
  Process(Process&& other) noexcept;
  Process& operator=(Process other) noexcept;

  bool running() const { return pid_ > 0; }
  pid_t pid() const { return pid_; }
  /// Waits until it says that it is ready; false if it ended first or the time passed. Precondition: notify_socket.
  bool wait_ready(int64_t timeout_ms);
  /// Sends a signal to it alone.
  void send_signal(int signal) const;
  /// Sends a signal to it and to all its descendants.
  void send_signal_to_tree(int signal) const;
  /// Waits for its end; false if the time passed. `*status`, if given: as of waitpid().
  bool wait_end(int64_t timeout_ms, int* status = nullptr);
  /// Kills it and all its descendants at once, so that none has time for anything, and waits until they are gone.
  void kill();

 private:
  pid_t pid_ = -1;
  Descriptor ended_;  // readable when the process has ended
  Descriptor notify_;
};

}  // namespace kaogong::cluster
