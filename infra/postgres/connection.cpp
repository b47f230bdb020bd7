#include "infra/postgres/connection.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "infra/postgres/bound_params.h"
#include "infra/postgres/error.h"
#include "infra/postgres/limits.h"

namespace kaogong::postgres {

namespace {

constexpr int kBinaryResults = 1;

// What a session may have been left with. Settings and roles of SET LOCAL end with their transaction; these are for
// statements that did more. Prepared statements stay: they hold no data, and run with the rights of who runs them.
constexpr std::string_view kResetSql =
    "close all; set session authorization default; reset role; reset all; unlisten *; "
    "select pg_catalog.pg_advisory_unlock_all(); discard temp; discard sequences";

// Defaults that the caller's conninfo may override: a dead peer is noticed within a minute.
constexpr std::array<std::pair<const char*, const char*>, 7> kDefaults = {{{"application_name", "kaogong"},
                                                                           {"client_encoding", "UTF8"},
                                                                           {"keepalives", "1"},
                                                                           {"keepalives_idle", "20"},
                                                                           {"keepalives_interval", "10"},
                                                                           {"keepalives_count", "3"},
                                                                           {"tcp_user_timeout", "60000"}}};

std::string_view field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? std::string_view() : std::string_view(text);
}

// Classes whose sentences name only SQL, names and the server's own state. Others quote data: "invalid input syntax for
// type bigint: …", "Key (…)=(…) already exists".
bool says_no_data(std::string_view sqlstate) {
  constexpr std::array<std::string_view, 16> kClasses = {"08", "0A", "25", "26", "28", "34", "3D", "3F",
                                                         "40", "42", "53", "54", "55", "57", "58", "XX"};
  return std::find(kClasses.begin(), kClasses.end(), sqlstate.substr(0, 2)) != kClasses.end();
}

std::string first_line(std::string_view text) { return std::string(text.substr(0, text.find('\n'))); }

void ignore_notice(void*, const PGresult*) {}

}  // namespace

Error error_of(const PGresult* result) {
  const std::string_view state = field(result, PG_DIAG_SQLSTATE);
  if (state.empty()) return Error(ErrorCode::kConnectionLost, first_line(PQresultErrorMessage(result)));
  std::string detail;
  if (says_no_data(state)) detail = first_line(field(result, PG_DIAG_MESSAGE_PRIMARY));
  const auto add = [&](std::string_view what, int code) {
    const std::string_view name = field(result, code);
    if (name.empty()) return;
    if (!detail.empty()) detail += ", ";
    detail.append(what).append(" ").append(name);
  };
  add("schema", PG_DIAG_SCHEMA_NAME);
  add("table", PG_DIAG_TABLE_NAME);
  add("column", PG_DIAG_COLUMN_NAME);
  add("at character", PG_DIAG_STATEMENT_POSITION);
  return Error(code_of_sqlstate(state), detail, state, field(result, PG_DIAG_CONSTRAINT_NAME));
}

std::unique_ptr<Connection> Connection::open(const std::string& conninfo, int64_t connect_timeout_ms) {
  char* parse_error = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(conninfo.c_str(), &parse_error), &PQconninfoFree);
  if (options == nullptr) {
    PQfreemem(parse_error);  // quotes the conninfo, in which there may be a password
    throw Error(ErrorCode::kConnectionFailed, "the connection string is malformed");
  }
  std::vector<const char*> names, values;
  for (const auto& [name, value] : kDefaults) {
    names.push_back(name);
    values.push_back(value);
  }
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    names.push_back(option->keyword);  // of two with one name the later counts
    values.push_back(option->val);
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  Handle handle(PQconnectStartParams(names.data(), values.data(), 0));
  if (handle == nullptr) throw Error(ErrorCode::kConnectionFailed, "out of memory");
  std::unique_ptr<Connection> connection(new Connection(std::move(handle)));
  PGconn* raw = connection->handle_.get();
  const Clock::time_point until =
      connect_timeout_ms > 0 ? Clock::now() + std::chrono::milliseconds(connect_timeout_ms) : Clock::time_point::max();
  PostgresPollingStatusType state = PQstatus(raw) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
  while (state != PGRES_POLLING_OK && state != PGRES_POLLING_FAILED) {
    try {
      connection->wait(state == PGRES_POLLING_READING ? POLLIN : POLLOUT, until);
    } catch (const Error&) {
      throw Error(ErrorCode::kConnectionFailed, "no answer within the time to connect");
    }
    state = PQconnectPoll(raw);
  }
  if (state == PGRES_POLLING_FAILED) {
    const std::string why = first_line(PQerrorMessage(raw));
    // libpq gives no SQLSTATE of a refused connection.
    const bool full = why.find("too many clients") != std::string::npos ||
                      why.find("remaining connection slots") != std::string::npos ||
                      why.find("too many connections") != std::string::npos;
    throw Error(full ? ErrorCode::kTooManyConnections : ErrorCode::kConnectionFailed, why);
  }
  PQsetNoticeReceiver(raw, ignore_notice, nullptr);
  if (PQsetnonblocking(raw, 1) != 0) throw Error(ErrorCode::kConnectionFailed, "the socket cannot be non-blocking");
  return connection;
}

