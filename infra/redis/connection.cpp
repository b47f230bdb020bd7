#include "infra/redis/connection.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>

#include "infra/redis/request.h"
#include "infra/redis/result.h"

namespace kaogong::redis {

using boost::system::error_code;

Connection::Connection(asio::io_context& io, const Options& options, ConnectionListener& listener)
    : io_(io),
      options_(options),
      listener_(&listener),
      resolver_(io),
      socket_(io),
      timer_(io),
      reader_(static_cast<size_t>(options.reply_bytes_max)) {}

void Connection::start() {
  const auto self = shared_from_this();
  timer_.expires_after(std::chrono::milliseconds{options_.connect_timeout_ms});
  timer_.async_wait([self](error_code error) {
    if (!error) self->close("the connection was not ready in time");
  });
  const auto endpoint = endpoint_of(options_.endpoint);
  if (!endpoint) {
    // Not from inside start(): the listener may not be ready to hear it.
    asio::post(io_, [self] { self->close("the endpoint is malformed"); });
  } else if (endpoint->socket_path.empty()) {
    resolve(*endpoint);
  } else {
    connect_socket(*endpoint);
  }
}

void Connection::connect_socket(const Endpoint& endpoint) {
  socket_.async_connect(asio::local::stream_protocol::endpoint(endpoint.socket_path),
                        [self = shared_from_this()](error_code error) {
                          if (error) return self->close(error.message());
                          self->on_connected();
                        });
}

void Connection::resolve(const Endpoint& endpoint) {
  resolver_.async_resolve(
      endpoint.host, endpoint.port,
      [self = shared_from_this()](error_code error, const asio::ip::tcp::resolver::results_type& found) {
        if (self->closed_) return;
        if (error) return self->close(error.message());
        self->connecting_.emplace(self->io_);
        asio::async_connect(*self->connecting_, found,
                            [self](error_code connect_error, const asio::ip::tcp::endpoint&) {
                              if (self->closed_) return;
                              if (connect_error) return self->close(connect_error.message());
                              error_code ignored;
                              self->connecting_->set_option(asio::ip::tcp::no_delay(true), ignored);
                              self->connecting_->set_option(asio::socket_base::keep_alive(true), ignored);
                              self->socket_ = Socket(std::move(*self->connecting_));
                              self->connecting_.reset();
                              self->on_connected();
                            });
      });
}

void Connection::on_connected() {
  if (closed_) return;
  const auto say = [this](const Command& command) {
    filling_ += command.bytes();
    ++handshake_left_;
  };
  if (!options_.password.empty()) {
    if (options_.user.empty()) {
      say({"AUTH", options_.password});
    } else {
      say({"AUTH", options_.user, options_.password});
    }
  }
  if (options_.database != 0) say({"SELECT", std::to_string(options_.database)});
  say({"PING"});  // refused while Redis is still loading, or wants a password
  flush();
  read();
}

void Connection::flush() {
  if (!write_runs_ && !closed_ && !filling_.empty()) write();
}

void Connection::write() {
  write_runs_ = true;
  writing_.clear();
  std::swap(writing_, filling_);
  asio::async_write(socket_, asio::buffer(writing_), [self = shared_from_this()](error_code error, size_t) {
    self->write_runs_ = false;
    if (self->closed_) return;
    if (error) return self->close(error.message());
    self->flush();
  });
}

void Connection::read() {
  socket_.async_read_some(asio::buffer(read_buffer_), [self = shared_from_this()](error_code error, size_t size) {
    if (self->closed_) return;
    if (error) return self->close(error.message());
    self->reader_.feed({self->read_buffer_.data(), size});
    self->take_replies();
    if (!self->closed_) self->read();
  });
}

void Connection::take_replies() {
  while (auto reply = reader_.next()) {
    if (handshake_left_ > 0) {
      if (!take_handshake(*reply)) return;
    } else {
      listener_->on_reply(std::move(*reply));
    }
    if (closed_) return;
  }
  if (reader_.failed()) close("a reply was malformed or too large");
}

bool Connection::take_handshake(const Reply& reply) {
  if (reply.kind != Reply::Kind::kStatus) {
    close("refused: " + std::string(Error{ErrorCode::kReplied, reply.text}.word()));
    return false;
  }
  if (--handshake_left_ == 0) {
    timer_.cancel();
    listener_->on_ready();
  }
  return true;
}

void Connection::close(const std::string& reason) {
  if (closed_) return;
  ConnectionListener* listener = listener_;
  detach();
  listener->on_closed(reason);
}

void Connection::detach() {
  closed_ = true;
  error_code ignored;
  resolver_.cancel();
  timer_.cancel();
  if (connecting_) connecting_->close(ignored);
  socket_.close(ignored);
}

}  // namespace kaogong::redis
