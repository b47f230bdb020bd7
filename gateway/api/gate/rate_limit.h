// How many calls of a tenant are taken in a second.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/http/message.h"
#include "infra/clock/clock.h"
#include "tenants/cache/hints.h"

namespace kaogong::api {

/// Counts in windows of a second: by Redis over all servers, or, where Redis does not say, over this one. Thread-safe.
class RateLimiter {
 public:
  static constexpr std::chrono::seconds kWindow{1};
  static constexpr size_t kTenantsMax = 10'000;  // of one shard that are counted

  RateLimiter(const clock::Clock& clock, const cache::Hints& hints) : clock_(clock), hints_(hints) {}

  struct Verdict {
    bool admitted = true;
    int64_t limit = 0, remaining = 0;
    int64_t reset_seconds = 1;
  };
  /// Counts a call. `limit`: calls in a window, above 0. `may_wait`: whether Redis may be asked. `counted`: it was
  /// counted here already, by one that could not wait.
  Verdict admit(std::string_view tenant, int64_t limit, bool may_wait, bool counted = false);

 private:
  struct Window {
    int64_t second = 0, calls = 0;
  };
  struct Shard {
    std::mutex mutex;
    std::map<std::string, Window, std::less<>> tenants;
  };
  int64_t count_here(std::string_view tenant, int64_t second, int64_t calls);

  const clock::Clock& clock_;
  const cache::Hints& hints_;
  std::array<Shard, 16> shards_;
};

/// `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers).
void add_rate_fields(std::vector<http::Field>& fields, const RateLimiter::Verdict& verdict);

}  // namespace kaogong::api
