#include "gateway/http/shard.h"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <csignal>
#include <ctime>
#include <latch>

#include "gateway/http/answer.h"
#include "gateway/http/connection.h"
#include "infra/log/keys.h"

namespace kaogong::http {

namespace {

constexpr Token kToken{};
constexpr auto kSweepEvery = std::chrono::milliseconds(100);
/// After the system had no descriptor or memory for another connection.
constexpr auto kAcceptPause = std::chrono::milliseconds(100);
constexpr auto kLingerTimeout = std::chrono::milliseconds(2'000);
/// So long an answer may take until it is watched whether the client is still there.
constexpr auto kUnwatched = std::chrono::milliseconds(100);
constexpr int kBacklog = 4096;
constexpr size_t kBlockBytesMin = size_t{16} << 10;

ActivityLists::Limits limits_of(const ServerOptions& options) {
  ActivityLists::Limits limits{};
  const auto set = [&](Waiting waiting, int64_t timeout_ms) {
    limits.timeouts[static_cast<size_t>(waiting)] = std::chrono::milliseconds(timeout_ms);
  };
  set(Waiting::kHandshake, options.handshake_timeout_ms);
  set(Waiting::kHead, options.header_timeout_ms);
  set(Waiting::kIdle, options.idle_timeout_ms);
  set(Waiting::kLinger, kLingerTimeout.count());
  set(Waiting::kAnswer, kUnwatched.count());
  set(Waiting::kBody, options.body_timeout_ms);
  set(Waiting::kWrite, options.write_timeout_ms);
  limits.bytes_per_second_min = static_cast<uint64_t>(options.bytes_per_second_min);
  return limits;
}

}  // namespace

Shard::Shard(ServerState& state)
    : state_(state),
      io_(1),
      work_(asio::make_work_guard(io_)),
      acceptor_(io_.get_executor()),
      ticker_(io_.get_executor()),
      pause_(io_.get_executor()),
      activities_(limits_of(state.options)),
      blocks_(std::max(kBlockBytesMin, static_cast<size_t>(state.options.header_bytes_max))) {
  renew_date();
  if (state.fast_path != nullptr) fast_thread_ = state.fast_path->begin_thread(io_);
}

Shard::~Shard() { join(); }  // NOLINT(bugprone-exception-escape): only for want of memory, which ends the process

std::optional<uint16_t> Shard::listen(const std::string& address, uint16_t port, std::string* error) {
  boost::system::error_code failed;
  const auto where = asio::ip::make_address(address, failed);
  if (failed) {
    *error = "'" + address + "' is no IPv4 or IPv6 address";
    return std::nullopt;
  }
  const asio::ip::tcp::endpoint endpoint(where, port);
  acceptor_.open(endpoint.protocol(), failed);
  if (!failed) acceptor_.set_option(asio::socket_base::reuse_address(true), failed);
  const int on = 1;
  if (!failed && ::setsockopt(acceptor_.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0)
    failed = {errno, boost::system::system_category()};
  if (!failed) acceptor_.bind(endpoint, failed);
  if (!failed) acceptor_.listen(kBacklog, failed);
  if (!failed) acceptor_.non_blocking(true, failed);
  const auto bound = failed ? endpoint : acceptor_.local_endpoint(failed);
  if (failed) {
    *error = "cannot listen at " + address + " port " + std::to_string(port) + ": " + failed.message();
    return std::nullopt;
  }
  return bound.port();
}

void Shard::start() {
  auto accepting = accept();
  asio::co_spawn(io_.get_executor(), std::move(accepting), asio::detached);
  auto ticking = tick();
  asio::co_spawn(io_.get_executor(), std::move(ticking), asio::detached);
  thread_ = std::thread([this] {
    // TLS writes to sockets without saying MSG_NOSIGNAL.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    io_.run();
  });
}

Awaitable<> Shard::accept() {
  boost::system::error_code error;
  while (!is_draining_) {
    Socket socket = co_await acceptor_.async_accept(asio::redirect_error(kToken, error));
    if (!error) {
      admit(std::move(socket));
      continue;
    }
    if (is_draining_ || error == asio::error::operation_aborted) break;
    if (error == asio::error::connection_aborted) continue;
    state_.logger.warn(log::Event{"http_accept_failed"}, {{log::keys::kErrorCode, error.value()}});
    pause_.expires_after(kAcceptPause);
    co_await pause_.async_wait(asio::redirect_error(kToken, error));
  }
}

void Shard::admit(Socket socket) {
  boost::system::error_code error;
  socket.non_blocking(true, error);
  socket.set_option(asio::ip::tcp::no_delay(true), error);
  const auto peer = socket.remote_endpoint(error);
  if (error) return;
  state_.measures.connections_accepted().add();
  bool enters = state_.enter();
  if (!enters && activities_.expire_oldest(Waiting::kIdle)) {
    // Its place is free only when its coroutine has ended, so for a moment there may be one more than the bound.
    enters = true;
    state_.enter_beyond();
  }
  if (!enters) {
    state_.measures.refused(Refused::kConnections);
    if (state_.tls() != nullptr) return;  // nothing can be said before a handshake
    std::string out;
    Response response = refusal_for_now(503, "The server has too many connections.", 1);
    append_head(response, {.date = date_, .keep_alive = false, .body_bytes = response.body.size()}, &out);
    out += response.body;
    static_cast<void>(::send(socket.native_handle(), out.data(), out.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
    return;
  }
  auto address = peer.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  std::make_shared<Connection>(*this, std::move(socket), address.to_string())->start();
}

void Shard::accept_waiting() {
  for (;;) {
    boost::system::error_code error;
    Socket socket = acceptor_.accept(error);
    if (error) return;
    admit(std::move(socket));
  }
}

Awaitable<> Shard::tick() {
  boost::system::error_code error;
  // The flag, because a timer that has just fired cannot be cancelled any more.
  while (!is_ending_) {
    ticker_.expires_after(kSweepEvery);
    co_await ticker_.async_wait(asio::redirect_error(kToken, error));
    if (error) co_return;
    renew_date();
    activities_.sweep(std::chrono::steady_clock::now());
  }
}

void Shard::renew_date() {
  const int64_t second = std::chrono::floor<std::chrono::seconds>(state_.clock.now()).time_since_epoch().count();
  if (second == date_second_) return;
  date_second_ = second;
  const auto time = static_cast<std::time_t>(second);
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  char text[64];
  const int bytes =
      std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[parts.tm_wday], parts.tm_mday,
                    kMonths[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
  date_.assign(text, static_cast<size_t>(bytes));
}

void Shard::add(Connection& connection) { connections_.insert(&connection); }
void Shard::remove(Connection& connection) { connections_.erase(&connection); }

void Shard::wake_soon(ThreadLane& lane) {
  if (std::find(to_wake_.begin(), to_wake_.end(), &lane) != to_wake_.end()) return;
  to_wake_.push_back(&lane);
  if (to_wake_.size() > 1) return;
  asio::post(io_, [this] {
    for (auto* const waiting : to_wake_) waiting->wake();
    to_wake_.clear();
  });
}

void Shard::drain() {
  std::latch done(1);
  asio::post(io_, [this, &done] {
    begin_drain();
    done.count_down();
  });
  done.wait();
}

void Shard::begin_drain() {
  if (is_draining_) return;
  is_draining_ = true;
  // Who has been let in by the system already is not turned away.
  accept_waiting();
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
  activities_.expire_all(Waiting::kIdle);
  for (auto* const connection : connections_) connection->on_drain();
}

void Shard::stop_requests() {
  asio::post(io_, [this] {
    for (auto* const connection : connections_) connection->stop_request();
  });
}

void Shard::close_connections() {
  asio::post(io_, [this] {
    for (auto* const connection : connections_) connection->close();
  });
}

void Shard::join() {
  if (!thread_.joinable()) return;
  asio::post(io_, [this] {
    is_ending_ = true;
    fast_thread_.reset();  // what it has open keeps the loop going
    ticker_.cancel();
  });
  work_.reset();
  thread_.join();
}

}  // namespace kaogong::http
