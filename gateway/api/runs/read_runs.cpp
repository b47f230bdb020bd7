#include "gateway/api/answer.h"
#include "gateway/api/body.h"
#include "gateway/api/paging.h"
#include "gateway/api/results/visibility.h"
#include "gateway/api/runs/handlers.h"
#include "gateway/api/runs/run_json.h"
#include "gateway/api/transact.h"
#include "tenants/runs/queries.h"
#include "tenants/runs/verify.h"

namespace kaogong::api {

using tenants::Result;
using tenants::TenantTransaction;

namespace {

/// A place in the list of rejects as text.
std::string text_of(const runs::RejectPlace& place) {
  return std::to_string(place.chunk) + "/" + std::to_string(place.seq);
}

runs::RejectPlace place_of(const std::string& text) {
  if (text.empty()) return {};
  const auto slash = text.find('/');
  return {std::stoll(text.substr(0, slash)), std::stoll(text.substr(slash + 1))};  // of a token: ours
}

}  // namespace

http::Response list_runs(Call& call) {
  Query query(call.request);
  runs::RunFilter filter;
  filter.scheme_id = query.text("scheme");
  filter.period = query.parsed("period", scheme::parse_period, "a period like 2026-10");
  filter.kind = query.parsed("kind", runs::parse_run_kind, "regular, preview, correction or year_end");
  filter.state = query.parsed("state", runs::parse_run_state,
                              "draft, calculating, calculated, approved, published, cancelled, void or failed");
  const auto page = read_page(query, call, kPageSize, runs::kRunsPageMax - 1);
  if (auto wrong = query.problem()) return *std::move(wrong);
  filter.limit = page.size + 1;
  if (!page.after.empty()) filter.before = runs::RunId{std::stoll(page.after)};
  auto found = read_only(
      call, [&](TenantTransaction& t) -> Result<std::vector<runs::Run>> { return runs::list_runs(t, filter); });
  if (!found) return problem(found.failure());
  const bool more = found->size() > static_cast<size_t>(page.size);
  if (more) found->pop_back();
  json::Writer writer;
  writer.begin_object().name("items").begin_array();
  for (const auto& run : *found) write_run(writer, run);
  writer.end_array();
  write_next_page(writer, call,
                  more ? std::optional(std::to_string(number_of(found->back().id))) : std::optional<std::string>());
  writer.end_object();
  return answer(200, writer);
}

http::Response get_run(Call& call) {
  Query query(call.request);
  if (auto wrong = query.problem()) return *std::move(wrong);
  const auto id = run_in_path(call);
  if (!id) return problem(id.failure());
  const auto run = read_run(call, *id);
  if (!run) return problem(run.failure());
  return tagged(call.request, run_json(*run));
}

http::Response list_rejects(Call& call) {
  Query query(call.request);
  const auto employee = query.text("employee").value_or("");
  const auto page = read_page(query, call, kPageSize, runs::kRejectsPageMax - 1);
  if (auto wrong = query.problem()) return *std::move(wrong);
  const auto id = run_in_path(call);
  if (!id) return problem(id.failure());
  auto found = read_only(call, [&](TenantTransaction& t) -> Result<std::vector<runs::PlacedReject>> {
    if (const auto run = runs::read_run(t, *id); !run) return run.failure();
    return runs::rejects_of(t, *id, place_of(page.after), page.size + 1, employee);
  });
  if (!found) return problem(found.failure());
  const bool more = found->size() > static_cast<size_t>(page.size);
  if (more) found->pop_back();
  json::Writer writer;
  writer.begin_object().name("items").begin_array();
  for (const auto& [place, reject] : *found) {
    // What was refused may be an amount, and its error says it, too.
    const bool seen = may_see(call.caller, scheme::TypeName::kMoney, reject.employee);
    writer.begin_object()
        .member("employee", reject.employee)
        .member("sheet", reject.file)
        .member("line", reject.line)
        .member("column", reject.column)
        .member("value", seen ? reject.value : "");
    write_labels(
        writer, "error",
        seen ? scheme::Labels{reject.error_zh, reject.error_en}
             : scheme::Labels{"有pay:read权限者可见原因", "the reason is shown to those with the scope pay:read"});
    writer.end_object();
  }
  writer.end_array();
  write_next_page(writer, call, more ? std::optional(text_of(found->back().place)) : std::optional<std::string>());
  writer.end_object();
  return answer(200, writer);
}

http::Response verify_run(Call& call) {
  const auto id = run_in_path(call);
  if (!id) return problem(id.failure());
  auto& services = call.services;
  const auto same = runs::verify_run(services.database, services.builder, *call.tenant, call.caller.actor, *id);
  if (!same) return problem(same.failure());
  json::Writer writer;
  writer.begin_object()
      .member("run", number_of(*id))
      .member("same", same->same())
      .member("chunks", same->chunks)
      .member("pages", same->pages)
      .member("rejects", same->rejects)
      .name("differences")
      .begin_array();
  for (const auto& difference : same->differences) writer.value(difference);
  writer.end_array().end_object();
  return answer(200, writer);
}

}  // namespace kaogong::api
