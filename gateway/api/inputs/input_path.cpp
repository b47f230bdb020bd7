#include "gateway/api/inputs/input_path.h"

#include <algorithm>

#include "gateway/api/inputs/cell.h"
#include "gateway/api/problem.h"

namespace kaogong::api {

using tenants::EntryKey;
using tenants::InputSet;
using tenants::Result;
using tenants::Scope;

Result<InputSet> set_in_path(const Call& call) {
  const auto period = scheme::parse_period(call.values.at(1));
  if (!period)
    return tenants::not_found("'" + call.values.at(1) + "' is not a period like 2026-10, 2026-Q3, 2026-H1 or 2026");
  return InputSet{call.values.at(0), *period};
}

const std::string& sheet_in_path(const Call& call) { return call.values.at(2); }

EntryKey key_in_path(const Call& call, Query& query) {
  EntryKey key{sheet_in_path(call), call.values.size() > 3 ? call.values[3] : std::string(), {}};
  key.part = query.text("part", tenants::kPartBytesMax).value_or("");
  if (key.part.empty() && call.caller.role == tenants::AccessRole::kRater) key.part = call.caller.employee;
  return key;
}

std::optional<http::Response> refuse_entry(const Call& call, const EntryKey& key, Scope scope) {
  if (call.caller.scopes.has(scope)) return std::nullopt;
  const bool is_own = !call.caller.employee.empty() && key.part == call.caller.employee && !key.employee.empty() &&
                      key.sheet != "population" && key.sheet != "history";
  if (call.caller.scopes.has(Scope::kRatingsWrite) && is_own) return std::nullopt;
  return problem(ProblemCode::kForbidden, "raters enter rows of child tables, under their own part");
}

Result<tenants::RowCheck> check_of(tenants::TenantTransaction& transaction, const InputSet& set,
                                   const std::string& sheet) {
  const auto document = tenants::document_for_entry(transaction, set);
  if (!document) return document.failure();
  const tenants::SheetList sheets(*document);
  const auto found = sheets.find(sheet);
  if (!found) return found.failure();
  return tenants::RowCheck(*document, **found);
}

void write_row(json::Writer& writer, const folder::FileSpec& sheet, const std::vector<std::string>& columns,
               const std::vector<std::string>& row) {
  writer.begin_object();
  for (size_t i = 0; i < columns.size() && i < row.size(); ++i) {
    const auto spec = std::find_if(sheet.columns.begin(), sheet.columns.end(),
                                   [&](const folder::ColumnSpec& column) { return column.name == columns[i]; });
    writer.name(columns[i]);
    if (row[i].empty()) {
      writer.null();
    } else if (spec != sheet.columns.end() && is_boolean(*spec) && (row[i] == "true" || row[i] == "false")) {
      writer.value(row[i] == "true");
    } else {
      writer.value(row[i]);
    }
  }
  writer.end_object();
}

void write_rows(json::Writer& writer, const folder::FileSpec& sheet, const std::vector<std::string>& columns,
                const std::vector<std::vector<std::string>>& rows) {
  writer.begin_array();
  for (const auto& row : rows) write_row(writer, sheet, columns, row);
  writer.end_array();
}

std::string tag_of(int64_t change_id) { return "\"c" + std::to_string(change_id) + "\""; }

}  // namespace kaogong::api
