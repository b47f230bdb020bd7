#include "gateway/settings/declare_server.h"

#include "infra/postgres/limits.h"

namespace kaogong::gateway {

namespace {

using config::Registry;
using config::Wrong;

constexpr int64_t kMinuteMs = 60'000;
constexpr int64_t kCachedMsMax = 60'000;
constexpr int64_t kRequestsMax = 1'000'000'000;

void declare_listening(Registry& registry, http::ServerOptions& server) {
  registry.add_text({.name = "server.address",
                     .en = "Where the server listens: an IPv4 or IPv6 address.",
                     .zh = "监听地址（IPv4 或 IPv6）。"},
                    &server.address, {.bytes_max = 100, .form = "a numeric address"});
  registry.add_integer({.name = "server.port",
                        .en = "And at which port; 0: any that is free, which is printed.",
                        .zh = "监听端口；0 为任意空闲端口（启动时打印）。"},
                       &server.port, 0, 65535);
  registry.add_integer({.name = "server.io_threads",
                        .en = "Threads that own the sockets; 0: one a core.",
                        .zh = "网络线程数；0 为每核一个。"},
                       &server.io_threads, 0, 256);
  registry.add_text({.name = "server.tls_certificate_path",
                     .en = "The certificate with its chain, PEM; empty: no TLS, for a server behind a proxy.",
                     .zh = "TLS 证书链文件（PEM）；留空则不启用 TLS，适用于反向代理之后。"},
                    &server.tls_certificate_path, {.bytes_max = 4096, .form = "a path"});
  registry.add_text({.name = "server.tls_key_path",
                     .en = "The certificate's key, PEM. Both files are read again on SIGHUP.",
                     .zh = "证书私钥文件（PEM）。收到 SIGHUP 时重新读取两者。"},
                    &server.tls_key_path, {.bytes_max = 4096, .form = "a path"});
  registry.add_text({.name = "server.trusted_proxies",
                     .en = "Proxies whose X-Forwarded-For is believed.",
                     .zh = "其 X-Forwarded-For 可信的代理。"},
                    &server.trusted_proxies,
                    {.bytes_max = 4096, .form = "addresses and networks, like 10.0.0.0/8, ::1"});
}

void declare_bounds(Registry& registry, http::ServerOptions& server) {
  registry.add_integer({.name = "server.connections_max",
                        .en = "Connections at once; beyond it the longest idle one is closed, or the new one refused.",
                        .zh = "最大连接数；超过时关闭最久空闲的连接，否则拒绝新连接。"},
                       &server.connections_max, 10, 1000000);
  registry.add_integer({.name = "server.header_bytes_max",
                        .en = "A request's head; beyond it 431.",
                        .zh = "请求头的最大字节数；超过返回 431。"},
                       &server.header_bytes_max, 4 << 10, 1 << 20);
  registry.add_integer({.name = "server.bodies_bytes_max",
                        .en = "Bodies that are held whole, of all requests together; beyond it 503.",
                        .zh = "内存中完整请求体的总字节上限；超过返回 503。"},
                       &server.bodies_bytes_max, 64 << 10, int64_t{64} << 30);
  registry.add_integer({.name = "server.upload_bytes_max",
                        .en = "One streamed body, after it was unpacked; beyond it 413.",
                        .zh = "单个流式请求体（解压后）的字节上限；超过返回 413。"},
                       &server.upload_bytes_max, 64 << 10, int64_t{1} << 40);
  registry.add_integer({.name = "server.handshake_timeout_ms", .en = "For a TLS handshake.", .zh = "TLS 握手时限。"},
                       &server.handshake_timeout_ms, 100, 10 * kMinuteMs);
  registry.add_integer({.name = "server.header_timeout_ms",
                        .en = "From the first byte of a request's head to its last.",
                        .zh = "请求头从首字节到末字节的时限。"},
                       &server.header_timeout_ms, 100, 10 * kMinuteMs);
  registry.add_integer({.name = "server.idle_timeout_ms",
                        .en = "How long a connection may wait for its next request.",
                        .zh = "连接等待下一请求的最长时间。"},
                       &server.idle_timeout_ms, 100, 60 * kMinuteMs);
  registry.add_integer({.name = "server.body_timeout_ms",
                        .en = "In each such time a body has to come on by bytes_per_second_min.",
                        .zh = "请求体在每个此时段内须达到 bytes_per_second_min。"},
                       &server.body_timeout_ms, 100, 60 * kMinuteMs);
  registry.add_integer({.name = "server.write_timeout_ms",
                        .en = "In each such time a client has to take its answer on by bytes_per_second_min.",
                        .zh = "客户端在每个此时段内接收应答须达到 bytes_per_second_min。"},
                       &server.write_timeout_ms, 100, 60 * kMinuteMs);
  registry.add_integer({.name = "server.bytes_per_second_min",
                        .en = "The slowest that a body or answer may be; at least one byte in each time.",
                        .zh = "请求体与应答的最低速率；每个时段至少一字节。"},
                       &server.bytes_per_second_min, 0, 1 << 20);
}

void declare_work(Registry& registry, http::ServerOptions& server) {
  registry.add_integer({.name = "server.request_timeout_ms",
                        .en = "The time that a call has for its work, streams excepted.",
                        .zh = "单次调用的处理时限（流式除外）。"},
                       &server.request_timeout_ms, 100, 60 * kMinuteMs);
  registry.add_integer({.name = "server.interactive_threads",
                        .en = "Calls that somebody waits for, at once.",
                        .zh = "同时处理的交互调用数。"},
                       &server.interactive_threads, 1, 1000);
  registry.add_integer({.name = "server.interactive_queue_max",
                        .en = "And so many that wait; beyond it 503.",
                        .zh = "等待处理的交互调用数；超过返回 503。"},
                       &server.interactive_queue_max, 0, 100000);
  registry.add_integer({.name = "server.bulk_threads",
                        .en = "Uploads, exports and large scores at once, at low priority.",
                        .zh = "同时进行的批量上传、导出与大型试算数（低优先级）。"},
                       &server.bulk_threads, 1, 256);
  registry.add_integer({.name = "server.bulk_queue_max",
                        .en = "And so many that wait; beyond it 503.",
                        .zh = "等待的批量调用数；超过返回 503。"},
                       &server.bulk_queue_max, 0, 100000);
  registry.add_integer({.name = "server.watch_threads_max",
                        .en = "Clients that watch progress as events, at once.",
                        .zh = "同时订阅进度事件的客户端数。"},
                       &server.watch_threads_max, 1, 10000);
  registry.add_integer({.name = "server.drain_delay_ms",
                        .en = "After SIGTERM /readyz says 503 so long before the server stops accepting.",
                        .zh = "收到 SIGTERM 后，/readyz 先返回 503 达此时长，再停止接受连接。"},
                       &server.drain_delay_ms, 0, 10 * kMinuteMs);
  registry.add_integer(
      {.name = "server.drain_timeout_ms", .en = "Then requests have so long to end.", .zh = "此后请求完成的时限。"},
      &server.drain_timeout_ms, 0, 60 * kMinuteMs);
  registry.add_integer({.name = "server.compress_bytes_min",
                        .en = "Answers of at least this size are packed for clients that can unpack them.",
                        .zh = "达到此大小的应答按客户端能力压缩。"},
                       &server.compress_bytes_min, 0, 1 << 30);
  registry.add_boolean({.name = "server.access_log",
                        .en = "A log line for every request, without its path and caller.",
                        .zh = "每个请求写一行日志，不含路径与调用者。"},
                       &server.access_log);
}

void declare_gate(Registry& registry, ServeSettings& serve) {
  registry.add_integer({.name = "server.caller_cache_ms",
                        .en = "A key that was good is believed so long without asking the database again: what was "
                              "revoked by another server works on so long.",
                        .zh = "已验证的密钥在此时间内不再查库；在他处吊销的密钥最多继续有效这么久。"},
                       &serve.caller_cache_ms, 0, kCachedMsMax);
  registry.add_integer({.name = "server.requests_per_second_max",
                        .en = "Requests in a second of a tenant that has no quota of its own; beyond it 429; 0: no "
                              "bound.",
                        .zh = "未设配额的租户每秒请求数上限；超过返回 429；0 为不限。"},
                       &serve.requests_per_second_max, 0, kRequestsMax);
  registry.add_integer({.name = "server.wrong_keys_per_minute_max",
                        .en = "Wrong keys and tokens from one address in a minute; beyond it 429 until the minute is "
                              "over; 0: no bound.",
                        .zh = "同一地址每分钟允许的错误密钥数；超过后至该分钟结束返回 429；0 为不限。"},
                       &serve.wrong_keys_per_minute_max, 0, kRequestsMax);
}

void declare_results(Registry& registry, ServeSettings& serve) {
  registry.add_integer({.name = "server.results_fresh_ms",
                        .en = "It is believed so long which run is published: so much later at most a publication "
                              "shows in single results.",
                        .zh = "已发布批次的缓存时间；发布或作废最多延迟这么久反映到单人结果。"},
                       &serve.results_fresh_ms, 0, kCachedMsMax);
  registry.add_integer({.name = "server.results_bytes_max",
                        .en = "Single results that each io thread keeps in memory; 0: none.",
                        .zh = "每个网络线程在内存中保留的单人结果字节上限；0 为不保留。"},
                       &serve.results_bytes_max, 0, int64_t{64} << 30);
  registry.add_integer({.name = "server.results_connections",
                        .en = "Connections to PostgreSQL of each io thread, for single results, beside "
                              "postgres.connections_max; 0: single results take a thread like everything else.",
                        .zh = "每个网络线程用于单人结果的 PostgreSQL 连接数（不计入 postgres.connections_max）；0 "
                              "为不用快速路径。"},
                       &serve.results_connections, 0, postgres::kPipelineConnectionsMax);
  registry.add_integer({.name = "server.results_timeout_ms",
                        .en = "For PostgreSQL's answer to a single result; then 503.",
                        .zh = "单人结果等待 PostgreSQL 应答的时限；超时返回 503。"},
                       &serve.results_timeout_ms, 2, kMinuteMs);
}

}  // namespace

void declare_server(Registry& registry, http::ServerOptions& server, ServeSettings& serve) {
  declare_listening(registry, server);
  declare_bounds(registry, server);
  declare_work(registry, server);
  registry.add_boolean({.name = "server.worker",
                        .en = "Calculate runs in the same process: for small installations.",
                        .zh = "在同一进程内计算，适用于小型部署。"},
                       &serve.worker);
  declare_gate(registry, serve);
  declare_results(registry, serve);
  registry.add_boolean(
      {.name = "server.webhooks_private",
       .en = "Webhooks may lead into private networks and to this machine, and go without TLS: only where "
             "every tenant may reach what the server reaches.",
       .zh = "允许回调指向内网与本机，且可不用TLS：仅用于租户可访问服务器所及网络的部署。"},
      &serve.webhooks_private);
  registry.add_text({.name = "server.webhooks_ca_path",
                     .en = "Certificates (PEM) that those of webhooks must lead to; empty: the system's.",
                     .zh = "回调所信任的证书（PEM）；空则用系统的。"},
                    &serve.webhooks_ca_path, {.bytes_max = 4096, .form = "a path"});
  registry.add_rule("server.tls_key_path", [&server]() -> std::optional<Wrong> {
    if (server.tls_key_path.empty() == server.tls_certificate_path.empty()) return std::nullopt;
    return Wrong{"stands without its other half",
                 "give server.tls_certificate_path and server.tls_key_path, or neither"};
  });
}

}  // namespace kaogong::gateway
