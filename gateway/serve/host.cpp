#include "gateway/serve/host.h"

#include <algorithm>
#include <optional>
#include <thread>

#include "gateway/api/gate/gate.h"
#include "gateway/api/hot_results/hot_results.h"
#include "gateway/api/services.h"
#include "gateway/api/table/api_routes.h"
#include "gateway/http/server.h"
#include "gateway/metrics/process_metrics.h"
#include "gateway/serve/health.h"
#include "infra/crypto/hash.h"
#include "infra/log/keys.h"
#include "infra/metrics/registry.h"
#include "tenants/registry/migrations.h"
#include "tenants/webhooks/deliverer.h"
#include "tenants/worker/worker.h"

namespace kaogong::gateway {

namespace {

constexpr uint64_t kResultsBytesMax = uint64_t{1} << 30;    // that are kept in memory
constexpr uint64_t kSnapshotsBytesMax = uint64_t{2} << 30;  // likewise
constexpr std::string_view kPageTokenPurpose = "kaogong page tokens";

postgres::PoolOptions owner_options(const Settings& settings) {
  auto options = settings.postgres;
  if (!settings.postgres_owner_conninfo.empty()) options.conninfo = settings.postgres_owner_conninfo;
  return options;
}

api::HotResults::Options hot_options(const Settings& settings) {
  api::HotResults::Options options;
  options.fresh = std::chrono::milliseconds(settings.serve.results_fresh_ms);
  options.bytes_max_a_thread = static_cast<size_t>(settings.serve.results_bytes_max);
  options.redis = settings.redis;
  options.pipeline.conninfo = settings.postgres.conninfo;
  options.pipeline.connections = static_cast<int>(settings.serve.results_connections);
  options.pipeline.connect_timeout_ms = settings.postgres.connect_timeout_ms;
  options.pipeline.age_max_ms = settings.postgres.age_max_ms;
  options.pipeline.answer_timeout_ms = settings.serve.results_timeout_ms;
  // So that a slow statement is stopped by the server, and only a dead server costs the connection.
  options.pipeline.statement_timeout_ms = settings.serve.results_timeout_ms / 2;
  return options;
}

int cores() { return static_cast<int>(std::max(1u, std::thread::hardware_concurrency())); }

}  // namespace

/// In the order in which they are made; destroyed in the reverse one.
struct Host::Parts {
  Parts(const Settings& how, const log::Logger& log, const clock::Clock& time)
      : settings(how),
        logger(log),
        clock(time),
        application(settings.postgres),
        owner(owner_options(settings)),
        database(application, clock),
        registry(owner, clock),
        keys(database),
        token_issuers(database),
        results(database, kResultsBytesMax),
        snapshots(kSnapshotsBytesMax),
        builder(database, programs, results, snapshots, {.threads = std::max(1, cores() - 1)}),
        steps(database),
        known_callers(clock, std::chrono::milliseconds(settings.serve.caller_cache_ms)),
        readiness(owner, clock, [this] { return server && server->is_draining(); }) {
    if (settings.redis.endpoint.empty()) return;
    redis_loop.emplace();
    redis.emplace(*redis_loop, settings.redis, logger);
  }

  const Settings settings;
  const log::Logger logger;
  const clock::Clock& clock;
  metrics::Registry metrics;

  postgres::Pool application, owner;
  std::optional<redis::Loop> redis_loop;
  std::optional<redis::Client> redis;

  tenants::TenantDatabase database;
  tenants::Registry registry;
  tenants::ApiKeys keys;
  tenants::TokenIssuers token_issuers;
  runs::Programs programs;
  runs::EffectiveResults results;
  freeze::ResidentSnapshots snapshots;
  runs::Builder builder;
  runs::RunSteps steps;
  api::KnownCallers known_callers;

  // Made when the database has given its secret.
  std::optional<cache::SealedCache> cache;
  std::optional<cache::Hints> hints;
  std::optional<api::PageTokens> page_tokens;
  std::optional<api::Services> services;
  std::optional<api::Gate> gate;
  std::optional<api::HotResults> hot_results;

  Readiness readiness;
  http::RouteTable routes;
  std::optional<http::Server> server;

  std::optional<worker::Worker> worker;
  std::optional<cache::Listener> work_listener;
  std::jthread working;
  std::optional<webhooks::Deliverer> deliverer;
  std::jthread delivering;

