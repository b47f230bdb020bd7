#include "tenants/idempotency/idempotency.h"

#include <span>

namespace kaogong::tenants::idempotency {

namespace {

std::span<const std::byte> bytes_of(const crypto::Digest& digest) { return std::as_bytes(std::span(digest)); }

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// One call in 256 cleans up behind those before it.
void clean_now_and_then(postgres::Transaction& sql, const std::string& table, const CallKey& key, clock::Instant now) {
  if (key.id[0] != 0) return;
  sql.execute("DELETE FROM " + table + " WHERE id IN (SELECT id FROM " + table +
                  " WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)",
              {clock::to_rfc3339(now), kCleanedMax});
}

}  // namespace

Begun begin(postgres::Transaction& sql, const std::string& table, const CallKey& key, int64_t epoch, clock::Instant now,
            const Terms& terms) {
  clean_now_and_then(sql, table, key, now);
  const auto claimed = sql.query(
      "INSERT INTO " + table +
          " AS t (id, request, epoch, lease_until, expires_at) VALUES ($1, $2, $6, $3, $4) ON CONFLICT (id) DO UPDATE "
          "SET request = $2, epoch = $6, lease_until = $3, expires_at = $4, answer = NULL "
          "WHERE t.expires_at <= $5 OR (t.answer IS NULL AND t.lease_until <= $5 AND t.request = $2) RETURNING epoch",
      {bytes_of(key.id), bytes_of(key.request), clock::to_rfc3339(now + terms.lease),
       clock::to_rfc3339(now + terms.kept), clock::to_rfc3339(now), epoch});
  if (!claimed.empty()) return {Outcome::kClaimed, {}};
  const auto found = sql.query("SELECT request, answer FROM " + table + " WHERE id = $1", {bytes_of(key.id)});
  const auto row = found.at_most_one();
  if (!row) return {};  // it was given back just now: the caller may come again
  if (text_of(row->bytes(0)) != crypto::view(key.request)) return {Outcome::kReused, {}};
  const auto answer = row->optional_bytes(1);
  if (!answer) return {};
  return {Outcome::kAnswered, std::string(text_of(*answer))};
}

bool keep(postgres::Transaction& sql, const std::string& table, const CallKey& key, int64_t epoch,
          std::string_view answer) {
  return sql.execute("UPDATE " + table + " SET answer = $3 WHERE id = $1 AND epoch = $2 AND answer IS NULL",
                     {bytes_of(key.id), epoch, std::as_bytes(std::span(answer))}) == 1;
}

void release(postgres::Transaction& sql, const std::string& table, const CallKey& key, int64_t epoch) {
  sql.execute("DELETE FROM " + table + " WHERE id = $1 AND epoch = $2 AND answer IS NULL", {bytes_of(key.id), epoch});
}

std::optional<std::string> find(postgres::Transaction& sql, const std::string& table, const CallKey& key) {
  const auto found = sql.query("SELECT answer FROM " + table + " WHERE id = $1 AND request = $2 AND answer IS NOT NULL",
                               {bytes_of(key.id), bytes_of(key.request)});
  if (found.empty()) return std::nullopt;
  return std::string(text_of(found.one().bytes(0)));
}

}  // namespace kaogong::tenants::idempotency
