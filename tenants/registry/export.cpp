#include "tenants/registry/export.h"

#include "infra/crypto/encode.h"
#include "infra/crypto/hash.h"
#include "infra/csv/writer.h"
#include "infra/postgres/copy.h"
#include "tenants/audit/json_object.h"

namespace kaogong::tenants {

namespace {

std::vector<std::string> columns_of(postgres::Transaction& sql, const Tenant& tenant, std::string_view table) {
  const auto found = sql.query(
      "SELECT a.attname::text FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid "
      "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
      "WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
      {tenant.schema().text(), table});
  std::vector<std::string> columns;
  for (const auto row : found) columns.emplace_back(row.text(0));
  return columns;
}

/// The table as CSV, a line after another, the header first; ends early when `take` gives false.
template <typename Take>
bool read_lines(postgres::Transaction& sql, const Tenant& tenant, const std::string& table, const Take& take) {
  std::string line;
  for (const auto& column : columns_of(sql, tenant, table)) {
    if (!line.empty()) line += ',';
    csv::append_field(&line, column);
  }
  line += '\n';
  if (!take(line)) return false;
  postgres::TextCopyOut rows(sql, "SELECT * FROM " + tenant.schema().quoted(table));
  while (rows.next()) {
    line.clear();
    for (size_t field = 0; field < rows.fields(); ++field) {
      if (field > 0) line += ',';
      const auto value = rows.text(field);
      if (value && value->empty()) line += "\"\"";
      if (value) csv::append_field(&line, *value);
    }
    line += '\n';
    if (!take(line)) return false;
  }
  return true;
}

Result<ExportedTable> export_table(postgres::Transaction& sql, const Tenant& tenant, const std::string& table,
                                   ExportFiles& files) {
  uint64_t bytes = 0;
  if (files.wants_sizes())
    read_lines(sql, tenant, table, [&](std::string_view line) {
      bytes += line.size();
      return true;
    });
  crypto::Sha256 hash;
  int64_t lines = 0;
  const bool done = files.begin(table + ".csv", bytes) &&
                    read_lines(sql, tenant, table,
                               [&](std::string_view line) {
                                 ++lines;
                                 hash.update(line);
                                 return files.write(line);
                               }) &&
                    files.end();
  if (!done) return invalid(files.fault());
  const auto digest = hash.finish();
  return ExportedTable{table, lines - 1, crypto::to_hex(crypto::view(digest))};
}

}  // namespace

std::vector<std::string> tables_of(postgres::Transaction& sql, const Tenant& tenant) {
  const auto found = sql.query(
      "SELECT c.relname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
      "WHERE n.nspname = $1 AND c.relkind = 'r' ORDER BY c.relname COLLATE \"C\"",
      {tenant.schema().text()});
  std::vector<std::string> tables;
  for (const auto row : found) tables.emplace_back(row.text(0));
  return tables;
}

Result<Export> export_tables(postgres::Transaction& sql, const Tenant& tenant, clock::Instant now, ExportFiles& files) {
  Export done;
  std::string tables;
  const auto names = tables_of(sql, tenant);
  if (names.empty()) return not_found("tenant " + tenant.id().text() + " was erased");
  for (const auto& table : names) {
    auto exported = export_table(sql, tenant, table, files);
    if (!exported) return exported.failure();
    tables += tables.empty() ? "\n    " : ",\n    ";
    tables += audit::json_object({{"table", table}, {"rows", exported->rows}, {"sha256", exported->sha256}});
    done.rows += exported->rows;
    done.tables.push_back(*std::move(exported));
  }
  const std::string manifest = "{\n  \"tenant\": " + audit::json_string(tenant.id().text()) +
                               ",\n  \"name\": " + audit::json_string(tenant.name()) +
                               ",\n  \"exported_at\": " + audit::json_string(clock::to_rfc3339(now)) +
                               ",\n  \"tables\": [" + tables + "\n  ]\n}\n";
  if (!files.begin(kManifestFile, manifest.size()) || !files.write(manifest) || !files.end())
    return invalid(files.fault());
  return done;
}

std::string what_will_be_erased(postgres::Transaction& sql, const Tenant& tenant, int64_t keys) {
  std::string rows;
  for (const auto& table : tables_of(sql, tenant)) {
    const auto count = sql.query("SELECT count(*) FROM " + tenant.schema().quoted(table)).one().int64(0);
    rows += (rows.empty() ? "" : ",") + audit::json_string(table) + ":" + std::to_string(count);
  }
  const auto head = sql.query("SELECT value, encode(state, 'hex') FROM " + tenant.schema().quoted("counters") +
                              " WHERE name = 'audit'");
  const auto at = head.one();
  return "{\"rows\":{" + rows + "},\"keys\":" + std::to_string(keys) + ",\"audit_seq\":" + std::to_string(at.int64(0)) +
         ",\"audit_hash\":" + audit::json_string(at.text(1)) + "}";
}

}  // namespace kaogong::tenants
