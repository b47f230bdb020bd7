// How many calls of a tenant are taken in a second.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/http/message.h"
#include "infra/clock/clock.h"
#include "tenants/cache/hints.h"

namespace kaogong::api {

/// Counts in windows of a second, over all servers: each tells Redis what it has counted and hears what all have, in
/// the background, so that no call waits for it. What others count is known here some milliseconds later, to a
/// hundredth of the limit; without Redis each server counts by itself. Thread-safe.
class RateLimiter {
 public:
  static constexpr std::chrono::seconds kWindow{1};
  static constexpr size_t kTenantsMax = 10'000;  // of one shard that are counted
  static constexpr int64_t kToldParts = 100;     // of a limit: so fine other servers are told

  /// The hints outlive it.
  RateLimiter(const clock::Clock& clock, const cache::Hints& hints)
      : clock_(clock), hints_(hints), shards_(std::make_shared<Shards>()) {}

  struct Verdict {
    bool admitted = true;
    int64_t limit = 0, remaining = 0;
    int64_t reset_seconds = 1;
  };
  /// Counts a call. `limit`: calls in a window, above 0. `counted`: it was counted already, on a way that was left.
  Verdict admit(std::string_view tenant, int64_t limit, bool counted = false);

 private:
  struct Window {
    int64_t second = 0;
    int64_t calls = 0;   // of this server
    int64_t told = 0;    // of these, to Redis
    int64_t others = 0;  // of all other servers, as far as is known
    bool is_asking = false;
  };
  struct Shard {
    std::mutex mutex;
    std::map<std::string, Window, std::less<>> tenants;
  };
  using Shards = std::array<Shard, 16>;
  void tell(std::string_view tenant, int64_t second, int64_t calls, Shard& shard);

  const clock::Clock& clock_;
  const cache::Hints& hints_;
  const std::shared_ptr<Shards> shards_;  // also of those who bring what Redis says
};

/// `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers).
void add_rate_fields(http::AnswerFields& fields, const RateLimiter::Verdict& verdict);

}  // namespace kaogong::api
