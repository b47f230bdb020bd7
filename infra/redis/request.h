// The commands that we use, each with the type of its answer. Keys, values and members may have any bytes.
//
// A Request is made here and handed to Client::call (which waits), Client::start (which calls back), or redis::call of
// asio.h (which a coroutine awaits). Whatever is written has a time to live: what is in Redis may vanish at any moment,
// and must vanish some day.
#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "infra/redis/reply.h"
#include "infra/redis/result.h"
#include "infra/redis/script.h"

namespace kaogong::redis {

/// A command in Redis' own protocol.
class Command {
 public:
  Command(std::initializer_list<std::string_view> arguments) : Command(std::span(arguments)) {}
  explicit Command(std::span<const std::string_view> arguments);
  const std::string& bytes() const { return bytes_; }
  std::string take() && { return std::move(bytes_); }

 private:
  void append(std::string_view argument);
  std::string bytes_;
};

/// A command and how its reply is read.
template <class T>
struct Request {
  Command command;
  Result<T> (*read)(Reply&& reply);
  std::optional<Command> unless_known{};  // sent instead if Redis does not know the script (NOSCRIPT)
  int64_t timeout_ms = 0;                 // 0: Options::command_timeout_ms

  /// The same with a deadline of its own.
  Request within_ms(int64_t milliseconds) && {
    timeout_ms = milliseconds;
    return std::move(*this);
  }
};

/// That it was done is all there is to say.
struct Done {
  friend bool operator==(Done, Done) = default;
};

using Bytes = std::optional<std::string>;  // nothing: there is no such key
using Milliseconds = std::chrono::milliseconds;

Request<Done> ping();
Request<Bytes> get(std::string_view key);
/// Preconditions of every time to live: above 0.
Request<Done> set(std::string_view key, std::string_view value, Milliseconds time_to_live);
/// Sets the key only if it is not there; whether it was set.
Request<bool> set_if_absent(std::string_view key, std::string_view value, Milliseconds time_to_live);
/// How many of the keys were there. Precondition: at least one key.
Request<int64_t> del(const std::vector<std::string_view>& keys);
/// The values in the order of the keys. Precondition: at least one key.
Request<std::vector<Bytes>> mget(const std::vector<std::string_view>& keys);
/// Sets when a key vanishes; false: it is not there.
Request<bool> expire(std::string_view key, Milliseconds time_to_live);

/// Adds to a counter, which begins at 0, and gives what it is then. A new counter gets the time to live, in the same
/// step; an old one keeps its own.
Request<int64_t> increment(std::string_view key, int64_t by, Milliseconds time_to_live);

/// Sets fields of a hash; how many are new. The hash then has the time to live. Precondition: at least one field.
Request<int64_t> hset(std::string_view key, const std::vector<std::pair<std::string_view, std::string_view>>& fields,
                      Milliseconds time_to_live);
Request<Bytes> hget(std::string_view key, std::string_view field);
Request<std::map<std::string, std::string>> hgetall(std::string_view key);

/// A member of a sorted set. Scores are whole numbers (of fen, of points times a scale) of at most ±kScoreMax.
struct Scored {
  std::string member;
  int64_t score = 0;
  friend bool operator==(const Scored&, const Scored&) = default;
};
/// Adds members or sets their scores; how many are new. The set then has the time to live. Preconditions: at least one
/// member; scores within ±kScoreMax.
Request<int64_t> zadd(std::string_view key, const std::vector<Scored>& members, Milliseconds time_to_live);
/// The members at places `first` to `last` (from 0, both included), highest score first, same scores in the reversed
/// order of their bytes.
Request<std::vector<Scored>> ztop(std::string_view key, int64_t first, int64_t last);
/// The place of a member, from 0, highest score first.
Request<std::optional<int64_t>> zrank(std::string_view key, std::string_view member);
/// Gives a key another name, over whatever had it: a leaderboard is built under a name of its own, then put in place.
/// Error kReplied: there is no such key.
Request<Done> rename(std::string_view from, std::string_view to);

/// How many connections heard it.
Request<int64_t> publish(std::string_view channel, std::string_view message);

/// Runs a script by its hash, or by its text if Redis does not know it (any more): then behind the commands that were
/// handed over meanwhile. Only the keys that are named may be
/// touched by it.
Request<Reply> evaluate(const Script& script, const std::vector<std::string_view>& keys,
                        const std::vector<std::string_view>& arguments);
/// Any command. Not for those that change what the connection is (SUBSCRIBE, SELECT, MULTI, MONITOR, CLIENT REPLY, …).
Request<Reply> raw(Command command);

}  // namespace kaogong::redis
