// A transaction as a value: what services call.
#pragma once

#include <functional>

#include "infra/postgres/transaction.h"

namespace kaogong::postgres {

/// How often a transaction is run again at once after a serialization failure, a deadlock, or a stale plan.
inline constexpr int kAttemptsMax = 5;

/// Runs `body` in a transaction as `role` and commits. The result says what happened; no Error comes out. If the body
/// calls rollback() itself, the result is kRolledBack with code kAborted. A failure that Error::retry_at_once() names
/// starts the body again, in a new transaction, kAttemptsMax times in all: so the body must be a function of what it
/// reads there, and put its results where a second run replaces them. kUnknown is never repeated. What is not an Error
/// and thrown by the body rolls back and goes through.
CommitResult transact(Pool& pool, const Role& role, const TransactionOptions& options,
                      const std::function<void(Transaction&)>& body);
/// The same with the rights of the login role: see Transaction::as_login_role().
CommitResult transact_as_login_role(Pool& pool, const TransactionOptions& options,
                                    const std::function<void(Transaction&)>& body);

}  // namespace kaogong::postgres
