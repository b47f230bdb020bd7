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
