#include <algorithm>
#include <map>

#include "gateway/api/tenants/archive.h"
#include "gateway/api/tenants/routes.h"
#include "infra/crypto/encode.h"
#include "infra/crypto/hash.h"
#include "infra/tar/reader.h"
#include "tests/gateway/api/fixture/api_fixture.h"

namespace kaogong::api::test {
namespace {

using tenants::test::code_of;

class TenantsApi : public GatedApiTest {
 protected:
  TenantsApi() { add_tenants_routes(api.routes); }
  std::string key = operator_key();
};

TEST_F(TenantsApi, ATenantIsMadeOnce) {
  const Say say{.key = key, .body = R"({"id":"acme","name":"甲公司","quotas":{"people_max":50}})", .once = "make"};
  const auto made = send("POST", "/v1/tenants", say);
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(field_of(made, "Location"), "/v1/tenants/acme");
  EXPECT_EQ(at(made, "/quotas/people_max"), "50");
  EXPECT_EQ(at(made, "/quotas/runs_per_day_max"), "null");
  const auto again = send("POST", "/v1/tenants", say);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, made.body);
  EXPECT_EQ(send("POST", "/v1/tenants", {.key = key, .body = say.body}).status, 409);
  EXPECT_EQ(at(send("GET", "/v1/tenants/acme", {.key = key}), "/name"), "甲公司");
  EXPECT_EQ(send("GET", "/v1/tenants/nobody", {.key = key}).status, 404);
}

TEST_F(TenantsApi, EveryFaultOfABodyIsSaid) {
  const auto refused =
      send("POST", "/v1/tenants", {.key = key, .body = R"({"id":"","quotas":{"people_max":-1,"x":2},"extra":true})"});
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(fault_of_problem(refused), "");
  EXPECT_EQ(at(refused, "/errors"), "5");
  EXPECT_EQ(send("POST", "/v1/tenants", {.key = key, .body = R"({"id":"No Id","name":"x"})"}).status, 422);
}

TEST_F(TenantsApi, ListsPageByPage) {
  for (int i = 0; i < 5; ++i)
    ASSERT_EQ(
        send("POST", "/v1/tenants", {.key = key, .body = R"({"id":"zz_page_)" + std::to_string(i) + R"(","name":"x"})"})
            .status,
        201);
  std::string token, seen;
  do {
    const auto page =
        send("GET", "/v1/tenants?page_size=2" + (token.empty() ? "" : "&page_token=" + token), {.key = key});
    ASSERT_EQ(page.status, 200) << page.body;
    EXPECT_LE(std::stoi(at(page, "/items")), 2);
    for (int i = 0; i < 2; ++i) seen += at(page, "/items/" + std::to_string(i) + "/id") + " ";
    token = at(page, "/next_page_token");
  } while (token != "null");
  for (int i = 0; i < 5; ++i) EXPECT_NE(seen.find("zz_page_" + std::to_string(i) + " "), std::string::npos);
  EXPECT_EQ(send("GET", "/v1/tenants?page_size=0", {.key = key}).status, 400);
  EXPECT_EQ(send("GET", "/v1/tenants?page_token=abc", {.key = key}).status, 400);
  EXPECT_EQ(send("GET", "/v1/tenants?limit=5", {.key = key}).status, 400);
  // A token is of one list: not good with other parameters.
  const auto first = at(send("GET", "/v1/tenants?page_size=2", {.key = key}), "/next_page_token");
  EXPECT_EQ(send("GET", "/v1/tenants?with_erased=true&page_token=" + first, {.key = key}).status, 400);
}

TEST_F(TenantsApi, QuotasChangeOnlyFromWhatWasSeen) {
  const auto tenant = make_tenant();
  const auto path = "/v1/tenants/" + tenant.id().text();
  const auto seen = send("GET", path, {.key = key});
  const auto tag = field_of(seen, "ETag");
  EXPECT_EQ(send("GET", path, {.key = key, .fields = {{"if-none-match", tag}}}).status, 304);
  const std::string body = R"({"people_max":7,"requests_per_second_max":3})";
  EXPECT_EQ(send("PUT", path + "/quotas", {.key = key, .body = body}).status, 428);
  EXPECT_EQ(send("PUT", path + "/quotas", {.key = key, .body = body, .fields = {{"if-match", "\"other\""}}}).status,
            412);
  const auto changed = send("PUT", path + "/quotas", {.key = key, .body = body, .fields = {{"if-match", tag}}});
  EXPECT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(at(changed, "/quotas/people_max"), "7");
  EXPECT_EQ(send("PUT", path + "/quotas", {.key = key, .body = body, .fields = {{"if-match", tag}}}).status, 412);
}

TEST_F(TenantsApi, ATenantIsStoppedAndErased) {
  const auto tenant = make_tenant();
  const auto path = "/v1/tenants/" + tenant.id().text();
  EXPECT_EQ(at(send("POST", path + "/suspend", {.key = key, .body = R"({"reason":"unpaid"})"}), "/state"), "suspended");
  EXPECT_EQ(at(send("POST", path + "/resume", {.key = key, .body = R"({"reason":"paid"})"}), "/state"), "active");
  const auto erased = send("DELETE", path, {.key = key});
  EXPECT_EQ(erased.status, 200) << erased.body;
  EXPECT_EQ(at(erased, "/record/keys"), "0");
  EXPECT_EQ(send("GET", path, {.key = key}).status, 404);
  EXPECT_EQ(send("DELETE", path, {.key = key}).body, erased.body);
}

/// The files of an archive.
class Archived final : public tar::Files {
 public:
  bool begin(std::string_view name, uint64_t /*bytes*/) override {
    names.emplace_back(name);
    return true;
  }
  bool write(std::string_view bytes) override {
    texts[names.back()] += bytes;
    return true;
  }
  bool end() override { return true; }
  std::vector<std::string> names;
  std::map<std::string, std::string> texts;
};

TEST_F(TenantsApi, ATenantLeavesAsAnArchive) {
  const auto tenant = make_tenant();
  const auto path = "/v1/tenants/" + tenant.id().text();
  ASSERT_OK(run_as(tenant, "INSERT INTO " + tenant.schema().quoted("people") +
                               " SELECT 'E' || i, '张\"三', '2026-01-01', NULL FROM generate_series(1, 9000) i"));
  ASSERT_OK(api.registry.suspend(tenant.id().text(), "moving out", actor));
  const auto recorded = "SELECT count(*) FROM kaogong.operator_audit WHERE action = 'tenant.export' AND subject = '" +
                        tenant.id().text() + "' AND actor = 'key:" + tenants::parse_key(key)->id + "'";
  const auto head = send("HEAD", path + "/export", {.key = key});
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(value(recorded), "0");
  const auto exported = send("GET", path + "/export", {.key = key});
  ASSERT_EQ(exported.status, 200) << exported.body.substr(0, 300);
  EXPECT_EQ(exported.content_type, "application/x-tar");
  EXPECT_NE(field_of(exported, "Content-Disposition").find(tenant.id().text() + ".tar"), std::string::npos);
  EXPECT_EQ(value(recorded), "1");
  Archived files;
  tar::Reader archive(files);
  ASSERT_TRUE(archive.take(exported.body)) << archive.fault();
  EXPECT_TRUE(archive.is_whole());
  ASSERT_EQ(files.names.back(), tenants::kManifestFile);
  const auto manifest = std::get<json::Document>(json::read(files.texts[files.names.back()]));
  const auto tables = *manifest.root().find("tables");
  EXPECT_EQ(tables.size() + 1, files.names.size());
  for (const auto table : tables.items()) {
    const auto& text = files.texts[std::string(table.find("table")->text()) + ".csv"];
    const auto digest = crypto::sha256(text);
    EXPECT_EQ(table.find("sha256")->text(), crypto::to_hex(crypto::view(digest))) << table.find("table")->text();
  }
  EXPECT_EQ(std::count(files.texts["people.csv"].begin(), files.texts["people.csv"].end(), '\n'), 9001);
  EXPECT_EQ(files.texts["people.csv"].find("employee,name,hired_on,left_on\nE1,\"张\"\"三\",2026-01-01,\n"), 0u);
}

TEST_F(TenantsApi, WhoMayNotManageTenantsTakesNothingAway) {
  const auto tenant = make_tenant();
  const auto path = "/v1/tenants/" + tenant.id().text() + "/export";
  EXPECT_EQ(send("GET", path, {.key = key_of(tenant, tenants::AccessRole::kTenantAdmin)}).status, 403);
  tenants::KeyRequest narrow;
  narrow.role = tenants::AccessRole::kOperator;
  narrow.scopes = {tenants::Scope::kAuditRead};
  EXPECT_EQ(send("GET", path, {.key = api.keys.create(nullptr, narrow, actor)->text}).status, 403);
  EXPECT_EQ(send("GET", path).status, 401);
  EXPECT_EQ(send("GET", "/v1/tenants/nobody/export", {.key = key}).status, 404);
  ASSERT_OK(api.registry.erase(tenant.id().text(), actor));
  EXPECT_EQ(send("GET", path, {.key = key}).status, 404);
}

/// Takes so many pieces.
class ShortSink final : public http::BodySink {
 public:
  explicit ShortSink(int pieces) : left_(pieces) {}
  bool write(std::string_view bytes) override {
    largest = std::max(largest, bytes.size());
    return left_-- > 0;
  }
  bool flush() override { return true; }
  size_t largest = 0;

