#include "tenants/runs/chunks.h"

#include <array>

#include "infra/postgres/copy.h"
#include "tenants/audit/json_object.h"

namespace kaogong::runs {

using tenants::TenantTransaction;

namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

/// Holds the run in its state until COMMIT: nobody can cancel it meanwhile.
bool holds_calculating(TenantTransaction& transaction, RunId run) {
  const auto rows = transaction.sql().query(
      "SELECT state = 'calculating' FROM " + transaction.table("runs") + " WHERE run_id = $1 FOR SHARE",
      {number_of(run)});
  return !rows.empty() && rows.one().boolean(0);
}

void write_pages(TenantTransaction& transaction, const Claim& claim, const ChunkRows& rows) {
  static constexpr std::array<std::string_view, 5> kColumns = {"run_id", "first_employee", "chunk", "rows", "bytes"};
  postgres::BinaryCopyIn copy(transaction.sql(), {transaction.tenant().schema(), "results", kColumns});
  for (const auto& page : rows.pages)
    copy.row()
        .int64(number_of(claim.run))
        .text(page.first_employee)
        .int32(static_cast<int32_t>(claim.chunk))
        .int32(static_cast<int32_t>(page.rows))
        .bytes(bytes_of(page.bytes));
  copy.finish();
}

void write_rejects(TenantTransaction& transaction, const Claim& claim, const ChunkRows& rows) {
  static constexpr std::array<std::string_view, 10> kColumns = {
      "run_id", "chunk", "seq", "employee", "file", "line", "column_name", "value", "error_zh", "error_en"};
  postgres::BinaryCopyIn copy(transaction.sql(), {transaction.tenant().schema(), "rejects", kColumns});
  int32_t seq = 0;
  for (const auto& reject : rows.rejects)
    copy.row()
        .int64(number_of(claim.run))
        .int32(static_cast<int32_t>(claim.chunk))
        .int32(seq++)
        .text(reject.employee)
        .text(reject.file)
        .int64(static_cast<int64_t>(reject.line))
        .text(reject.column)
        .text(reject.value)
        .text(reject.error_zh)
        .text(reject.error_en);
  copy.finish();
}

}  // namespace

std::optional<Claim> claim_chunk(TenantTransaction& transaction, RunId run, std::string_view worker, int64_t lease_ms) {
  const std::string chunks = transaction.table("run_chunks");
  if (!holds_calculating(transaction, run)) return std::nullopt;
  const auto rows = transaction.sql().query(
      "UPDATE " + chunks +
          " SET state = 'claimed', epoch = epoch + 1, worker = $2, lease_until = now() + $3 * interval '1 millisecond' "
          "WHERE run_id = $1 AND chunk = (SELECT chunk FROM " +
          chunks +
          " WHERE run_id = $1 AND (state = 'ready' OR (state = 'claimed' AND lease_until < now())) ORDER BY chunk "
          "LIMIT 1 "
          "FOR UPDATE SKIP LOCKED) RETURNING chunk, epoch",
      {number_of(run), worker, lease_ms});
  if (rows.empty()) return std::nullopt;
  // A claim that a crash of the server forgets is claimed again: only `done` must be on the disk.
  transaction.sql().query("SELECT set_config('synchronous_commit', 'off', true)");
  return Claim{run, rows.one().int64(0), rows.one().int64(1)};
}

std::vector<Claim> renew(TenantTransaction& transaction, const std::vector<Claim>& claims, int64_t lease_ms) {
  transaction.sql().query("SELECT set_config('synchronous_commit', 'off', true)");
  std::vector<Claim> lost;
  for (const auto& claim : claims) {
    const bool holds = holds_calculating(transaction, claim.run) &&
                       transaction.sql().execute("UPDATE " + transaction.table("run_chunks") +
                                                     " SET lease_until = now() + $4 * interval '1 millisecond' WHERE "
                                                     "run_id = $1 AND chunk = $2 AND epoch = $3 AND state = 'claimed'",
                                                 {number_of(claim.run), claim.chunk, claim.epoch, lease_ms}) == 1;
    if (!holds) lost.push_back(claim);
  }
  return lost;
}

