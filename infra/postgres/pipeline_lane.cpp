#include "infra/postgres/pipeline_lane.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "infra/postgres/bound_params.h"
#include "infra/postgres/connection.h"
#include "infra/postgres/limits.h"

namespace kaogong::postgres {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using Wait = asio::posix::stream_descriptor::wait_type;

namespace {

constexpr int kBinaryResults = 1;
constexpr const char* kRoleStatement = "set_role";

std::string session_sql(const PipelineOptions& options) {
  return "set default_transaction_read_only = on; set search_path = ''; set statement_timeout = " +
         std::to_string(options.statement_timeout_ms) + "; prepare " + kRoleStatement +
         " (text) as select pg_catalog.set_config('role', $1, true)";
}

Handle open_session(const PipelineOptions& options) {
  try {
    const auto connection = Connection::open(options.conninfo, options.connect_timeout_ms);
    connection->set_answer_timeout_ms(options.connect_timeout_ms);
    connection->script(session_sql(options));
    return connection->release();
  } catch (const Error&) {
    return nullptr;  // it is tried again; whoever asks meanwhile hears that there is no connection
  }
}

}  // namespace

Pipeline::Lane::Lane(std::shared_ptr<Shared> shared, milliseconds age_max)
    : shared_(std::move(shared)), age_max_(age_max), retry_timer_(shared_->io), deadline_timer_(shared_->io) {}

void Pipeline::Lane::open() {
  shared_->opener.submit([lane = weak_from_this(), door = shared_->door, options = shared_->options] {
    if (lane.expired()) return;
    Handle handle = open_session(options);
    const std::lock_guard lock(door->mutex);
    if (door->io == nullptr) return;
    asio::post(*door->io, [lane, handle = std::move(handle)]() mutable {
      if (const auto self = lane.lock()) self->opened(std::move(handle));
    });
  });
}

void Pipeline::Lane::opened(Handle handle) {
  if (is_ended_) return;
  if (handle == nullptr || PQenterPipelineMode(handle.get()) == 0) return retry();
  handle_ = std::move(handle);
  ++generation_;
  shared_->totals.opened.add(1);
  connected_.set(1);
  delay_ = {};
  opened_at_ = Clock::now();
  statements_ = {};
  texts_ = 0;
  is_worn_ = is_writing_ = false;
  socket_.emplace(shared_->io, PQsocket(handle_.get()));
  read();
}

void Pipeline::Lane::retry() {
  const auto& options = shared_->options;
  delay_ = std::clamp(delay_ * 2, milliseconds(options.reconnect_delay_min_ms),
                      milliseconds(options.reconnect_delay_max_ms));
  retry_timer_.expires_after(delay_);
  retry_timer_.async_wait([self = shared_from_this()](boost::system::error_code error) {
    if (!error && !self->is_ended_) self->open();
  });
}

void Pipeline::Lane::end() {
  is_ended_ = true;
  units_.clear();
  outstanding_.set(0);
  retry_timer_.cancel();
  deadline_timer_.cancel();
  drop();
}

void Pipeline::Lane::drop() {
  if (socket_) socket_->release();  // libpq closes it
  socket_.reset();
  handle_.reset();
  connected_.set(0);
  ++generation_;
}

void Pipeline::Lane::close(const Error& error) {
  drop();
  auto units = std::exchange(units_, {});
  retry();
  for (Unit& unit : units) {
    for (Read& read : unit.reads) {
      if (is_ended_) return;
      answer(read, unit.error ? unit.error : error);
    }
  }
}

void Pipeline::Lane::lose(std::string_view why) {
  shared_->totals.closed.add(1);
  close(Error(ErrorCode::kConnectionLost, why));
}

void Pipeline::Lane::answer(Read& read, const std::optional<Error>& why) {
  outstanding_.add(-1);
  Reading& reading = read.reading;
  if (!reading.error && why) reading.error = why;
  if (reading.error) {
    shared_->totals.failed.add(1);
    reading.rows.clear();
  }
  read.handler(std::move(reading));
}

bool Pipeline::Lane::send_query(const Query& query, const BoundParams& bound, Unit* unit) {
  using Kind = Command::Kind;
  PGconn* const raw = handle_.get();
  const size_t read = unit->reads.size() - 1;
  StatementCache::Entry& entry = statements_.use(query.sql, bound.types(), bound.count());
  texts_ += entry.uses == 1 ? 1 : 0;
  if (!entry.prepared && !entry.preparing && entry.uses >= kPrepareAtUse) {
    if (PQsendPrepare(raw, entry.name.c_str(), std::string(query.sql).c_str(), bound.count(), bound.types()) == 0)
      return false;
    entry.preparing = true;
    unit->commands.push_back({Kind::kPrepare, entry.name, read});
  }
  const int sent = entry.prepared ? PQsendQueryPrepared(raw, entry.name.c_str(), bound.count(), bound.values(),
                                                        bound.lengths(), bound.formats(), kBinaryResults)
                                  : PQsendQueryParams(raw, std::string(query.sql).c_str(), bound.count(), bound.types(),
                                                      bound.values(), bound.lengths(), bound.formats(), kBinaryResults);
  unit->commands.push_back({Kind::kQuery, entry.prepared ? entry.name : std::string(), read});
  return sent != 0;
}

bool Pipeline::Lane::may_join(const Role& role) const {
  return has_open_unit() && units_.back().role == role.text() && units_.back().reads.size() < kPipelineReadsMax;
}

bool Pipeline::Lane::begin_unit(const Role& role) {
  if (has_open_unit() && !end_unit()) return false;
  deallocate_evicted();
  Unit unit;
  unit.role = role.text();
  unit.commands.push_back({Command::Kind::kRole, {}});
  unit.deadline = Clock::now() + milliseconds(shared_->options.answer_timeout_ms);
  units_.push_back(std::move(unit));
  shared_->totals.transactions.add(1);
  const char* const values[] = {role.text().c_str()};
  return PQsendQueryPrepared(handle_.get(), kRoleStatement, 1, values, nullptr, nullptr, kBinaryResults) != 0;
}

std::optional<Error> Pipeline::Lane::start(const Role& role, std::span<const Query> queries, Handler handler) {
  // Before anything is sent: what is sent cannot be taken back.
  std::vector<BoundParams> bound;
  bound.reserve(queries.size());
  try {
    for (const Query& query : queries) bound.emplace_back(query.params);
  } catch (const Error& error) {
    return error;
  }
  bool sent = may_join(role) || begin_unit(role);
  if (sent) {
    Unit& unit = units_.back();
    unit.reads.push_back({std::move(handler), queries.size(), {}});
    outstanding_.add(1);
    for (size_t i = 0; i < queries.size(); ++i) sent = sent && send_query(queries[i], bound[i], &unit);
    if (!sent) {
      unit.reads.pop_back();
      outstanding_.add(-1);
    }
  }
  if (!sent) {
    // Half a unit went out: nothing that comes after it could be told apart.
    lose("the connection takes nothing more");
    return Error(ErrorCode::kConnectionFailed, "the connection broke");
  }
  shared_->totals.reads.add(1);
  end_unit_soon();
  const auto now = Clock::now();
  is_worn_ = now - opened_at_ >= age_max_ || texts_ >= shared_->options.texts_max;
  return std::nullopt;
}

// When all that is to be done in this turn of the loop has been done: what is asked meanwhile comes into the same
// transaction, and goes out with it in one packet.
void Pipeline::Lane::end_unit_soon() {
  if (std::exchange(ends_soon_, true)) return;
  asio::post(shared_->io, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (self == nullptr) return;
    self->ends_soon_ = false;
    if (self->is_ended_ || self->handle_ == nullptr || !self->has_open_unit()) return;
    if (!self->end_unit()) return self->lose("the connection takes nothing more");
    self->write();
    self->watch();
  });
}

