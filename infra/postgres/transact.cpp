#include "infra/postgres/transact.h"

namespace kaogong::postgres {

namespace {

CommitResult attempt(const std::function<Transaction()>& begin, const std::function<void(Transaction&)>& body) {
  try {
    Transaction transaction = begin();
    body(transaction);
    if (!transaction.open()) return {CommitState::kRolledBack, Error(ErrorCode::kAborted, "rolled back on purpose")};
    return transaction.commit();
  } catch (const Error& error) {
    return {CommitState::kRolledBack, error};
  }
}

CommitResult repeat(const std::function<Transaction()>& begin, const std::function<void(Transaction&)>& body) {
  CommitResult result = attempt(begin, body);
  for (int i = 1; i < kAttemptsMax; ++i) {
    if (result.state != CommitState::kRolledBack || !result.error->retry_at_once()) break;
    result = attempt(begin, body);
  }
  return result;
}

}  // namespace

CommitResult transact(Pool& pool, const Role& role, const TransactionOptions& options,
                      const std::function<void(Transaction&)>& body) {
  return repeat([&] { return Transaction(pool, role, options); }, body);
}

CommitResult transact_as_login_role(Pool& pool, const TransactionOptions& options,
                                    const std::function<void(Transaction&)>& body) {
  return repeat([&] { return Transaction::as_login_role(pool, options); }, body);
}

}  // namespace kaogong::postgres
