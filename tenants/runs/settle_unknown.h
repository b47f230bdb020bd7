// Transactions whose COMMIT may or may not have happened.
#pragma once

#include <chrono>
#include <thread>

#include "tenants/registry/result.h"

namespace kaogong::runs {

inline constexpr int kSettleAttemptsMax = 50;
inline constexpr std::chrono::milliseconds kSettlePause{100};

/// Calls `attempt`, which begins by reading whether it is done already; again while the outcome of a COMMIT is not
/// known, or, after that, while the database is away. The last answer is kUnknown only if it stays away.
template <class Attempt>
auto settle_unknown(const Attempt& attempt) -> decltype(attempt()) {
  auto answer = attempt();
  bool unknown = false;
  for (int i = 0; i < kSettleAttemptsMax && !answer.ok(); ++i) {
    const auto code = answer.failure().code;
    unknown = unknown || code == tenants::FailureCode::kUnknown;
    if (!unknown || (code != tenants::FailureCode::kUnknown && code != tenants::FailureCode::kUnavailable))
      return answer;
    std::this_thread::sleep_for(kSettlePause);
    answer = attempt();
  }
  if (!answer.ok() && unknown && answer.failure().code == tenants::FailureCode::kUnavailable)
    return tenants::Failure{tenants::FailureCode::kUnknown, answer.failure().message};
  return answer;
}

}  // namespace kaogong::runs
