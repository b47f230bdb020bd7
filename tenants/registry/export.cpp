#include "tenants/registry/export.h"

#include <filesystem>
#include <system_error>

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

Result<ExportedTable> export_table(postgres::Transaction& sql, const Tenant& tenant, const std::string& table,
                                   const std::string& folder) {
  std::string error;
  const auto path = folder + "/" + table + ".csv";
  const auto writer = csv::Writer::create(path, &error);
  if (!writer) return invalid(path + " cannot be written: " + error);
  crypto::Sha256 hash;
  std::string line;
  const auto put = [&] {
    line += '\n';
    hash.update(line);
    writer->write(line);
    line.clear();
  };
  for (const auto& column : columns_of(sql, tenant, table)) {
    if (!line.empty()) line += ',';
    csv::append_field(&line, column);
  }
  put();
  ExportedTable exported{table, 0, {}};
  postgres::TextCopyOut rows(sql, "SELECT * FROM " + tenant.schema().quoted(table));
  while (rows.next()) {
    for (size_t field = 0; field < rows.fields(); ++field) {
      if (field > 0) line += ',';
      const auto value = rows.text(field);
      if (value && value->empty()) line += "\"\"";
      if (value) csv::append_field(&line, *value);
    }
    put();
    ++exported.rows;
  }
  const auto digest = hash.finish();
  exported.sha256 = crypto::to_hex(crypto::view(digest));
  if (!writer->finish(&error)) return invalid(path + " cannot be written: " + error);
  return exported;
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

Result<Export> export_tables(postgres::Transaction& sql, const Tenant& tenant, clock::Instant now,
                             const std::string& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) return invalid(folder + " cannot be made: " + failed.message());
  Export done;
  std::string tables;
  for (const auto& table : tables_of(sql, tenant)) {
    auto exported = export_table(sql, tenant, table, folder);
    if (!exported) return exported.failure();
    tables += tables.empty() ? "\n    " : ",\n    ";
    tables += audit::json_object({{"table", table}, {"rows", exported->rows}, {"sha256", exported->sha256}});
    done.rows += exported->rows;
    done.tables.push_back(*std::move(exported));
  }
  std::string error;
  const auto path = folder + "/manifest.json";
  const auto writer = csv::Writer::create(path, &error);
  if (writer) {
    writer->write("{\n  \"tenant\": " + audit::json_string(tenant.id().text()) +
                  ",\n  \"name\": " + audit::json_string(tenant.name()) + ",\n  \"exported_at\": " +
                  audit::json_string(clock::to_rfc3339(now)) + ",\n  \"tables\": [" + tables + "\n  ]\n}\n");
    if (writer->finish(&error)) return done;
  }
  return invalid(path + " cannot be written: " + error);
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
