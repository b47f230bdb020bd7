#include "gateway/api/operations/events.h"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>

#include "gateway/api/answer.h"
#include "gateway/api/operations/operation.h"
#include "gateway/api/runs/run_json.h"
#include "gateway/api/services.h"
#include "tenants/cache/hints.h"

namespace kaogong::api {

namespace {

constexpr std::chrono::milliseconds kPoll{1'000};       // while nobody says that the run got on
constexpr std::chrono::milliseconds kPollNoRedis{250};  // where nobody can
constexpr int kPollsBetweenBeats = 15;                  // a comment keeps proxies from giving up

/// Wakes up when the run got on.
class Waker {
 public:
  Waker(const Services& services, const std::string& tenant, runs::RunId run) {
    if (services.redis_loop == nullptr) return;
    listener_ = std::make_unique<cache::Listener>(*services.redis_loop, services.settings.redis, services.logger,
                                                  cache::Listener::Handlers{{}, [this] { wake(); }});
    listener_->listen_for_progress(tenant, run);
  }
  ~Waker() { listener_.reset(); }  // before what it wakes
  Waker(const Waker&) = delete;
  Waker& operator=(const Waker&) = delete;

  void wait(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    woken_.wait_for(lock, stop, listener_ ? kPoll : kPollNoRedis, [this] { return wakes_ != seen_; });
    seen_ = wakes_;
  }

 private:
  void wake() {
    {
      const std::lock_guard lock(mutex_);
      ++wakes_;
    }
    woken_.notify_all();
  }
  std::mutex mutex_;
  std::condition_variable_any woken_;
  uint64_t wakes_ = 0, seen_ = 0;
  std::unique_ptr<cache::Listener> listener_;
};

/// What a stream needs after the call's handler has returned.
struct Watched {
  Services& services;
  tenants::Tenant tenant;
  tenants::Actor actor;
  runs::RunId run;
  std::stop_token stop;
  std::string seen;
};

bool tell(http::BodySink& sink, const Watched& watched, const Operation& operation) {
  json::Writer writer;
  write_operation(writer, operation, watched.services.clock.now());
  const std::string event = "id: " + operation.version() + "\nevent: " + (operation.is_done() ? "done" : "progress") +
                            "\ndata: " + writer.take() + "\n\n";
  return sink.write(event) && sink.flush();
}

void watch(http::BodySink& sink, Watched watched) {
  Waker waker(watched.services, watched.tenant.id().text(), watched.run);
  if (!sink.write("retry: 2000\n\n") || !sink.flush()) return;
  for (int quiet = 0; !watched.stop.stop_requested(); ++quiet) {
    const auto now = read_operation(watched.services.database, watched.tenant, watched.actor, watched.run);
    // The database is away: whoever watches waits; gone for good, the stream ends and he asks again.
    if (!now && now.failure().code != tenants::FailureCode::kUnavailable) return;
    if (now) {
      auto version = now->version();
      if (version != watched.seen) {
        if (!tell(sink, watched, *now)) return;
        watched.seen = std::move(version);
        quiet = 0;
      }
      if (now->is_done()) return;
    }
    if (quiet >= kPollsBetweenBeats) {
      if (!sink.write(": still there\n\n") || !sink.flush()) return;
      quiet = 0;
    }
    waker.wait(watched.stop);
  }
}

}  // namespace

http::Response operation_events(Call& call) {
  const auto id = run_in_path(call);
  if (!id) return problem(id.failure());
  const auto now = read_operation(call.services.database, *call.tenant, call.caller.actor, *id);
  if (!now) return problem(now.failure());
  const auto* last = call.request.fields.find("last-event-id");
  if (last != nullptr && now->is_done() && *last == now->version()) return no_content();
  http::Response response;
  response.content_type = "text/event-stream";
  response.fields.add("X-Accel-Buffering", "no");  // nginx hands events on at once
  response.stream = [watched = Watched{call.services, *call.tenant, call.caller.actor, *id, call.request.stop,
                                       last == nullptr ? std::string() : *last}](http::BodySink& sink) {
    watch(sink, watched);
  };
  return response;
}

}  // namespace kaogong::api
