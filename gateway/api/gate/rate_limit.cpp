#include "gateway/api/gate/rate_limit.h"

#include <algorithm>
#include <charconv>
#include <functional>

namespace kaogong::api {

int64_t RateLimiter::count_here(std::string_view tenant, int64_t second, int64_t calls) {
  auto& shard = shards_[std::hash<std::string_view>{}(tenant) % shards_.size()];
  const std::scoped_lock lock(shard.mutex);
  auto at = shard.tenants.find(tenant);
  if (at == shard.tenants.end()) {
    // Windows that are over say nothing any more.
    if (shard.tenants.size() >= kTenantsMax)
      std::erase_if(shard.tenants, [&](const auto& one) { return one.second.second < second; });
    at = shard.tenants.emplace(std::string(tenant), Window{}).first;
  }
  auto& window = at->second;
  if (window.second != second) window = {second, 0};
  return window.calls += calls;
}

RateLimiter::Verdict RateLimiter::admit(std::string_view tenant, int64_t limit, bool may_wait, bool counted) {
  const auto now = clock_.now();
  const auto second = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  // Who is above the limit here is so over all servers: Redis need not be asked.
  int64_t calls = count_here(tenant, second, counted ? 0 : 1);
  if (calls <= limit && may_wait) calls = std::max(calls, hints_.count_call(tenant, "calls", kWindow, now));
  return {calls <= limit, limit, std::max<int64_t>(0, limit - calls), 1};
}

void add_rate_fields(std::vector<http::Field>& fields, const RateLimiter::Verdict& verdict) {
  const auto append = [](std::string* out, std::string_view text, int64_t number) {
    *out += text;
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, number);
    out->append(digits, static_cast<size_t>(end.ptr - digits));
  };
  constexpr size_t kValueBytes = 40, kFields = 4;  // with those that most answers bring
  fields.reserve(fields.size() + kFields);
  std::string policy, rate;
  policy.reserve(kValueBytes);
  rate.reserve(kValueBytes);
  append(&policy, "\"tenant\";q=", verdict.limit);
  policy += ";w=1";
  append(&rate, "\"tenant\";r=", verdict.remaining);
  append(&rate, ";t=", verdict.reset_seconds);
  fields.push_back({"RateLimit-Policy", std::move(policy)});
  fields.push_back({"RateLimit", std::move(rate)});
}

}  // namespace kaogong::api
