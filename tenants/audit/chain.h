// An audit log as a chain of hashes: appending to it, and finding the first row that was tampered with.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "infra/clock/clock.h"
#include "infra/crypto/hash.h"
#include "infra/postgres/transaction.h"

namespace kaogong::tenants::audit {

/// Where a log is: a table with its head in a row of `counters`, both as they stand in SQL.
struct Log {
  std::string name;      // is hashed into each row, so that a row of one log fits into no other: "acme"
  std::string rows;      // "kg_acme"."audit_log"
  std::string counters;  // "kg_acme"."counters"
};

/// What is said of an action. Never a password, a key or an amount; a text without a NUL, in UTF-8.
struct Entry {
  std::string actor;    // who: "key:kg_live_…", "operator"
  std::string action;   // what: "scheme.publish"
  std::string subject;  // on what: a scheme's id, an employee
  std::string detail;   // JSON, see json_object()
};

struct Row {
  int64_t seq = 0;
  clock::Instant at;
  Entry entry;
  std::string previous_hash, hash;  // 32 bytes each; before the first row: none
};

/// The hash of a row: over the log's name, all fields with their lengths, and the row before.
crypto::Digest hash_of(std::string_view log_name, const Row& row);

/// Appends in the transaction that does what is recorded: both happen or neither. Locks the head until COMMIT, so that
/// the rows stand in the order of commits: append last. Returns the row's seq. Two round trips.
int64_t append(postgres::Transaction& transaction, const Log& log, clock::Instant at, const Entry& entry);

/// What verify() found.
struct Verdict {
  int64_t rows = 0;            // that are in order
  std::optional<int64_t> seq;  // of the first row that is not; nothing: the log is whole
  std::string what;            // what is wrong with it, in English
  std::string head;            // hash of the last row in order
};

/// Recomputes the whole chain and compares its end with the head. For a REPEATABLE READ transaction, else a row that is
/// being appended may look like one too many. Memory: one page of rows.
Verdict verify(postgres::Transaction& transaction, const Log& log);

/// Rows with a seq above `after`, at most `limit` (1 to kRowsMax), in order. `subject`: only of this one; empty: all.
std::vector<Row> list(postgres::Transaction& transaction, const Log& log, int64_t after, int64_t limit,
                      std::string_view subject = {});
inline constexpr int64_t kRowsMax = 10'000;

}  // namespace kaogong::tenants::audit
