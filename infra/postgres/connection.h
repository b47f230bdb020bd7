// One connection: every wait has a deadline, and every failure is an Error. Internal to this room.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "infra/postgres/driver.h"
#include "infra/postgres/param.h"
#include "infra/postgres/statement_cache.h"

namespace kaogong::postgres {

/// Not thread-safe: used by one thread at a time. The socket never blocks; waits are in poll() up to a deadline, so
/// that a server that is stopped or unreachable cannot hold a thread for ever. After kConnectionLost the connection is
/// broken for good: there is no reconnecting behind the caller's back.
class Connection {
 public:
  using Clock = std::chrono::steady_clock;

  /// Connects; Error kConnectionFailed if it cannot within the time, kTooManyConnections if the server is full.
  static std::unique_ptr<Connection> open(const std::string& conninfo, int64_t connect_timeout_ms);

  /// How long any single answer may take; 0: for ever.
  void set_answer_timeout_ms(int64_t timeout_ms) { answer_timeout_ms_ = timeout_ms; }

  /// Runs one or several statements without parameters in one round trip. The result is the last one's.
  Result script(const std::string& sql);
  /// Runs one statement, prepared if that pays; results are in binary form.
  Result execute(std::string_view sql, std::span<const Param> params);
  /// Sends COMMIT, and in the same round trip what reset() would send. The result is COMMIT's. `*sent`: whether the
  /// server may have seen it.
  Result commit(bool* sent);

  /// Begins a COPY; `in`: towards the server.
  void copy_begin(const std::string& sql, bool in);
  void copy_put(std::string_view bytes);
  /// Ends a COPY towards the server and gives the number of rows.
  int64_t copy_finish();
  /// Makes the server refuse what a COPY sent; one from the server can only be ended with its connection. Never throws.
  void copy_cancel() noexcept;
  /// The next message of a COPY, or nothing at its end; valid until the next call.
  std::optional<std::string_view> copy_get();

  /// Ends any transaction and takes back whatever its statements left in the session. False: close the connection.
  bool reset() noexcept;
  /// Whether the server has closed the connection while it was idle, as far as can be seen without a round trip.
  bool closed_by_server() noexcept;
  bool broken() const { return broken_; }
  /// Whether a transaction is open, or has failed.
  bool in_transaction() const;
  /// Gives the driver's connection away. Precondition: idle, and nobody uses this object any more.
  Handle release() { return std::move(handle_); }
  int backend_pid() const { return PQbackendPID(handle_.get()); }

 private:
  enum class CopyState : uint8_t { kNone, kIn, kOut };
  struct MessageDeleter {
    void operator()(char* message) const { PQfreemem(message); }
  };

  explicit Connection(Handle handle) : handle_(std::move(handle)) {}
  Clock::time_point deadline(int64_t statements = 1) const;
  [[noreturn]] void lose(std::string_view why);
  /// Waits for the events of poll(); throws kConnectionLost at the deadline.
  short wait(short events, Clock::time_point until);
  void flush(Clock::time_point until);
  Result next_result(Clock::time_point until);
  enum class Keep : uint8_t { kFirst, kLast };
  /// Reads results until the connection is ready again; gives the one to keep, or throws the first error. With kFirst a
  /// failure after the first result only breaks the connection.
  Result collect(Keep keep = Keep::kLast, int64_t statements = 1);
  std::string reset_sql();
  [[noreturn]] void fail(const Result& result);
  void prepare(StatementCache::Entry* entry, std::string_view sql, std::span<const unsigned> types);

  Handle handle_;
  StatementCache statements_;
  std::unique_ptr<char, MessageDeleter> message_;
  int64_t answer_timeout_ms_ = 0;
  CopyState copy_ = CopyState::kNone;
  bool broken_ = false;
  bool clean_ = true;  // nothing has run since the last reset
};

/// What PostgreSQL says of a failure, without any value in it.
class Error;
Error error_of(const PGresult* result);

}  // namespace kaogong::postgres
