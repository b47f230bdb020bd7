// What a pool and its open transactions share. Internal to this room.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "infra/postgres/connection.h"
#include "infra/postgres/permits.h"
#include "infra/postgres/pool.h"

namespace kaogong::postgres {

class Pool::State {
 public:
  /// A connection with what is known of its past.
  struct Member {
    std::unique_ptr<Connection> connection;
    Connection::Clock::time_point opened_at, idle_since;
    int64_t transactions = 0;
    std::string last_role;  // its catalog cache and prepared statements are this one's
    bool fresh = true;      // opened for this very transaction
  };

  explicit State(PoolOptions options);

  /// A connection on which `begin_sql` has begun a transaction; prefers one that served `role` last.
  Member begin(const std::string& role, const std::string& begin_sql);
  /// Takes a connection back: ends its transaction, cleans it, and keeps or closes it.
  void end(Member member) noexcept;
  void close();
  PoolStatus status() const;
  void count_unknown_commit();
  const PoolOptions& options() const { return options_; }

 private:
  void take_out_worn(std::vector<Member>* worn, Connection::Clock::time_point now);
  bool is_worn(const Member& member, Connection::Clock::time_point now) const;
  Member take_or_open(const std::string& role);

  const PoolOptions options_;
  Permits permits_;
  mutable std::mutex mutex_;
  std::vector<Member> idle_;  // the longest idle first
  PoolStatus counts_;
  bool closed_ = false;
};

}  // namespace kaogong::postgres
