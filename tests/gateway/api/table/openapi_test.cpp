// The description of the API against the API.
#include <algorithm>
#include <set>

#include "gateway/api/openapi/document.h"
#include "gateway/api/openapi/fragments.h"
#include "gateway/api/table/api_routes.h"
#include "tests/gateway/api/fixture/api_fixture.h"
#include "tests/gateway/api/table/conforms.h"
#include "tests/gateway/api/table/samples.h"

namespace kaogong::api::test {
namespace {

using tenants::AccessRole;

class OpenapiTest : public GatedApiTest {
 protected:
  OpenapiTest() { add_api_routes(api.routes); }
};

TEST_F(OpenapiTest, EveryRouteIsDescribedAndEveryDescriptionHasARoute) {
  std::set<std::string> described, routed;
  for (const auto& id : described_operations()) EXPECT_TRUE(described.insert(id).second) << id << " is described twice";
  for (const auto& route : api.routes.all()) routed.insert(std::string(route.operation_id));
  EXPECT_EQ(described, routed);
}

TEST_F(OpenapiTest, PathsExamplesAndBodiesAreThere) {
  const auto all = samples(api.routes);
  EXPECT_EQ(all.size(), api.routes.all().size());
  for (const auto& sample : all) {
    EXPECT_EQ(sample.target.find('{'), std::string::npos) << sample.target;
    EXPECT_EQ(sample.route->body == http::BodyKind::kJson, !sample.body.empty()) << sample.route->operation_id;
  }
}

void expect_references(json::Value root, json::Value value) {
  for (const auto item : value.items()) expect_references(root, item);
  for (const auto& [name, inner] : value.members()) {
    if (name == "$ref" && inner.is(json::Kind::kString)) {
      EXPECT_TRUE(value_at(root, inner.text().substr(1))) << inner.text();
    }
    expect_references(root, inner);
  }
}

TEST_F(OpenapiTest, TheDocumentIsServedAndWhole) {
  const auto served = send("GET", "/openapi.json");
  ASSERT_EQ(served.status, 200);
  const auto document = document_of(served);
  ASSERT_TRUE(document.root().find("paths"));
  EXPECT_EQ(at(served, "/openapi"), "3.1.0");
  expect_references(document.root(), document.root());
  for (const auto& route : api.routes.all()) {
    const auto found = document.root().find("paths")->find(route.pattern);
    ASSERT_TRUE(found) << route.pattern;
  }
  EXPECT_EQ(send("GET", "/openapi.json", {.fields = {{"if-none-match", field_of(served, "ETag")}}}).status, 304);
}

TEST_F(OpenapiTest, ThePageTakesNothingFromElsewhere) {
  for (const std::string path : {"/docs", "/docs/viewer.js", "/docs/viewer.css"}) {
    const auto served = send("GET", path);
    EXPECT_EQ(served.status, 200) << path;
    EXPECT_NE(field_of(served, "Content-Security-Policy").find("default-src 'none'"), std::string::npos);
    EXPECT_EQ(served.body.find("://"), std::string::npos) << path;
    EXPECT_EQ(served.body.find("innerHTML"), std::string::npos) << path;
  }
}

TEST_F(OpenapiTest, EveryProblemIsExplained) {
  for (const auto& kind : problem_kinds()) {
    const auto served = send("GET", "/problems/" + std::string(kind.name));
    EXPECT_EQ(served.status, 200) << kind.name;
    EXPECT_GT(at(served, "/about").size(), 20u) << kind.name;
    EXPECT_EQ(at(served, "/status"), std::to_string(kind.status));
  }
  EXPECT_EQ(send("GET", "/problems/none").status, 404);
}

TEST_F(OpenapiTest, ExamplesDoWhatTheDescriptionSays) {
  const auto tenant = make_tenant();
  const auto admin = key_of(tenant, AccessRole::kTenantAdmin), of_operator = operator_key();
  const auto document = document_of(send("GET", "/openapi.json"));
  std::string key_id;
  size_t tried = 0;
  for (auto sample : samples(api.routes)) {
    // Other tests of this program have tried the examples, too, and a tenant's id is used once.
    for (auto* text : {&sample.target, &sample.body})
      if (const auto at_id = text->find("demo_tenant"); at_id != std::string::npos) text->insert(at_id, "of_examples_");
    const std::string id(sample.route->operation_id);
    if (!sample.body.empty()) {
      const auto body = std::get<json::Document>(json::read(sample.body));
      std::string path;
      for (const char c : sample.route->pattern) path += c == '/' ? "~1" : std::string(1, c);
      std::string method(http::to_text(sample.route->method));
      std::transform(method.begin(), method.end(), method.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      const auto schema =
          value_at(document.root(), "/paths/" + path + "/" + method + "/requestBody/content/application~1json/schema");
      ASSERT_TRUE(schema) << id;
      EXPECT_EQ(fault_against(document.root(), *schema, body.root()), "") << id;
    }
    if (!sample.needs.empty()) continue;  // see the test of the server's examples
    Say say{.key = sample.route->access == http::Access::kOperator ? of_operator : admin, .body = sample.body};
    if (sample.route->access == http::Access::kPublic) say.key.clear();
    if (sample.if_match) say.fields.push_back({"if-match", "*"});
    if (!sample.lines.empty()) {
      say.body = sample.lines;
      say.fields.push_back({"content-type", "application/x-ndjson"});
    }
    auto target = sample.target;
    if (const auto gap = target.find("…"); gap != std::string::npos)
      target.replace(gap, std::string_view("…").size(), key_id);
    const auto answered = send(http::to_text(sample.route->method), target, say);
    EXPECT_EQ(answered.status, sample.status) << id << " " << target << ": " << answered.body;
    EXPECT_EQ(undescribed(document.root(), sample, answered), "");
    ++tried;
    if (id == "createKey" || id == "createOperatorKey") key_id = at(answered, "/id");
    if (sample.schema.empty() || answered.status != sample.status) continue;
    const auto schema = value_at(document.root(), sample.schema);
    ASSERT_TRUE(schema) << sample.schema;
    const auto got = document_of(answered);
    EXPECT_EQ(fault_against(document.root(), *schema, got.root()), "") << id << ": " << answered.body;
  }
  EXPECT_GT(tried, 50u);
}

}  // namespace
}  // namespace kaogong::api::test
