// Calls that may come several times and are done once.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "infra/clock/clock.h"
#include "infra/crypto/hash.h"
#include "infra/postgres/transaction.h"

namespace kaogong::tenants::idempotency {

/// A call by its key.
struct CallKey {
  crypto::Digest id{};       // over the caller and the key
  crypto::Digest request{};  // over what is asked
};

enum class Outcome : uint8_t {
  kClaimed,   // the caller is to do it, then keep() or release()
  kAnswered,  // it was done
  kInFlight,  // somebody is doing it
  kReused,    // the key belongs to another call
};

struct Begun {
  Outcome outcome = Outcome::kInFlight;
  std::string answer;  // of kAnswered, as it was kept
};

struct Terms {
  std::chrono::seconds lease{60};        // so long it may take before whoever does it is taken for dead
  std::chrono::seconds kept{24 * 3600};  // so long the answer is known
};

/// `table`: as it stands in SQL, `"kg_acme"."idempotency"`. All functions here write in the transaction that they get.

/// Claims the call, in a transaction of its own, so that others see it. A claim whose lease has run out is taken over,
/// by the same call only. `epoch`: a number that no other claim has, by which keep() and release() know it.
Begun begin(postgres::Transaction& sql, const std::string& table, const CallKey& key, int64_t epoch, clock::Instant now,
            const Terms& terms);
/// Keeps the answer: best in the very transaction that does what was asked, last. False: somebody has taken the call
/// over, and this transaction must not be committed.
bool keep(postgres::Transaction& sql, const std::string& table, const CallKey& key, int64_t epoch,
          std::string_view answer);
/// Gives the claim back: nothing was done, and the same call may come again.
void release(postgres::Transaction& sql, const std::string& table, const CallKey& key, int64_t epoch);

/// The answer that was kept; nothing: none.
std::optional<std::string> find(postgres::Transaction& sql, const std::string& table, const CallKey& key);

/// The table of the control schema, for calls of operators.
inline constexpr const char* kControlTable = "kaogong.idempotency";
/// Expired ones that one call cleans away, now and then.
inline constexpr int64_t kCleanedMax = 1'000;

}  // namespace kaogong::tenants::idempotency
