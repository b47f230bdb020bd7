// A private folder of servers that is gone when its owner is gone.
#pragma once

#include <filesystem>

#include "infra/cluster/descriptor.h"

namespace kaogong::cluster {

/// A new folder for the data and sockets of servers, open to no other user; with a watchdog: a process of its own that
/// waits for the end of this one, by whatever cause (kill -9 included), then ends every server whose working directory
/// is inside, and removes the folder. Several may exist at once; none knows of the others.
class Folder {
 public:
  /// Creates it under `parent`, which must be short: the path of a socket has at most 107 bytes. Throws
  /// std::runtime_error if it cannot.
  explicit Folder(const std::filesystem::path& parent = "/tmp");
  /// Lets the watchdog do its work, and waits for it.
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  void start_watchdog();

  std::filesystem::path path_;
  Descriptor lifeline_;  // its other end is the watchdog's standard input
  int watchdog_ = -1;
};

}  // namespace kaogong::cluster
