// Statements that PostgreSQL refuses inside a transaction.
#pragma once

#include <cstdint>
#include <string>

namespace kaogong::postgres {

/// Runs one statement outside of any transaction, on a connection of its own, with the rights of the login role: CREATE
/// DATABASE, VACUUM, ALTER SYSTEM. The text must be ours from end to end. Errors: as of a transaction's; 0 for
/// `timeout_ms` waits for ever.
void run_alone(const std::string& conninfo, const std::string& sql, int64_t timeout_ms = 60'000);

}  // namespace kaogong::postgres
