#include "gateway/api/schemes/assignments.h"

#include <charconv>

#include "gateway/api/answer.h"
#include "gateway/api/body.h"
#include "gateway/api/change.h"
#include "gateway/api/forms.h"
#include "gateway/api/routes.h"
#include "tenants/people/departments.h"
#include "tenants/schemes/assignments.h"
#include "tenants/schemes/schemes.h"

namespace kaogong::api {

namespace {

using http::Method;
using http::Response;
using json::Need;
using tenants::Assignment;
using tenants::Result;
using tenants::Scope;
using tenants::TenantTransaction;

void write_assignment(json::Writer& w, const Assignment& assignment) {
  w.begin_object().member("id", std::to_string(assignment.id)).member("scheme", assignment.scheme_id);
  w.member("pay_group", assignment.pay_group).member("department", assignment.department);
  w.member("from", scheme::to_text(assignment.from)).name("to");
  if (assignment.to) {
    w.value(scheme::to_text(*assignment.to));
  } else {
    w.null();
  }
  w.member("created_by", assignment.created_by).end_object();
}

Response shown(const Assignment& assignment, int status) {
  json::Writer w;
  write_assignment(w, assignment);
  return answer(status, w);
}

Response list(Call& call) {
  Query query(call.request);
  const auto scheme_id = query.text("scheme").value_or("");
  const auto page = read_page(query, call);
  if (auto wrong = query.problem()) return *std::move(wrong);
  return look(
      call,
      [&](TenantTransaction& t) -> Result<std::vector<Assignment>> {
        int64_t after = 0;
        std::from_chars(page.after.data(), page.after.data() + page.after.size(), after);
        auto all = tenants::list_assignments(t, scheme_id);
        std::erase_if(all, [&](const auto& one) { return one.id <= after; });
        return all;
      },
      [&](const std::vector<Assignment>& all) {
        return answer_page(call, page, all, write_assignment, [](const auto& one) { return std::to_string(one.id); });
      });
}

Response assign(Call& call) {
  JsonBody body(call.request);
  Assignment asked;
  asked.scheme_id = body->text("scheme", tenants::kSchemeIdBytesMax).value_or("");
  asked.pay_group = body->text_or_empty("pay_group", tenants::kCodeBytesMax);
  asked.department = body->text_or_empty("department", tenants::kCodeBytesMax);
  const auto from = body->parsed("from", scheme::parse_period, kPeriodForm);
  asked.to = body->parsed("to", scheme::parse_period, kPeriodForm, Need::kOptional);
  if (auto wrong = body.problem()) return *std::move(wrong);
  asked.from = *from;
  return change(call, [&](TenantTransaction& t) -> Result<Response> {
    const auto made = tenants::assign(t, asked);
    if (!made) return made.failure();
    return shown(*made, 201);
  });
}

Response end(Call& call) {
  JsonBody body(call.request);
  const auto last = body->parsed("to", scheme::parse_period, kPeriodForm);
  if (auto wrong = body.problem()) return *std::move(wrong);
  const auto id = parse_number(call.values[0]);
  if (!id) return problem(ProblemCode::kNotFound, "there is no assignment " + call.values[0]);
  return change(call, [&](TenantTransaction& t) -> Result<Response> {
    const auto ended = tenants::end_assignment(t, *id, *last);
    if (!ended) return ended.failure();
    return shown(*ended, 200);
  });
}

Response people(Call& call) {
  Query query(call.request);
  const auto period = query.parsed("period", scheme::parse_period, kPeriodForm);
  if (!call.request.parameter("period")) query.fault("period", "is missing");
  const auto page = read_page(query, call);
  if (auto wrong = query.problem()) return *std::move(wrong);
  return look(
      call,
      [&](TenantTransaction& t) -> Result<std::vector<std::string>> {
        if (tenants::list_versions(t, call.values[0]).empty())
          return tenants::not_found("there is no scheme " + call.values[0]);
        auto all = tenants::people_of(t, call.values[0], *period);
        if (!page.after.empty()) std::erase_if(all, [&](const auto& one) { return one <= page.after; });
        return all;
      },
      [&](const std::vector<std::string>& all) {
        return answer_page(
            call, page, all, [](json::Writer& w, const std::string& one) { w.value(one); },
            [](const std::string& one) { return one; });
      });
}

}  // namespace

void add_assignment_routes(http::RouteTable& routes) {
  routes.add(reading("/v1/assignments", "listAssignments", Scope::kSchemesRead, list));
  routes.add(changing(Method::kPost, "/v1/assignments", "assignScheme", Scope::kSchemesWrite, assign));
  routes.add(changing(Method::kPost, "/v1/assignments/{assignment}/end", "endAssignment", Scope::kSchemesWrite, end));
  routes.add(reading("/v1/schemes/{scheme}/people", "listSchemePeople", Scope::kPeopleRead, people));
}

}  // namespace kaogong::api
