#include "gateway/api/departments/routes.h"
#include "gateway/api/people/routes.h"
#include "tests/gateway/api/fixture/api_fixture.h"

namespace kaogong::api::test {
namespace {

using tenants::AccessRole;

class PeopleApi : public GatedApiTest {
 protected:
  PeopleApi() {
    add_people_routes(api.routes);
    add_departments_routes(api.routes);
  }
  void add_department(const std::string& code) {
    ASSERT_EQ(
        send("PUT", "/v1/departments/" + code, {.key = hr, .body = R"({"valid_from":"2026-01-01","name":"部门"})"})
            .status,
        201);
  }
  void add_person(const std::string& employee, const std::string& attributes = "{}") {
    const auto added = send("POST", "/v1/people",
                            {.key = hr,
                             .body = R"({"employee":")" + employee +
                                     R"(","name":"张三","hired_on":"2026-01-05","attributes":)" + attributes + "}"});
    ASSERT_EQ(added.status, 201) << added.body;
  }
  http::Response load(const std::string& from, const std::string& type, const std::string& lines) {
    return send("PUT", "/v1/people?from=" + from, {.key = hr, .body = lines, .fields = {{"content-type", type}}});
  }
  const http::Field kLines{"content-type", "application/x-ndjson"};
  tenants::Tenant tenant = make_tenant();
  std::string hr = key_of(tenant, AccessRole::kHr), executive = key_of(tenant, AccessRole::kExecutive);
};

TEST_F(PeopleApi, APersonComesChangesAndGoes) {
  add_department("D1");
  add_person("E/1", R"({"department":"D1","position":"cook","extra":{"bank":"622"}})");
  const std::string path = "/v1/people/E%2F1";
  const auto seen = send("GET", path + "?on=2026-03-01", {.key = hr});
  EXPECT_EQ(at(seen, "/attributes/position"), "cook");
  EXPECT_EQ(at(seen, "/attributes/extra/bank"), "622");
  EXPECT_EQ(send("GET", path + "?on=2025-01-01", {.key = hr}).status, 404);
  const auto changed = send("POST", path + "/attributes",
                            {.key = hr, .body = R"({"from":"2026-02-01","position":"chef","extra":{"bank":""}})"});
  EXPECT_EQ(at(changed, "/attributes/position"), "chef") << changed.body;
  EXPECT_EQ(at(changed, "/attributes/extra"), "0");
  EXPECT_EQ(at(send("GET", path + "/attributes", {.key = hr}), "/items"), "2");
  EXPECT_EQ(at(send("POST", path + "/leave", {.key = hr, .body = R"({"last_day":"2026-05-31"})"}), "/left_on"),
            "2026-05-31");
  EXPECT_EQ(send("POST", path + "/rehire", {.key = hr, .body = R"({"hired_on":"2026-05-31"})"}).status, 409);
  EXPECT_EQ(at(send("POST", path + "/rehire", {.key = hr, .body = R"({"hired_on":"2026-08-01"})"}), "/left_on"),
            "null");
}

TEST_F(PeopleApi, FaultsAreNamed) {
  const auto refused = send(
      "POST", "/v1/people",
      {.key = hr,
       .body = R"({"employee":"E1","name":"x","hired_on":"2026-02-30","attributes":{"extra":{"a":1},"pay":"x"}})"});
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(at(refused, "/errors/0/pointer"), "/hired_on");
  EXPECT_EQ(at(refused, "/errors/1/pointer"), "/attributes/extra/a");
  EXPECT_EQ(at(refused, "/errors/2/pointer"), "/attributes/pay");
  EXPECT_EQ(
      send("POST", "/v1/people",
           {.key = hr,
            .body = R"({"employee":"E1","name":"x","hired_on":"2026-02-01","attributes":{"department":"nowhere"}})"})
          .status,
      409);
  add_person("E1");
  EXPECT_EQ(
      send("POST", "/v1/people", {.key = hr, .body = R"({"employee":"E1","name":"x","hired_on":"2026-02-01"})"}).status,
      409);
  EXPECT_EQ(send("GET", "/v1/people/nobody", {.key = hr}).status, 404);
  EXPECT_EQ(send("GET", "/v1/people?on=yesterday", {.key = hr}).status, 400);
}

TEST_F(PeopleApi, WhatTheTenantKeepsIsForThoseWhoKeepIt) {
  add_person("E1", R"({"extra":{"bank":"622"}})");
  EXPECT_EQ(at(send("GET", "/v1/people/E1", {.key = hr}), "/attributes/extra/bank"), "622");
  for (const std::string path : {"/v1/people/E1", "/v1/people", "/v1/people/E1/attributes"})
    EXPECT_EQ(send("GET", path, {.key = executive}).body.find("622"), std::string::npos) << path;
  EXPECT_EQ(send("POST", "/v1/people", {.key = executive, .body = "{}"}).status, 403);
  EXPECT_EQ(send("GET", "/v1/people/E1", {.key = key_of(tenant, AccessRole::kEmployee)}).status, 403);
}

TEST_F(PeopleApi, PeopleArePaged) {
  add_department("D1");
  for (int i = 0; i < 5; ++i) add_person("E" + std::to_string(i), i % 2 == 0 ? R"({"department":"D1"})" : "{}");
  const auto first = send("GET", "/v1/people?department=D1&page_size=2", {.key = hr});
  EXPECT_EQ(at(first, "/items/1/employee"), "E2");
  const auto second =
      send("GET", "/v1/people?page_size=2&department=D1&page_token=" + at(first, "/next_page_token"), {.key = hr});
  EXPECT_EQ(at(second, "/items/0/employee"), "E4");
  EXPECT_EQ(at(second, "/next_page_token"), "null");
  // A token of another tenant's list is none of this one.
  const auto other = make_tenant();
  EXPECT_EQ(send("GET", "/v1/people?department=D1&page_token=" + at(first, "/next_page_token"),
                 {.key = key_of(other, AccessRole::kHr)})
                .status,
            400);
}

TEST_F(PeopleApi, AllPeopleComeInOneCall) {
  add_department("D1");
  const auto first = load("2026-03-01", "text/csv; charset=utf-8",
                          "employee,name,hired_on,department,step,manager,城市\n"
                          "E1,\"张,三\",2026-01-10,D1,3,,上海\nE2,李四,2026-01-10,,2,E1,\n");
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(first.body, R"({"stored":true,"lines":2,"added":2,"changed":2})");
  EXPECT_EQ(at(send("GET", "/v1/people/E1?on=2026-01-10", {.key = hr}), "/attributes/extra/城市"), "上海");
  // One object a line: what it does not say stays, an empty text takes away.
  const auto second =
      load("2026-06-01", "application/x-ndjson",
           "\xEF\xBB\xBF{\"employee\":\"E1\",\"name\":\"张三\",\"hired_on\":\"2026-01-10\",\"step\":\"4\","
           "\"manager\":null,\"extra\":{\"城市\":\"\",\"shoe\":\"42\"}}\n\n"
           "{\"employee\":\"E2\",\"name\":\"李四\",\"hired_on\":\"2026-01-10\",\"manager\":\"\"}\r\n"
           "{\"employee\":\"E3\",\"name\":\"\\u738b\",\"hired_on\":\"2026-06-15\",\"left_on\":\"2026-08-31\"}");
  ASSERT_EQ(second.status, 200) << second.body;
  EXPECT_EQ(second.body, R"({"stored":true,"lines":3,"added":1,"changed":3})");
  EXPECT_EQ(at(send("GET", "/v1/people/E1?on=2026-05-31", {.key = hr}), "/attributes/step"), "3");
  const auto one = send("GET", "/v1/people/E1?on=2026-06-01", {.key = hr});
  EXPECT_EQ(at(one, "/attributes/step"), "4");
  EXPECT_EQ(at(one, "/attributes/department"), "D1");
  EXPECT_EQ(at(one, "/attributes/extra/shoe"), "42");
  EXPECT_EQ(at(one, "/attributes/extra/城市"), "(none)");
  const auto two = send("GET", "/v1/people/E2?on=2026-06-01", {.key = hr});
  EXPECT_EQ(at(two, "/attributes/manager"), "");
  EXPECT_EQ(at(two, "/attributes/step"), "2");
  EXPECT_EQ(at(send("GET", "/v1/people/E3?on=2026-09-01", {.key = hr}), "/employed"), "false");
}

TEST_F(PeopleApi, ALoadWithAFaultStoresNothingAndNamesEveryLine) {
  const auto refused = load("2026-03-01", "application/x-ndjson",
                            R"({"employee":"E1","name":"a","hired_on":"2026-01-10"})"
                            "\n"
                            R"({"employee":"E1","name":"","hired_on":"2026-13-01"})"
                            "\n"
                            R"({"employee":"E3","name":"c","hired_on":"2026-01-10","departement":"D"})"
                            "\n"
                            R"({"employee":"E4","name":"c","hired_on":"2026-01-10","step":4})"
                            "\n"
                            R"({"employee":"E5","name":"c","hired_on":"2026-01-10","department":"none","manager":"E5"})"
                            "\n[1]\n{\n"
                            R"({"employee":"E8","name":"c","hired_on":"2026-01-10","extra":{"a/b":1}})"
                            "\n"
                            R"({"employee":"E9","name":"c","hired_on":"2026-01-10","extra":[]})"
                            "\n"
                            R"({"employee":"E10","name":"c","hired_on":"2026-01-10","manager":"nobody"})");
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(fault_of_problem(refused), "");
  std::string pointers;
  for (size_t i = 0; i < 14; ++i) pointers += at(refused, "/errors/" + std::to_string(i) + "/pointer") + " ";
  EXPECT_EQ(pointers,
            "/2/employee /2/name /2/hired_on /3/departement /4/step /5/department /5/manager /6 /7 /8/a~1b /9/extra "
            "/10/manager (none) (none) ");
  EXPECT_EQ(at(refused, "/faults_total"), "12");
  EXPECT_EQ(at(refused, "/refused/2/line"), "2");
  EXPECT_EQ(at(refused, "/refused/2/employee"), "E1");
  EXPECT_EQ(at(refused, "/refused/2/column"), "hired_on");
  EXPECT_EQ(at(refused, "/refused/2/value"), "2026-13-01");
  EXPECT_EQ(at(refused, "/refused/2/error/en"), "is not a date like 2026-10-31");
  EXPECT_NE(at(refused, "/refused/3/error/en").find("did you mean \"department\"?"), std::string::npos);
  EXPECT_EQ(at(refused, "/refused/4/value"), "4");
  EXPECT_EQ(send("GET", "/v1/people/E1", {.key = hr}).status, 404);

  const auto of_csv = load("2026-03-01", "text/csv", "employee,name,hired_on\nE1,a,2026-01-10\nE2\n");
  EXPECT_EQ(of_csv.status, 422);
  EXPECT_EQ(at(of_csv, "/errors/0/pointer"), "/3");
  EXPECT_EQ(load("2026-03-01", "text/csv", "employee,name\nE1,a\n").status, 422);
  EXPECT_EQ(load("2026-03-01", "text/csv", "").status, 422);
  EXPECT_EQ(load("2026-03-01", "application/x-ndjson", "\n \n").status, 422);
  EXPECT_EQ(load("2026-03-01", "application/json", "{}").status, 415);
  EXPECT_EQ(load("2026-02-30", "text/csv", "employee,name,hired_on\nE1,a,2026-01-10\n").status, 400);
  const std::string line = R"({"employee":"E1","name":"a","hired_on":"2026-01-10"})";
  EXPECT_EQ(send("PUT", "/v1/people", {.key = hr, .body = line, .fields = {kLines}}).status, 400);
  EXPECT_EQ(send("PUT", "/v1/people?from=2026-03-01", {.key = executive, .body = line, .fields = {kLines}}).status,
            403);
  EXPECT_EQ(at(send("GET", "/v1/people?on=2026-06-01", {.key = hr}), "/items"), "0");
}

TEST_F(PeopleApi, ALoadThatIsRepeatedIsDoneOnce) {
  const Say say{.key = hr,
                .body = R"({"employee":"E1","name":"a","hired_on":"2026-01-10","step":"1"})",
                .once = "all-people-of-march",
                .fields = {kLines}};
  const auto first = send("PUT", "/v1/people?from=2026-03-01", say);
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(send("POST", "/v1/people/E1/attributes", {.key = hr, .body = R"({"from":"2026-03-01","step":"2"})"}).status,
            200);
  const auto again = send("PUT", "/v1/people?from=2026-03-01", say);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(field_of(again, "Idempotency-Replayed"), "true");
  EXPECT_EQ(at(send("GET", "/v1/people/E1?on=2026-03-01", {.key = hr}), "/attributes/step"), "2");
  EXPECT_EQ(
      send("PUT", "/v1/people?from=2026-03-01", {.key = hr, .body = say.body, .once = "-", .fields = {kLines}}).status,
      400);
}

TEST_F(PeopleApi, ADepartmentChangesOnlyFromWhatWasSeen) {
  const std::string body = R"({"valid_from":"2026-01-01","name":"厨房"})", path = "/v1/departments/K";
  const auto made = send("PUT", path, {.key = hr, .body = body});
  EXPECT_EQ(made.status, 201);
  const std::string renamed = R"({"valid_from":"2026-06-01","name":"大厨房"})";
  EXPECT_EQ(send("PUT", path, {.key = hr, .body = renamed}).status, 428);
  EXPECT_EQ(send("PUT", path, {.key = hr, .body = renamed, .fields = {{"if-match", "\"x\""}}}).status, 412);
  const auto changed =
      send("PUT", path, {.key = hr, .body = renamed, .fields = {{"if-match", field_of(made, "ETag")}}});
  EXPECT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(field_of(send("GET", path, {.key = hr}), "ETag"), field_of(changed, "ETag"));
  EXPECT_EQ(at(send("GET", "/v1/departments?on=2026-07-01", {.key = hr}), "/items/0/name"), "大厨房");
  EXPECT_EQ(
      send("PUT", path,
           {.key = hr, .body = R"({"valid_from":"2026-06-01","name":"x","parent":"K"})", .fields = {{"if-match", "*"}}})
          .status,
      409);
  const auto several = send(
      "POST", "/v1/departments",
      {.key = hr,
       .body =
           R"({"versions":[{"code":"B","valid_from":"2026-01-01","name":"b","parent":"A"},{"code":"A","valid_from":"2026-01-01","name":"a"}]})"});
  EXPECT_EQ(several.status, 200) << several.body;
  EXPECT_EQ(send("GET", "/v1/departments/none", {.key = hr}).status, 404);
}

}  // namespace
}  // namespace kaogong::api::test
