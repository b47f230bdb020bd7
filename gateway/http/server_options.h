// What the server can be told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace kaogong::http {

struct ServerOptions {
  std::string address = "127.0.0.1";  // numeric, IPv4 or IPv6
  int64_t port = 8620;                // 0: any that is free
  int64_t io_threads = 0;             // 0: one a core

  std::string tls_certificate_path;  // PEM, the whole chain; empty: no TLS
  std::string tls_key_path;          // PEM
  std::string trusted_proxies;       // addresses and networks with commas between, whose X-Forwarded-For counts

  int64_t connections_max = 10'000;
  int64_t header_bytes_max = int64_t{16} << 10;
  /// Bytes of whole bodies that are held at once, of all requests together.
  int64_t bodies_bytes_max = int64_t{256} << 20;
  /// Of one streamed body, after it was unpacked.
  int64_t upload_bytes_max = int64_t{8} << 30;

  int64_t handshake_timeout_ms = 10'000;
  int64_t header_timeout_ms = 10'000;  // from a head's first byte to its last
  int64_t idle_timeout_ms = 75'000;    // between two requests
  /// In each such time a body must come on, and an answer go out, by `bytes_per_second_min` at least.
  int64_t body_timeout_ms = 20'000;
  int64_t write_timeout_ms = 20'000;
  int64_t bytes_per_second_min = 256;
  int64_t request_timeout_ms = 60'000;  // the deadline that handlers see; not of streams

  int64_t interactive_threads = 16;
  int64_t interactive_queue_max = 512;
  int64_t bulk_threads = 4;
  int64_t bulk_queue_max = 64;
  int64_t watch_threads_max = 256;

  /// After SIGTERM: not ready any more, but still open, so that a balancer sees it; then requests may end so long.
  int64_t drain_delay_ms = 0;
  int64_t drain_timeout_ms = 30'000;

  int64_t compress_bytes_min = 1'024;
  bool access_log = true;
};

}  // namespace kaogong::http
