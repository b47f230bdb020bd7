#include "gateway/settings/settings.h"

#include <limits>

#include "gateway/settings/declare_server.h"
#include "infra/postgres/limits.h"

namespace kaogong::gateway {
namespace {

using config::Registry;
using config::Wrong;

constexpr int64_t kMinuteMs = 60'000;
constexpr int64_t kDayMs = 24 * 60 * kMinuteMs;
constexpr int64_t kTebibyte = int64_t{1} << 40;
constexpr int64_t kCountMax = 1'000'000'000;

std::optional<int64_t> bound_of(int64_t value) { return value == 0 ? std::nullopt : std::optional(value); }

void declare_log(Registry& registry, log::Options& options) {
  registry.add_choice<log::Level>({.name = "log.level",
                                   .en = "The least important lines that are written.",
                                   .zh = "写出的最低日志级别。",
                                   .reloadable = true},
                                  &options.level,
                                  {{"debug", log::Level::kDebug},
                                   {"info", log::Level::kInfo},
                                   {"warn", log::Level::kWarn},
                                   {"error", log::Level::kError},
                                   {"off", log::Level::kOff}});
  registry.add_text({.name = "log.file_path",
                     .en = "The file that lines go to; without one, standard error.",
                     .zh = "日志文件；不填则写到标准错误。"},
                    &options.file_path, {.bytes_max = 4096, .form = "a path"});
  registry.add_integer({.name = "log.file_bytes_max",
                        .en = "A file of this size is put aside, and a new one begun.",
                        .zh = "文件达到此大小即轮换。"},
                       &options.file_bytes_max, 64 << 10, int64_t{16} << 30);
  registry.add_integer(
      {.name = "log.files_kept", .en = "How many files that were put aside are kept.", .zh = "保留的已轮换文件数。"},
      &options.files_kept, 0, 1000);
  registry.add_integer({.name = "log.repeated_lines_max",
                        .en = "Lines of one event in ten seconds; the others are counted instead.",
                        .zh = "同一事件十秒内最多写出的行数，其余只计数。"},
                       &options.rate.lines_max, 1, 1'000'000);
}

void declare_postgres(Registry& registry, postgres::PoolOptions& options, std::string& owner_conninfo) {
  registry.add_text({.name = "postgres.conninfo",
                     .en = "Where PostgreSQL is, and as whom to log in, as libpq reads it.",
                     .zh = "PostgreSQL 的连接信息，格式同 libpq。",
                     .secret = true},
                    &options.conninfo,
                    {.bytes_max = 4000, .form = "host=… port=… dbname=… user=…, or a postgresql:// address"});
  registry.add_text({.name = "postgres.owner_conninfo",
                     .en = "The same as the owner of the schemas, who migrates, creates and erases tenants; empty: "
                           "postgres.conninfo.",
                     .zh = "模式所有者的连接信息，用于迁移、创建和清除租户；留空则同 postgres.conninfo。",
                     .secret = true},
                    &owner_conninfo,
                    {.bytes_max = 4000, .form = "host=… port=… dbname=… user=…, or a postgresql:// address"});
  registry.add_integer(
      {.name = "postgres.connections_max", .en = "Connections of this process.", .zh = "本进程的最大连接数。"},
      &options.connections_max, 1, postgres::kPoolConnectionsMax);
  registry.add_integer({.name = "postgres.acquire_timeout_ms",
                        .en = "How long a transaction waits for a connection that others use.",
                        .zh = "等待空闲连接的最长时间。"},
                       &options.acquire_timeout_ms, 1, 10 * kMinuteMs);
  registry.add_integer(
      {.name = "postgres.connect_timeout_ms", .en = "How long connecting may take.", .zh = "建立连接的最长时间。"},
      &options.connect_timeout_ms, 1, 10 * kMinuteMs);
  registry.add_integer({.name = "postgres.statement_timeout_ms",
                        .en = "How long a statement may run, unless a transaction says otherwise; 0: for ever.",
                        .zh = "单条语句的最长执行时间（事务另有规定者除外）；0 为不限。"},
                       &options.statement_timeout_ms, 0, kDayMs);
  registry.add_integer({.name = "postgres.answer_grace_ms",
                        .en = "How long after that an answer is still awaited before the server is taken for dead.",
                        .zh = "超时后仍等待应答的时间，此后视为服务器失联。"},
                       &options.answer_grace_ms, 1, 10 * kMinuteMs);
  registry.add_integer({.name = "postgres.idle_max_ms",
                        .en = "A connection that was idle so long is closed.",
                        .zh = "连接空闲多久后关闭。"},
                       &options.idle_max_ms, 1, kDayMs);
  registry.add_integer({.name = "postgres.transactions_max",
                        .en = "A connection is closed after so many transactions, which frees its server's memory.",
                        .zh = "连接执行多少事务后关闭，以释放服务端内存。"},
                       &options.transactions_max, 1, kCountMax);
  registry.add_integer({.name = "postgres.age_max_ms",
                        .en = "A connection is closed so long after it was opened.",
                        .zh = "连接的最长存活时间。"},
                       &options.age_max_ms, 1, 7 * kDayMs);
}

void declare_redis(Registry& registry, redis::Options& options) {
  registry.add_text(
      {.name = "redis.endpoint",
       .en = "Where Redis is; empty: go without it.",
       .zh = "Redis 的地址；留空则不使用 Redis。"},
      &options.endpoint,
      {.bytes_max = 300, .form = "host:port or unix:/path", .check = [](std::string_view text) -> std::optional<Wrong> {
         if (text.empty() || redis::endpoint_of(text)) return std::nullopt;
         return Wrong{"is no endpoint", "write host:port, [address]:port or unix:/path"};
       }});
  registry.add_text({.name = "redis.user", .en = "As whom; empty: the default user.", .zh = "用户名；留空为默认用户。"},
                    &options.user, {.form = "a name"});
  registry.add_text({.name = "redis.password",
                     .en = "The password; empty: none is said.",
                     .zh = "口令；留空则不认证。",
                     .secret = true},
                    &options.password, {.form = "a password"});
  registry.add_integer({.name = "redis.database", .en = "The number of the database.", .zh = "数据库编号。"},
                       &options.database, 0, 1'000'000);
  registry.add_integer({.name = "redis.connect_timeout_ms",
                        .en = "How long connecting may take, from the name to the last answer.",
                        .zh = "从解析域名到可用的最长时间。"},
                       &options.connect_timeout_ms, 1, 10 * kMinuteMs);
  registry.add_integer({.name = "redis.command_timeout_ms",
                        .en = "How long an answer is awaited before the work goes on without it.",
                        .zh = "等待应答的最长时间，此后不依赖 Redis 继续。"},
                       &options.command_timeout_ms, 1, kMinuteMs);
  registry.add_integer({.name = "redis.answer_grace_ms",
                        .en = "How long after that Redis is taken for dead, and connected to again.",
                        .zh = "再过多久视为 Redis 失联并重连。"},
                       &options.answer_grace_ms, 1, 10 * kMinuteMs);
  registry.add_integer({.name = "redis.reconnect_delay_min_ms",
                        .en = "The first wait before connecting again; doubled each time.",
                        .zh = "首次重连前的等待，其后逐次加倍。"},
                       &options.reconnect_delay_min_ms, 1, kMinuteMs);
  registry.add_integer(
      {.name = "redis.reconnect_delay_max_ms", .en = "The longest such wait.", .zh = "重连等待的上限。"},
      &options.reconnect_delay_max_ms, 1, 10 * kMinuteMs);
  registry.add_integer({.name = "redis.silence_max_ms",
                        .en = "A subscriber that hears nothing so long asks whether anybody is there.",
                        .zh = "订阅连接静默多久后探测对端。"},
                       &options.silence_max_ms, 1, 10 * kMinuteMs);
  registry.add_integer({.name = "redis.outstanding_max",
                        .en = "Commands without an answer; beyond it they fail at once.",
                        .zh = "未应答命令数的上限，超过即刻报错。"},
                       &options.outstanding_max, 1, 1'000'000);
  registry.add_integer({.name = "redis.outstanding_bytes_max",
                        .en = "Their bytes; beyond it they fail at once.",
                        .zh = "未应答命令字节数的上限，超过即刻报错。"},
                       &options.outstanding_bytes_max, 64 << 10, int64_t{4} << 30);
  registry.add_integer({.name = "redis.reply_bytes_max",
                        .en = "A longer reply breaks the connection.",
                        .zh = "应答超过此大小即断开连接。"},
                       &options.reply_bytes_max, 64 << 10, int64_t{512} << 20);
  registry.add_rule("redis.reconnect_delay_max_ms", [&options]() -> std::optional<Wrong> {
    if (options.reconnect_delay_min_ms <= options.reconnect_delay_max_ms) return std::nullopt;
    return Wrong{"is less than redis.reconnect_delay_min_ms", "raise it, or lower the other"};
  });
}

void declare_worker(Registry& registry, WorkerSettings& worker, const postgres::PoolOptions& postgres) {
  registry.add_integer({.name = "worker.threads",
                        .en = "Chunks that are worked on at once; 0: one a core, as far as there are connections.",
                        .zh = "同时处理的分块数；0 为每核一个（不超过可用连接数）。"},
                       &worker.threads, 0, 256);
  registry.add_integer({.name = "worker.lease_ms",
                        .en = "How long a worker may be silent before its chunk goes to another.",
                        .zh = "工作进程失联多久后其分块转交他人。"},
                       &worker.lease_ms, 1'000, 60 * kMinuteMs);
  registry.add_integer({.name = "worker.poll_ms",
                        .en = "How often a worker looks for work when nobody wakes it.",
                        .zh = "无人唤醒时查找工作的间隔。"},
                       &worker.poll_ms, 10, kMinuteMs);
  registry.add_integer({.name = "worker.snapshot_days",
                        .en = "A snapshot that no run names is deleted so many days after a later one of the same "
                              "inputs was made; 0: never.",
                        .zh = "未被任何计算引用的快照，在有更新快照多少天后删除；0 为永不删除。"},
                       &worker.snapshot_days, 0, 36'500);
  registry.add_rule("worker.threads", [&worker, &postgres]() -> std::optional<Wrong> {
    if (worker.threads < postgres.connections_max) return std::nullopt;
    return Wrong{"leaves no connection to keep leases with", "lower it below postgres.connections_max, or raise that"};
  });
}

void declare_limits(Registry& registry, NewTenantSettings& limits) {
  registry.add_integer({.name = "limits.tenant_people_max",
                        .en = "People employed at once, of a tenant created without a bound of its own; 0: no bound.",
                        .zh = "新租户的默认在职人数上限；0 为不限。"},
                       &limits.people_max, 0, kCountMax);
  registry.add_integer({.name = "limits.tenant_runs_per_day_max",
                        .en = "Its runs in a day; 0: no bound.",
                        .zh = "新租户的默认每日计算次数上限；0 为不限。"},
                       &limits.runs_per_day_max, 0, kCountMax);
  registry.add_integer({.name = "limits.tenant_stored_bytes_max",
                        .en = "The bytes that it stores; 0: no bound.",
                        .zh = "新租户的默认存储字节上限；0 为不限。"},
                       &limits.stored_bytes_max, 0, 1024 * kTebibyte);
  registry.add_integer({.name = "limits.tenant_requests_per_second_max",
                        .en = "Its requests in a second; 0: no bound.",
                        .zh = "新租户的默认每秒请求上限；0 为不限。"},
                       &limits.requests_per_second_max, 0, kCountMax);
}

}  // namespace

tenants::Quotas NewTenantSettings::quotas() const {
  return {bound_of(people_max), bound_of(runs_per_day_max), bound_of(stored_bytes_max),
          bound_of(requests_per_second_max)};
}

void declare(Registry& registry, Settings& settings) {
  declare_log(registry, settings.log);
  declare_postgres(registry, settings.postgres, settings.postgres_owner_conninfo);
  declare_redis(registry, settings.redis);
  declare_worker(registry, settings.worker, settings.postgres);
  declare_limits(registry, settings.limits);
  declare_server(registry, settings.server, settings.serve);
}

}  // namespace kaogong::gateway
