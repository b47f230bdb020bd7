// The examples of inputs, runs, results and exports, at a server with a worker: a month from its inputs to a
// correction, each step as its description shows it.
#include <set>

#include "gateway/api/table/api_routes.h"
#include "gateway/serve/host.h"
#include "tests/gateway/api/table/conforms.h"
#include "tests/gateway/api/table/samples.h"
#include "tests/gateway/api/table/served.h"

namespace kaogong::api::test {
namespace {

constexpr std::string_view kGoodDraft = R"(
kaogong: 1
id: mine
version: 1
labels: {zh: 示例, en: Example}
periods: [month]
inputs:
  commission: {type: money, min: 0, labels: {zh: 提成, en: Commission}}
decisions:
  retained: {type: money, expr: commission * 0.10, labels: {zh: 留存, en: Retained}}
outputs: [retained]
)";

class ExamplesTest : public GatedApiTest {
 protected:
  ExamplesTest() {
    add_api_routes(api.routes);
    settings_.postgres.conninfo = database.application_conninfo();
    settings_.postgres_owner_conninfo = database.owner_conninfo();
    settings_.server.port = 0;
    settings_.serve.worker = true;
    host_ = std::make_unique<gateway::Host>(settings_, api.services.logger, clock_);
    const auto wrong = host_->start();
    if (!wrong.empty()) throw std::runtime_error(wrong);
    client_ = std::make_unique<ServedClient>(host_->port());
    samples_ = samples(api.routes);
    document_ = document_of(client_->send("GET", "/openapi.json", {}, false));
  }

  /// What is no example; its answer must be good.
  http::Response prepare(std::string_view method, std::string_view target, std::string body = {},
                         std::vector<http::Field> fields = {}) {
    Say say{.key = admin_, .body = std::move(body), .fields = std::move(fields)};
    auto answered = client_->send(method, target, say, method != "GET");
    EXPECT_LT(answered.status, 300) << method << " " << target << ": " << answered.body;
    return answered;
  }

  /// Does what an operation's description shows. `id`: what its path names instead of the example's run, operation or
  /// token.
  http::Response show(std::string_view operation, const std::string& id = {}) {
    const auto found = std::find_if(samples_.begin(), samples_.end(),
                                    [&](const auto& one) { return one.route->operation_id == operation; });
    if (found == samples_.end()) {
      ADD_FAILURE() << operation << " is no operation";
      return {};
    }
    shown_.insert(std::string(operation));
    Say say{.key = found->route->access == http::Access::kPublic ? std::string() : admin_, .body = found->body};
    if (found->if_match) say.fields.push_back({"if-match", "*"});
    if (!found->lines.empty()) {
      say.body = found->lines;
      say.fields.push_back({"content-type", "application/x-ndjson"});
    }
    auto target = found->target;
    if (!id.empty()) {
      const size_t from = target.find('/', 4) + 1;  // behind /v1/runs/, /v1/operations/, …
      target.replace(from, std::min(target.find_first_of("/?", from), target.size()) - from, id);
    }
    auto answered =
        client_->send(http::to_text(found->route->method), target, say, found->route->needs_idempotency_key);
    EXPECT_TRUE(answered.status == found->status || answered.status == found->also)
        << operation << " " << target << ": " << answered.status << " " << answered.body;
    EXPECT_EQ(undescribed(document_->root(), *found, answered), "");
    if (!found->schema.empty() && answered.status == found->status) {
      const auto schema = value_at(document_->root(), found->schema);
      const auto got = document_of(answered);
      if (!schema) ADD_FAILURE() << found->schema;
      if (schema) {
        EXPECT_EQ(fault_against(document_->root(), *schema, got.root()), "") << operation << answered.body;
      }
    }
    return answered;
  }

  /// The events of a run, to the last.
  void wait_for(const std::string& run) {
    const auto events = show("watchOperation", run);
    EXPECT_NE(events.body.find("event: done"), std::string::npos) << events.body;
    EXPECT_EQ(at(show("getOperation", run), "/state"), "succeeded");
  }

