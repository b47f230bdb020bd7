#include "gateway/api/gate/rate_limit.h"

#include <algorithm>
#include <boost/static_string/static_string.hpp>
#include <charconv>
#include <functional>

namespace kaogong::api {

RateLimiter::Verdict RateLimiter::admit(std::string_view tenant, int64_t limit, bool counted) {
  const auto second = std::chrono::floor<std::chrono::seconds>(clock_.now().time_since_epoch()).count();
  auto& shard = (*shards_)[std::hash<std::string_view>{}(tenant) % shards_->size()];
  int64_t calls = 0, news = 0;
  {
    const std::scoped_lock lock(shard.mutex);
    auto at = shard.tenants.find(tenant);
    if (at == shard.tenants.end()) {
      // Windows that are over say nothing any more.
      if (shard.tenants.size() >= kTenantsMax)
        std::erase_if(shard.tenants, [&](const auto& one) { return one.second.second < second; });
      at = shard.tenants.emplace(std::string(tenant), Window{}).first;
    }
    auto& window = at->second;
    if (window.second != second) {
      window = {};
      window.second = second;
    }
    if (!counted) ++window.calls;
    calls = window.calls + window.others;
    const int64_t untold = window.calls - window.told;
    if (!window.is_asking && untold > 0 && untold >= limit / kToldParts) {
      news = untold;
      window.told += untold;
      window.is_asking = true;
    }
  }
  if (news > 0) tell(tenant, second, news, shard);
  return {calls <= limit, limit, std::max<int64_t>(0, limit - calls), 1};
}

/// What is counted while Redis is asked is told with the call that comes after its answer.
void RateLimiter::tell(std::string_view tenant, int64_t second, int64_t calls, Shard& shard) {
  const auto learn = [shards = shards_, &shard, name = std::string(tenant), second](int64_t all) {
    const std::scoped_lock lock(shard.mutex);
    const auto at = shard.tenants.find(name);
    if (at == shard.tenants.end() || at->second.second != second) return;
    auto& window = at->second;
    window.others = std::max(window.others, all - window.told);
    window.is_asking = false;
  };
  if (!hints_.count_calls(tenant, "calls", second / kWindow.count(), kWindow, calls, learn)) learn(0);
}

void add_rate_fields(http::AnswerFields& fields, const RateLimiter::Verdict& verdict) {
  constexpr size_t kBytes = 160;  // with those that most answers bring
  fields.reserve(kBytes);
  boost::static_string<64> value;
  const auto append = [&](std::string_view text, int64_t number) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, number);
    value.append(text.data(), text.size()).append(digits, static_cast<size_t>(end.ptr - digits));
  };
  append("\"tenant\";q=", verdict.limit);
  append(";w=", RateLimiter::kWindow.count());
  fields.add("RateLimit-Policy", {value.data(), value.size()});
  value.clear();
  append("\"tenant\";r=", verdict.remaining);
  append(";t=", verdict.reset_seconds);
  fields.add("RateLimit", {value.data(), value.size()});
}

}  // namespace kaogong::api
