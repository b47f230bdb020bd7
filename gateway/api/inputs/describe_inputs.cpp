#include <algorithm>

#include "engine/scheme/literal.h"
#include "gateway/api/answer.h"
#include "gateway/api/body.h"
#include "gateway/api/inputs/handlers.h"
#include "gateway/api/inputs/input_path.h"
#include "gateway/api/transact.h"
#include "tenants/calendar/periods.h"
#include "tenants/inputs/export_inputs.h"

namespace kaogong::api {

using tenants::Result;
using tenants::TenantTransaction;
using Kind = folder::ColumnSpec::Kind;

namespace {

constexpr std::string_view kFileEnding = ".csv";

constexpr int64_t kChanges = 1'000;

std::string_view type_of(const folder::ColumnSpec& column) {
  switch (column.kind) {
    case Kind::kEmployee:
      return "employee";
    case Kind::kPeriod:
      return "period";
    case Kind::kText:
      return "text";
    case Kind::kValue:
      break;
  }
  return scheme::type_name(column.type.name);
}

void write_column(json::Writer& writer, const folder::ColumnSpec& column) {
  writer.begin_object().member("name", column.name).member("type", type_of(column));
  write_labels(writer, "label", column.labels);
  const bool has_type = column.kind == Kind::kValue;
  writer.member("nullable", has_type && column.type.nullable).name("decimals");
  if (has_type && scheme::is_decimal(column.type.name)) {
    writer.value(static_cast<int>(column.type.scale));
  } else {
    writer.null();
  }
  writer.name("values").begin_array();
  if (has_type)
    for (const auto& value : column.type.values) writer.value(value);
  writer.end_array().end_object();
}

}  // namespace

http::Response describe_inputs(Call& call) {
  Query query(call.request);
  if (auto wrong = query.problem()) return *std::move(wrong);
  const auto set = set_in_path(call);
  if (!set) return problem(set.failure());
  json::Writer writer;
  const auto found = read_only(call, [&](TenantTransaction& t) -> Result<tenants::Done> {
    const auto document = tenants::document_for_entry(t, *set);
    if (!document) return document.failure();
    const auto period = tenants::find_period(t, set->period);
    const auto counts = tenants::count_entries(t, *set);
    writer = json::Writer();
    writer.begin_object()
        .member("scheme", set->scheme_id)
        .member("period", scheme::to_text(set->period))
        .member("watermark", tenants::watermark(t, *set))
        .name("period_state");
    period ? writer.value(to_text(period->state)) : writer.null();
    writer.name("sheets").begin_array();
    const tenants::SheetList sheets(*document);
    for (const auto& sheet : sheets.sheets()) {
      const auto count =
          std::find_if(counts.begin(), counts.end(), [&](const auto& one) { return one.first == sheet.name; });
      writer.begin_object()
          .member("name", sheet.name)
          .member("by_employee", tenants::is_by_employee(sheet))
          .member("entries", count == counts.end() ? int64_t{0} : count->second)
          .name("columns")
          .begin_array();
      for (const auto& column : sheet.columns) write_column(writer, column);
      writer.end_array().end_object();
    }
    writer.end_array().end_object();
    return tenants::Done{};
  });
  if (!found) return problem(found.failure());
  return answer(200, writer);
}

http::Response list_input_changes(Call& call) {
  Query query(call.request);
  const auto since = query.whole("since", 0, INT64_MAX).value_or(0);
  const auto limit = query.whole("limit", 1, tenants::kChangesMax).value_or(kChanges);
  if (auto wrong = query.problem()) return *std::move(wrong);
  const auto set = set_in_path(call);
  if (!set) return problem(set.failure());
  int64_t watermark = 0;
  const auto changes = read_only(call, [&](TenantTransaction& t) -> Result<std::vector<tenants::EntryChange>> {
    const auto document = tenants::document_for_entry(t, *set);
    if (!document) return document.failure();
    watermark = tenants::watermark(t, *set);
    return tenants::changes_since(t, *set, since, limit);
  });
  if (!changes) return problem(changes.failure());
  json::Writer writer;
  writer.begin_object().member("watermark", watermark).name("changes").begin_array();
  for (const auto& change : *changes)
    writer.begin_object()
        .member("change", change.change_id)
        .member("sheet", change.key.sheet)
        .member("employee", change.key.employee)
        .member("part", change.key.part)
        .member("deleted", change.deleted)
        .member("by", change.actor)
        .member("at", clock::to_rfc3339(change.at))
        .member("reason", change.reason)
        .end_object();
  writer.end_array().member("more", changes->size() == static_cast<size_t>(limit)).end_object();
  return answer(200, writer);
}

http::Response check_inputs(Call& call) {
  Query query(call.request);
  if (auto wrong = query.problem()) return *std::move(wrong);
  const auto set = set_in_path(call);
  if (!set) return problem(set.failure());
  postgres::TransactionOptions options;
  options.isolation = postgres::Isolation::kRepeatableRead;
  options.read_only = true;
  options.statement_timeout_ms = 0;
  const auto checked = transact(
      call, [&](TenantTransaction& t) { return tenants::check_inputs(t, *set); }, options);
  if (!checked) return problem(checked.failure());
  if (!checked->failure.empty()) return problem(tenants::invalid(checked->failure));
  json::Writer writer;
  writer.begin_object()
      .member("watermark", checked->watermark)
      .member("employees", checked->employees)
      .member("refused", checked->refused)
      .member("faults_total", checked->faults.total())
      .name("faults")
      .begin_array();
  for (const auto& fault : checked->faults.list()) {
    std::string_view sheet = fault.file;  // as files are called
    if (sheet.ends_with(kFileEnding)) sheet.remove_suffix(kFileEnding.size());
    writer.begin_object()
        .member("sheet", sheet)
        .member("line", fault.line)
        .member("employee", fault.employee)
        .member("column", fault.column)
        .member("value", fault.value);
    write_labels(writer, "error", fault.error);
    writer.end_object();
  }
  writer.end_array().end_object();
  return answer(200, writer);
}

}  // namespace kaogong::api