bool Pipeline::Lane::end_unit() {
  units_.back().is_open = false;
  return PQpipelineSync(handle_.get()) != 0;
}

void Pipeline::Lane::deallocate_evicted() {
  for (const std::string& name : statements_.take_evicted()) {
    const std::string sql = "deallocate " + name;
    Unit unit;
    unit.is_open = false;
    unit.commands.push_back({Command::Kind::kDeallocate, name});
    unit.deadline = Clock::now() + milliseconds(shared_->options.answer_timeout_ms);
    // What fails here fails for what is sent next, too.
    if (PQsendQueryParams(handle_.get(), sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, kBinaryResults) != 0 &&
        PQpipelineSync(handle_.get()) != 0)
      units_.push_back(std::move(unit));
  }
}

void Pipeline::Lane::write() {
  if (is_writing_ || PQflush(handle_.get()) != 1) return;  // an error shows when it is read from
  is_writing_ = true;
  socket_->async_wait(Wait::wait_write, [self = shared_from_this(), of = generation_](boost::system::error_code error) {
    if (error || of != self->generation_) return;
    self->is_writing_ = false;
    self->write();
  });
}

void Pipeline::Lane::read() {
  socket_->async_wait(Wait::wait_read, [self = shared_from_this(), of = generation_](boost::system::error_code error) {
    if (error || of != self->generation_) return;
    const bool good = PQconsumeInput(self->handle_.get()) != 0;
    self->take_results();
    if (of != self->generation_) return;
    // What the server said before it went was taken.
    if (!good || PQstatus(self->handle_.get()) == CONNECTION_BAD) return self->lose("the connection broke");
    self->write();
    self->read();
  });
}

