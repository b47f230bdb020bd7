#include "gateway/api/tenants/routes.h"

#include <stdexcept>

#include "gateway/api/answer.h"
#include "gateway/api/body.h"
#include "gateway/api/call.h"
#include "gateway/api/forms.h"
#include "gateway/api/gate/claim.h"
#include "gateway/api/routes.h"
#include "gateway/api/services.h"
#include "gateway/api/tenants/archive.h"

namespace kaogong::api {

namespace {

using http::Method;
using http::Response;
using tenants::Quotas;
using tenants::Result;
using tenants::Tenant;

constexpr size_t kReasonBytesMax = 1'000;
constexpr int64_t kQuotaMax = 1'000'000'000'000'000;

void write_quotas(json::Writer& w, const Quotas& quotas) {
  w.begin_object();
  w.member_or_null("people_max", quotas.people_max).member_or_null("runs_per_day_max", quotas.runs_per_day_max);
  w.member_or_null("stored_bytes_max", quotas.stored_bytes_max);
  w.member_or_null("requests_per_second_max", quotas.requests_per_second_max).end_object();
}

void write_tenant(json::Writer& w, const Tenant& tenant) {
  w.begin_object().member("id", tenant.id().text()).member("name", tenant.name());
  w.member("state", tenants::to_text(tenant.state())).name("quotas");
  write_quotas(w, tenant.quotas());
  instant_member(w, "created_at", tenant.created_at()).end_object();
}

std::string json_of(const Tenant& tenant) {
  json::Writer w;
  write_tenant(w, tenant);
  return w.take();
}

Response shown(const Result<Tenant>& tenant, int status = 200) {
  return tenant ? answer(status, json_of(*tenant)) : problem(tenant.failure());
}

Quotas read_quotas(json::BodyReader& body) {
  const auto bound = [&](std::string_view name) { return body.whole(name, 0, kQuotaMax, json::Need::kOptional); };
  return {bound("people_max"), bound("runs_per_day_max"), bound("stored_bytes_max"), bound("requests_per_second_max")};
}

Response create(Call& call) {
  JsonBody body(call.request);
  const auto id = body->text("id", tenants::kTenantIdBytesMax);
  const auto name = body->text("name", tenants::kTenantNameBytesMax);
  Quotas quotas = call.services.settings.limits.quotas();
  if (auto given = body->object("quotas", json::Need::kOptional)) {
    quotas = read_quotas(*given);
    given->finish();
  }
  if (auto wrong = body.problem()) return *std::move(wrong);
  Response made;
  const auto tenant =
      call.services.registry.create(*id, *name, quotas, call.caller.actor,
                                    [&](postgres::Transaction& sql, const Tenant& created) -> Result<tenants::Done> {
                                      made = answer(201, json_of(created));
                                      made.fields.add("Location", "/v1/tenants/" + created.id().text());
                                      return call.claim->keep(sql, made);
                                    });
  return tenant ? made : problem(tenant.failure());
}

Response list(Call& call) {
  Query query(call.request);
  const bool with_erased = query.truth("with_erased");
  const auto page = read_page(query, call);
  if (auto wrong = query.problem()) return *std::move(wrong);
  const auto found = call.services.registry.list(page.after, page.size + 1, with_erased);
  if (!found) return problem(found.failure());
  return answer_page(call, page, *found, write_tenant, [](const Tenant& tenant) { return tenant.id().text(); });
}

Response get(Call& call) {
  const auto tenant = call.services.registry.get(call.values[0]);
  return tenant ? tagged(call.request, json_of(*tenant)) : problem(tenant.failure());
}

/// Suspends or resumes.
Response change_state(Call& call, bool suspend) {
  JsonBody body(call.request);
  const auto reason = body->text("reason", kReasonBytesMax);
  if (auto wrong = body.problem()) return *std::move(wrong);
  auto& registry = call.services.registry;
  const auto tenant = suspend ? registry.suspend(call.values[0], *reason, call.caller.actor)
                              : registry.resume(call.values[0], *reason, call.caller.actor);
  call.services.known_callers.doubt_all();
  return shown(tenant);
}

Response set_quotas(Call& call) {
  JsonBody body(call.request);
  const auto quotas = read_quotas(body.reader());
  if (auto wrong = body.problem()) return *std::move(wrong);
  std::optional<Response> refusal;
  const auto tenant = call.services.registry.set_quotas(call.values[0], quotas, call.caller.actor,
                                                        [&](const Tenant& now) -> Result<tenants::Done> {
                                                          refusal = check_if_match(call.request, etag_of(json_of(now)));
                                                          if (refusal) return tenants::conflict("it was changed");
                                                          return tenants::Done{};
                                                        });
  if (refusal) return *std::move(refusal);
  call.services.known_callers.doubt_all();
  return shown(tenant);
}

/// Everything that a tenant has.
Response export_tenant(Call& call) {
  auto& registry = call.services.registry;
  // Who only asks whether there is one takes nothing away.
  const bool asks = call.request.method == Method::kHead;
  const auto tenant = asks ? registry.get(call.values[0]) : registry.begin_export(call.values[0], call.caller.actor);
  if (!tenant) return problem(tenant.failure());
  Response response;
  response.content_type = "application/x-tar";
  response.fields.add("Content-Disposition", "attachment; filename=\"" + tenant->id().text() + ".tar\"");
  response.stream = [&services = call.services, tenant = *tenant](http::BodySink& sink) {
    ExportArchive archive(sink, services.clock.now());
    const auto done = services.registry.write_export(tenant, archive);
    if (archive.is_gone()) return;
    if (!done)
      throw std::runtime_error("the export of a tenant broke off: " + std::string(to_text(done.failure().code)));
    archive.finish();
  };
  return response;
}

Response erase(Call& call) {
  const auto erasure = call.services.registry.erase(call.values[0], call.caller.actor);
  if (!erasure) return problem(erasure.failure());
  call.services.known_callers.doubt_all();
  json::Writer w;
  w.begin_object().member("id", erasure->id.text());
  instant_member(w, "erased_at", erasure->erased_at).raw_member("record", erasure->record).end_object();
  return answer(200, w);
}

/// Their changes are in the control schema, where their answers are kept, too.
void add(http::RouteTable& routes, http::Route route) {
  route.access = http::Access::kOperator;
  route.answers_in_control = true;
  routes.add(std::move(route));
}

}  // namespace

void add_tenants_routes(http::RouteTable& routes) {
  add(routes, changing(Method::kPost, "/v1/tenants", "createTenant", tenants::Scope::kTenantsManage, create));
  add(routes, reading("/v1/tenants", "listTenants", tenants::Scope::kTenantsManage, list));
  add(routes, reading("/v1/tenants/{tenant}", "getTenant", tenants::Scope::kTenantsManage, get));
  add(routes, changing(Method::kPost, "/v1/tenants/{tenant}/suspend", "suspendTenant", tenants::Scope::kTenantsManage,
                       [](Call& call) { return change_state(call, true); }));
  add(routes, changing(Method::kPost, "/v1/tenants/{tenant}/resume", "resumeTenant", tenants::Scope::kTenantsManage,
                       [](Call& call) { return change_state(call, false); }));
  add(routes, changing(Method::kPut, "/v1/tenants/{tenant}/quotas", "setTenantQuotas", tenants::Scope::kTenantsManage,
                       set_quotas));
  auto whole = reading("/v1/tenants/{tenant}/export", "exportTenant", tenants::Scope::kTenantsManage, export_tenant);
  whole.lane = http::Lane::kBulk;
  add(routes, std::move(whole));
  add(routes, changing(Method::kDelete, "/v1/tenants/{tenant}", "eraseTenant", tenants::Scope::kTenantsManage, erase));
}

}  // namespace kaogong::api
