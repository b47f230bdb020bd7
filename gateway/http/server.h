// The HTTP server: any number of io threads that own sockets and never block, and lanes of threads where handlers run.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gateway/http/dispatcher.h"
#include "gateway/http/fast_path.h"
#include "gateway/http/route.h"
#include "gateway/http/server_options.h"
#include "infra/clock/clock.h"
#include "infra/log/logger.h"
#include "infra/metrics/registry.h"

namespace kaogong::http {

struct ServerState;
class Shard;

/// Serves the routes of a table. What is handed in outlives it; the table does not change any more.
class Server {
 public:
  Server(const ServerOptions& options, const RouteTable& routes, Dispatcher& dispatcher, metrics::Registry& registry,
         const log::Logger& logger, const clock::Clock& clock, FastPath* fast_path = nullptr);
  /// Ends without waiting for requests, if drain() was not called.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Binds, listens and starts the threads; once. What is wrong, if that fails: an address that is none or is in use, a
  /// certificate that cannot be read, proxies of another form.
  std::string start();
  /// Where it listens. Precondition: start() succeeded.
  uint16_t port() const { return port_; }
  bool is_tls() const;

  /// Any thread: is_draining() from now on, still accepting; so that whoever sends requests here can find out first.
  void announce_drain() { is_draining_.store(true); }
  bool is_draining() const { return is_draining_.load(); }
  /// Accepts no more, lets requests end as long as the options say, then closes everything. Whether all ended by
  /// themselves. Once.
  bool drain();
  /// Reads certificate and key again, for new connections. What is wrong, if that fails; the old ones stay then.
  std::string reload_tls();

 private:
  void close();

  std::unique_ptr<ServerState> state_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::atomic<bool> is_draining_{false};
  uint16_t port_ = 0;
  bool is_closed_ = false;
};

}  // namespace kaogong::http
