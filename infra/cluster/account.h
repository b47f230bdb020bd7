// The user that servers run as.
#pragma once

#include <sys/types.h>

#include <filesystem>

namespace kaogong::cluster {

/// PostgreSQL refuses to run as root: then it is the user `postgres` of the server's package, or `nobody`; else the
/// user that we are.
struct Account {
  uid_t user = 0;
  gid_t group = 0;

  static Account for_servers();
  /// Whether it is another one than ours, so that a child has to change to it.
  bool differs() const;
  /// Gives it a file, or a folder with all that is in it. Throws std::runtime_error if that fails.
  void give(const std::filesystem::path& path) const;
};

}  // namespace kaogong::cluster
