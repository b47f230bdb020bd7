// What can go wrong with PostgreSQL, as one type: nothing of the driver's comes out of this room.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace kaogong::postgres {

/// The kinds of failures that callers tell apart; everything else is kOther, with its SQLSTATE.
enum class ErrorCode : uint8_t {
  kPoolTimeout,          // no connection became free within acquire_timeout_ms
  kPoolClosed,           // the pool was closed: the program is ending
  kConnectionFailed,     // could not connect: refused, not found, bad password, starting up
  kConnectionLost,       // the connection broke, or the server did not answer in time
  kShuttingDown,         // class 57P0x: stopped, crashed, terminated by an administrator
  kTooManyConnections,   // 53300
  kSerialization,        // 40001: run the transaction again
  kDeadlock,             // 40P01: run the transaction again
  kStalePlan,            // a prepared statement outlived a change of its tables: run the transaction again
  kStatementTimeout,     // 57014: statement_timeout passed, or somebody cancelled
  kLockTimeout,          // 55P03
  kUniqueViolation,      // 23505; constraint() says which
  kForeignKeyViolation,  // 23503
  kNotNullViolation,     // 23502
  kCheckViolation,       // 23514
  kOtherViolation,       // the rest of class 23
  kInvalidData,          // class 22: out of range, not a number, not UTF-8; also a NUL inside a text
  kPermissionDenied,     // 42501, and class 28
  kUndefined,            // a schema, table, column, function or role is not there
  kReadOnly,             // 25006
  kDiskFull,             // 53100
  kResourceLimit,        // the rest of class 53 (memory, temp_file_limit), class 54
  kAborted,              // 25P02: an earlier statement of this transaction failed; COMMIT became a rollback
  kRaised,               // class P0 and any SQLSTATE of our own: raised by a trigger or function; sqlstate() says which
  kUnexpectedValue,      // a null or another type than the caller reads: SQL and code do not fit together
  kOther,
};

/// The name in logs and metrics: "unique_violation".
std::string_view to_text(ErrorCode code);

/// The code of a five-character SQLSTATE; kConnectionLost for an empty one.
ErrorCode code_of_sqlstate(std::string_view sqlstate);

/// Thrown by everything in this room that needs a connection, except Transaction::commit(), which returns what
/// happened. Why an exception: after a failed statement PostgreSQL refuses every other one of the transaction, so that
/// all a caller can do is to leave it, which an exception does. transact() makes a value of it; call that from
/// services.
///
/// what() has the code, the SQLSTATE, the names of constraint, table and column, and PostgreSQL's own sentence only for
/// classes whose sentences hold no data: it never holds the value of a parameter or column, so it may be logged.
class Error : public std::runtime_error {
 public:
  explicit Error(ErrorCode code, std::string_view detail = {}, std::string_view sqlstate = {},
                 std::string_view constraint = {});

  ErrorCode code() const noexcept { return code_; }
  /// Five characters; empty if the server said nothing.
  std::string_view sqlstate() const noexcept { return {sqlstate_, sqlstate_[0] == '\0' ? size_t{0} : size_t{5}}; }
  /// The constraint or unique index that refused; empty if none did.
  std::string_view constraint() const noexcept {
    return constraint_ ? std::string_view(*constraint_) : std::string_view();
  }
  /// Whether the whole transaction may succeed if it is run again at once: serialization, deadlock, stale plan.
  bool retry_at_once() const noexcept;
  /// Whether the server or the network is at fault, so that the same call may succeed later. Of a transaction whose
  /// COMMIT was sent this says nothing: see CommitState::kUnknown.
  bool retry_later() const noexcept;

 private:
  ErrorCode code_;
  char sqlstate_[6] = {};
  std::shared_ptr<const std::string> constraint_;
};

}  // namespace kaogong::postgres
