#include "gateway/api/departments/routes.h"

#include "gateway/api/answer.h"
#include "gateway/api/body.h"
#include "gateway/api/change.h"
#include "gateway/api/forms.h"
#include "gateway/api/routes.h"
#include "tenants/people/departments.h"

namespace kaogong::api {

namespace {

using http::Method;
using http::Response;
using json::Need;
using tenants::DepartmentVersion;
using tenants::Result;
using tenants::Scope;
using tenants::TenantTransaction;

constexpr size_t kVersionsMax = 10'000;  // of one call
constexpr std::string_view kLock = "departments";

void write_version(json::Writer& w, const DepartmentVersion& version) {
  w.begin_object().member("code", version.code);
  date_member(w, "valid_from", version.valid_from).member("name", version.name).member("parent", version.parent);
  w.member("closed", version.closed).end_object();
}

std::string json_of(const std::vector<DepartmentVersion>& versions) {
  json::Writer w;
  w.begin_object().name("items").begin_array();
  for (const auto& version : versions) write_version(w, version);
  w.end_array().end_object();
  return w.take();
}

DepartmentVersion read_version(json::BodyReader& body) {
  DepartmentVersion version;
  version.valid_from = body.parsed("valid_from", scheme::parse_date, kDateForm).value_or(0);
  version.closed = body.truth("closed", Need::kOptional).value_or(false);
  version.name = body.text("name", tenants::kNameBytesMax).value_or("");
  version.parent = body.text_or_empty("parent", tenants::kCodeBytesMax);
  return version;
}

Response list(Call& call) {
  Query query(call.request);
  const auto day = query.parsed("on", scheme::parse_date, kDateForm).value_or(today(call.services.clock));
  const auto page = read_page(query, call);
  if (auto wrong = query.problem()) return *std::move(wrong);
  return look(
      call,
      [&](TenantTransaction& t) -> Result<std::vector<DepartmentVersion>> {
        auto open = tenants::department_tree(t).open_on(day);
        std::erase_if(open, [&](const auto& version) { return !page.after.empty() && version.code <= page.after; });
        return open;
      },
      [&](const std::vector<DepartmentVersion>& open) {
        return answer_page(call, page, open, write_version, [](const auto& version) { return version.code; });
      });
}

Response get(Call& call) {
  return look(
      call, [&](TenantTransaction& t) { return tenants::department_history(t, call.values[0]); },
      [&](const std::vector<DepartmentVersion>& versions) { return tagged(call.request, json_of(versions)); });
}

Response put(Call& call) {
  JsonBody body(call.request);
  auto version = read_version(body.reader());
  if (auto wrong = body.problem()) return *std::move(wrong);
  version.code = call.values[0];
  return change(call, [&](TenantTransaction& t) -> Result<Response> {
    lock_subject(t, kLock, {});
    const auto before = tenants::department_history(t, version.code);
    if (!before && before.failure().code != tenants::FailureCode::kNotFound) return before.failure();
    if (before) {
      if (auto refused = check_if_match(call.request, etag_of(json_of(*before)))) return *std::move(refused);
    }
    if (const auto done = tenants::put_department(t, version); !done) return done.failure();
    const auto after = tenants::department_history(t, version.code);
    if (!after) return after.failure();
    auto text = json_of(*after);
    auto tag = etag_of(text);
    auto response = answer(before ? 200 : 201, std::move(text));
    response.fields.add("ETag", std::move(tag));
    return response;
  });
}

Response put_all(Call& call) {
  JsonBody body(call.request);
  std::vector<DepartmentVersion> versions;
  size_t index = 0;
  for (const auto item : body->array("versions", kVersionsMax)) {
    json::BodyReader one(item, body->pointer("versions", index++), body->faults());
    auto version = read_version(one);
    version.code = one.text("code", tenants::kCodeBytesMax).value_or("");
    one.finish();
    versions.push_back(std::move(version));
  }
  if (auto wrong = body.problem()) return *std::move(wrong);
  return change(call, [&](TenantTransaction& t) -> Result<Response> {
    lock_subject(t, kLock, {});
    if (const auto done = tenants::put_departments(t, versions); !done) return done.failure();
    json::Writer w;
    w.begin_object().member("versions", versions.size()).end_object();
    return answer(200, w);
  });
}

}  // namespace

void add_departments_routes(http::RouteTable& routes) {
  routes.add(reading("/v1/departments", "listDepartments", Scope::kPeopleRead, list));
  routes.add(changing(Method::kPost, "/v1/departments", "putDepartments", Scope::kPeopleWrite, put_all));
  routes.add(reading("/v1/departments/{department}", "getDepartment", Scope::kPeopleRead, get));
  routes.add(changing(Method::kPut, "/v1/departments/{department}", "putDepartment", Scope::kPeopleWrite, put));
}

}  // namespace kaogong::api
