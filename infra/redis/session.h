// Keeps a connection up: connects, and connects again; not for others to include.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>

#include "infra/log/logger.h"
#include "infra/redis/backoff.h"
#include "infra/redis/connection.h"
#include "infra/redis/options.h"

namespace kaogong::redis {

/// Told by a Session, on the loop's thread.
class SessionListener {
 public:
  virtual void on_ready() = 0;
  virtual void on_reply(Reply&& reply) = 0;
  /// The connection was ready and is lost.
  virtual void on_lost() = 0;

 protected:
  ~SessionListener() = default;
};

/// Everything on the loop's thread.
class Session final : public std::enable_shared_from_this<Session>, private ConnectionListener {
 public:
  /// The listener must live until stop().
  Session(asio::io_context& io, const Options& options, const log::Logger& logger, SessionListener& listener);

  void start();
  /// Ends for good; the listener is not called any more.
  void stop();
  /// Precondition of out() and flush(): between on_ready() and on_lost().
  std::string& out() { return connection_->out(); }
  void flush() { connection_->flush(); }
  /// Gives the connection up and makes another.
  void fail(const std::string& reason);

 private:
  void on_ready() override;
  void on_reply(Reply&& reply) override;
  void on_closed(const std::string& reason) override;
  void connect();

  asio::io_context& io_;
  const Options options_;
  log::Logger logger_;
  SessionListener& listener_;
  asio::steady_timer timer_;
  Backoff backoff_;
  std::shared_ptr<Connection> connection_;
  bool ready_ = false, stopped_ = false;
  int64_t attempt_ = 0;  // since the last connection that was ready
};

}  // namespace kaogong::redis