  void begin_worker() {
    worker::WorkerOptions how;
    how.name = worker::new_worker_name();
    // A connection that works and one that renews its lease, and as many again for calls.
    how.lanes = std::max(1, std::min(cores(), settings.postgres.connections_max / 4));
    if (settings.worker.threads > 0) how.lanes = static_cast<int>(settings.worker.threads);
    how.lease_ms = settings.worker.lease_ms;
    how.poll_ms = settings.worker.poll_ms;
    worker.emplace(database, builder, logger, how);
    if (redis_loop) {
      work_listener.emplace(*redis_loop, settings.redis, logger,
                            cache::Listener::Handlers{[this] { worker->wake(); }, {}});
      work_listener->listen_for_work();
    }
    show_worker(metrics, *worker);
    working = std::jthread([this](const std::stop_token& stop) { worker->run(stop); });
  }
};

Host::Host(const Settings& settings, const log::Logger& logger, const clock::Clock& clock)
    : parts_(std::make_unique<Parts>(settings, logger, clock)) {}

Host::~Host() {
  // Calls use everything else, so they end first.
  parts_->server.reset();
}

std::string Host::start() {
  Parts& p = *parts_;
  if (const auto schema = tenants::check_control(p.owner); !schema.good())
    return "PostgreSQL is not ready: " + schema.fault + " (see kaogong migrate)";
  const auto secret = cache::sealing_key(p.database);
  if (!secret) return "PostgreSQL is not ready: " + secret.failure().message;
  redis::Client* const redis = p.redis ? &*p.redis : nullptr;
  p.cache.emplace(redis, *secret);
  p.hints.emplace(redis);
  // All servers of an installation open each other's.
  const auto token_key = crypto::hmac_sha256(*secret, kPageTokenPurpose);
  p.page_tokens.emplace(crypto::view(token_key));
  p.services.emplace(api::Services{.settings = p.settings,
                                   .clock = p.clock,
                                   .logger = p.logger,
                                   .database = p.database,
                                   .registry = p.registry,
                                   .keys = p.keys,
                                   .token_issuers = p.token_issuers,
                                   .programs = p.programs,
                                   .results = p.results,
                                   .snapshots = p.snapshots,
                                   .builder = p.builder,
                                   .steps = p.steps,
                                   .cache = *p.cache,
                                   .hints = *p.hints,
                                   .redis_loop = p.redis_loop ? &*p.redis_loop : nullptr,
                                   .page_tokens = *p.page_tokens,
                                   .known_callers = p.known_callers});
  p.gate.emplace(*p.services, api::GateOptions{.calls_per_second = p.settings.serve.requests_per_second_max,
                                               .wrong_keys_per_minute = p.settings.serve.wrong_keys_per_minute_max});
  show_postgres(p.metrics, p.application);
  if (p.redis) show_redis(p.metrics, *p.redis);
  add_health_routes(p.routes, p.readiness, p.metrics);
  api::add_api_routes(p.routes);
  if (p.settings.serve.results_connections > 0)
    p.hot_results.emplace(*p.gate, *secret, p.logger, p.clock, p.metrics, hot_options(p.settings));
  p.server.emplace(p.settings.server, p.routes, *p.gate, p.metrics, p.logger, p.clock,
                   p.hot_results ? &*p.hot_results : nullptr);
  if (auto error = p.server->start(); !error.empty()) return error;
  if (p.settings.serve.worker) p.begin_worker();
  webhooks::DelivererOptions delivery;
  delivery.post.allow_private = p.settings.serve.webhooks_private;
  delivery.post.ca_file = p.settings.serve.webhooks_ca_path;
  p.deliverer.emplace(p.database, p.logger, std::move(delivery));
  p.delivering = std::jthread([&p](const std::stop_token& stop) { p.deliverer->run(stop); });
  p.logger.info(log::Event{"server_started"}, {{log::keys::kCount, p.routes.all().size()}});
  return {};
}

uint16_t Host::port() const { return parts_->server->port(); }
bool Host::is_tls() const { return parts_->server->is_tls(); }
std::string Host::reload() { return parts_->server->reload_tls(); }

bool Host::drain() {
  Parts& p = *parts_;
  p.server->announce_drain();
  p.working.request_stop();
  p.delivering.request_stop();
  std::this_thread::sleep_for(std::chrono::milliseconds(p.settings.server.drain_delay_ms));
  const bool ended = p.server->drain();
  p.logger.info(log::Event{"server_ended"});
  p.logger.flush();
  return ended;
}

}  // namespace kaogong::gateway