 private:
  int left_;
};

TEST_F(TenantsApi, AnArchiveGoesOutInSmallPiecesWhileSomebodyTakesIt) {
  const auto tenant = make_tenant();
  ASSERT_OK(
      run_as(tenant, "INSERT INTO " + tenant.schema().quoted("people") +
                         " SELECT 'E' || i, repeat('n', 100), '2026-01-01', NULL FROM generate_series(1, 9000) i"));
  ShortSink all(1'000), some(3);
  ExportArchive whole(all, database.clock.now()), cut(some, database.clock.now());
  ASSERT_OK(api.registry.write_export(tenant, whole));
  EXPECT_TRUE(whole.finish());
  EXPECT_LT(all.largest, size_t{66} << 10);
  EXPECT_GT(all.largest, size_t{60} << 10);
  EXPECT_EQ(code_of(api.registry.write_export(tenant, cut)), "invalid");
  EXPECT_TRUE(cut.is_gone());
}

TEST_F(TenantsApi, AFileOfAnotherLengthThanSaidIsNoFile) {
  ShortSink sink(10);
  ExportArchive archive(sink, database.clock.now());
  EXPECT_TRUE(archive.begin("a.csv", 3));
  EXPECT_TRUE(archive.write("12"));
  EXPECT_FALSE(archive.end());
  EXPECT_FALSE(archive.write("34"));
  EXPECT_FALSE(archive.is_gone());
  EXPECT_EQ(archive.fault(), "a table is not as long as it was");
}

}  // namespace
}  // namespace kaogong::api::test
