// The published result of one employee without a thread that waits: from this process' memory, else from Redis over a
// connection of the io thread's own. Who may see it, and how often he may ask, is found out as always.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>

#include "engine/scheme/period.h"
#include "gateway/api/gate/gate.h"
#include "gateway/http/fast_path.h"
#include "infra/metrics/registry.h"
#include "infra/redis/options.h"
#include "tenants/cache/cached_results.h"

namespace kaogong::api {

/// Which run counts for a scheme and a period, as it was a moment ago. Thread-safe.
///
/// What a run came to never changes, so that its results may be kept for as long as there is room. Which run counts
/// does change: it is asked of the database, at most so often, by a thread of its own, and believed for `fresh`.
class Publications {
 public:
  static constexpr size_t kKeptMax = 10'000;
  static constexpr size_t kQueueMax = 1'000;

  Publications(tenants::TenantDatabase& database, const clock::Clock& clock, std::chrono::milliseconds fresh);

  /// Nothing: it is not known, or not fresh; it is being asked for then. From half its time on it is asked for again.
  std::optional<cache::PublishedRun> find(const tenants::Tenant& tenant, std::string_view scheme_id,
                                          scheme::Period period);

 private:
  struct Entry {
    std::optional<cache::PublishedRun> run;  // nothing: none is published
    clock::Tick at{};
    bool is_known = false, is_asked = false;
  };
  struct Question {
    std::string key;
    tenants::Tenant tenant;
    std::string scheme_id;
    scheme::Period period;
  };
  void answer(const Question& question);
  void work(const std::stop_token& stop);

  tenants::TenantDatabase& database_;
  const clock::Clock& clock_;
  const std::chrono::milliseconds fresh_;
  std::mutex mutex_;
  std::condition_variable_any asked_;
  std::unordered_map<std::string, Entry> entries_;
  std::deque<Question> questions_;
  std::jthread thread_;
};

/// The fast path of `getResult`.
class HotResults final : public http::FastPath {
 public:
  struct Options {
    std::chrono::milliseconds fresh{1'000};
    size_t bytes_max_a_thread = size_t{64} << 20;
  };
  /// `sealing_key`: of cache::sealing_key(). All outlive it.
  HotResults(tenants::TenantDatabase& database, Gate& gate, std::string sealing_key, const redis::Options& redis,
             const log::Logger& logger, const clock::Clock& clock, metrics::Registry& metrics, const Options& options);

  bool takes(const http::Route& route) const override { return route.operation_id == "getResult"; }
  std::unique_ptr<http::FastThread> begin_thread(boost::asio::io_context& io) override;

 private:
  friend class HotThread;
  Publications publications_;
  Gate& gate_;
  const std::string sealing_key_;
  const redis::Options redis_;
  const log::Logger logger_;
  const Options options_;
  metrics::Counter& from_memory_;
  metrics::Counter& from_redis_;
  metrics::Counter& usual_way_;
};

}  // namespace kaogong::api
