// Hints between processes: that there is work, how far a run is, which schemes are in use, how often somebody has
// called. None of them decides anything: who gets one reads the truth, who gets none polls.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "infra/redis/client.h"
#include "infra/redis/subscriber.h"
#include "tenants/runs/state.h"

namespace kaogong::cache {

/// Says things. Every failure is silence. Thread-safe.
class Hints {
 public:
  /// `redis` outlives it; null: nobody hears.
  explicit Hints(redis::Client* redis) : redis_(redis) {}

  /// That a run was started, or something else may be waiting for workers.
  void work_waits() const;
  /// That a run got on: whoever shows its progress reads it again.
  void run_went_on(std::string_view tenant, runs::RunId run) const;

  /// That a scheme's version was used: a process that starts may compile it before it is asked for.
  void scheme_used(std::string_view tenant, std::string_view scheme_id, int32_t version) const;
  struct SchemeHint {
    std::string tenant, scheme_id;
    int32_t version = 0;
  };
  /// The versions used most lately, at most `count` (1 to kSchemeHintsMax). Any of them may not exist.
  std::vector<SchemeHint> schemes_in_use(int64_t count) const;

  using OnCount = std::function<void(int64_t)>;
  /// Adds calls to those of a window (its number: windows since the epoch) and tells later, on Redis' thread, how many
  /// there are then; 0: Redis does not say, and the caller goes by his own. A counter can be lost or wrong: then a
  /// limit is laxer or stricter for one window, no answer wrong. False: nothing was begun, and nobody will be told.
  bool count_calls(std::string_view tenant, std::string_view what, int64_t window, std::chrono::seconds length,
                   int64_t calls, OnCount on_count) const;

 private:
  redis::Client* redis_;
};
inline constexpr int64_t kSchemeHintsMax = 1000;

/// Listens. Handlers run on the loop's thread and must not block.
class Listener {
 public:
  struct Handlers {
    std::function<void()> on_work;      // also after each time that hints may have been lost
    std::function<void()> on_progress;  // of the run that was asked for
  };
  Listener(redis::Loop& loop, const redis::Options& options, const log::Logger& logger, Handlers handlers);
  void listen_for_work();
  void listen_for_progress(std::string_view tenant, runs::RunId run);

 private:
  Handlers handlers_;
  std::unique_ptr<redis::Subscriber> subscriber_;
};

}  // namespace kaogong::cache
