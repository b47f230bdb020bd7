// One connection of a pipeline. Internal to this room.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "infra/postgres/bound_params.h"
#include "infra/postgres/driver.h"
#include "infra/postgres/opener.h"
#include "infra/postgres/pipeline.h"
#include "infra/postgres/statement_cache.h"

namespace kaogong::postgres {

/// What the loop's thread alone changes, and any thread may read: costs no more than a plain number.
class LoopCount {
 public:
  void add(int64_t more) { value_.store(get() + more, std::memory_order_relaxed); }
  void set(int64_t value) { value_.store(value, std::memory_order_relaxed); }
  int64_t get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> value_{0};
};

/// Totals of a pipeline.
struct PipelineCounts {
  LoopCount reads, transactions, failed, disconnected, overloaded, opened, closed, recycled;
};

/// What the lanes of a pipeline have in common.
struct Pipeline::Shared {
  Shared(boost::asio::io_context& loop, Opener& who, PipelineOptions how)
      : io(loop), opener(who), options(std::move(how)), door(std::make_shared<Door>()) {
    door->io = &loop;
  }

  /// How the opener's thread finds the loop, as long as there is one.
  struct Door {
    std::mutex mutex;
    boost::asio::io_context* io = nullptr;
  };
  boost::asio::io_context& io;
  Opener& opener;
  const PipelineOptions options;
  const std::shared_ptr<Door> door;
  PipelineCounts totals;
};

/// Of the loop's thread.
class Pipeline::Lane : public std::enable_shared_from_this<Lane> {
 public:
  /// `age_max`: so old a connection is replaced.
  Lane(std::shared_ptr<Shared> shared, std::chrono::milliseconds age_max);

  /// Has a connection opened.
  void open();
  /// Ends everything, and calls no handler.
  void end();
  /// Whether a read can be sent.
  bool is_ready() const { return handle_ != nullptr && !is_worn_; }
  /// These two on any thread.
  bool is_connected() const { return connected_.get() != 0; }
  int64_t outstanding() const { return outstanding_.get(); }
  /// Whether a transaction of the role can still take a read.
  bool may_join(const Role& role) const;
  std::optional<Error> start(const Role& role, std::span<const Query> queries, Handler handler);

 private:
  using Clock = std::chrono::steady_clock;
  /// One command of a unit, in the order of their results.
  struct Command {
    enum class Kind : uint8_t { kRole, kPrepare, kQuery, kDeallocate };
    Kind kind = Kind::kRole;
    std::string statement;  // its name; of kQuery empty: none is prepared
    size_t read = 0;        // of kPrepare and kQuery: whose it is
  };
  struct Read {
    Handler handler;
    size_t queries = 0;
    Reading reading;
  };
  /// What ends with one Sync: a transaction, or a DEALLOCATE.
  struct Unit {
    std::string role;
    std::vector<Read> reads;
    std::vector<Command> commands;
    size_t next = 0;             // the command whose result comes next
    std::optional<Error> error;  // of all reads
    Clock::time_point deadline;
    bool is_open = true;  // its Sync is not sent yet
  };

  void opened(Handle handle);
  /// Lets go of the connection.
  void drop();
  void retry();
  void read();
  void write();
  void take_results();
  void take(Result result);
  void finish();
  /// Hands a read what became of it; `why`: of all that came with it.
  void answer(Read& read, const std::optional<Error>& why);
  bool has_open_unit() const { return !units_.empty() && units_.back().is_open; }
  /// Begins a transaction; false: libpq refuses.
  bool begin_unit(const Role& role);
  /// Ends the open transaction; false: libpq refuses.
  bool end_unit();
  void end_unit_soon();
  void watch();
  void lose(std::string_view why);
  void close(const Error& error);
  void deallocate_evicted();
  /// Sends a command of `unit`; false: libpq refuses.
  bool send_query(const Query& query, const BoundParams& bound, Unit* unit);

  const std::shared_ptr<Shared> shared_;
  const std::chrono::milliseconds age_max_;
  Handle handle_;
  std::optional<boost::asio::posix::stream_descriptor> socket_;
  boost::asio::steady_timer retry_timer_, deadline_timer_;
  std::deque<Unit> units_;  // sent, in the order of their results
  StatementCache statements_;
  Clock::time_point opened_at_;
  std::chrono::milliseconds delay_{0};
  LoopCount outstanding_;    // reads
  LoopCount connected_;      // 1: there is a handle
  uint64_t generation_ = 0;  // of the connection
  int64_t texts_ = 0;        // that were new, or had been forgotten
  bool is_worn_ = false, is_ended_ = false, is_watching_ = false, is_writing_ = false, ends_soon_ = false;
};

}  // namespace kaogong::postgres
