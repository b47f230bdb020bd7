// Claims that could not be given back.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "infra/crypto/hash.h"

namespace kaogong::api {

/// Calls that ended here without an answer that was kept while the database was away: nobody works on them any more,
/// though their claims stand until their leases run out. Who repeats one here need not wait for that. Thread-safe.
class AbandonedClaims {
 public:
  static constexpr size_t kKeptMax = 10'000;  // the oldest are forgotten, and wait for their leases

  void add(const std::string& table, const crypto::Digest& id, int64_t epoch);
  /// Its epoch, for one caller only: who cannot give it back then adds it again.
  std::optional<int64_t> take(const std::string& table, const crypto::Digest& id);

 private:
  using Key = std::pair<std::string, crypto::Digest>;
  std::mutex mutex_;
  std::map<Key, int64_t> epochs_;
  std::deque<Key> by_age_;  // some were taken since
};

}  // namespace kaogong::api