  /// Another tenant's administrator asks for all of it, by the very ids.
  void nobody_else_sees() {
    const auto stranger = key_of(make_tenant(), tenants::AccessRole::kTenantAdmin);
    for (const auto& sample : samples_) {
      const auto& route = *sample.route;
      if (sample.needs.empty() || route.access != http::Access::kTenant) continue;
      Say say{.key = stranger, .body = sample.body};
      if (sample.if_match) say.fields.push_back({"if-match", "*"});
      if (!sample.lines.empty()) {
        say.body = sample.lines;
        say.fields.push_back({"content-type", "application/x-ndjson"});
      }
      const auto answered = client_->send(http::to_text(route.method), sample.target, say, route.needs_idempotency_key);
      EXPECT_EQ(fault_of_problem(answered), "") << route.operation_id;
      EXPECT_LT(answered.status, 500) << route.operation_id;
      EXPECT_NE(answered.status, 403) << route.operation_id << ": he may ask, but there is nothing";
      for (const std::string secret : {"8000.00", "base_share", "new customers", "first entered"})
        EXPECT_EQ(answered.body.find(secret), std::string::npos) << route.operation_id << answered.body;
    }
  }

  gateway::Settings settings_;
  clock::SystemClock clock_;
  std::unique_ptr<gateway::Host> host_;
  std::unique_ptr<ServedClient> client_;
  std::vector<Sample> samples_;
  std::set<std::string> shown_;
  std::string admin_ = key_of(make_tenant(), tenants::AccessRole::kTenantAdmin);
  std::optional<json::Document> document_;
};

TEST_F(ExamplesTest, OfAMonthDoWhatTheDescriptionSays) {
  for (const std::string name : {"sales-monthly", "kpi-weighted"})
    prepare("POST", "/v1/templates/" + name + "/install", "{}");
  prepare("POST", "/v1/periods", R"({"period":"2026-10"})");
  for (const auto* operation :
       {"putEntry", "getEntry", "deleteEntry", "listEntryVersions", "putEntry", "uploadRows", "patchEntry", "readRows",
        "putSheetEntry", "getSheetEntry", "patchSheetEntry", "deleteSheetEntry", "listSheetEntryVersions",
        "describeInputs", "listInputChanges", "checkInputs"})
    show(operation);

  const auto run = at(show("createRun"), "/run");
  wait_for(run);
  for (const auto* operation : {"getRun", "listRejects", "verifyRun", "whatIfRun", "listRunResults", "getRunResult",
                                "getRunPayslip", "explainRunResult", "getRunLeaders", "getRunDistribution"})
    show(operation, run);
  EXPECT_NE(show("exportRun", run).body.find("E1001"), std::string::npos);
  const auto url = at(show("createRunExportLink", run), "/url");
  EXPECT_NE(show("download", url.substr(url.rfind('/') + 1)).body.find("E1001"), std::string::npos);
  show("approveRun", run);
  show("publishRun", run);
  for (const auto* operation : {"getResult", "getPayslip", "explainResult", "listResults", "getLeaders",
                                "getDistribution", "exportResults", "createExportLink"})
    show(operation);

  const auto made = [&](const char* how) {
    const auto answered =
        prepare("POST", "/v1/runs", R"({"scheme":"sales-monthly","period":"2026-10",)" + std::string(how) + "}");
    return at(answered, "/run");
  };
  const auto preview = made(R"("kind":"preview")");
  wait_for(preview);
  show("diffRun", preview);
  const auto first = made(R"("start":false)"), second = made(R"("start":false)");
  show("startRun", first);
  wait_for(first);
  show("cancelRun", second);
  wait_for(at(show("createYearEnd"), "/run"));
  prepare("PATCH", "/v1/inputs/sales-monthly/2026-10/sheets/kpis/entries/E1001",
          R"({"where":{"kpi":"new customers"},"values":{"attainment":"0.50"},"reason":"counted twice"})",
          {{"if-match", "*"}});
  const auto correction = at(show("createCorrection"), "/run");
  wait_for(correction);
  show("followUpCorrection", correction);
  nobody_else_sees();
  show("voidRun", run);

  prepare(
      "PUT", "/v1/schemes/mine/draft", R"({"document":)" + [] {
        std::string text;
        json::append_string(&text, kGoodDraft);
        return text;
      }() + "}");
  show("publishScheme");

  for (const auto& sample : samples_) {
    if (sample.needs.empty()) continue;
    EXPECT_TRUE(shown_.contains(std::string(sample.route->operation_id))) << sample.route->operation_id;
  }
}

}  // namespace
}  // namespace kaogong::api::test
