#include "infra/postgres/transaction.h"

#include <cstring>

#include "infra/postgres/transaction_impl.h"

namespace kaogong::postgres {

namespace {

std::string begin_sql(const Role* role, const TransactionOptions& options, int64_t statement_timeout_ms,
                      int64_t idle_timeout_ms) {
  std::string sql = "begin isolation level ";
  switch (options.isolation) {
    case Isolation::kReadCommitted:
      sql += "read committed";
      break;
    case Isolation::kRepeatableRead:
      sql += "repeatable read";
      break;
    case Isolation::kSerializable:
      sql += "serializable";
      break;
  }
  sql += options.read_only ? " read only" : " read write";
  if (role != nullptr) sql += "; set local role " + role->quoted();
  sql += "; set local search_path = ''; set local statement_timeout = " + std::to_string(statement_timeout_ms);
  sql += "; set local idle_in_transaction_session_timeout = " + std::to_string(idle_timeout_ms);
  if (options.lock_timeout_ms > 0) sql += "; set local lock_timeout = " + std::to_string(options.lock_timeout_ms);
  return sql;
}

}  // namespace

Transaction::Impl::Impl(std::shared_ptr<Pool::State> state, const Role* role, const TransactionOptions& options)
    : pool(std::move(state)) {
  const int64_t timeout_ms = options.statement_timeout_ms.value_or(pool->options().statement_timeout_ms);
  const int64_t idle_timeout_ms = options.idle_timeout_ms.value_or(pool->options().idle_in_transaction_timeout_ms);
  member = pool->begin(role == nullptr ? std::string() : role->text(),
                       begin_sql(role, options, timeout_ms, idle_timeout_ms));
  member.connection->set_answer_timeout_ms(timeout_ms > 0 ? timeout_ms + pool->options().answer_grace_ms : 0);
}

Connection& Transaction::Impl::ready() {
  if (!open) throw Error(ErrorCode::kUnexpectedValue, "the transaction is over");
  if (copying) throw Error(ErrorCode::kUnexpectedValue, "a COPY of the transaction is not finished");
  return *member.connection;
}

Transaction::Transaction(Pool& pool, const Role& role, const TransactionOptions& options)
    : impl_(std::make_unique<Impl>(pool.state_, &role, options)) {}
Transaction::Transaction(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Transaction::Transaction(Transaction&&) noexcept = default;
Transaction::~Transaction() = default;

Transaction Transaction::as_login_role(Pool& pool, const TransactionOptions& options) {
  return Transaction(std::make_unique<Impl>(pool.state_, nullptr, options));
}

Rows Transaction::query(std::string_view sql, std::span<const Param> params) {
  Connection& connection = impl_->ready();
  return impl_->guarded([&] {
    auto driver = std::make_unique<Rows::Driver>();
    driver->result = connection.execute(sql, params);
    return Rows(std::move(driver));
  });
}

int64_t Transaction::execute(std::string_view sql, std::span<const Param> params) {
  return query(sql, params).affected();
}

void Transaction::execute_script(const std::string& sql) {
  Connection& connection = impl_->ready();
  impl_->guarded([&] {
    connection.script(sql);
    if (!connection.in_transaction()) throw Error(ErrorCode::kUnexpectedValue, "the script ended the transaction");
  });
}

CommitResult Transaction::commit() {
  if (!impl_->open) {
    return {CommitState::kRolledBack, Error(ErrorCode::kUnexpectedValue, "the transaction is over")};
  }
  if (impl_->copying) {
    impl_->end();
    return {CommitState::kRolledBack, Error(ErrorCode::kUnexpectedValue, "a COPY of the transaction is not finished")};
  }
  CommitResult result;
  bool sent = false;
  try {
    const Result answer = impl_->member.connection->commit(&sent);
    // COMMIT of a failed transaction succeeds as a ROLLBACK.
    if (std::strcmp(PQcmdStatus(answer.get()), "COMMIT") != 0) {
      result = {CommitState::kRolledBack, impl_->first_error.value_or(Error(ErrorCode::kAborted))};
    }
  } catch (const Error& error) {
    // The server's refusal is a refusal only if it lives on to wait for the next statement: a server that goes down
    // may have written the commit before it said so.
    const bool unknown = sent && impl_->member.connection->broken();
    result = {unknown ? CommitState::kUnknown : CommitState::kRolledBack,
              sent ? error : impl_->first_error.value_or(error)};
    if (unknown) impl_->pool->count_unknown_commit();
  }
  impl_->end();
  return result;
}

void Transaction::rollback() noexcept { impl_->end(); }
bool Transaction::open() const { return impl_ != nullptr && impl_->open; }
int Transaction::backend_pid() const { return impl_->ready().backend_pid(); }

Savepoint::Savepoint(Transaction& transaction) : transaction_(transaction) {
  // PostgreSQL lets inner savepoints hide outer ones of the same name.
  transaction_.execute_script("savepoint s");
}

Savepoint::~Savepoint() {
  if (!open_ || !transaction_.open()) return;
  try {
    transaction_.execute_script("rollback to savepoint s; release savepoint s");
    transaction_.impl_->first_error.reset();
  } catch (const Error&) {  // NOLINT(bugprone-empty-catch): the transaction is lost, and says so at its commit
  }
}

void Savepoint::keep() {
  transaction_.execute_script("release savepoint s");
  open_ = false;
}

}  // namespace kaogong::postgres