void release(TenantTransaction& transaction, const Claim& claim) {
  if (!holds_calculating(transaction, claim.run)) return;
  transaction.sql().execute(
      "UPDATE " + transaction.table("run_chunks") +
          " SET state = 'ready', worker = NULL, lease_until = NULL WHERE run_id = $1 AND chunk = $2 "
          "AND epoch = $3 AND state = 'claimed'",
      {number_of(claim.run), claim.chunk, claim.epoch});
}

WriteOutcome write_chunk(TenantTransaction& transaction, const Claim& claim, const ChunkRows& rows,
                         const std::vector<std::string>& outputs) {
  if (!holds_calculating(transaction, claim.run)) return WriteOutcome::kOver;
  const auto names = claim.chunk == 0 ? std::optional<std::string>(join_lines(outputs)) : std::nullopt;
  const int64_t marked =
      transaction.sql().execute("UPDATE " + transaction.table("run_chunks") +
                                    " SET state = 'done', lease_until = NULL, rows = $4, refused = $5, checksum = $6, "
                                    "outputs = $7, finished_at = "
                                    "now() WHERE run_id = $1 AND chunk = $2 AND epoch = $3 AND state = 'claimed'",
                                {number_of(claim.run), claim.chunk, claim.epoch, static_cast<int64_t>(rows.rows),
                                 static_cast<int64_t>(rows.refused), bytes_of(rows.checksum), names});
  if (marked != 1) return WriteOutcome::kFenced;
  if (!rows.pages.empty()) write_pages(transaction, claim, rows);
  if (!rows.rejects.empty()) write_rejects(transaction, claim, rows);
  return WriteOutcome::kWritten;
}

bool was_written(TenantTransaction& transaction, const Claim& claim) {
  // A COMMIT may still be on its way: FOR UPDATE waits for it.
  const auto rows =
      transaction.sql().query("SELECT state = 'done' AND epoch = $3 FROM " + transaction.table("run_chunks") +
                                  " WHERE run_id = $1 AND chunk = $2 FOR UPDATE",
                              {number_of(claim.run), claim.chunk, claim.epoch});
  return !rows.empty() && rows.one().boolean(0);
}

bool finish_run(TenantTransaction& transaction, RunId id) {
  // Looked at without the run's lock, for which everybody who writes a chunk would have to be waited for.
  const auto open = transaction.sql().query(
      "SELECT EXISTS (SELECT FROM " + transaction.table("run_chunks") + " WHERE run_id = $1 AND state <> 'done')",
      {number_of(id)});
  if (open.one().boolean(0)) return false;
  auto run = read_run(transaction, id, true);
  if (!run) return false;
  if (run->state != RunState::kCalculating) return run->state == RunState::kCalculated;
  const auto rows = transaction.sql().query("SELECT state = 'done', rows, refused, checksum, outputs FROM " +
                                                transaction.table("run_chunks") + " WHERE run_id = $1 ORDER BY chunk",
                                            {number_of(id)});
  int64_t total = 0, refused = 0;
  std::string outputs;
  std::vector<std::string> checksums;
  for (const auto& row : rows) {
    if (!row.boolean(0)) return false;
    total += row.int64(1);
    refused += row.int64(2);
    const auto checksum = row.bytes(3);
    checksums.emplace_back(reinterpret_cast<const char*>(checksum.data()), checksum.size());
    outputs += row.optional_text(4).value_or("");
  }
  const std::string hash = result_hash(split_lines(outputs), checksums);
  transaction.sql().execute("UPDATE " + transaction.table("runs") +
                                " SET state = 'calculated', outputs = $2, rows = $3, refused = $4, checksum = $5, "
                                "calculated_at = $6 WHERE run_id = $1",
                            {number_of(id), outputs, total, refused, bytes_of(hash), transaction.now_text()});
  transaction.audit("run.calculated", named(id), tenants::audit::json_object({{"rows", total}, {"refused", refused}}));
  return true;
}

void fail_run(TenantTransaction& transaction, RunId id, std::string_view why) {
  auto run = read_run(transaction, id, true);
  if (!run || run->state != RunState::kCalculating) return;
  transaction.sql().execute("UPDATE " + transaction.table("runs") +
                                " SET state = 'failed', failure = $2, calculated_at = $3 WHERE run_id = $1",
                            {number_of(id), why, transaction.now_text()});
  transaction.audit("run.failed", named(id));
}

}  // namespace kaogong::runs
