// Callers that were found out a moment ago: so that not every call asks the database.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "gateway/api/call.h"
#include "infra/clock/clock.h"
#include "infra/crypto/hash.h"

namespace kaogong::api {

/// Keeps callers by the hash of what they showed, never the key or token itself. Thread-safe.
class KnownCallers {
 public:
  struct Known {
    Caller caller;
    std::optional<tenants::Tenant> tenant;  // of operators: nothing
    std::optional<clock::Instant> expires_at;
  };
  static constexpr size_t kKeptMax = 100'000;
  /// So long somebody who was known is not taken for one who guesses.
  static constexpr std::chrono::minutes kRemembered{10};

  /// `fresh`: so long a caller is believed without asking again; what is revoked elsewhere works on so long.
  KnownCallers(const clock::Clock& clock, std::chrono::milliseconds fresh) : clock_(clock), fresh_(fresh) {}

  /// Who showed it, if that was found out a moment ago; null: ask the database, and keep() what it says.
  std::shared_ptr<const Known> find(const crypto::Digest& shown);
  /// The same for those who go on at once. When half of the time is over, one call is sent to ask the database again
  /// (null here, and null at its find()), while all others go on.
  std::shared_ptr<const Known> find_at_once(const crypto::Digest& shown);
  /// Whether it was good within kRemembered.
  bool was_known(const crypto::Digest& shown);
  /// `doubts`: of before the database was asked; what it said may be out of date if there were more since.
  void keep(const crypto::Digest& shown, Known known, uint64_t doubts);
  /// How often all were doubted.
  uint64_t doubts() const { return doubts_.load(); }
  /// All are to be asked again: a key was revoked, a tenant suspended. What was good stays remembered.
  void doubt_all();
  /// What showed to be good no longer.
  void forget(const crypto::Digest& shown);

 private:
  enum class Renewal : uint8_t { kNone, kDue, kRuns };
  struct Entry {
    std::shared_ptr<const Known> known;
    clock::Tick at;
    bool fresh = true;
    Renewal renewal = Renewal::kNone;
    std::list<crypto::Digest>::iterator place;
  };
  const clock::Clock& clock_;
  const std::chrono::milliseconds fresh_;
  Entry* believed(const crypto::Digest& shown, clock::Tick now);

  std::atomic<uint64_t> doubts_{0};
  std::mutex mutex_;
  std::map<crypto::Digest, Entry> entries_;
  std::list<crypto::Digest> by_age_;  // the newest in front
};

}  // namespace kaogong::api
