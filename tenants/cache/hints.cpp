#include "tenants/cache/hints.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "infra/redis/request.h"
#include "tenants/cache/sealed_cache.h"

namespace kaogong::cache {

namespace {

constexpr std::chrono::hours kSchemesLast{24};

std::string work_channel() { return cache_name({"work"}); }
std::string progress_channel(std::string_view tenant, runs::RunId run) {
  return cache_name({"progress", tenant, std::to_string(number_of(run))});
}
std::string schemes_name() { return cache_name({"schemes"}); }

/// `tenant/scheme/version`; nothing if it is none.
std::optional<Hints::SchemeHint> hint_of(std::string_view member) {
  const size_t first = member.find('/'), last = member.rfind('/');
  if (first == std::string_view::npos || first == last) return std::nullopt;
  Hints::SchemeHint hint{std::string(member.substr(0, first)), std::string(member.substr(first + 1, last - first - 1)),
                         0};
  const std::string_view version = member.substr(last + 1);
  const auto [end, error] = std::from_chars(version.data(), version.data() + version.size(), hint.version);
  if (error != std::errc() || end != version.data() + version.size() || hint.version <= 0) return std::nullopt;
  return hint;
}

}  // namespace

void Hints::work_waits() const {
  if (redis_ != nullptr) (void)redis_->start(redis::publish(work_channel(), ""), [](const redis::Result<int64_t>&) {});
}

void Hints::run_went_on(std::string_view tenant, runs::RunId run) const {
  if (redis_ != nullptr)
    (void)redis_->start(redis::publish(progress_channel(tenant, run), ""), [](const redis::Result<int64_t>&) {});
}

void Hints::scheme_used(std::string_view tenant, std::string_view scheme_id, int32_t version) const {
  if (redis_ == nullptr) return;
  const auto now =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
  const std::string member = std::string(tenant) + "/" + std::string(scheme_id) + "/" + std::to_string(version);
  (void)redis_->start(redis::zadd(schemes_name(), {{member, now.count()}}, kSchemesLast),
                      [](const redis::Result<int64_t>&) {});
}

std::vector<Hints::SchemeHint> Hints::schemes_in_use(int64_t count) const {
  std::vector<SchemeHint> hints;
  if (redis_ == nullptr) return hints;
  const auto members = redis_->call(redis::ztop(schemes_name(), 0, std::clamp<int64_t>(count, 1, kSchemeHintsMax) - 1));
  if (!members) return hints;
  for (const auto& member : members.value())
    if (auto hint = hint_of(member.member)) hints.push_back(*std::move(hint));
  return hints;
}

bool Hints::count_calls(std::string_view tenant, std::string_view what, int64_t window, std::chrono::seconds length,
                        int64_t calls, OnCount on_count) const {
  if (redis_ == nullptr || length.count() <= 0) return false;
  auto request = redis::increment(cache_name({"calls", tenant, what, std::to_string(window)}), calls, 2 * length);
  return !redis_->start(std::move(request), [on_count = std::move(on_count)](const redis::Result<int64_t>& count) {
    on_count(count ? std::max<int64_t>(0, count.value()) : 0);
  });
}

Listener::Listener(redis::Loop& loop, const redis::Options& options, const log::Logger& logger, Handlers handlers)
    : handlers_(std::move(handlers)) {
  const auto tell = [this](std::string_view channel) {
    const auto& handler = channel == work_channel() ? handlers_.on_work : handlers_.on_progress;
    if (handler) handler();
  };
  subscriber_ = std::make_unique<redis::Subscriber>(
      loop, options, logger,
      redis::Subscriber::Handlers{[tell](std::string_view channel, std::string_view) { tell(channel); }, tell});
}

void Listener::listen_for_work() { subscriber_->subscribe(work_channel()); }

void Listener::listen_for_progress(std::string_view tenant, runs::RunId run) {
  subscriber_->subscribe(progress_channel(tenant, run));
}

}  // namespace kaogong::cache
