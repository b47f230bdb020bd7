#include "gateway/api/ledgers/routes.h"
#include "gateway/api/people/routes.h"
#include "gateway/api/schemes/routes.h"
#include "gateway/json/writer.h"
#include "tests/gateway/api/fixture/api_fixture.h"

namespace kaogong::api::test {
namespace {

using tenants::AccessRole;

class SchemesApi : public GatedApiTest {
 protected:
  SchemesApi() {
    add_schemes_routes(api.routes);
    add_people_routes(api.routes);
  }
  static std::string with_document(const std::string& document) {
    json::Writer w;
    w.begin_object().member("document", document).end_object();
    return w.take();
  }
  /// A template's text.
  std::string document() { return at(send("GET", "/v1/templates/kpi-weighted", {.key = admin}), "/document"); }
  tenants::Tenant tenant = make_tenant();
  std::string admin = key_of(tenant, AccessRole::kTenantAdmin), hr = key_of(tenant, AccessRole::kHr);
};

TEST_F(SchemesApi, ASchemeIsCheckedDraftedAndPublished) {
  const auto text = document();
  EXPECT_EQ(at(send("POST", "/v1/schemes/check", {.key = hr, .body = with_document(text)}), "/compiles"), "true");
  const auto broken = send("POST", "/v1/schemes/check", {.key = hr, .body = with_document("scheme: x\n")});
  EXPECT_EQ(at(broken, "/compiles"), "false");
  EXPECT_NE(at(broken, "/findings/0/line"), "(none)");
  const std::string path = "/v1/schemes/kpi-weighted";
  const auto draft = send("PUT", path + "/draft", {.key = hr, .body = with_document(text)});
  ASSERT_EQ(draft.status, 200) << draft.body;
  EXPECT_EQ(send("PUT", path + "/draft", {.key = hr, .body = with_document(text)}).status, 428);
  EXPECT_EQ(field_of(send("GET", path + "/versions/draft", {.key = hr}), "ETag"), field_of(draft, "ETag"));
  const auto longer = with_document(text + "\n# more\n");
  EXPECT_EQ(send("PUT", path + "/draft", {.key = hr, .body = longer, .fields = {{"if-match", field_of(draft, "ETag")}}})
                .status,
            200);
  EXPECT_EQ(send("POST", path + "/publish", {.key = hr, .body = "{}"}).status, 403);
  const auto published = send("POST", path + "/publish", {.key = admin, .body = "{}"});
  ASSERT_EQ(published.status, 201) << published.body;
  EXPECT_EQ(field_of(published, "Location"), path + "/versions/1");
  EXPECT_EQ(at(send("GET", path + "/versions/latest", {.key = hr}), "/document"), text + "\n# more\n");
  EXPECT_EQ(at(send("GET", "/v1/schemes", {.key = hr}), "/items/0/version"), "1");
  EXPECT_EQ(send("GET", path + "/versions/7", {.key = hr}).status, 404);
  EXPECT_EQ(send("GET", path + "/versions/x", {.key = hr}).status, 404);
  EXPECT_EQ(at(send("POST", path + "/versions/1/retire", {.key = admin}), "/state"), "retired");
}

TEST_F(SchemesApi, WhatHasErrorsIsNotPublished) {
  ASSERT_EQ(send("PUT", "/v1/schemes/x/draft", {.key = hr, .body = with_document("scheme: {id: x}\n")}).status, 200);
  const auto refused = send("POST", "/v1/schemes/x/publish", {.key = admin, .body = "{}"});
  EXPECT_EQ(refused.status, 422) << refused.body;
  EXPECT_NE(at(refused, "/errors/0/detail").find("line"), std::string::npos);
  EXPECT_EQ(send("GET", "/v1/schemes/x/versions/1", {.key = hr}).status, 404);
  EXPECT_EQ(send("DELETE", "/v1/schemes/x/draft", {.key = hr}).status, 204);
  EXPECT_EQ(send("GET", "/v1/schemes/x/versions", {.key = hr}).status, 404);
}

TEST_F(SchemesApi, VersionsAreComparedInTheLanguageThatIsAskedFor) {
  auto text = document();
  ASSERT_EQ(send("POST", "/v1/templates/kpi-weighted/install", {.key = admin, .body = "{}"}).status, 201);
  const auto at_text = text.find("en: ");
  ASSERT_NE(at_text, std::string::npos);
  text.insert(at_text + 4, "New ");
  ASSERT_EQ(send("PUT", "/v1/schemes/kpi-weighted/draft", {.key = hr, .body = with_document(text)}).status, 200);
  ASSERT_EQ(send("POST", "/v1/schemes/kpi-weighted/publish", {.key = admin, .body = "{}"}).status, 201);
  const std::string path = "/v1/schemes/kpi-weighted/diff?before=1&after=2";
  const auto english = send("GET", path, {.key = hr}),
             chinese = send("GET", path, {.key = hr, .fields = {{"accept-language", "zh-CN"}}});
  ASSERT_EQ(english.status, 200) << english.body;
  EXPECT_NE(at(english, "/items/0/text"), "(none)");
  EXPECT_NE(at(english, "/items/0/text"), at(chinese, "/items/0/text"));
  EXPECT_EQ(send("GET", "/v1/schemes/kpi-weighted/diff?before=1", {.key = hr}).status, 400);
}

TEST_F(SchemesApi, ASchemeIsForThoseItIsAssignedTo) {
  ASSERT_EQ(send("POST", "/v1/templates/kpi-weighted/install", {.key = admin, .body = "{}"}).status, 201);
  for (const std::string group : {"sales", "office"})
    ASSERT_EQ(send("POST", "/v1/people",
                   {.key = hr,
                    .body = R"({"employee":"E-)" + group +
                            R"(","name":"x","hired_on":"2026-01-01","attributes":{"pay_group":")" + group + "\"}}"})
                  .status,
              201);
  const auto made = send("POST", "/v1/assignments",
                         {.key = hr, .body = R"({"scheme":"kpi-weighted","pay_group":"sales","from":"2026-10"})"});
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(at(send("GET", "/v1/schemes/kpi-weighted/people?period=2026-10", {.key = hr}), "/items/0"), "E-sales");
  EXPECT_EQ(at(send("GET", "/v1/people/E-sales/schemes?period=2026-10", {.key = hr}), "/items/0"), "kpi-weighted");
  EXPECT_EQ(at(send("GET", "/v1/people/E-office/schemes?period=2026-10", {.key = hr}), "/items"), "0");
  EXPECT_EQ(at(send("POST", "/v1/assignments/" + at(made, "/id") + "/end", {.key = hr, .body = R"({"to":"2026-11"})"}),
               "/to"),
            "2026-11");
  EXPECT_EQ(at(send("GET", "/v1/assignments?scheme=kpi-weighted", {.key = hr}), "/items"), "1");
  EXPECT_EQ(send("POST", "/v1/assignments/x/end", {.key = hr, .body = R"({"to":"2026-11"})"}).status, 404);
}

TEST_F(SchemesApi, TemplatesAndTheirSchemaAreThere) {
  EXPECT_EQ(at(send("GET", "/v1/templates", {.key = hr}), "/items/0/labels/zh").empty(), false);
  EXPECT_EQ(send("GET", "/v1/templates/none", {.key = hr}).status, 404);
  EXPECT_EQ(at(send("GET", "/schemas/scheme.json"), "/$schema").starts_with("https://json-schema.org"), true);
}

}  // namespace
}  // namespace kaogong::api::test