Connection::Clock::time_point Connection::deadline(int64_t statements) const {
  return answer_timeout_ms_ > 0 ? Clock::now() + std::chrono::milliseconds(answer_timeout_ms_) * statements
                                : Clock::time_point::max();
}

void Connection::lose(std::string_view why) {
  broken_ = true;
  throw Error(ErrorCode::kConnectionLost, why);
}

short Connection::wait(short events, Clock::time_point until) {
  pollfd descriptor = {PQsocket(handle_.get()), events, 0};
  if (descriptor.fd < 0) lose("the connection is closed");
  while (true) {
    int timeout_ms = -1;
    if (until != Clock::time_point::max()) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
      timeout_ms = static_cast<int>(std::clamp<int64_t>(left, 0, std::numeric_limits<int>::max()));
    }
    const int ready = poll(&descriptor, 1, timeout_ms);
    if (ready > 0) return descriptor.revents;
    if (ready == 0 && timeout_ms == 0) lose("the server did not answer in time");
    if (ready < 0 && errno != EINTR) lose("poll failed");
  }
}

void Connection::flush(Clock::time_point until) {
  while (true) {
    const int state = PQflush(handle_.get());
    if (state == 0) return;
    if (state < 0) lose(first_line(PQerrorMessage(handle_.get())));
    // The server may be unable to read before we have read what it says.
    if ((wait(POLLIN | POLLOUT, until) & POLLIN) != 0 && PQconsumeInput(handle_.get()) == 0) {
      lose(first_line(PQerrorMessage(handle_.get())));
    }
  }
}

Result Connection::next_result(Clock::time_point until) {
  // A failed PQconsumeInput is no reason to leave: what the server said before it went is still to be read.
  while (PQisBusy(handle_.get()) != 0) {
    wait(POLLIN, until);
    if (PQconsumeInput(handle_.get()) == 0 && PQisBusy(handle_.get()) != 0 &&
        PQstatus(handle_.get()) == CONNECTION_BAD) {
      break;
    }
  }
  return Result(PQgetResult(handle_.get()));
}

Result Connection::collect(Keep keep, int64_t statements) {
  const Clock::time_point until = deadline(statements);
  clean_ = false;
  flush(until);
  Result kept, error;
  while (Result result = next_result(until)) {
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT) return result;
    if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE) {
      if (error == nullptr) error = std::move(result);
    } else if (kept == nullptr || keep == Keep::kLast) {
      kept = std::move(result);
    }
    if (PQstatus(handle_.get()) == CONNECTION_BAD) break;
  }
  if (PQstatus(handle_.get()) == CONNECTION_BAD) broken_ = true;
  if (keep == Keep::kFirst && kept != nullptr && (error != nullptr || broken_)) {
    broken_ = true;  // what came after is for nobody but this connection
    return kept;
  }
  if (error != nullptr) fail(error);
  if (broken_) lose(first_line(PQerrorMessage(handle_.get())));
  if (kept == nullptr) lose("no result");
  return kept;
}

void Connection::fail(const Result& result) {
  Error error = error_of(result.get());
  if (error.code() == ErrorCode::kConnectionLost) broken_ = true;
  throw error;
}

Result Connection::script(const std::string& sql) {
  if (PQsendQuery(handle_.get(), sql.c_str()) == 0) lose(first_line(PQerrorMessage(handle_.get())));
  // The server gives each statement its time, and may answer all of them together at the end.
  return collect(Keep::kLast, 1 + std::count(sql.begin(), sql.end(), ';'));
}

Result Connection::commit(bool* sent) {
  *sent = false;
  if (broken_) lose("the connection broke before COMMIT");
  const std::string sql = "commit; " + reset_sql();
  if (PQsendQuery(handle_.get(), sql.c_str()) == 0) lose(first_line(PQerrorMessage(handle_.get())));
  *sent = true;
  Result result = collect(Keep::kFirst);
  clean_ = !broken_;
  return result;
}

void Connection::prepare(StatementCache::Entry* entry, std::string_view sql, std::span<const unsigned> types) {
  if (PQsendPrepare(handle_.get(), entry->name.c_str(), std::string(sql).c_str(), static_cast<int>(types.size()),
                    types.data()) == 0) {
    lose(first_line(PQerrorMessage(handle_.get())));
  }
  collect();
  entry->prepared = true;
}

