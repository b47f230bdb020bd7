// What the io threads of a server share.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>

#include "gateway/http/dispatcher.h"
#include "gateway/http/fast_path.h"
#include "gateway/http/head.h"
#include "gateway/http/lanes.h"
#include "gateway/http/measures.h"
#include "gateway/http/proxies.h"
#include "gateway/http/route.h"
#include "gateway/http/server_options.h"
#include "gateway/http/tls.h"
#include "infra/clock/clock.h"
#include "infra/log/logger.h"

namespace kaogong::http {

struct ServerState {
  ServerState(const ServerOptions& how, const RouteTable& table, Dispatcher& whom, metrics::Registry& registry,
              log::Logger log, const clock::Clock& time, FastPath* fast)
      : options(how),
        routes(table),
        dispatcher(whom),
        measures(registry, table),
        logger(std::move(log)),
        clock(time),
        fast_path(fast),
        head_limits{.bytes_max = static_cast<size_t>(how.header_bytes_max)} {}

  const ServerOptions options;
  const RouteTable& routes;
  Dispatcher& dispatcher;
  Measures measures;
  const log::Logger logger;
  const clock::Clock& clock;
  FastPath* const fast_path;  // null: there is none
  const HeadLimits head_limits;
  TrustedProxies proxies;
  std::optional<ThreadLane> interactive, bulk, watch;

  /// Of new connections; null: plain. Changed by a reload.
  std::shared_ptr<const TlsContext> tls() const {
    const std::lock_guard lock(tls_mutex_);
    return tls_;
  }
  void set_tls(std::shared_ptr<const TlsContext> context) {
    const std::lock_guard lock(tls_mutex_);
    tls_ = std::move(context);
  }

  /// Takes a place for a connection; false: there is none.
  bool enter() {
    if (connections_.fetch_add(1) < options.connections_max) {
      measures.connections().add(1);
      return true;
    }
    leave_place();
    return false;
  }
  /// Takes a place although there is none: another is about to leave.
  void enter_beyond() {
    connections_.fetch_add(1);
    measures.connections().add(1);
  }
  void leave() {
    measures.connections().add(-1);
    leave_place();
  }
  /// Waits until there are no connections; false: not in time.
  bool wait_until_empty(std::chrono::milliseconds timeout) {
    std::unique_lock lock(empty_mutex_);
    return empty_.wait_for(lock, timeout, [this] { return connections_.load() == 0; });
  }

  /// Takes room for a whole body; false: there is none.
  bool reserve_body(uint64_t bytes) {
    const auto before = body_bytes_.fetch_add(static_cast<int64_t>(bytes));
    if (before + static_cast<int64_t>(bytes) <= options.bodies_bytes_max) return true;
    release_body(bytes);
    return false;
  }
  void release_body(uint64_t bytes) { body_bytes_.fetch_sub(static_cast<int64_t>(bytes)); }

 private:
  void leave_place() {
    if (connections_.fetch_sub(1) != 1) return;
    { const std::lock_guard lock(empty_mutex_); }
    empty_.notify_all();
  }

  mutable std::mutex tls_mutex_;
  std::shared_ptr<const TlsContext> tls_;
  std::atomic<int64_t> connections_{0};
  std::atomic<int64_t> body_bytes_{0};
  std::mutex empty_mutex_;
  std::condition_variable empty_;
};

}  // namespace kaogong::http
