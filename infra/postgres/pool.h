// A bounded number of connections to one database, shared by threads.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace kaogong::postgres {

/// How a pool behaves; times are in milliseconds.
struct PoolOptions {
  /// As libpq reads it: "host=… port=… dbname=… user=…", or a postgresql:// address.
  std::string conninfo;
  /// 1 to kPoolConnectionsMax.
  int connections_max = 8;
  /// How long a transaction waits for a connection that others use; beyond: Error kPoolTimeout.
  int64_t acquire_timeout_ms = 5'000;
  /// How long connecting may take; beyond: Error kConnectionFailed.
  int64_t connect_timeout_ms = 5'000;
  /// The server's statement_timeout for every statement, unless a transaction has its own; 0: none.
  int64_t statement_timeout_ms = 30'000;
  /// How long after statement_timeout an answer is still awaited; then the server is taken for dead: kConnectionLost.
  int64_t answer_grace_ms = 5'000;
  /// The server ends a session, and rolls back, that was silent for so long within a transaction: a program that is
  /// stopped may not hold its locks for ever. 0: none.
  int64_t idle_in_transaction_timeout_ms = 60'000;
  /// A connection that was idle so long is closed; looked at whenever a transaction begins or ends.
  int64_t idle_max_ms = 300'000;
  /// A connection is closed after so many transactions, or so long after it was opened: each backend remembers every
  /// relation of every tenant that it has served (about 12 KB each) until it ends.
  int64_t transactions_max = 10'000;
  int64_t age_max_ms = 3'600'000;
};

/// What a pool has done and does, for metrics. Totals only grow.
struct PoolStatus {
  int connections_max = 0;
  int in_use = 0;
  int idle = 0;
  int waiting = 0;
  int64_t transactions_total = 0;  // that got a connection
  int64_t waits_total = 0;         // that did not get it at once
  int64_t wait_us_total = 0;       // what they waited
  int64_t timeouts_total = 0;      // that gave up waiting
  int64_t opened_total = 0;        // connections
  int64_t open_failures_total = 0;
  int64_t broken_total = 0;    // closed because they broke, or could not be cleaned
  int64_t recycled_total = 0;  // closed by age, transactions or idleness
  int64_t unknown_commits_total = 0;
};

/// Thread-safe. Connections are opened when they are first needed; those who wait for one are served in the order of
/// their coming. A broken connection is noticed before it is given out, or while its transaction begins, and another is
/// opened in its place: after a restart of the server the next transactions just work.
class Pool {
 public:
  class State;

  /// Opens nothing yet. Error kInvalidData for options out of bounds.
  explicit Pool(PoolOptions options);
  /// Closes what is idle; transactions that are still open keep theirs until they end.
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  /// Lets nobody in any more: who waits or comes gets Error kPoolClosed; open transactions go on.
  void close();
  PoolStatus status() const;
  const PoolOptions& options() const;

 private:
  friend class Transaction;
  std::shared_ptr<State> state_;
};

}  // namespace kaogong::postgres
