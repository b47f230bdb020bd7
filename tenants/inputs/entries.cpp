#include "tenants/inputs/entries.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "tenants/audit/json_object.h"
#include "tenants/calendar/periods.h"
#include "tenants/folder/reject.h"
#include "tenants/inputs/entry_rows.h"
#include "tenants/registry/counters.h"
#include "tenants/registry/stored_bytes.h"

namespace kaogong::tenants {

namespace {

clock::Instant instant(int64_t us) { return clock::Instant{std::chrono::microseconds{us}}; }

std::string said(const EntryKey& key) {
  return key.sheet + (key.employee.empty() ? "" : " of " + key.employee) + (key.part.empty() ? "" : " by " + key.part);
}

Result<size_t> column_of(const std::vector<std::string>& columns, std::string_view name, const EntryKey& key) {
  const auto found = std::find(columns.begin(), columns.end(), name);
  if (found == columns.end()) return not_found(said(key) + " has no column '" + std::string(name) + "'");
  return static_cast<size_t>(found - columns.begin());
}

std::optional<Failure> fault_of(const folder::FileSpec& sheet, const EntryKey& key,
                                const std::vector<std::string>& columns,
                                const std::vector<std::vector<std::string>>& rows) {
  for (const auto& column : sheet.columns) {
    const auto count = std::count(columns.begin(), columns.end(), column.name);
    if (count == 0) return invalid(said(key) + " lacks the column '" + column.name + "'");
    if (count > 1) return invalid(said(key) + " has the column '" + column.name + "' twice");
  }
  if (is_by_employee(sheet) == key.employee.empty())
    return invalid(key.employee.empty() ? "an entry of " + sheet.name + " belongs to an employee, and none is named"
                                        : sheet.name + " belongs to no employee");
  if (key.employee.size() > folder::kEmployeeBytesMax || key.part.size() > kPartBytesMax)
    return invalid("an employee's id has at most " + std::to_string(folder::kEmployeeBytesMax) + " bytes, a part " +
                   std::to_string(kPartBytesMax));
  if (rows.empty()) return invalid(said(key) + " has no row: delete it instead");
  const auto employee = column_of(columns, "employee", key);
  for (const auto& row : rows) {
    if (row.size() != columns.size())
      return invalid(said(key) + ": a row has another number of values than the header");
    if (!key.employee.empty() && row[*employee] != key.employee)
      return invalid(said(key) + ": a row belongs to another employee");
  }
  return std::nullopt;
}

/// What every change of a set does first.
Result<const folder::FileSpec*> begin_entry(TenantTransaction& transaction, const InputSet& set,
                                            const SheetList& sheets, const EntryKey& key, std::string_view reason) {
  if (reason.size() > kReasonBytesMax) return invalid("the reason is too long");
  const auto sheet = sheets.find(key.sheet);
  if (!sheet) return sheet.failure();
  if (const auto held = hold_for_entry(transaction, set.period, reason); !held) return held.failure();
  if (const auto room = check_stored_bytes(transaction); !room) return room.failure();
  return *sheet;
}

void audit_entry(TenantTransaction& transaction, std::string_view action, const InputSet& set, const EntryKey& key,
                 int64_t change_id, std::string_view reason) {
  transaction.audit(action, key.employee,
                    audit::json_object({{"scheme", set.scheme_id},
                                        {"period", scheme::to_text(set.period)},
                                        {"sheet", key.sheet},
                                        {"part", key.part},
                                        {"change", change_id},
                                        {"reason", std::string(reason)}}));
}

Result<Entered> store_one(TenantTransaction& transaction, const InputSet& set, const EntryKey& key,
                          const std::vector<std::string>& columns, const std::vector<std::vector<std::string>>& rows,
                          std::string_view reason) {
  std::string payload;
  for (const auto& row : rows) payload += csv_line(row) + "\n";
  if (payload.size() > kPayloadBytesMax) return invalid(said(key) + " is too long");
  const auto layout = layout_of(transaction, set, key.sheet, columns);
  const auto stands = transaction.sql().query(
      "SELECT payload = $6 AND layout_id = $7 FROM " + transaction.table("entries") +
          " WHERE scheme_id = $1 AND period = $2 AND sheet = $3 AND employee = $4 AND part = $5",
      {set.scheme_id, scheme::to_text(set.period), key.sheet, key.employee, key.part, payload, layout});
  if (!stands.empty() && stands.one().boolean(0)) return Entered{false, watermark(transaction, set)};
  const auto change = transaction.take(watermark_counter(set.scheme_id, scheme::to_text(set.period)));
  EntryBatch batch;
  batch.add(key.employee, key.part, payload);
  const auto stored = store_batch(transaction, set, key.sheet, layout, change, batch, reason);
  audit_entry(transaction, stored.replaced > 0 ? "input.correct" : "input.put", set, key, change, reason);
  return Entered{true, change};
}

}  // namespace

void hold_set(TenantTransaction& transaction, const InputSet& set) {
  transaction.take(watermark_counter(set.scheme_id, scheme::to_text(set.period)), 0);
}

Result<Entered> put_entry(TenantTransaction& transaction, const InputSet& set, const EntryKey& key,
                          const std::vector<std::string>& columns, const std::vector<std::vector<std::string>>& rows,
                          std::string_view reason) {
  const auto document = document_for_entry(transaction, set);
  if (!document) return document.failure();
  const SheetList sheets(*document);
  const auto sheet = begin_entry(transaction, set, sheets, key, reason);
  if (!sheet) return sheet.failure();
  if (auto fault = fault_of(**sheet, key, columns, rows)) return *std::move(fault);
  return store_one(transaction, set, key, columns, rows, reason);
}

Result<Entered> patch_entry(TenantTransaction& transaction, const InputSet& set, const EntryKey& key,
                            const Values& where, const Values& values, std::string_view reason) {
  const auto document = document_for_entry(transaction, set);
  if (!document) return document.failure();
  const SheetList sheets(*document);
  const auto sheet = begin_entry(transaction, set, sheets, key, reason);
  if (!sheet) return sheet.failure();
  hold_set(transaction, set);  // between reading and writing
  auto entry = find_entry(transaction, set, key);
  if (!entry) return entry.failure();
  std::vector<std::pair<size_t, std::string_view>> tests, changes;
  for (const auto& [list, columns] : {std::pair{&where, &tests}, {&values, &changes}}) {
    for (const auto& [name, value] : *list) {
      const auto column = column_of(entry->columns, name, key);
      if (!column) return column.failure();
      columns->emplace_back(*column, value);
    }
  }
  size_t meant = 0;
  for (auto& row : entry->rows) {
    if (!std::all_of(tests.begin(), tests.end(), [&](const auto& test) { return row[test.first] == test.second; }))
      continue;
    ++meant;
    for (const auto& [column, value] : changes) row[column] = value;
  }
  if (meant == 0) return not_found(said(key) + " has no such row");
  if (auto fault = fault_of(**sheet, key, entry->columns, entry->rows)) return *std::move(fault);
  return store_one(transaction, set, key, entry->columns, entry->rows, reason);
}

Result<Entered> delete_entry(TenantTransaction& transaction, const InputSet& set, const EntryKey& key,
                             std::string_view reason) {
  const auto document = document_for_entry(transaction, set);
  if (!document) return document.failure();
  const SheetList sheets(*document);
  const auto sheet = begin_entry(transaction, set, sheets, key, reason);
  if (!sheet) return sheet.failure();
  const auto change = transaction.take(watermark_counter(set.scheme_id, scheme::to_text(set.period)));
  const auto deleted = transaction.sql().execute(
      "WITH old AS (DELETE FROM " + transaction.table("entries") +
          " WHERE scheme_id = $1 AND period = $2 AND sheet = $3 AND employee = $4 AND part = $5 RETURNING *) INSERT "
          "INTO " +
          transaction.table("entry_changes") +
          " (period, scheme_id, sheet, employee, part, change_id, kind, actor, changed_at, reason, old_change_id, "
          "old_layout_id, old_payload, old_actor, old_entered_at) SELECT period, scheme_id, sheet, employee, part, $6, "
          "'deleted', $7, $8, $9, change_id, layout_id, payload, actor, entered_at FROM old",
      {set.scheme_id, scheme::to_text(set.period), key.sheet, key.employee, key.part, change, transaction.actor().name,
       transaction.now_text(), reason});
  if (deleted == 0) return not_found("there is no entry " + said(key));
  audit_entry(transaction, "input.delete", set, key, change, reason);
  return Entered{true, change};
}

Result<Entry> find_entry(TenantTransaction& transaction, const InputSet& set, const EntryKey& key) {
  const auto found = transaction.sql().query(
      "SELECT layout_id, payload, change_id, actor, entered_at FROM " + transaction.table("entries") +
          " WHERE scheme_id = $1 AND period = $2 AND sheet = $3 AND employee = $4 AND part = $5",
      {set.scheme_id, scheme::to_text(set.period), key.sheet, key.employee, key.part});
  const auto row = found.at_most_one();
  if (!row) return not_found("there is no entry " + said(key));
  Entry entry{key,
              columns_of_layout(transaction, row->int64(0)),
              {},
              row->int64(2),
              std::string(row->text(3)),
              instant(row->timestamp_us(4))};
  entry.rows = rows_of(row->text(1));
  return entry;
}

std::vector<PastEntry> entry_history(TenantTransaction& transaction, const InputSet& set, const EntryKey& key) {
  const auto found = transaction.sql().query(
      "SELECT old_layout_id, old_payload, old_change_id, old_actor, old_entered_at, kind = 'deleted', change_id, "
      "actor, "
      "changed_at, reason FROM " +
          transaction.table("entry_changes") +
          " WHERE scheme_id = $1 AND period = $2 AND sheet = $3 AND employee = $4 AND part = $5 ORDER BY change_id "
          "DESC",
      {set.scheme_id, scheme::to_text(set.period), key.sheet, key.employee, key.part});
  std::vector<PastEntry> past;
  for (const auto row : found) {
    Entry entry{key,
                columns_of_layout(transaction, row.int64(0)),
                {},
                row.int64(2),
                std::string(row.text(3)),
                instant(row.timestamp_us(4))};
    entry.rows = rows_of(row.text(1));
    past.push_back({std::move(entry), row.boolean(5), row.int64(6), std::string(row.text(7)),
                    instant(row.timestamp_us(8)), std::string(row.text(9))});
  }
  return past;
}

std::vector<EntryChange> changes_since(TenantTransaction& transaction, const InputSet& set, int64_t watermark,
                                       int64_t limit) {
  const auto found = transaction.sql().query(
      "SELECT sheet, employee, part, change_id, deleted, actor, at, reason FROM ("
      "SELECT e.sheet, e.employee, e.part, e.change_id, false AS deleted, e.actor, e.entered_at AS at, "
      "coalesce(c.reason, '') AS reason FROM " +
          transaction.table("entries") + " e LEFT JOIN " + transaction.table("entry_changes") +
          " c USING (scheme_id, period, change_id, sheet, employee, part) "
          "WHERE e.scheme_id = $1 AND e.period = $2 AND e.change_id > $3 UNION ALL "
          "SELECT c.sheet, c.employee, c.part, c.change_id, true, c.actor, c.changed_at, c.reason FROM " +
          transaction.table("entry_changes") +
          " c WHERE c.scheme_id = $1 AND c.period = $2 AND c.change_id > $3 AND c.kind = 'deleted' AND NOT EXISTS ("
          "SELECT FROM " +
          transaction.table("entries") +
          " e WHERE e.scheme_id = $1 AND e.period = $2 AND e.sheet = c.sheet AND e.employee = c.employee AND "
          "e.part = c.part) AND NOT EXISTS (SELECT FROM " +
          transaction.table("entry_changes") +
          " later WHERE later.scheme_id = $1 AND later.period = $2 AND later.change_id > c.change_id AND "
          "later.sheet = c.sheet AND later.employee = c.employee AND later.part = c.part)"
          ") changes ORDER BY change_id, sheet, employee, part LIMIT $4",
      {set.scheme_id, scheme::to_text(set.period), watermark, std::clamp<int64_t>(limit, 1, kChangesMax)});
  std::vector<EntryChange> changes;
  changes.reserve(found.size());
  for (const auto row : found) {
    changes.push_back({{std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2))},
                       row.int64(3),
                       row.boolean(4),
                       std::string(row.text(5)),
                       instant(row.timestamp_us(6)),
                       std::string(row.text(7))});
  }
  return changes;
}

