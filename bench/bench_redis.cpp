// What a command costs over a socket of this machine: alone, and when many are outstanding. Starts a Redis of its own.
#include <benchmark/benchmark.h>

#include <chrono>
#include <semaphore>

#include "infra/clock/clock.h"
#include "infra/cluster/folder.h"
#include "infra/cluster/redis.h"
#include "infra/log/logger.h"
#include "infra/redis/client.h"

namespace kaogong::redis {
namespace {

using namespace std::chrono_literals;

struct Server {
  cluster::Folder folder;
  cluster::Redis redis{folder, {}};
  clock::SystemClock clock;
  Loop loop;
  std::unique_ptr<Client> client;

  Server() {
    std::string error;
    const auto logger = log::Logger::open({.level = log::Level::kWarn}, clock, &error);
    Options options;
    options.endpoint = "unix:" + redis.socket().string();
    client = std::make_unique<Client>(loop, options, *logger);
    client->wait_connected(10'000);
    static_cast<void>(client->call(set("k", "12345.67", 1h)));
  }
};

Client& client() {
  static Server server;
  return *server.client;
}

void one_after_another(benchmark::State& state) {
  for (auto _ : state) {
    if (!client().call(get("k")).ok()) state.SkipWithError("no answer");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(one_after_another)->ThreadRange(1, 4)->UseRealTime();

void outstanding(benchmark::State& state) {
  constexpr int kWindow = 1000;
  std::counting_semaphore<kWindow> window(kWindow);
  Client& redis = client();
  for (auto _ : state) {
    window.acquire();
    if (redis.start(get("k"), [&](const Result<Bytes>&) { window.release(); })) state.SkipWithError("refused");
  }
  for (int i = 0; i < kWindow; ++i) window.acquire();
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(outstanding)->UseRealTime();

}  // namespace
}  // namespace kaogong::redis
