// Commands to Redis, from any thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "infra/log/logger.h"
#include "infra/redis/loop.h"
#include "infra/redis/options.h"
#include "infra/redis/request.h"
#include "infra/redis/result.h"

namespace kaogong::redis {

/// What a client has done and does, for metrics. Totals only grow.
struct ClientStatus {
  bool connected = false;
  int64_t outstanding = 0;
  int64_t outstanding_bytes = 0;
  uint64_t commands_total = 0;  // handed over, without those that were refused at once
  uint64_t batches_total = 0;   // that they were written in
  uint64_t timeouts_total = 0;
  uint64_t disconnected_total = 0;  // commands that failed for it, refused ones too
  uint64_t overloaded_total = 0;
  uint64_t connections_total = 0;
};

/// One connection that carries the commands of all threads, in the order in which they are handed over: what comes
/// together goes in one packet, and nobody waits for the answer of another. Connects, and connects again, by itself;
/// while there is no connection every command fails at once. Thread-safe.
class Client {
 public:
  class State;
  using Handler = std::function<void(Result<Reply>)>;

  /// Begins to connect. Aborts for options out of their bounds.
  Client(Loop& loop, Options options, const log::Logger& logger);
  /// Every handler that is still to be called is called with kClosed: before this returns, if the loop has its own
  /// thread or this is the loop's thread; else when the loop runs next.
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Hands a command over and waits for its answer. Aborts on the loop's own thread, which cannot wait for itself.
  template <class T>
  Result<T> call(Request<T> request) {
    Result<Reply> reply = wait(std::move(request.command), std::move(request.unless_known), request.timeout_ms);
    if (!reply) return reply.error();
    return request.read(std::move(reply.value()));
  }

  /// Hands a command over. The handler takes a Result<T> and is called once, on the loop's thread, where it must not
  /// block. An error that is returned: the command was refused at once, and the handler is not called.
  template <class T, class OnResult>
  std::optional<Error> start(Request<T> request, OnResult on_result) {
    return send(std::move(request.command), std::move(request.unless_known), request.timeout_ms,
                [read = request.read, on_result = std::move(on_result)](Result<Reply> reply) mutable {
                  if (reply) {
                    on_result(read(std::move(reply.value())));
                  } else {
                    on_result(Result<T>(reply.error()));
                  }
                });
  }

  /// Waits until there is a connection; false: there was none in time.
  bool wait_connected(int64_t timeout_ms) const;
  ClientStatus status() const;

 private:
  std::optional<Error> send(Command command, std::optional<Command> unless_known, int64_t timeout_ms, Handler handler);
  Result<Reply> wait(Command command, std::optional<Command> unless_known, int64_t timeout_ms);

  Loop& loop_;
  std::shared_ptr<State> state_;
};

}  // namespace kaogong::redis