std::vector<std::pair<std::string, int64_t>> count_entries(TenantTransaction& transaction, const InputSet& set) {
  const auto found = transaction.sql().query("SELECT sheet, count(*) FROM " + transaction.table("entries") +
                                                 " WHERE scheme_id = $1 AND period = $2 GROUP BY sheet ORDER BY sheet",
                                             {set.scheme_id, scheme::to_text(set.period)});
  std::vector<std::pair<std::string, int64_t>> counts;
  for (const auto row : found) counts.emplace_back(row.text(0), row.int64(1));
  return counts;
}

std::vector<StoredEntry> list_entries(TenantTransaction& transaction, const InputSet& set, std::string_view sheet,
                                      const EntryKey* after, int64_t limit) {
  const auto found =
      transaction.sql().query("SELECT employee, part, layout_id, payload FROM " + transaction.table("entries") +
                                  " WHERE scheme_id = $1 AND period = $2 AND sheet = $3 AND ($4 OR (employee, part) > "
                                  "($5, $6)) ORDER BY employee, part LIMIT $7",
                              {set.scheme_id, scheme::to_text(set.period), sheet, after == nullptr,
                               after == nullptr ? "" : after->employee, after == nullptr ? "" : after->part, limit});
  std::vector<StoredEntry> entries;
  entries.reserve(found.size());
  for (const auto row : found) {
    entries.push_back({{std::string(sheet), std::string(row.text(0)), std::string(row.text(1))},
                       row.int64(2),
                       std::string(row.text(3))});
  }
  return entries;
}

}  // namespace kaogong::tenants
