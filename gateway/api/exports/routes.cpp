#include "gateway/api/exports/routes.h"

#include <chrono>

#include "gateway/api/answer.h"
#include "gateway/api/body.h"
#include "gateway/api/change.h"
#include "gateway/api/exports/link.h"
#include "gateway/api/exports/result_file.h"
#include "gateway/api/results/handlers.h"
#include "gateway/api/results/visibility.h"
#include "gateway/api/services.h"
#include "gateway/api/transact.h"
#include "tenants/audit/json_object.h"

namespace kaogong::api {

using tenants::TenantTransaction;

namespace {

constexpr int64_t kLinkSeconds = 15 * 60;
constexpr int64_t kLinkSecondsMax = 7 * 24 * 3600;
constexpr const char* kFormats = "ndjson, csv or xlsx";

/// The answer with the file. `with_pay`: amounts are in it.
http::Response file_of(Services& services, const tenants::Tenant& tenant, const tenants::Actor& actor,
                       const runs::Run& run, FileFormat format, bool with_pay) {
  auto results = services.results.get(tenant, actor, run.id);
  if (!results) return problem(results.failure());
  ResultFile file{*results, {}, format};
  for (size_t i = 0; i < (*results)->columns.size(); ++i)
    if (with_pay || (*results)->columns[i].type != scheme::TypeName::kMoney) file.columns.push_back(i);
  if (format == FileFormat::kXlsx && (*results)->view().rows() >= kWorkbookRowsMax)
    return problem(tenants::invalid("a workbook holds at most 1,048,575 employees: take csv or ndjson"));
  http::Response response;
  response.content_type = content_type_of(format);
  response.fields.add("Content-Disposition", "attachment; filename=\"run-" + std::to_string(number_of(run.id)) + "." +
                                                 std::string(to_text(format)) + "\"");
  response.stream = [file = std::move(file)](http::BodySink& sink) { write_results(sink, file); };
  return response;
}

http::Response export_results(Call& call) {
  Query query(call.request);
  const auto format = query.parsed("format", parse_file_format, kFormats).value_or(FileFormat::kNdjson);
  if (auto wrong = query.problem()) return *std::move(wrong);
  const auto run = named_run(call);
  if (!run) return problem(run.failure());
  return file_of(call.services, *call.tenant, call.caller.actor, *run, format,
                 may_see(call.caller, scheme::TypeName::kMoney));
}

http::Response create_link(Call& call) {
  JsonBody body(call.request);
  const auto format = body->parsed("format", parse_file_format, kFormats);
  const auto seconds =
      body->whole("expires_in_seconds", 1, kLinkSecondsMax, json::Need::kOptional).value_or(kLinkSeconds);
  if (auto wrong = body.problem()) return *std::move(wrong);
  const auto run = named_run(call);
  if (!run) return problem(run.failure());
  if (run->checksum.empty()) return problem(tenants::conflict(named(run->id) + " has no results"));
  const Link link{call.tenant->id().text(),
                  run->id,
                  *format,
                  may_see(call.caller, scheme::TypeName::kMoney),
                  call.caller.key_id,
                  call.services.clock.now() + std::chrono::seconds(seconds)};
  return change(call, [&](TenantTransaction& t) -> tenants::Result<http::Response> {
    t.audit("export.link", named(run->id),
            tenants::audit::json_object({{"format", std::string(to_text(*format))}, {"seconds", seconds}}));
    json::Writer writer;
    writer.begin_object()
        .member("url", "/v1/downloads/" + seal_link(call.services.page_tokens, link))
        .member("run", number_of(run->id))
        .member("format", to_text(*format))
        .member("expires_at", clock::to_rfc3339(link.expires_at))
        .end_object();
    return answer(201, writer);
  });
}

http::Response download(Call& call) {
  Query query(call.request);
  if (auto wrong = query.problem()) return *std::move(wrong);
  auto& services = call.services;
  const auto link = open_link(services.page_tokens, call.values.at(0));
  // Expired and forged ones are the same to who asks.
  if (!link || link->expires_at <= services.clock.now())
    return problem(tenants::not_found("there is no such download (any more)"));
  const auto tenant = services.database.open(link->tenant);
  if (!tenant) return problem(tenants::not_found("there is no such download (any more)"));
  const tenants::Actor actor{"link:" + link->made_by};
  const auto run = services.database.transact(
      *tenant, actor, [&](TenantTransaction& t) { return runs::read_run(t, link->run); }, {.read_only = true});
  if (!run) return problem(run.failure());
  return file_of(services, *tenant, actor, *run, link->format, link->with_pay);
}

}  // namespace

void add_exports_routes(http::RouteTable& routes) {
  using http::Lane;
  using tenants::Scope;
  for (const auto& [pattern, id] :
       {std::pair{"/v1/exports/{scheme}/{period}", "exportResults"}, std::pair{"/v1/runs/{run}/export", "exportRun"}})
    routes.add({.pattern = pattern,
                .operation_id = id,
                .scope = Scope::kResultsRead,
                .lane = Lane::kBulk,
                .handler = export_results});
  for (const auto& [pattern, id] : {std::pair{"/v1/exports/{scheme}/{period}/links", "createExportLink"},
                                    std::pair{"/v1/runs/{run}/export/links", "createRunExportLink"}})
    routes.add({.method = http::Method::kPost,
                .pattern = pattern,
                .operation_id = id,
                .scope = Scope::kResultsRead,
                .body = http::BodyKind::kJson,
                .needs_idempotency_key = true,
                .handler = create_link});
  routes.add({.pattern = "/v1/downloads/{token}",
              .operation_id = "download",
              .access = http::Access::kPublic,
              .lane = Lane::kBulk,
              .handler = download});
}

}  // namespace kaogong::api