void Pipeline::Lane::take_results() {
  const auto of = generation_;
  bool was_null = false;
  while (of == generation_ && !units_.empty() && PQisBusy(handle_.get()) == 0) {
    Result result(PQgetResult(handle_.get()));
    // One null ends the results of a command; two of them: there is no more.
    if (result == nullptr && std::exchange(was_null, true)) return;
    if (result == nullptr) continue;
    was_null = false;
    take(std::move(result));
  }
}

void Pipeline::Lane::take(Result result) {
  using Kind = Command::Kind;
  Unit& unit = units_.front();
  const ExecStatusType status = PQresultStatus(result.get());
  if (status == PGRES_PIPELINE_SYNC) return finish();
  if (unit.next == unit.commands.size()) return lose("there was a result that nobody asked for");
  const Command& command = unit.commands[unit.next++];
  const bool done = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
  if (command.kind == Kind::kPrepare) {
    if (StatementCache::Entry* const entry = statements_.find_name(command.statement)) {
      entry->preparing = false;
      entry->prepared = done;
    } else if (done) {
      statements_.add_evicted(command.statement);
    }
  }
  if (done) {
    if (command.kind != Kind::kQuery) return;
    auto driver = std::make_unique<Rows::Driver>();
    driver->result = std::move(result);
    unit.reads[command.read].reading.rows.emplace_back(std::move(driver));
    return;
  }
  if (status == PGRES_PIPELINE_ABORTED) return;
  Error error = error_of(result.get());
  // "cached plan must not change result type", and "prepared statement … does not exist".
  if (command.kind == Kind::kQuery && !command.statement.empty() &&
      (error.sqlstate() == "0A000" || error.sqlstate() == "26000")) {
    if (const auto* const entry = statements_.find_name(command.statement)) statements_.forget(std::string(entry->key));
    error = Error(ErrorCode::kStalePlan, {}, error.sqlstate());
  }
  auto& place = command.kind == Kind::kRole || command.kind == Kind::kDeallocate
                    ? unit.error
                    : unit.reads[command.read].reading.error;
  if (!place) place = std::move(error);
}

void Pipeline::Lane::finish() {
  Unit unit = std::move(units_.front());
  units_.pop_front();
  const auto self = shared_from_this();  // the handler may destroy the pipeline
  for (Read& read : unit.reads) {
    if (is_ended_) return;
    if (!read.reading.error && !unit.error && read.reading.rows.size() < read.queries)
      read.reading.error = Error(ErrorCode::kAborted, {}, "25P02");
    answer(read, unit.error);
  }
  if (is_ended_ || handle_ == nullptr || !is_worn_ || !units_.empty()) return;
  shared_->totals.recycled.add(1);
  drop();
  open();
}

void Pipeline::Lane::watch() {
  if (is_watching_ || units_.empty()) return;
  is_watching_ = true;
  // Answers that came in time do not move the timer: so it fires seldom, and then looks at the one that waits longest.
  deadline_timer_.expires_at(units_.front().deadline);
  deadline_timer_.async_wait([self = shared_from_this()](boost::system::error_code error) {
    self->is_watching_ = false;
    if (error || self->is_ended_ || self->units_.empty()) return;
    if (self->units_.front().deadline <= Clock::now()) {
      self->shared_->totals.closed.add(1);
      return self->close(Error(ErrorCode::kStatementTimeout, "the server did not answer in time"));
    }
    self->watch();
  });
}

}  // namespace kaogong::postgres
