#include "infra/redis/request.h"

#include <charconv>
#include <cstdlib>

#include "infra/redis/limits.h"

namespace kaogong::redis {
namespace {

constexpr size_t kHeadBytes = 12;  // of an argument, with its two line ends; more only where it is large itself

void append_head(std::string* out, char kind, size_t size) {
  *out += kind;
  *out += std::to_string(size);
  *out += "\r\n";
}

// An error that Redis replied with, or the wrong type.
Error error_of(const Reply& reply) {
  if (reply.kind == Reply::Kind::kError) return {ErrorCode::kReplied, reply.text.substr(0, kErrorBytesMax)};
  return {ErrorCode::kUnexpected, {}};
}

Result<Done> read_done(Reply&& reply) {
  if (reply.kind != Reply::Kind::kStatus) return error_of(reply);
  return Done{};
}

Result<int64_t> read_integer(Reply&& reply) {
  if (reply.kind != Reply::Kind::kInteger) return error_of(reply);
  return reply.integer;
}

Result<bool> read_whether(Reply&& reply) {
  if (reply.kind != Reply::Kind::kInteger) return error_of(reply);
  return reply.integer != 0;
}

// SET NX says nothing when it did nothing.
Result<bool> read_set(Reply&& reply) {
  if (reply.kind == Reply::Kind::kNil) return false;
  if (reply.kind != Reply::Kind::kStatus) return error_of(reply);
  return true;
}

Result<Bytes> read_bytes(Reply&& reply) {
  if (reply.kind == Reply::Kind::kNil) return Bytes{};
  if (reply.kind != Reply::Kind::kString) return error_of(reply);
  return Bytes{std::move(reply.text)};
}

Result<std::vector<Bytes>> read_all_bytes(Reply&& reply) {
  if (reply.kind != Reply::Kind::kArray) return error_of(reply);
  std::vector<Bytes> all;
  all.reserve(reply.elements.size());
  for (Reply& element : reply.elements) {
    auto bytes = read_bytes(std::move(element));
    if (!bytes) return bytes.error();
    all.push_back(std::move(bytes.value()));
  }
  return all;
}

// The texts of an array in which two by two belong together.
Result<std::vector<std::pair<std::string, std::string>>> read_pairs(Reply&& reply) {
  if (reply.kind != Reply::Kind::kArray) return error_of(reply);
  if (reply.elements.size() % 2 != 0) return Error{ErrorCode::kUnexpected, {}};
  std::vector<std::pair<std::string, std::string>> pairs;
  pairs.reserve(reply.elements.size() / 2);
  for (size_t i = 0; i < reply.elements.size(); i += 2) {
    Reply &first = reply.elements[i], &second = reply.elements[i + 1];
    if (first.kind != Reply::Kind::kString || second.kind != Reply::Kind::kString)
      return Error{ErrorCode::kUnexpected, {}};
    pairs.emplace_back(std::move(first.text), std::move(second.text));
  }
  return pairs;
}

Result<std::map<std::string, std::string>> read_map(Reply&& reply) {
  auto pairs = read_pairs(std::move(reply));
  if (!pairs) return pairs.error();
  return std::map<std::string, std::string>(std::make_move_iterator(pairs.value().begin()),
                                            std::make_move_iterator(pairs.value().end()));
}

Result<std::vector<Scored>> read_scored(Reply&& reply) {
  auto pairs = read_pairs(std::move(reply));
  if (!pairs) return pairs.error();
  std::vector<Scored> all;
  all.reserve(pairs.value().size());
  for (auto& [member, score] : pairs.value()) {
    Scored scored{std::move(member), 0};
    const auto [end, error] = std::from_chars(score.data(), score.data() + score.size(), scored.score);
    // A score with decimals is not ours.
    if (error != std::errc{} || end != score.data() + score.size()) return Error{ErrorCode::kUnexpected, {}};
    all.push_back(std::move(scored));
  }
  return all;
}

Result<std::optional<int64_t>> read_rank(Reply&& reply) {
  if (reply.kind == Reply::Kind::kNil) return std::optional<int64_t>{};
  if (reply.kind != Reply::Kind::kInteger) return error_of(reply);
  return std::optional<int64_t>{reply.integer};
}

Result<Reply> read_raw(Reply&& reply) {
  if (reply.kind == Reply::Kind::kError) return error_of(reply);
  return std::move(reply);
}

std::string text_of(Milliseconds time_to_live) {
  if (time_to_live.count() <= 0) std::abort();  // nothing lives for ever in Redis, nor shorter than not at all
  return std::to_string(time_to_live.count());
}

void must_have_some(size_t count) {
  if (count == 0) std::abort();
}

std::vector<std::string_view> with_name(std::string_view name, const std::vector<std::string_view>& arguments) {
  must_have_some(arguments.size());
  std::vector<std::string_view> all{name};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return all;
}

// EVALSHA, and EVAL for when Redis does not know the script.
template <class T>
Request<T> scripted(const Script& script, Result<T> (*read)(Reply&&), const std::vector<std::string_view>& keys,
                    const std::vector<std::string_view>& arguments) {
  const std::string count = std::to_string(keys.size());
  std::vector<std::string_view> all{"EVALSHA", script.sha(), count};
  all.insert(all.end(), keys.begin(), keys.end());
  all.insert(all.end(), arguments.begin(), arguments.end());
  Command by_hash(all);
  all[0] = "EVAL";
  all[1] = script.body();
  return {std::move(by_hash), read, Command(all)};
}

// A script that adds pairs to a key by a command, sets the key's time to live, and says how many were new.
Script add_pairs_by(const std::string& command) {
  return Script(
      "local n = 0\n"
      "for i = 2, #ARGV, 2 do n = n + redis.call('" +
      command +
      "', KEYS[1], ARGV[i], ARGV[i + 1]) end\n"
      "redis.call('PEXPIRE', KEYS[1], ARGV[1])\n"
      "return n");
}

Request<int64_t> add_pairs(const Script& script, std::string_view key,
                           const std::vector<std::pair<std::string_view, std::string_view>>& pairs,
                           Milliseconds time_to_live) {
  must_have_some(pairs.size());
  const std::string time = text_of(time_to_live);
  std::vector<std::string_view> arguments{time};
  for (const auto& [first, second] : pairs) {
    arguments.push_back(first);
    arguments.push_back(second);
  }
  return scripted(script, read_integer, {key}, arguments);
}

}  // namespace

Command::Command(std::span<const std::string_view> arguments) {
  size_t bytes = kHeadBytes;
  for (const std::string_view argument : arguments) bytes += kHeadBytes + argument.size();
  bytes_.reserve(bytes);
  append_head(&bytes_, '*', arguments.size());
  for (const std::string_view argument : arguments) append(argument);
}

void Command::append(std::string_view argument) {
  append_head(&bytes_, '$', argument.size());
  bytes_ += argument;
  bytes_ += "\r\n";
}

Request<Done> ping() { return {Command{"PING"}, read_done}; }

Request<Bytes> get(std::string_view key) { return {Command{"GET", key}, read_bytes}; }

Request<Done> set(std::string_view key, std::string_view value, Milliseconds time_to_live) {
  return {Command{"SET", key, value, "PX", text_of(time_to_live)}, read_done};
}

Request<bool> set_if_absent(std::string_view key, std::string_view value, Milliseconds time_to_live) {
  return {Command{"SET", key, value, "PX", text_of(time_to_live), "NX"}, read_set};
}

Request<int64_t> del(const std::vector<std::string_view>& keys) {
  return {Command(with_name("DEL", keys)), read_integer};
}

Request<std::vector<Bytes>> mget(const std::vector<std::string_view>& keys) {
  return {Command(with_name("MGET", keys)), read_all_bytes};
}

Request<bool> expire(std::string_view key, Milliseconds time_to_live) {
  return {Command{"PEXPIRE", key, text_of(time_to_live)}, read_whether};
}

Request<int64_t> increment(std::string_view key, int64_t by, Milliseconds time_to_live) {
  static const Script script(
      "local n = redis.call('INCRBY', KEYS[1], ARGV[1])\n"
      "if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end\n"
      "return n");
  return scripted(script, read_integer, {key}, {std::to_string(by), text_of(time_to_live)});
}

Request<int64_t> hset(std::string_view key, const std::vector<std::pair<std::string_view, std::string_view>>& fields,
                      Milliseconds time_to_live) {
  static const Script script = add_pairs_by("HSET");
  return add_pairs(script, key, fields, time_to_live);
}

Request<Bytes> hget(std::string_view key, std::string_view field) { return {Command{"HGET", key, field}, read_bytes}; }

Request<std::map<std::string, std::string>> hgetall(std::string_view key) {
  return {Command{"HGETALL", key}, read_map};
}

Request<int64_t> zadd(std::string_view key, const std::vector<Scored>& members, Milliseconds time_to_live) {
  static const Script script = add_pairs_by("ZADD");
  std::vector<std::string> scores;
  scores.reserve(members.size());
  for (const Scored& member : members) {
    if (member.score > kScoreMax || member.score < -kScoreMax) std::abort();
    scores.push_back(std::to_string(member.score));
  }
  std::vector<std::pair<std::string_view, std::string_view>> pairs;
  pairs.reserve(members.size());
  for (size_t i = 0; i < members.size(); ++i) pairs.emplace_back(scores[i], members[i].member);
  return add_pairs(script, key, pairs, time_to_live);
}

Request<std::vector<Scored>> ztop(std::string_view key, int64_t first, int64_t last) {
  return {Command{"ZREVRANGE", key, std::to_string(first), std::to_string(last), "WITHSCORES"}, read_scored};
}

Request<std::optional<int64_t>> zrank(std::string_view key, std::string_view member) {
  return {Command{"ZREVRANK", key, member}, read_rank};
}

Request<Done> rename(std::string_view from, std::string_view to) { return {Command{"RENAME", from, to}, read_done}; }

Request<int64_t> publish(std::string_view channel, std::string_view message) {
  return {Command{"PUBLISH", channel, message}, read_integer};
}

Request<Reply> evaluate(const Script& script, const std::vector<std::string_view>& keys,
                        const std::vector<std::string_view>& arguments) {
  return scripted(script, read_raw, keys, arguments);
}

Request<Reply> raw(Command command) { return {std::move(command), read_raw}; }

}  // namespace kaogong::redis
