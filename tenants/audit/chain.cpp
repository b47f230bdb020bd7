#include "tenants/audit/chain.h"

#include <algorithm>
#include <chrono>

namespace kaogong::tenants::audit {

namespace {

constexpr std::string_view kForm = "kaogong audit 1";

void add(crypto::Sha256* hash, std::string_view field) {
  hash->update(std::to_string(field.size()));
  hash->update(":");
  hash->update(field);
}

std::string bytes_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::span<const std::byte> bytes_view(std::string_view text) { return std::as_bytes(std::span(text)); }

Row read(const postgres::Row& from) {
  Row row;
  row.seq = from.int64(0);
  row.at = clock::Instant{std::chrono::microseconds{from.timestamp_us(1)}};
  row.entry = {std::string(from.text(2)), std::string(from.text(3)), std::string(from.text(4)),
               std::string(from.text(5))};
  row.previous_hash = bytes_of(from.bytes(6));
  row.hash = bytes_of(from.bytes(7));
  return row;
}

constexpr std::string_view kColumns = "seq, at, actor, action, subject, detail, previous_hash, hash";

}  // namespace

crypto::Digest hash_of(std::string_view log_name, const Row& row) {
  crypto::Sha256 hash;
  add(&hash, kForm);
  add(&hash, log_name);
  add(&hash, row.previous_hash);
  add(&hash, std::to_string(row.seq));
  add(&hash, std::to_string(row.at.time_since_epoch().count()));
  add(&hash, row.entry.actor);
  add(&hash, row.entry.action);
  add(&hash, row.entry.subject);
  add(&hash, row.entry.detail);
  return hash.finish();
}

int64_t append(postgres::Transaction& transaction, const Log& log, clock::Instant at, const Entry& entry) {
  const auto locked =
      transaction.query("SELECT value, state FROM " + log.counters + " WHERE name = 'audit' FOR UPDATE");
  const auto head = locked.one();
  Row row{head.int64(0) + 1, at, entry, bytes_of(head.bytes(1)), {}};
  const auto hash = hash_of(log.name, row);
  transaction.execute("WITH head AS (UPDATE " + log.counters +
                          " SET value = $1, state = $8 WHERE name = 'audit') INSERT INTO " + log.rows + " (" +
                          std::string(kColumns) + ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                      {row.seq, clock::to_rfc3339(at), entry.actor, entry.action, entry.subject, entry.detail,
                       bytes_view(row.previous_hash), bytes_view(crypto::view(hash))});
  return row.seq;
}

Verdict verify(postgres::Transaction& transaction, const Log& log) {
  Verdict verdict;
  const auto broken = [&](int64_t seq, std::string what) {
    verdict.seq = seq;
    verdict.what = std::move(what);
    return verdict;
  };
  for (;;) {
    const auto page = list(transaction, log, verdict.rows, kRowsMax);
    for (const auto& row : page) {
      const int64_t expected = verdict.rows + 1;
      if (row.seq != expected) return broken(expected, "the row is missing");
      if (row.previous_hash != verdict.head) return broken(row.seq, "it does not continue the row before it");
      if (crypto::view(hash_of(log.name, row)) != row.hash) return broken(row.seq, "its content was changed");
      verdict.rows = row.seq;
      verdict.head = row.hash;
    }
    if (page.empty()) break;
  }
  const auto counters = transaction.query("SELECT value, state FROM " + log.counters + " WHERE name = 'audit'");
  if (counters.empty()) return broken(verdict.rows + 1, "the head of the log is missing");
  const auto head = counters.one();
  if (head.int64(0) > verdict.rows) return broken(verdict.rows + 1, "the row is missing at the end");
  if (head.int64(0) < verdict.rows) return broken(head.int64(0) + 1, "the row is behind the head of the log");
  if (bytes_of(head.bytes(1)) != verdict.head) return broken(verdict.rows, "it is not the row that the head names");
  return verdict;
}

std::vector<Row> list(postgres::Transaction& transaction, const Log& log, int64_t after, int64_t limit,
                      std::string_view subject) {
  const auto found = transaction.query("SELECT " + std::string(kColumns) + " FROM " + log.rows +
                                           " WHERE seq > $1 AND ($3 = '' OR subject = $3) ORDER BY seq LIMIT $2",
                                       {after, std::clamp<int64_t>(limit, 1, kRowsMax), subject});
  std::vector<Row> rows;
  rows.reserve(found.size());
  for (const auto row : found) rows.push_back(read(row));
  return rows;
}

}  // namespace kaogong::tenants::audit
