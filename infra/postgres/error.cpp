#include "infra/postgres/error.h"

#include <algorithm>
#include <array>
#include <utility>

namespace kaogong::postgres {

namespace {

constexpr std::array<std::string_view, 26> kNames = {"pool_timeout",
                                                     "pool_closed",
                                                     "connection_failed",
                                                     "connection_lost",
                                                     "shutting_down",
                                                     "too_many_connections",
                                                     "serialization",
                                                     "deadlock",
                                                     "stale_plan",
                                                     "statement_timeout",
                                                     "lock_timeout",
                                                     "unique_violation",
                                                     "foreign_key_violation",
                                                     "not_null_violation",
                                                     "check_violation",
                                                     "other_violation",
                                                     "invalid_data",
                                                     "permission_denied",
                                                     "undefined",
                                                     "read_only",
                                                     "disk_full",
                                                     "resource_limit",
                                                     "aborted",
                                                     "raised",
                                                     "unexpected_value",
                                                     "other"};
static_assert(kNames.size() == static_cast<size_t>(ErrorCode::kOther) + 1);

constexpr std::array<std::pair<std::string_view, ErrorCode>, 24> kStates = {{
    {"23502", ErrorCode::kNotNullViolation}, {"23503", ErrorCode::kForeignKeyViolation},
    {"23505", ErrorCode::kUniqueViolation},  {"23514", ErrorCode::kCheckViolation},
    {"25006", ErrorCode::kReadOnly},         {"25P02", ErrorCode::kAborted},
    {"25P03", ErrorCode::kConnectionLost},   {"3D000", ErrorCode::kUndefined},
    {"3F000", ErrorCode::kUndefined},        {"40001", ErrorCode::kSerialization},
    {"40P01", ErrorCode::kDeadlock},         {"42501", ErrorCode::kPermissionDenied},
    {"42703", ErrorCode::kUndefined},        {"42704", ErrorCode::kUndefined},
    {"42883", ErrorCode::kUndefined},        {"42P01", ErrorCode::kUndefined},
    {"53100", ErrorCode::kDiskFull},         {"53300", ErrorCode::kTooManyConnections},
    {"55P03", ErrorCode::kLockTimeout},      {"57014", ErrorCode::kStatementTimeout},
    {"57P01", ErrorCode::kShuttingDown},     {"57P02", ErrorCode::kShuttingDown},
    {"57P03", ErrorCode::kShuttingDown},     {"57P05", ErrorCode::kConnectionLost},
}};

constexpr std::array<std::pair<std::string_view, ErrorCode>, 7> kClasses = {{
    {"08", ErrorCode::kConnectionLost},
    {"22", ErrorCode::kInvalidData},
    {"23", ErrorCode::kOtherViolation},
    {"28", ErrorCode::kPermissionDenied},
    {"53", ErrorCode::kResourceLimit},
    {"54", ErrorCode::kResourceLimit},
    {"P0", ErrorCode::kRaised},
}};

// Classes of PostgreSQL and the SQL standard; whatever else arrives was named by a function or trigger of the caller's.
constexpr std::array<std::string_view, 27> kOwnClasses = {"01", "02", "03", "09", "0A", "0B", "0L", "0P", "20",
                                                          "21", "24", "25", "26", "27", "2B", "2D", "2F", "34",
                                                          "38", "39", "3B", "40", "42", "44", "55", "57", "XX"};

std::string sentence(ErrorCode code, std::string_view detail, std::string_view sqlstate, std::string_view constraint) {
  std::string text = "postgres: ";
  text += to_text(code);
  if (!sqlstate.empty()) text.append(" (").append(sqlstate).append(")");
  if (!constraint.empty()) text.append(" by ").append(constraint);
  if (!detail.empty()) text.append(": ").append(detail);
  return text;
}

}  // namespace

std::string_view to_text(ErrorCode code) { return kNames[static_cast<size_t>(code)]; }

ErrorCode code_of_sqlstate(std::string_view sqlstate) {
  if (sqlstate.empty()) return ErrorCode::kConnectionLost;
  for (const auto& [state, code] : kStates) {
    if (state == sqlstate) return code;
  }
  const std::string_view kind = sqlstate.substr(0, 2);
  for (const auto& [name, code] : kClasses) {
    if (name == kind) return code;
  }
  const bool own = std::find(kOwnClasses.begin(), kOwnClasses.end(), kind) != kOwnClasses.end();
  return own || kind == "58" ? ErrorCode::kOther : ErrorCode::kRaised;
}

Error::Error(ErrorCode code, std::string_view detail, std::string_view sqlstate, std::string_view constraint)
    : std::runtime_error(sentence(code, detail, sqlstate, constraint)), code_(code) {
  if (sqlstate.size() == 5) std::copy(sqlstate.begin(), sqlstate.end(), sqlstate_);
  if (!constraint.empty()) constraint_ = std::make_shared<const std::string>(constraint);
}

bool Error::retry_at_once() const noexcept {
  return code_ == ErrorCode::kSerialization || code_ == ErrorCode::kDeadlock || code_ == ErrorCode::kStalePlan;
}

bool Error::retry_later() const noexcept {
  switch (code_) {
    case ErrorCode::kPoolTimeout:
    case ErrorCode::kConnectionFailed:
    case ErrorCode::kConnectionLost:
    case ErrorCode::kShuttingDown:
    case ErrorCode::kTooManyConnections:
    case ErrorCode::kStatementTimeout:
    case ErrorCode::kLockTimeout:
    case ErrorCode::kDiskFull:
    case ErrorCode::kResourceLimit:
      return true;
    default:
      return retry_at_once();
  }
}

}  // namespace kaogong::postgres
