// A socket between client and server that can be cut at the worst moment.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "infra/cluster/descriptor.h"

namespace kaogong::test {

/// Listens where a server of PostgreSQL would, in a folder of its own, and passes everything on to the real one.
class CuttingProxy {
 public:
  enum class Cut : int {
    kNever,
    kBeforeCommit,  // the next COMMIT does not reach the server
    kAfterCommit,   // the next COMMIT is carried out, and its answer does not reach the client
  };

  explicit CuttingProxy(std::filesystem::path server_socket);
  ~CuttingProxy();
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;

  /// A conninfo of the real server, leading here.
  std::string conninfo(const std::string& of_server) const { return of_server + " host=" + folder_.string(); }
  /// Holds for one COMMIT, after which nothing is cut.
  void cut(Cut cut) { cut_ = cut; }
  /// The first connection on which the client has sent so many bytes passes on no more of them, and stays open: as if
  /// the client had been stopped in the middle of a message. Until let_go().
  void stall_after(int64_t bytes) { stall_after_ = bytes; }
  bool has_stalled() const { return stalled_; }
  void let_go() {
    let_go_ = true;
    let_go_.notify_all();
  }

 private:
  void accept_all();
  void pass_on(cluster::Descriptor client);

  const std::filesystem::path server_socket_;
  std::filesystem::path folder_;
  cluster::Descriptor listener_;
  std::atomic<Cut> cut_ = Cut::kNever;
  std::atomic<int64_t> stall_after_ = INT64_MAX;
  std::atomic<bool> stalled_ = false, let_go_ = false;
  std::thread acceptor_;
  std::vector<std::thread> connections_;
};

}  // namespace kaogong::test
