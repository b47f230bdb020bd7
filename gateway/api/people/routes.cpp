#include "gateway/api/people/routes.h"

#include "gateway/api/answer.h"
#include "gateway/api/body.h"
#include "gateway/api/change.h"
#include "gateway/api/forms.h"
#include "gateway/api/people/load_people.h"
#include "gateway/api/routes.h"
#include "tenants/people/people.h"
#include "tenants/schemes/assignments.h"

namespace kaogong::api {

namespace {

using http::Method;
using http::Response;
using json::Need;
using tenants::AttributeChange;
using tenants::Attributes;
using tenants::PersonOnDay;
using tenants::Result;
using tenants::Scope;
using tenants::TenantTransaction;

/// What the tenant itself keeps of people (accounts, numbers of documents) is for those who may change it.
bool may_see_extra(const Caller& caller) { return caller.scopes.has(Scope::kPeopleWrite); }

void write_attributes(json::Writer& w, const Attributes& attributes, bool with_extra) {
  w.begin_object().member("department", attributes.department).member("position", attributes.position);
  w.member("step", attributes.step).member("pay_group", attributes.pay_group).member("manager", attributes.manager);
  if (with_extra) {
    w.name("extra").begin_object();
    for (const auto& [name, value] : attributes.extra) w.member(name, value);
    w.end_object();
  }
  w.end_object();
}

void write_person(json::Writer& w, const PersonOnDay& found, bool with_extra) {
  w.begin_object().member("employee", found.person.employee).member("name", found.person.name);
  date_member(w, "hired_on", found.person.hired_on);
  date_member(w, "left_on", found.person.left_on).member("employed", found.employed).name("attributes");
  write_attributes(w, found.attributes, with_extra);
  w.end_object();
}

std::string json_of(const PersonOnDay& person, bool with_extra) {
  json::Writer w;
  write_person(w, person, with_extra);
  return w.take();
}

/// The members of a change; those that are not there stay as they are.
AttributeChange read_change(json::BodyReader& body) {
  AttributeChange change;
  const auto text = [&](std::string_view name) {
    return body.text(name, tenants::kAttributeBytesMax, Need::kOptional, true);
  };
  change.department = text("department");
  change.position = text("position");
  change.step = text("step");
  change.pay_group = text("pay_group");
  change.manager = text("manager");
  const auto extra = body.any("extra", Need::kOptional);
  if (!extra) return change;
  if (!extra->is(json::Kind::kObject) || extra->size() > tenants::kExtraMax) {
    body.fault("extra", "must be an object of at most " + std::to_string(tenants::kExtraMax) + " texts");
    return change;
  }
  for (const auto& [name, value] : extra->members()) {
    if (value.is(json::Kind::kString) && value.text().size() <= tenants::kAttributeBytesMax) {
      change.extra.emplace(name, value.text());
    } else {
      body.faults().add(json::pointer_to(body.pointer("extra"), name),
                        "must be a text of at most " + std::to_string(tenants::kAttributeBytesMax) + " bytes");
    }
  }
  return change;
}

Attributes attributes_of(AttributeChange change) {
  return {change.department.value_or(""), change.position.value_or(""), change.step.value_or(""),
          change.pay_group.value_or(""),  change.manager.value_or(""),  std::move(change.extra)};
}

/// What is true of a person on the day of a change, after it.
Result<Response> shown(TenantTransaction& t, std::string_view employee, tenants::Day day, int status = 200) {
  const auto person = tenants::person_on(t, employee, day);
  if (!person) return person.failure();
  auto response = answer(status, json_of(*person, true));
  if (status == 201) response.fields.add("Location", "/v1/people/" + escaped_segment(employee));
  return response;
}

Response add(Call& call) {
  JsonBody body(call.request);
  tenants::Person person;
  person.employee = body->text("employee", tenants::kCodeBytesMax).value_or("");
  person.name = body->text("name", tenants::kNameBytesMax).value_or("");
  person.hired_on = body->parsed("hired_on", scheme::parse_date, kDateForm).value_or(0);
  AttributeChange attributes;
  if (auto given = body->object("attributes", Need::kOptional)) {
    attributes = read_change(*given);
    given->finish();
  }
  if (auto wrong = body.problem()) return *std::move(wrong);
  return change(call, [&](TenantTransaction& t) -> Result<Response> {
    if (const auto added = tenants::add_person(t, person, attributes_of(attributes)); !added) return added.failure();
    return shown(t, person.employee, person.hired_on, 201);
  });
}

Response list(Call& call) {
  Query query(call.request);
  const auto day = query.parsed("on", scheme::parse_date, kDateForm).value_or(today(call.services.clock));
  const auto department = query.text("department").value_or("");
  const auto page = read_page(query, call);
  if (auto wrong = query.problem()) return *std::move(wrong);
  const bool with_extra = may_see_extra(call.caller);
  return look(
      call, [&](TenantTransaction& t) { return tenants::list_people(t, day, department, page.after, page.size + 1); },
      [&](const std::vector<PersonOnDay>& people) {
        return answer_page(
            call, page, people,
            [&](json::Writer& w, const PersonOnDay& person) { write_person(w, person, with_extra); },
            [](const PersonOnDay& person) { return person.person.employee; });
      });
}

Response get(Call& call) {
  Query query(call.request);
  const auto day = query.parsed("on", scheme::parse_date, kDateForm).value_or(today(call.services.clock));
  if (auto wrong = query.problem()) return *std::move(wrong);
  return look(
      call, [&](TenantTransaction& t) { return tenants::person_on(t, call.values[0], day); },
      [&](const PersonOnDay& person) { return tagged(call.request, json_of(person, may_see_extra(call.caller))); });
}

Response history(Call& call) {
  return look(
      call, [&](TenantTransaction& t) { return tenants::attribute_history(t, call.values[0]); },
      [&](const std::vector<tenants::AttributeVersion>& versions) {
        json::Writer w;
        w.begin_object().name("items").begin_array();
        for (const auto& version : versions) {
          date_member(w.begin_object(), "valid_from", version.valid_from).member("employed", version.employed);
          w.name("attributes");
          write_attributes(w, version.attributes, may_see_extra(call.caller));
          w.member("actor", version.actor);
          instant_member(w, "entered_at", version.entered_at).end_object();
        }
        w.end_array().end_object();
        return tagged(call.request, w.take());
      });
}

Response change_attributes(Call& call) {
  JsonBody body(call.request);
  const auto from = body->parsed("from", scheme::parse_date, kDateForm);
  const auto asked = read_change(body.reader());
  if (auto wrong = body.problem()) return *std::move(wrong);
  return change(call, [&](TenantTransaction& t) -> Result<Response> {
    if (const auto done = tenants::change_attributes(t, call.values[0], *from, asked); !done) return done.failure();
    return shown(t, call.values[0], *from);
  });
}

Response leave(Call& call) {
  JsonBody body(call.request);
  const auto day = body->parsed("last_day", scheme::parse_date, kDateForm);
  if (auto wrong = body.problem()) return *std::move(wrong);
  return change(call, [&](TenantTransaction& t) -> Result<Response> {
    if (const auto done = tenants::leave(t, call.values[0], *day); !done) return done.failure();
    return shown(t, call.values[0], *day);
  });
}

Response rehire(Call& call) {
  JsonBody body(call.request);
  const auto day = body->parsed("hired_on", scheme::parse_date, kDateForm);
  const auto asked = read_change(body.reader());
  if (auto wrong = body.problem()) return *std::move(wrong);
  return change(call, [&](TenantTransaction& t) -> Result<Response> {
    if (const auto done = tenants::rehire(t, call.values[0], *day, asked); !done) return done.failure();
    return shown(t, call.values[0], *day);
  });
}

Response schemes(Call& call) {
  Query query(call.request);
  const auto period = query.parsed("period", scheme::parse_period, kPeriodForm);
  if (!call.request.parameter("period")) query.fault("period", "is missing");
  if (auto wrong = query.problem()) return *std::move(wrong);
  return look(
      call,
      [&](TenantTransaction& t) -> Result<std::vector<std::string>> {
        if (const auto person = tenants::find_person(t, call.values[0]); !person) return person.failure();
        return tenants::schemes_of(t, call.values[0], *period);
      },
      [](const std::vector<std::string>& ids) {
        json::Writer w;
        w.begin_object().name("items").begin_array();
        for (const auto& id : ids) w.value(id);
        w.end_array().end_object();
        return answer(200, w);
      });
}

}  // namespace

void add_people_routes(http::RouteTable& routes) {
  routes.add(changing(Method::kPost, "/v1/people", "addPerson", Scope::kPeopleWrite, add));
  auto loading = changing(Method::kPut, "/v1/people", "loadPeople", Scope::kPeopleWrite, load_people);
  loading.body = http::BodyKind::kStream;
  loading.lane = http::Lane::kBulk;
  routes.add(std::move(loading));
  routes.add(reading("/v1/people", "listPeople", Scope::kPeopleRead, list));
  routes.add(reading("/v1/people/{employee}", "getPerson", Scope::kPeopleRead, get));
  routes.add(reading("/v1/people/{employee}/attributes", "getPersonHistory", Scope::kPeopleRead, history));
  routes.add(changing(Method::kPost, "/v1/people/{employee}/attributes", "changePerson", Scope::kPeopleWrite,
                      change_attributes));
  routes.add(changing(Method::kPost, "/v1/people/{employee}/leave", "leavePerson", Scope::kPeopleWrite, leave));
  routes.add(changing(Method::kPost, "/v1/people/{employee}/rehire", "rehirePerson", Scope::kPeopleWrite, rehire));
  routes.add(reading("/v1/people/{employee}/schemes", "getPersonSchemes", Scope::kPeopleRead, schemes));
}

}  // namespace kaogong::api
