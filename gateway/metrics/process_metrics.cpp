#include "gateway/metrics/process_metrics.h"

#include <cstdio>
#include <memory>

namespace kaogong::gateway {

namespace {

using metrics::CounterDefinition;
using metrics::GaugeDefinition;
using metrics::Label;

constexpr GaugeDefinition kConnections{"kaogong_postgres_connections", "Connections to PostgreSQL."};
constexpr GaugeDefinition kConnectionsMax{"kaogong_postgres_connections_max",
                                          "The most connections that there may be."};
constexpr GaugeDefinition kWaiting{"kaogong_postgres_waiting", "Transactions that wait for a connection."};
constexpr CounterDefinition kTransactions{"kaogong_postgres_transactions_total", "Transactions that got a connection."};
constexpr CounterDefinition kWaits{"kaogong_postgres_waits_total", "Transactions that did not get one at once."};
constexpr CounterDefinition kTimeouts{"kaogong_postgres_wait_timeouts_total", "Transactions that gave up waiting."};
constexpr CounterDefinition kOpened{"kaogong_postgres_connections_opened_total", "Connections that were opened."};
constexpr CounterDefinition kOpenFailures{"kaogong_postgres_connection_failures_total",
                                          "Connections that failed to open."};
constexpr CounterDefinition kClosed{"kaogong_postgres_connections_closed_total",
                                    "Connections that were closed: broken, or recycled by age, use or idleness."};
constexpr CounterDefinition kUnknownCommits{"kaogong_postgres_unknown_commits_total",
                                            "Commits whose outcome had to be read back."};

constexpr GaugeDefinition kConnected{"kaogong_redis_connected", "1: there is a connection to Redis."};
constexpr GaugeDefinition kOutstanding{"kaogong_redis_outstanding_commands", "Commands without an answer."};
constexpr GaugeDefinition kOutstandingBytes{"kaogong_redis_outstanding_bytes", "Their bytes."};
constexpr CounterDefinition kCommands{"kaogong_redis_commands_total", "Commands that were handed over."};
constexpr CounterDefinition kFailures{"kaogong_redis_failures_total", "Commands that failed."};
constexpr CounterDefinition kRedisConnections{"kaogong_redis_connections_total", "Connections that were made."};

constexpr CounterDefinition kChunks{"kaogong_worker_chunks_total", "Chunks that were written, or fenced off."};
constexpr CounterDefinition kRows{"kaogong_worker_rows_total", "Rows of results that were written."};
constexpr CounterDefinition kRuns{"kaogong_worker_runs_total", "Runs that were calculated, or failed."};
constexpr CounterDefinition kRetries{"kaogong_worker_retries_total", "Transactions that had to be tried again."};

}  // namespace

void show_postgres(metrics::Registry& registry, const postgres::Pool& pool) {
  registry.observe_gauge(kConnections, {{Label::kState, "in_use"}}, [&pool] { return pool.status().in_use; });
  registry.observe_gauge(kConnections, {{Label::kState, "idle"}}, [&pool] { return pool.status().idle; });
  registry.observe_gauge(kConnectionsMax, {}, [&pool] { return pool.status().connections_max; });
  registry.observe_gauge(kWaiting, {}, [&pool] { return pool.status().waiting; });
  const auto count = [&](const CounterDefinition& definition, metrics::Labels labels,
                         int64_t postgres::PoolStatus::*total) {
    registry.observe_counter(definition, labels,
                             [&pool, total] { return static_cast<uint64_t>(pool.status().*total); });
  };
  count(kTransactions, {}, &postgres::PoolStatus::transactions_total);
  count(kWaits, {}, &postgres::PoolStatus::waits_total);
  count(kTimeouts, {}, &postgres::PoolStatus::timeouts_total);
  count(kOpened, {}, &postgres::PoolStatus::opened_total);
  count(kOpenFailures, {}, &postgres::PoolStatus::open_failures_total);
  count(kClosed, {{Label::kKind, "broken"}}, &postgres::PoolStatus::broken_total);
  count(kClosed, {{Label::kKind, "recycled"}}, &postgres::PoolStatus::recycled_total);
  count(kUnknownCommits, {}, &postgres::PoolStatus::unknown_commits_total);
}

void show_redis(metrics::Registry& registry, const redis::Client& client) {
  registry.observe_gauge(kConnected, {}, [&client] { return client.status().connected ? 1 : 0; });
  registry.observe_gauge(kOutstanding, {}, [&client] { return client.status().outstanding; });
  registry.observe_gauge(kOutstandingBytes, {}, [&client] { return client.status().outstanding_bytes; });
  const auto count = [&](const CounterDefinition& definition, metrics::Labels labels,
                         uint64_t redis::ClientStatus::*total) {
    registry.observe_counter(definition, labels, [&client, total] { return client.status().*total; });
  };
  count(kCommands, {}, &redis::ClientStatus::commands_total);
  count(kFailures, {{Label::kOutcome, "timeout"}}, &redis::ClientStatus::timeouts_total);
  count(kFailures, {{Label::kOutcome, "disconnected"}}, &redis::ClientStatus::disconnected_total);
  count(kFailures, {{Label::kOutcome, "overloaded"}}, &redis::ClientStatus::overloaded_total);
  count(kRedisConnections, {}, &redis::ClientStatus::connections_total);
}

void show_worker(metrics::Registry& registry, const worker::Worker& worker) {
  const auto count = [&](const CounterDefinition& definition, metrics::Labels labels,
                         uint64_t worker::WorkerStatus::*total) {
    registry.observe_counter(definition, labels, [&worker, total] { return worker.status().*total; });
  };
  count(kChunks, {{Label::kOutcome, "written"}}, &worker::WorkerStatus::chunks_written);
  count(kChunks, {{Label::kOutcome, "fenced"}}, &worker::WorkerStatus::chunks_fenced);
  count(kRows, {}, &worker::WorkerStatus::rows_written);
  count(kRuns, {{Label::kOutcome, "calculated"}}, &worker::WorkerStatus::runs_calculated);
  count(kRuns, {{Label::kOutcome, "failed"}}, &worker::WorkerStatus::runs_failed);
  count(kRetries, {}, &worker::WorkerStatus::retries);
}

bool write_metrics(const metrics::Registry& registry, const std::string& path) {
  const std::string text = registry.text(), beside = path + ".new";
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(beside.c_str(), "wb"), &std::fclose);
  if (file == nullptr || std::fwrite(text.data(), 1, text.size(), file.get()) != text.size() ||
      std::fflush(file.get()) != 0)
    return false;
  return std::rename(beside.c_str(), path.c_str()) == 0;
}

}  // namespace kaogong::gateway
