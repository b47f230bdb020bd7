// One io thread: its loop, its acceptor, its connections. Not for others to include: Boost.Asio shows here.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

#include "gateway/http/activity.h"
#include "gateway/http/identity.h"
#include "gateway/http/input_buffer.h"
#include "gateway/http/server_state.h"

namespace kaogong::http {

namespace asio = boost::asio;
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;
using Token = asio::use_awaitable_t<Executor>;
template <typename Value = void>
using Awaitable = asio::awaitable<Value, Executor>;

class Connection;

/// Made and destroyed by the server's thread; everything else is of the shard's own thread, unless it says so.
class Shard {
 public:
  explicit Shard(ServerState& state);
  ~Shard();  // NOLINT(bugprone-exception-escape): see there
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;

  /// Binds and listens; the port that it has then, or nothing and why in `error`. By the server's thread, before run().
  std::optional<uint16_t> listen(const std::string& address, uint16_t port, std::string* error);
  /// Starts the thread.
  void start();
  /// Any other thread, after start(): accepts no more, closes what is idle, ends what only watches, and lets the rest
  /// end. Waits until it has begun: no connection comes after it.
  void drain();
  /// Any thread: asks all handlers to stop.
  void stop_requests();
  /// Any thread: closes every connection.
  void close_connections();
  /// By the server's thread: ends the loop and its thread.
  void join();

  asio::io_context& io() { return io_; }
  ServerState& state() { return state_; }
  ActivityLists& activities() { return activities_; }
  BlockPool& blocks() { return blocks_; }
  IdMaker& ids() { return ids_; }
  bool is_draining() const { return is_draining_; }
  /// The time of the `Date` field, at most a second old.
  std::string_view date() const { return date_; }
  /// Bytes that are about to be written, used by one answer after another.
  std::string& scratch() { return scratch_; }
  /// A head that is being looked at, until its request was made of it.
  Head& head() { return head_; }
  FastThread* fast_thread() { return fast_thread_.get(); }
  /// Wakes the lane's threads when this turn of the loop is over: once for all that it submitted.
  void wake_soon(ThreadLane& lane);

  void add(Connection& connection);
  void remove(Connection& connection);

 private:
  Awaitable<> accept();
  Awaitable<> tick();
  void admit(Socket socket);
  void accept_waiting();
  void begin_drain();
  void renew_date();

  ServerState& state_;
  asio::io_context io_;
  asio::executor_work_guard<Executor> work_;
  Acceptor acceptor_;
  asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor> ticker_,
      pause_;
  ActivityLists activities_;
  BlockPool blocks_;
  IdMaker ids_;
  std::unique_ptr<FastThread> fast_thread_;
  std::unordered_set<Connection*> connections_;
  std::vector<ThreadLane*> to_wake_;
  Head head_;
  std::string date_, scratch_;
  int64_t date_second_ = -1;
  bool is_draining_ = false, is_ending_ = false;
  std::thread thread_;
};

}  // namespace kaogong::http
