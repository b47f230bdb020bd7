#include "gateway/http/server.h"

#include <algorithm>
#include <thread>

#include "gateway/http/server_state.h"
#include "gateway/http/shard.h"

namespace kaogong::http {

namespace {

/// After requests were asked to stop, and before their connections are closed.
constexpr auto kStopGrace = std::chrono::milliseconds(2'000);
/// For connections that were closed to end.
constexpr auto kCloseGrace = std::chrono::milliseconds(5'000);
constexpr int kBulkNice = 19;

size_t io_threads(const ServerOptions& options) {
  if (options.io_threads > 0) return static_cast<size_t>(options.io_threads);
  return std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace

Server::Server(const ServerOptions& options, const RouteTable& routes, Dispatcher& dispatcher,
               metrics::Registry& registry, const log::Logger& logger, const clock::Clock& clock, FastPath* fast_path)
    : state_(std::make_unique<ServerState>(options, routes, dispatcher, registry, logger, clock, fast_path)) {}

Server::~Server() {
  if (!is_closed_) close();
}

bool Server::is_tls() const { return !state_->options.tls_certificate_path.empty(); }

std::string Server::reload_tls() {
  if (!is_tls()) return {};
  std::string error;
  auto context = TlsContext::open(state_->options.tls_certificate_path, state_->options.tls_key_path, &error);
  if (context != nullptr) state_->set_tls(std::move(context));
  return error;
}

std::string Server::start() {
  const ServerOptions& options = state_->options;
  auto proxies = TrustedProxies::parse(options.trusted_proxies);
  if (!proxies) return "the trusted proxies are not addresses or networks with commas between";
  state_->proxies = std::move(*proxies);
  if (auto error = reload_tls(); !error.empty()) return error;
  std::string error;
  auto port = static_cast<uint16_t>(options.port);
  for (size_t i = 0; i < io_threads(options); ++i) {
    auto shard = std::make_unique<Shard>(*state_);
    const auto bound = shard->listen(options.address, port, &error);
    if (!bound) {
      shards_.clear();
      return error;
    }
    port = *bound;
    shards_.push_back(std::move(shard));
  }
  port_ = port;
  const auto lane = [](int64_t threads, int64_t queue, int nice) {
    return ThreadLane::Options{static_cast<size_t>(threads), static_cast<size_t>(queue), nice};
  };
  state_->interactive.emplace(lane(options.interactive_threads, options.interactive_queue_max, 0));
  state_->bulk.emplace(lane(options.bulk_threads, options.bulk_queue_max, kBulkNice));
  state_->watch.emplace(lane(options.watch_threads_max, 0, 0));
  for (auto& shard : shards_) shard->start();
  return {};
}

bool Server::drain() {
  announce_drain();
  for (auto& shard : shards_) shard->drain();
  const bool ended = state_->wait_until_empty(std::chrono::milliseconds(state_->options.drain_timeout_ms));
  if (!ended) {
    for (auto& shard : shards_) shard->stop_requests();
    state_->wait_until_empty(kStopGrace);
  }
  close();
  return ended;
}

void Server::close() {
  is_closed_ = true;
  is_draining_.store(true);
  for (auto& shard : shards_) shard->drain();
  for (auto& shard : shards_) shard->close_connections();
  if (!shards_.empty()) state_->wait_until_empty(kCloseGrace);
  // Handlers end here; what they still tell their connections is kept by the loops.
  for (auto* const lane : {&state_->interactive, &state_->bulk, &state_->watch})
    if (*lane) (*lane)->end();
  for (auto& shard : shards_) shard->join();
  shards_.clear();
}

}  // namespace kaogong::http
