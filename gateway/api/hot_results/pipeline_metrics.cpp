#include "gateway/api/hot_results/pipeline_metrics.h"

#include <algorithm>
#include <mutex>
#include <vector>

namespace kaogong::api {

namespace {

using metrics::CounterDefinition;
using metrics::GaugeDefinition;
using metrics::Label;
using postgres::PipelineStatus;
using redis::ClientStatus;

constexpr GaugeDefinition kConnections{"kaogong_postgres_pipeline_connections",
                                       "Connections to PostgreSQL of the io threads."};
constexpr GaugeDefinition kOutstanding{"kaogong_postgres_pipeline_outstanding_reads", "Reads that have no answer yet."};
constexpr CounterDefinition kReads{"kaogong_postgres_pipeline_reads_total", "Reads that were sent."};
constexpr CounterDefinition kTransactions{"kaogong_postgres_pipeline_transactions_total",
                                          "Transactions that they were sent in: reads of one tenant and one moment "
                                          "share one."};
constexpr CounterDefinition kFailures{"kaogong_postgres_pipeline_failures_total",
                                      "Reads that were sent and ended with an error."};
constexpr CounterDefinition kRefused{"kaogong_postgres_pipeline_refused_total",
                                     "Reads that were not sent: there was no connection, or too many were "
                                     "outstanding."};
constexpr CounterDefinition kOpened{"kaogong_postgres_pipeline_connections_opened_total",
                                    "Connections that were opened."};
constexpr CounterDefinition kClosed{"kaogong_postgres_pipeline_connections_closed_total",
                                    "Connections that were closed: broken, or recycled by age or use."};

constexpr GaugeDefinition kRedisConnections{"kaogong_redis_pipeline_connections",
                                            "Connections to Redis of the io threads."};
constexpr GaugeDefinition kRedisOutstanding{"kaogong_redis_pipeline_outstanding_commands",
                                            "Commands without an answer."};
constexpr CounterDefinition kCommands{"kaogong_redis_pipeline_commands_total", "Commands that were handed over."};
constexpr CounterDefinition kBatches{"kaogong_redis_pipeline_batches_total",
                                     "Batches that they were sent in: commands of one moment share one."};
constexpr CounterDefinition kRedisFailures{"kaogong_redis_pipeline_failures_total", "Commands that failed."};
constexpr CounterDefinition kRedisOpened{"kaogong_redis_pipeline_connections_opened_total",
                                         "Connections that were opened."};

constexpr int64_t PipelineStatus::*kPipelineTotals[] = {
    &PipelineStatus::reads_total,        &PipelineStatus::transactions_total, &PipelineStatus::failed_total,
    &PipelineStatus::disconnected_total, &PipelineStatus::overloaded_total,   &PipelineStatus::opened_total,
    &PipelineStatus::closed_total,       &PipelineStatus::recycled_total};
constexpr uint64_t ClientStatus::*kClientTotals[] = {&ClientStatus::commands_total,   &ClientStatus::batches_total,
                                                     &ClientStatus::timeouts_total,   &ClientStatus::disconnected_total,
                                                     &ClientStatus::overloaded_total, &ClientStatus::connections_total};

}  // namespace

struct PipelineMetrics::Threads {
  struct Member {
    const postgres::Pipeline* pipeline;
    const redis::Client* redis;
  };
  std::mutex mutex;
  std::vector<Member> members;
  PipelineStatus ended_pipelines;  // totals of those that were removed
  ClientStatus ended_clients;

  template <typename Value>
  Value sum(Value PipelineStatus::*of) {
    const std::lock_guard lock(mutex);
    Value all = ended_pipelines.*of;
    for (const auto& member : members) all += member.pipeline->status().*of;
    return all;
  }
  template <typename Value>
  Value sum(Value ClientStatus::*of) {
    const std::lock_guard lock(mutex);
    Value all = ended_clients.*of;
    for (const auto& member : members)
      if (member.redis != nullptr) all += member.redis->status().*of;
    return all;
  }
  int64_t redis_connections() {
    const std::lock_guard lock(mutex);
    return std::count_if(members.begin(), members.end(), [](const Member& member) {
      return member.redis != nullptr && member.redis->status().connected;
    });
  }
};

PipelineMetrics::PipelineMetrics(metrics::Registry& registry) : threads_(std::make_shared<Threads>()) {
  const auto gauge = [&](const GaugeDefinition& definition, auto of) {
    registry.observe_gauge(definition, {}, [threads = threads_, of] { return int64_t{threads->sum(of)}; });
  };
  const auto counter = [&](const CounterDefinition& definition, metrics::Labels labels, auto of) {
    registry.observe_counter(definition, labels,
                             [threads = threads_, of] { return static_cast<uint64_t>(threads->sum(of)); });
  };
  gauge(kConnections, &PipelineStatus::connected);
  gauge(kOutstanding, &PipelineStatus::outstanding);
  counter(kReads, {}, &PipelineStatus::reads_total);
  counter(kTransactions, {}, &PipelineStatus::transactions_total);
  counter(kFailures, {}, &PipelineStatus::failed_total);
  counter(kRefused, {{Label::kOutcome, "disconnected"}}, &PipelineStatus::disconnected_total);
  counter(kRefused, {{Label::kOutcome, "overloaded"}}, &PipelineStatus::overloaded_total);
  counter(kOpened, {}, &PipelineStatus::opened_total);
  counter(kClosed, {{Label::kKind, "broken"}}, &PipelineStatus::closed_total);
  counter(kClosed, {{Label::kKind, "recycled"}}, &PipelineStatus::recycled_total);
  registry.observe_gauge(kRedisConnections, {}, [threads = threads_] { return threads->redis_connections(); });
  gauge(kRedisOutstanding, &ClientStatus::outstanding);
  counter(kCommands, {}, &ClientStatus::commands_total);
  counter(kBatches, {}, &ClientStatus::batches_total);
  counter(kRedisFailures, {{Label::kOutcome, "timeout"}}, &ClientStatus::timeouts_total);
  counter(kRedisFailures, {{Label::kOutcome, "disconnected"}}, &ClientStatus::disconnected_total);
  counter(kRedisFailures, {{Label::kOutcome, "overloaded"}}, &ClientStatus::overloaded_total);
  counter(kRedisOpened, {}, &ClientStatus::connections_total);
}

void PipelineMetrics::add(const postgres::Pipeline& pipeline, const redis::Client* redis) {
  const std::lock_guard lock(threads_->mutex);
  threads_->members.push_back({&pipeline, redis});
}

void PipelineMetrics::remove(const postgres::Pipeline& pipeline) {
  auto& threads = *threads_;
  const std::lock_guard lock(threads.mutex);
  const auto found = std::find_if(threads.members.begin(), threads.members.end(),
                                  [&](const auto& member) { return member.pipeline == &pipeline; });
  if (found == threads.members.end()) return;
  const auto last = pipeline.status();
  for (const auto total : kPipelineTotals) threads.ended_pipelines.*total += last.*total;
  if (found->redis != nullptr) {
    const auto redis = found->redis->status();
    for (const auto total : kClientTotals) threads.ended_clients.*total += redis.*total;
  }
  threads.members.erase(found);
}

}  // namespace kaogong::api
