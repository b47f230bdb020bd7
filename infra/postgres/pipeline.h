// Reads that many ask at once over few connections, on the caller's own loop: sent without waiting for the answers of
// those before, each in a transaction as one role, which those of the same role and the same moment share.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "infra/postgres/error.h"
#include "infra/postgres/names.h"
#include "infra/postgres/param.h"
#include "infra/postgres/rows.h"

namespace boost::asio {
class io_context;
}

namespace kaogong::postgres {

class Opener;

/// How a pipeline behaves; times are in milliseconds.
struct PipelineOptions {
  std::string conninfo;
  /// 1 to kPipelineConnectionsMax.
  int connections = 2;
  /// Reads of one connection that have no answer yet; beyond: Error kPoolTimeout, at once.
  int64_t outstanding_max = 512;
  int64_t connect_timeout_ms = 5'000;
  /// The server's statement_timeout, which counts from a statement's own beginning.
  int64_t statement_timeout_ms = 1'000;
  /// From a read's hand-over to its answer; beyond: the server is taken for dead, and all reads of the connection end
  /// with kStatementTimeout. Above statement_timeout_ms.
  int64_t answer_timeout_ms = 2'000;
  /// Before connecting again: doubled each time from the first to the last of these.
  int64_t reconnect_delay_min_ms = 50;
  int64_t reconnect_delay_max_ms = 5'000;
  /// A connection is replaced so long after it was opened, or when it has seen so many texts of statements: each
  /// backend remembers every relation of every tenant that it has served until it ends.
  int64_t age_max_ms = 3'600'000;
  int64_t texts_max = 2'000;
};

/// One statement of a read, with views that live until start() returns. Keep texts constant: what a connection sees the
/// third time it prepares.
struct Query {
  std::string_view sql;
  std::vector<Param> params;
};

/// What became of a read: the rows of each of its statements, or why there are none.
struct Reading {
  std::vector<Rows> rows;
  std::optional<Error> error;
};

struct PipelineStatus {
  int connected = 0;
  int64_t outstanding = 0;
  int64_t reads_total = 0;         // handed over, without those that were refused at once
  int64_t transactions_total = 0;  // that they were sent in
  int64_t failed_total = 0;        // reads that ended with an error
  int64_t disconnected_total = 0;  // that were refused: there was no connection
  int64_t overloaded_total = 0;    // that were refused: too many were outstanding
  int64_t opened_total = 0;        // connections
  int64_t closed_total = 0;        // that broke or did not answer
  int64_t recycled_total = 0;      // by age or texts
};

/// Reads through libpq's pipeline mode. Those of one role that are handed over in one turn of the loop are one
/// transaction: the role is set for it alone (`SET LOCAL ROLE`, as set_config('role', …, true), whose name is a
/// parameter), their statements follow, and a Sync ends it. Reads of two roles never share one. When a statement fails,
/// the reads that come after it in the same transaction end with kAborted, and may be asked again. Sessions are
/// read-only, without a search path, with a statement_timeout, and do nothing else. There is no waiting for a
/// connection and no queue but that of the connections: what cannot be sent now is refused at once. Connects, and
/// connects again, by itself.
///
/// Made before the loop runs, or on its thread; everything else on the loop's thread, but for status(). The loop and
/// the opener outlive it.
class Pipeline {
 public:
  using Handler = std::function<void(Reading)>;

  /// Begins to connect when the loop runs. Error kInvalidData for options out of bounds.
  Pipeline(boost::asio::io_context& io, Opener& opener, PipelineOptions options);
  /// Handlers of what is outstanding are not called any more.
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  /// Sends a read as `role`, at least one statement and kPipelineQueriesMax at most. The handler is called once, later
  /// on this thread, where it must not block; it may destroy the pipeline. An error that is returned: it was refused,
  /// and the handler is not called: kConnectionFailed (there is no connection at the moment), kPoolTimeout (too many
  /// are outstanding), kInvalidData (a parameter cannot be sent).
  std::optional<Error> start(const Role& role, std::span<const Query> queries, Handler handler);
  /// Any thread.
  PipelineStatus status() const;

 private:
  class Lane;
  struct Shared;
  std::shared_ptr<Shared> shared_;
  std::vector<std::shared_ptr<Lane>> lanes_;
};

}  // namespace kaogong::postgres
