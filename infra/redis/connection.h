// One connection from its first packet to its last; not for others to include.
#pragma once

#include <array>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "infra/redis/limits.h"
#include "infra/redis/options.h"
#include "infra/redis/reply_reader.h"

namespace kaogong::redis {

namespace asio = boost::asio;

/// Told by a Connection, on the loop's thread.
class ConnectionListener {
 public:
  virtual void on_ready() = 0;
  virtual void on_reply(Reply&& reply) = 0;
  /// The last call. `reason`: made by a machine, about no person.
  virtual void on_closed(const std::string& reason) = 0;

 protected:
  ~ConnectionListener() = default;
};

/// Resolves, connects, says who we are, then writes and reads. Everything on the loop's thread.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  /// The listener must live until on_closed() or detach().
  Connection(asio::io_context& io, const Options& options, ConnectionListener& listener);

  void start();
  /// What is to be written; whoever appends to it calls flush(). Precondition: on_ready() was called.
  std::string& out() { return filling_; }
  /// Hands what is in out() to the system, as soon as what was handed to it before is written.
  void flush();
  /// Closes, and tells the listener.
  void close(const std::string& reason);
  /// Closes without a word: the listener may be gone.
  void detach();

 private:
  void connect_socket(const Endpoint& endpoint);
  void resolve(const Endpoint& endpoint);
  void on_connected();
  void write();
  void read();
  void take_replies();
  /// Whether the handshake goes on.
  bool take_handshake(const Reply& reply);

  using Socket = asio::generic::stream_protocol::socket;
  asio::io_context& io_;
  const Options& options_;
  ConnectionListener* listener_;
  asio::ip::tcp::resolver resolver_;
  std::optional<asio::ip::tcp::socket> connecting_;
  Socket socket_;
  asio::steady_timer timer_;
  ReplyReader reader_;
  std::array<char, kReadBytes> read_buffer_;
  std::string filling_, writing_;
  bool write_runs_ = false;
  bool closed_ = false;
  size_t handshake_left_ = 0;
};

}  // namespace kaogong::redis
