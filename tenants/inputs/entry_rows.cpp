#include "tenants/inputs/entry_rows.h"

#include <span>

#include "infra/crypto/hash.h"
#include "infra/csv/parse_record.h"
#include "infra/csv/records.h"
#include "infra/csv/writer.h"

namespace kaogong::tenants {

std::string csv_line(const std::vector<std::string>& values) {
  std::string line;
  for (size_t i = 0; i < values.size(); ++i) {
    if (i > 0) line += ',';
    csv::append_field(&line, values[i]);
  }
  // A row of one empty field would be an empty line, which is no row.
  return line.empty() ? "\"\"" : line;
}

std::vector<std::vector<std::string>> rows_of(std::string_view payload) {
  std::vector<std::vector<std::string>> rows;
  std::string scratch;
  for (size_t at = 0; at < payload.size();) {
    std::vector<uint32_t> ends = {static_cast<uint32_t>(at) - 1};
    const auto parsed = csv::parse_record(payload.data(), at, payload.size(), &ends);
    const csv::Records record{payload.data(), ends.data() + 1, ends.data(), 1, ends.size() - 1};
    auto& row = rows.emplace_back();
    for (size_t field = 0; field < record.fields; ++field) row.emplace_back(record.value(0, field, &scratch));
    at = parsed.end;
  }
  return rows;
}

int64_t layout_of(TenantTransaction& transaction, const InputSet& set, std::string_view sheet,
                  const std::vector<std::string>& columns) {
  const auto header = csv_line(columns);
  const auto digest = crypto::sha256(header);
  const std::span<const std::byte> hash = std::as_bytes(std::span(digest));
  const auto table = transaction.table("layouts");
  const std::string select =
      "SELECT layout_id FROM " + table + " WHERE scheme_id = $1 AND sheet = $2 AND columns_hash = $3";
  const auto found = transaction.sql().query(select, {set.scheme_id, sheet, hash});
  if (!found.empty()) return found.one().int64(0);
  // The counter's lock lets nobody else make the same one meanwhile.
  const auto id = transaction.take("layouts");
  const auto again = transaction.sql().query(select, {set.scheme_id, sheet, hash});
  if (!again.empty()) return again.one().int64(0);
  transaction.sql().execute(
      "INSERT INTO " + table + " (layout_id, scheme_id, sheet, columns, columns_hash) VALUES ($1, $2, $3, $4, $5)",
      {id, set.scheme_id, sheet, header, hash});
  return id;
}

std::vector<std::string> columns_of_layout(TenantTransaction& transaction, int64_t layout_id) {
  const auto found = transaction.sql().query(
      "SELECT columns FROM " + transaction.table("layouts") + " WHERE layout_id = $1", {layout_id});
  const auto header = found.one();
  return rows_of(std::string(header.text(0)) + "\n").at(0);
}

void EntryBatch::add(std::string_view employee, std::string_view part, std::string_view payload) {
  employees.emplace_back(employee);
  parts.emplace_back(part);
  payloads.emplace_back(payload);
  bytes += employee.size() + part.size() + payload.size();
}

void EntryBatch::clear() {
  employees.clear();
  parts.clear();
  payloads.clear();
  bytes = 0;
}

Stored store_batch(TenantTransaction& transaction, const InputSet& set, std::string_view sheet, int64_t layout_id,
                   int64_t change_id, const EntryBatch& batch, std::string_view reason) {
  if (batch.employees.empty()) return {};
  const auto counted = transaction.sql().query(
      "WITH given AS (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) AS g (employee, part, payload)), "
      "old AS (SELECT e.* FROM " +
          transaction.table("entries") +
          " e JOIN given g ON e.employee = g.employee AND e.part = g.part WHERE e.scheme_id = $4 AND e.period = $5 AND "
          "e.sheet = $6 AND (e.payload <> g.payload OR e.layout_id <> $7)), "
          "moved AS (INSERT INTO " +
          transaction.table("entry_changes") +
          " (period, scheme_id, sheet, employee, part, change_id, kind, actor, changed_at, reason, old_change_id, "
          "old_layout_id, old_payload, old_actor, old_entered_at) SELECT period, scheme_id, sheet, employee, part, $8, "
          "'replaced', $9, $10, $11, change_id, layout_id, payload, actor, entered_at FROM old RETURNING 1), "
          "put AS (INSERT INTO " +
          transaction.table("entries") +
          " AS e (period, scheme_id, sheet, employee, part, layout_id, change_id, payload, actor, entered_at) "
          "SELECT $5, $4, $6, employee, part, $7, $8, payload, $9, $10 FROM given ON CONFLICT (scheme_id, period, "
          "sheet, "
          "employee, part) DO UPDATE SET layout_id = EXCLUDED.layout_id, change_id = EXCLUDED.change_id, "
          "payload = EXCLUDED.payload, actor = EXCLUDED.actor, entered_at = EXCLUDED.entered_at "
          "WHERE e.payload <> EXCLUDED.payload OR e.layout_id <> EXCLUDED.layout_id RETURNING 1) "
          "SELECT (SELECT count(*) FROM put), (SELECT count(*) FROM moved)",
      {batch.employees, batch.parts, batch.payloads, set.scheme_id, scheme::to_text(set.period), sheet, layout_id,
       change_id, transaction.actor().name, transaction.now_text(), reason});
  const auto row = counted.one();
  return {row.int64(0) - row.int64(1), row.int64(1)};
}

}  // namespace kaogong::tenants
