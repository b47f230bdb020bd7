// One transaction: statements run in it, with the rights of one role.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "infra/postgres/error.h"
#include "infra/postgres/names.h"
#include "infra/postgres/param.h"
#include "infra/postgres/pool.h"
#include "infra/postgres/rows.h"

namespace kaogong::postgres {

enum class Isolation : uint8_t { kReadCommitted, kRepeatableRead, kSerializable };

struct TransactionOptions {
  Isolation isolation = Isolation::kReadCommitted;
  /// Writes are refused with Error kReadOnly.
  bool read_only = false;
  /// Instead of the pool's; 0: none.
  std::optional<int64_t> statement_timeout_ms = std::nullopt;
  /// Instead of the pool's idle_in_transaction_timeout_ms; 0: none.
  std::optional<int64_t> idle_timeout_ms = std::nullopt;
  /// How long a statement may wait for a lock: Error kLockTimeout; 0: as long as statement_timeout lets it.
  int64_t lock_timeout_ms = 0;
};

enum class CommitState : uint8_t {
  kCommitted,
  kRolledBack,  // nothing of it has happened; the error says why
  /// The connection was lost after COMMIT was sent: it may have happened or not. Nothing may be assumed and nothing
  /// repeated before the caller has read back, in a new transaction, a row that this one would have written.
  kUnknown,
};

/// What became of a transaction.
struct [[nodiscard]] CommitResult {
  CommitState state = CommitState::kCommitted;
  std::optional<Error> error = std::nullopt;  // there unless it is committed

  bool committed() const { return state == CommitState::kCommitted; }
};

/// A transaction from its beginning to commit() or the destructor, which rolls back. It runs as one role, with an empty
/// search_path (every name in the SQL has its schema), and a statement_timeout; all three end with it. Its connection
/// is then cleaned of whatever the statements left in the session (settings, roles, temporary tables, advisory locks,
/// cursors) before anybody else gets it, or closed.
///
/// Used by one thread at a time. Every call may block, up to statement_timeout_ms + answer_grace_ms: never on a thread
/// that serves others. Errors are thrown (see Error); after one the transaction can only be left, except that inside a
/// Savepoint one can go back to it.
class Transaction {
 public:
  /// Waits for a connection and begins, as `role`: `SET LOCAL ROLE`. One round trip. Errors: kPoolTimeout, kPoolClosed,
  /// kConnectionFailed, kTooManyConnections; kInvalidData if there is no such role; kPermissionDenied if the login role
  /// is no member of it.
  Transaction(Pool& pool, const Role& role, const TransactionOptions& options = {});
  /// Begins with the rights of the login role itself: for the control schema and for provisioning, never for a tenant's
  /// data.
  static Transaction as_login_role(Pool& pool, const TransactionOptions& options = {});

  Transaction(Transaction&&) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  /// Rolls back if neither commit() nor rollback() was called.
  ~Transaction();

  /// Runs one statement with parameters ($1, $2, …) and gives all its rows. A text that one connection runs often is
  /// prepared there by itself, so keep SQL texts constant and put what varies into parameters. One round trip.
  Rows query(std::string_view sql, std::span<const Param> params);
  Rows query(std::string_view sql, Params params = {}) { return query(sql, std::span(params.begin(), params.size())); }
  /// The same for a statement without rows; gives the number of rows inserted, updated or deleted.
  int64_t execute(std::string_view sql, std::span<const Param> params);
  int64_t execute(std::string_view sql, Params params = {}) {
    return execute(sql, std::span(params.begin(), params.size()));
  }
  /// Runs several statements without parameters in one round trip: definitions. The text must be ours from end to end;
  /// names in it come from quote_identifier(). It may not end the transaction: Error kUnexpectedValue, after the fact.
  void execute_script(const std::string& sql);

  /// Commits; one round trip. Never throws Error: what happened is the result. After it the transaction is over.
  CommitResult commit();
  /// Rolls back; after it the transaction is over. Never throws.
  void rollback() noexcept;
  /// Whether neither commit() nor rollback() was called.
  bool open() const;

  /// The server process that serves it: for tests and logs.
  int backend_pid() const;

 private:
  friend class CopyIn;
  friend class CopyOut;
  friend class Savepoint;
  struct Impl;
  explicit Transaction(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// A part of a transaction that can be undone alone. The destructor goes back to its beginning unless keep() was
/// called.
class Savepoint {
 public:
  explicit Savepoint(Transaction& transaction);
  ~Savepoint();
  Savepoint(const Savepoint&) = delete;
  Savepoint& operator=(const Savepoint&) = delete;

  /// Keeps what was done since; the surrounding transaction decides about it.
  void keep();

 private:
  Transaction& transaction_;
  bool open_ = true;
};

}  // namespace kaogong::postgres