Result Connection::execute(std::string_view sql, std::span<const Param> params) {
  if (broken_) lose("the connection is broken");
  const BoundParams bound(params);
  StatementCache::Entry& entry = statements_.use(sql, bound.types(), bound.count());
  if (!entry.prepared && entry.uses >= kPrepareAtUse) {
    prepare(&entry, sql, {bound.types(), static_cast<size_t>(bound.count())});
  }
  const int sent = entry.prepared
                       ? PQsendQueryPrepared(handle_.get(), entry.name.c_str(), bound.count(), bound.values(),
                                             bound.lengths(), bound.formats(), kBinaryResults)
                       : PQsendQueryParams(handle_.get(), std::string(sql).c_str(), bound.count(), bound.types(),
                                           bound.values(), bound.lengths(), bound.formats(), kBinaryResults);
  if (sent == 0) lose(first_line(PQerrorMessage(handle_.get())));
  try {
    return collect();
  } catch (const Error& error) {
    // "cached plan must not change result type": the table has changed since.
    if (!entry.prepared || error.sqlstate() != "0A000") throw;
    statements_.forget(std::string(entry.key));
    throw Error(ErrorCode::kStalePlan, {}, error.sqlstate());
  }
}

void Connection::copy_begin(const std::string& sql, bool in) {
  if (broken_) lose("the connection is broken");
  if (PQsendQuery(handle_.get(), sql.c_str()) == 0) lose(first_line(PQerrorMessage(handle_.get())));
  const Result result = collect();
  const ExecStatusType wanted = in ? PGRES_COPY_IN : PGRES_COPY_OUT;
  if (PQresultStatus(result.get()) != wanted) {
    if (PQresultStatus(result.get()) != PGRES_COMMAND_OK && PQresultStatus(result.get()) != PGRES_TUPLES_OK) {
      broken_ = true;  // the other direction: there is no way out of it that is worth having
    }
    throw Error(ErrorCode::kUnexpectedValue, "not a COPY of this direction");
  }
  copy_ = in ? CopyState::kIn : CopyState::kOut;
}

void Connection::copy_put(std::string_view bytes) {
  if (broken_) lose("the connection is broken");
  // 0 says that libpq could not queue it now.
  while (true) {
    const int state = PQputCopyData(handle_.get(), bytes.data(), static_cast<int>(bytes.size()));
    if (state < 0) lose(first_line(PQerrorMessage(handle_.get())));
    flush(deadline());
    if (state > 0) return;
  }
}

int64_t Connection::copy_finish() {
  if (broken_) lose("the connection is broken");
  while (true) {
    const int state = PQputCopyEnd(handle_.get(), nullptr);
    if (state < 0) lose(first_line(PQerrorMessage(handle_.get())));
    if (state > 0) break;
    flush(deadline());
  }
  copy_ = CopyState::kNone;
  const Result result = collect();
  return std::strtoll(PQcmdTuples(result.get()), nullptr, 10);
}

void Connection::copy_cancel() noexcept {
  const CopyState state = std::exchange(copy_, CopyState::kNone);
  if (broken_ || state == CopyState::kNone) return;
  if (state == CopyState::kOut) {
    // There is no telling the server to stop but by another connection, which it may be slow to take.
    broken_ = true;
    return;
  }
  try {
    while (PQputCopyEnd(handle_.get(), "given up") == 0) flush(deadline());
    collect();
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): the server's own "COPY failed", or a broken
  }                                  // connection, which is marked
}

std::optional<std::string_view> Connection::copy_get() {
  if (broken_) lose("the connection is broken");
  const Clock::time_point until = deadline();
  while (true) {
    char* bytes = nullptr;
    const int size = PQgetCopyData(handle_.get(), &bytes, 1);
    message_.reset(bytes);
    if (size > 0) return std::string_view(bytes, static_cast<size_t>(size));
    if (size == -1) break;
    if (size < -1) lose(first_line(PQerrorMessage(handle_.get())));
    wait(POLLIN, until);
    if (PQconsumeInput(handle_.get()) == 0) lose(first_line(PQerrorMessage(handle_.get())));
  }
  copy_ = CopyState::kNone;
  collect();
  return std::nullopt;
}

bool Connection::in_transaction() const {
  const PGTransactionStatusType status = PQtransactionStatus(handle_.get());
  return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

std::string Connection::reset_sql() {
  std::string sql(kResetSql);
  for (const std::string& name : statements_.take_evicted()) sql.append("; deallocate ").append(name);
  return sql;
}

bool Connection::reset() noexcept {
  try {
    copy_cancel();
    if (broken_) return false;
    if (!clean_) script((in_transaction() ? "rollback; " : "") + reset_sql());
    clean_ = true;
    return !broken_ && PQtransactionStatus(handle_.get()) == PQTRANS_IDLE;
  } catch (const std::exception&) {
    return false;
  }
}

bool Connection::closed_by_server() noexcept {
  pollfd descriptor = {PQsocket(handle_.get()), POLLIN, 0};
  if (broken_ || descriptor.fd < 0) return true;
  if (poll(&descriptor, 1, 0) <= 0) return false;
  // Readable while idle: a notice, a notification, or the end.
  broken_ = PQconsumeInput(handle_.get()) == 0 || PQstatus(handle_.get()) == CONNECTION_BAD;
  if (!broken_) {
    // A server that is going says so, and then closes.
    broken_ = poll(&descriptor, 1, 0) > 0;
  }
  return broken_;
}

}  // namespace kaogong::postgres
