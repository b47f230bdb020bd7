#include "tenants/runs/run.h"

#include <algorithm>

namespace kaogong::runs {

using tenants::Failure;
using tenants::Result;
using tenants::TenantTransaction;

namespace {

constexpr std::string_view kColumns =
    "run_id, kind, state, priority, scheme_id, period, base_run_id, sources, parameters, chunks, people, outputs, "
    "rows, "
    "refused, checksum, failure, replaced_run_id, expires_at, request_hash, created_by, created_at, calculated_at, "
    "approved_by, approved_at, published_by, published_at, ended_by, ended_at, ended_why";

std::optional<clock::Instant> instant(const postgres::Row& row, size_t column) {
  const auto us = row.optional_timestamp_us(column);
  if (!us) return std::nullopt;
  return clock::Instant{std::chrono::microseconds(*us)};
}

Step step(const postgres::Row& row, size_t by, size_t at) {
  return {std::string(row.optional_text(by).value_or("")), instant(row, at)};
}

std::string bytes_of(const postgres::Row& row, size_t column) {
  const auto bytes = row.optional_bytes(column);
  if (!bytes) return {};
  return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
}

/// Words that our own check constraints allow and the program does not know: another version of it wrote them.
[[noreturn]] void unexpected(std::string_view what) {
  throw postgres::Error(postgres::ErrorCode::kUnexpectedValue, what);
}

Run run_of(const postgres::Row& row) {
  Run run;
  run.id = RunId{row.int64(0)};
  const auto kind = parse_run_kind(row.text(1));
  const auto state = parse_run_state(row.text(2));
  const auto period = scheme::parse_period(row.text(5));
  auto sources = parse_sources(row.text(7));
  if (!kind || !state || !period || !sources || row.int64(3) < 0 || row.int64(3) > 2) unexpected("runs");
  run.kind = *kind;
  run.state = *state;
  run.priority = static_cast<Priority>(row.int64(3));
  run.scheme_id = std::string(row.text(4));
  run.period = *period;
  run.base = RunId{row.optional_int64(6).value_or(0)};
  run.sources = std::move(*sources);
  run.parameters = std::string(row.text(8));
  run.chunks = row.int64(9);
  run.people = row.int64(10);
  run.outputs = split_lines(row.optional_text(11).value_or(""));
  run.rows = row.optional_int64(12);
  run.refused = row.optional_int64(13);
  run.checksum = bytes_of(row, 14);
  run.failure = std::string(row.optional_text(15).value_or(""));
  run.replaced = RunId{row.optional_int64(16).value_or(0)};
  run.expires_at = instant(row, 17);
  run.request_hash = bytes_of(row, 18);
  run.created = step(row, 19, 20);
  run.calculated = {"", instant(row, 21)};
  run.approved = step(row, 22, 23);
  run.published = step(row, 24, 25);
  run.ended = step(row, 26, 27);
  run.ended_why = std::string(row.optional_text(28).value_or(""));
  return run;
}

std::string select(const TenantTransaction& transaction) {
  return "SELECT " + std::string(kColumns) + " FROM " + transaction.table("runs");
}

}  // namespace

Result<Run> read_run(TenantTransaction& transaction, RunId id, bool lock) {
  const auto rows = transaction.sql().query(
      select(transaction) + " WHERE run_id = $1" + (lock ? " FOR NO KEY UPDATE" : ""), {number_of(id)});
  if (rows.empty()) return tenants::not_found("there is no run " + std::to_string(number_of(id)));
  return run_of(rows.one());
}

std::optional<Run> find_run(TenantTransaction& transaction, std::string_view idempotency_key) {
  const auto rows = transaction.sql().query(select(transaction) + " WHERE idempotency_key = $1", {idempotency_key});
  if (rows.empty()) return std::nullopt;
  return run_of(rows.one());
}

std::vector<Run> list_runs(TenantTransaction& transaction, const RunFilter& filter) {
  const std::optional<std::string> period =
      filter.period ? std::optional<std::string>(scheme::to_text(*filter.period)) : std::nullopt;
  const auto word = [](const auto& value) {
    return value ? std::optional<std::string>(to_text(*value)) : std::nullopt;
  };
  const auto kind = word(filter.kind), state = word(filter.state);
  const int64_t limit = std::clamp<int64_t>(filter.limit, 1, kRunsPageMax);
  const auto rows = transaction.sql().query(
      select(transaction) +
          " WHERE ($1::text IS NULL OR scheme_id = $1) AND ($2::text IS NULL OR period = $2) AND ($3::text IS NULL OR "
          "kind = $3) AND ($4::text IS NULL OR state = $4) AND ($5::bigint IS NULL OR run_id < $5) ORDER BY run_id "
          "DESC "
          "LIMIT $6",
      {filter.scheme_id, period, kind, state,
       filter.before ? std::optional<int64_t>(number_of(*filter.before)) : std::nullopt, limit});
  std::vector<Run> runs;
  for (const auto& row : rows) runs.push_back(run_of(row));
  return runs;
}

Progress progress_of(TenantTransaction& transaction, RunId id) {
  const auto rows = transaction.sql().query(
      "SELECT count(*), count(*) FILTER (WHERE state = 'claimed'), count(*) FILTER (WHERE state "
      "= 'done'), coalesce(sum(rows + refused), 0)::bigint, min(finished_at), coalesce((array_agg(rows + refused ORDER "
      "BY finished_at) FILTER (WHERE state = 'done'))[1], 0)::bigint FROM " +
          transaction.table("run_chunks") + " WHERE run_id = $1",
      {number_of(id)});
  const auto row = rows.one();
  Progress progress{row.int64(0), row.int64(1), row.int64(2), row.int64(3), std::nullopt, row.int64(5)};
  progress.first_done_at = instant(row, 4);
  return progress;
}

std::optional<RunId> published_run(TenantTransaction& transaction, std::string_view scheme_id, scheme::Period period) {
  const auto rows = transaction.sql().query(
      "SELECT run_id FROM " + transaction.table("publications") + " WHERE scheme_id = $1 AND period = $2",
      {scheme_id, scheme::to_text(period)});
  if (rows.empty()) return std::nullopt;
  return RunId{rows.one().int64(0)};
}

std::vector<Run> published_in_year(TenantTransaction& transaction, std::string_view scheme_id, int32_t year) {
  const std::string prefix = std::to_string(year) + "-";
  const auto rows = transaction.sql().query(select(transaction) + " WHERE run_id IN (SELECT run_id FROM " +
                                                transaction.table("publications") +
                                                " WHERE scheme_id = $1 AND starts_with(period, $2))",
                                            {scheme_id, prefix});
  std::vector<Run> runs;
  for (const auto& row : rows) runs.push_back(run_of(row));
  auto finest = scheme::PeriodKind::kYear;
  for (const Run& run : runs) finest = std::min(finest, run.period.kind);
  std::erase_if(runs, [&](const Run& run) { return run.period.kind != finest; });
  std::sort(runs.begin(), runs.end(), [](const Run& a, const Run& b) { return a.period.index < b.period.index; });
  return runs;
}

std::string join_lines(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace kaogong::runs
