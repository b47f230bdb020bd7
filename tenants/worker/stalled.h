// Sessions of clients that were stopped in the middle of sending or taking: the server waits, and heeds no timeout.
#pragma once

#include <cstdint>
#include <mutex>
#include <vector>

#include "infra/clock/clock.h"
#include "tenants/registry/tenant_database.h"

namespace kaogong::worker {

/// Ends the sessions of this login in this database in which a COPY or a statement does not get on because the client
/// does nothing. In the middle of a COPY, or of a statement that has not arrived whole, neither statement_timeout nor
/// idle_in_transaction_session_timeout ends a session, so that a worker, loader or export that was stopped there would
/// keep its locks as long as it is stopped. How long a COPY takes does not matter, only that no byte came or went from
/// one look to another. Ending one is always safe: it rolls back, and who goes on after all tries again or is fenced
/// off. Thread-safe.
class StalledSessions {
 public:
  /// Looks, and ends those that were found at the same byte by a look `older_than_ms` ago or earlier: to be called
  /// about that often. How many it ended. Failure kUnavailable: it cannot be looked.
  tenants::Result<int64_t> end(tenants::TenantDatabase& database, int64_t older_than_ms);

 private:
  /// A statement that waits for its client.
  struct Seen {
    int64_t pid = 0, begun_us = 0, bytes = 0;
    clock::Tick since;
    bool is_same(const Seen& other) const {
      return pid == other.pid && begun_us == other.begun_us && bytes == other.bytes;
    }
  };
  std::mutex mutex_;
  std::vector<Seen> seen_;
};

}  // namespace kaogong::worker
