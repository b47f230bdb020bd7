#include "infra/redis/session.h"

#include <random>

#include "infra/log/keys.h"

namespace kaogong::redis {
namespace {

constexpr log::Event kConnected{"redis_connected"};
constexpr log::Event kDisconnected{"redis_disconnected"};

uint64_t random_seed() {
  std::random_device device;
  return (static_cast<uint64_t>(device()) << 32) | device();
}

}  // namespace

Session::Session(asio::io_context& io, const Options& options, const log::Logger& logger, SessionListener& listener)
    : io_(io),
      options_(options),
      logger_(logger.with({{log::keys::kEndpoint, log::MachineText(options_.endpoint)}})),
      listener_(listener),
      timer_(io),
      backoff_(options.reconnect_delay_min_ms, options.reconnect_delay_max_ms, random_seed()) {}

void Session::start() { connect(); }

void Session::connect() {
  ++attempt_;
  connection_ = std::make_shared<Connection>(io_, options_, static_cast<ConnectionListener&>(*this));
  connection_->start();
}

void Session::stop() {
  stopped_ = true;
  ready_ = false;
  timer_.cancel();
  if (connection_) connection_->detach();
  connection_.reset();
}

void Session::fail(const std::string& reason) {
  if (connection_) connection_->close(reason);
}

void Session::on_ready() {
  ready_ = true;
  backoff_.reset();
  logger_.info(kConnected, {{log::keys::kAttempt, attempt_}});
  attempt_ = 0;
  listener_.on_ready();
}

void Session::on_reply(Reply&& reply) { listener_.on_reply(std::move(reply)); }

void Session::on_closed(const std::string& reason) {
  const auto delay = backoff_.next();
  logger_.warn(
      kDisconnected,
      {{log::keys::kReason, log::MachineText(reason)}, {log::keys::kAttempt, attempt_}, {log::keys::kDelayMs, delay}});
  connection_.reset();
  // First the timer: what the listener does may stop us.
  timer_.expires_after(delay);
  timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
    const auto self = weak.lock();
    if (!error && self && !self->stopped_) self->connect();
  });
  if (!ready_) return;
  ready_ = false;
  listener_.on_lost();
}

}  // namespace kaogong::redis
