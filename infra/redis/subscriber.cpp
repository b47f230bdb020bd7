#include "infra/redis/subscriber.h"

#include <boost/asio/steady_timer.hpp>
#include <cstdlib>
#include <mutex>
#include <set>

#include "infra/redis/limits.h"
#include "infra/redis/loop_impl.h"
#include "infra/redis/request.h"
#include "infra/redis/session.h"

namespace kaogong::redis {

class Subscriber::State final : public std::enable_shared_from_this<Subscriber::State>, private SessionListener {
 public:
  State(Loop::Impl& loop, Options options, const log::Logger& logger, Handlers handlers)
      : loop_(loop),
        options_(std::move(options)),
        handlers_(std::move(handlers)),
        session_(std::make_shared<Session>(loop.io, options_, logger, static_cast<SessionListener&>(*this))),
        timer_(loop.io) {}

  void start() {
    asio::post(loop_.io, [self = shared_from_this()] {
      if (!self->stopped_) self->session_->start();
    });
  }

  void stop() {
    stopped_ = true;
    ready_ = false;
    session_->stop();
    timer_.cancel();
  }

  bool subscribe(std::string channel) {
    {
      const std::lock_guard lock(mutex_);
      if (channels_.size() >= kChannelsMax && !channels_.contains(channel)) return false;
      if (!channels_.insert(channel).second) return true;
    }
    asio::post(loop_.io,
               [self = shared_from_this(), channel = std::move(channel)] { self->say("SUBSCRIBE", channel); });
    return true;
  }

  void unsubscribe(std::string channel) {
    {
      const std::lock_guard lock(mutex_);
      if (channels_.erase(channel) == 0) return;
    }
    asio::post(loop_.io,
               [self = shared_from_this(), channel = std::move(channel)] { self->say("UNSUBSCRIBE", channel); });
  }

 private:
  void say(std::string_view what, std::string_view channel) {
    if (!ready_) return;  // on_ready() subscribes to all
    session_->out() += Command{what, channel}.bytes();
    session_->flush();
  }

  void on_ready() override {
    ready_ = true;
    asked_ = false;
    {
      const std::lock_guard lock(mutex_);
      for (const std::string& channel : channels_) session_->out() += Command{"SUBSCRIBE", channel}.bytes();
    }
    session_->flush();
    listen();
  }

  void on_lost() override {
    ready_ = false;
    timer_.cancel();
  }

  // `message`, channel, text; `subscribe` or `unsubscribe`, channel, count; `pong`, empty. Anything else is no answer
  // to what we said.
  void on_reply(Reply&& reply) override {
    const auto self = shared_from_this();  // the handler may destroy the subscriber
    heard_ = true;
    asked_ = false;
    if (reply.kind == Reply::Kind::kStatus) return;  // a ping before there was any channel
    const auto& parts = reply.elements;
    if (reply.kind != Reply::Kind::kArray || parts.size() < 2 || parts.size() > 3)
      return session_->fail("a subscriber got an answer of another form");
    if (parts[0].text == "message" && parts.size() == 3) {
      bool wanted = false;
      {
        const std::lock_guard lock(mutex_);
        wanted = channels_.contains(parts[1].text);
      }
      if (wanted) handlers_.on_message(parts[1].text, parts[2].text);
    } else if (parts[0].text == "subscribe" && handlers_.on_subscribed) {
      handlers_.on_subscribed(parts[1].text);
    }
  }

  // Silence may be nobody speaking, or a connection that is dead.
  void listen() {
    heard_ = false;
    timer_.expires_after(std::chrono::milliseconds{options_.silence_max_ms});
    timer_.async_wait([self = shared_from_this()](boost::system::error_code error) {
      if (error || !self->ready_) return;
      if (!self->heard_) {
        if (self->asked_) return self->session_->fail("a subscriber heard nothing for too long");
        self->asked_ = true;
        self->session_->out() += Command{"PING"}.bytes();
        self->session_->flush();
      }
      self->listen();
    });
  }

  Loop::Impl& loop_;
  const Options options_;
  const Handlers handlers_;
  const std::shared_ptr<Session> session_;
  std::mutex mutex_;
  std::set<std::string, std::less<>> channels_;  // that are wanted; under the mutex

  // Of the loop's thread:
  asio::steady_timer timer_;
  bool ready_ = false, stopped_ = false;
  bool heard_ = false;  // since the timer was set
  bool asked_ = false;  // and no answer yet
};

Subscriber::Subscriber(Loop& loop, Options options, const log::Logger& logger, Handlers handlers) : loop_(loop) {
  if (!is_sound(options) || !handlers.on_message) std::abort();
  state_ = std::make_shared<State>(loop.impl(), std::move(options), logger, std::move(handlers));
  state_->start();
}

Subscriber::~Subscriber() {
  loop_.impl().run([state = state_] { state->stop(); });
}

bool Subscriber::subscribe(std::string channel) { return state_->subscribe(std::move(channel)); }

void Subscriber::unsubscribe(std::string channel) { state_->unsubscribe(std::move(channel)); }

}  // namespace kaogong::redis
