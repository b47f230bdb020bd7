#include <memory>

#include "gateway/api/answer.h"
#include "gateway/api/body.h"
#include "gateway/api/inputs/handlers.h"
#include "gateway/api/inputs/input_path.h"
#include "gateway/api/transact.h"
#include "tenants/inputs/entry_rows.h"
#include "tenants/inputs/export_inputs.h"

namespace kaogong::api {

using tenants::Result;
using tenants::TenantTransaction;

namespace {

constexpr size_t kBlockBytes = size_t{64} << 10;

/// What the stream needs after the handler has returned.
struct Wanted {
  Services& services;
  tenants::Tenant tenant;
  tenants::Actor actor;
  tenants::InputSet set;
  folder::FileSpec sheet;
  bool csv = false;
};

/// Writes the sheet as it is at one moment. False: it ends before its time.
bool write(http::BodySink& sink, const Wanted& wanted) {
  postgres::TransactionOptions options;
  options.isolation = postgres::Isolation::kRepeatableRead;
  options.read_only = true;
  options.statement_timeout_ms = 0;
  std::string block;
  bool open = true, begun = false;
  std::vector<std::string> columns;
  const auto flush = [&] {
    open = open && sink.write(block);
    block.clear();
    return open;
  };
  const auto done = wanted.services.database.transact(
      wanted.tenant, wanted.actor,
      [&](TenantTransaction& t) -> Result<int64_t> {
        if (begun) return tenants::conflict("it cannot be begun twice");
        return tenants::export_sheet(
            t, wanted.set, wanted.sheet.name,
            [&](const std::vector<std::string>& header) {
              begun = true;
              columns = header;
              if (wanted.csv) block = tenants::csv_line(header) + "\n";
              return true;
            },
            [&](std::string_view lines) {
              if (wanted.csv) {
                block += lines;
              } else {
                for (const auto& row : tenants::rows_of(lines)) {
                  json::Writer writer;
                  write_row(writer, wanted.sheet, columns, row);
                  block += writer.take() + "\n";
                }
              }
              return block.size() < kBlockBytes || flush();
            });
      },
      options);
  return done.ok() && flush();
}

}  // namespace

http::Response read_rows(Call& call) {
  Query query(call.request);
  const auto format = query.text("format");
  if (format && *format != "ndjson" && *format != "csv") query.fault("format", "must be ndjson or csv");
  if (auto wrong = query.problem()) return *std::move(wrong);
  const auto set = set_in_path(call);
  if (!set) return problem(set.failure());
  const auto check = read_only(call, [&](TenantTransaction& t) { return check_of(t, *set, sheet_in_path(call)); });
  if (!check) return problem(check.failure());
  const auto* accept = call.request.fields.find("accept");
  const bool csv = format ? *format == "csv" : accept != nullptr && accept->starts_with("text/csv");
  http::Response response;
  response.content_type = csv ? "text/csv; charset=utf-8; header=present" : "application/x-ndjson";
  response.stream = [wanted = Wanted{call.services, *call.tenant, call.caller.actor, *set, check->sheet(), csv}](
                        http::BodySink& sink) {
    // A stream that breaks off must not look like a whole one: the server closes the connection without the last chunk.
    if (!write(sink, wanted)) throw std::runtime_error("the sheet could not be read to its end");
  };
  return response;
}

}  // namespace kaogong::api
