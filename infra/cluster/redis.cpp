#include "infra/cluster/redis.h"

#include <stdexcept>
#include <utility>

#include "infra/cluster/log_tail.h"

namespace kaogong::cluster {

Redis::Redis(const Folder& folder, RedisOptions options) : folder_(folder.path()), options_(std::move(options)) {
  start();
}

void Redis::fail(const std::string& what) const { throw std::runtime_error(what + "\n" + end_of_log(log())); }

void Redis::start() {
  if (process_.running()) return;
  Command command = {.arguments = {"/usr/bin/redis-server",
                                   "--port",
                                   "0",
                                   "--unixsocket",
                                   socket().string(),
                                   "--unixsocketperm",
                                   "700",
                                   "--dir",
                                   folder_.string(),
                                   "--save",
                                   "",
                                   "--appendonly",
                                   "no",
                                   "--daemonize",
                                   "no",
                                   "--supervised",
                                   "systemd",
                                   "--maxmemory",
                                   std::to_string(options_.memory_max_mb) + "mb",
                                   "--maxmemory-policy",
                                   "allkeys-lru"},
                     .account = Account::for_servers(),
                     .working_folder = folder_,
                     .log = log(),
                     .notify_socket = folder_ / "ready.redis"};
  command.arguments.insert(command.arguments.end(), options_.arguments.begin(), options_.arguments.end());
  process_ = Process(command);
  if (!process_.wait_ready(options_.start_timeout_ms)) {
    process_.kill();
    fail("Redis did not start (package redis-server)");
  }
}

void Redis::stop() {
  if (!process_.running()) return;
  process_.send_signal(SIGTERM);
  if (!process_.wait_end(options_.stop_timeout_ms)) {
    process_.kill();
    fail("Redis did not stop");
  }
}

}  // namespace kaogong::cluster
