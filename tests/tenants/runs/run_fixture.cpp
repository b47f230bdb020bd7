#include "tests/tenants/runs/run_fixture.h"

#include "engine/scheme/load.h"
#include "infra/csv/text_source.h"
#include "tenants/packs/packs.h"
#include "tenants/runs/queries.h"

namespace kaogong::runs {

using tenants::Tenant;
using tenants::TenantTransaction;

namespace {

log::Logger quiet_logger(const clock::Clock& clock) {
  log::Options options;
  options.level = log::Level::kOff;
  std::string error;
  return log::Logger::open(options, clock, &error).value();
}

scheme::Document loaded(const std::string& document) {
  auto result = scheme::load(document, packs::library());
  for (const auto& finding : result.findings)
    EXPECT_NE(finding.severity, scheme::Severity::kError) << finding.message << " · " << finding.remedy;
  return std::move(result.document.value());
}

}  // namespace

std::string population(int people, int seed) {
  std::string csv = "employee,wage,fine,department\n";
  uint64_t state = static_cast<uint64_t>(seed) * 2654435761u + 1;
  for (int i = 1; i <= people; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    std::string id = std::to_string(i);
    id.insert(0, 6 - id.size(), '0');
    csv += "E" + id + "," + std::to_string(3000 + (state >> 33) % 5000) + "," + std::to_string((state >> 50) % 2000) +
           ",D" + std::to_string(i % 10) + "\n";
  }
  return csv;
}

RunTest::RunTest()
    : builder(tenants, programs, results, snapshots, {.threads = 2}), logger(quiet_logger(database.clock)) {}

int32_t RunTest::install(const Tenant& tenant, const std::string& document,
                         const std::vector<tenants::LedgerRule>& ledgers) {
  const auto published =
      in(tenant, [&](TenantTransaction& t) { return tenants::publish_document(t, document, {}, ledgers); });
  EXPECT_OK(published);
  return published->version.value().version;
}

int64_t RunTest::freeze(const Tenant& tenant, const std::string& scheme_id, const std::string& period,
                        const Sheets& sheets) {
  const auto text = in(tenant, [&](TenantTransaction& t) { return read_scheme(t, scheme_id, std::nullopt); });
  EXPECT_OK(text);
  const scheme::Document document = loaded(text->document);
  scheme::Labels why;
  auto folder = folder::read_sheets(
      document, scheme::parse_period(period).value(),
      [&](const std::string& sheet) -> std::optional<csv::Source> {
        const auto found = sheets.find(sheet);
        if (found == sheets.end()) return std::nullopt;
        return csv::source_of(found->second);
      },
      &why);
  EXPECT_TRUE(folder) << why.en;
  const auto stored = in(tenant, [&](TenantTransaction& t) {
    freeze::FreezeRequest request;
    request.scheme_id = scheme_id;
    request.period = scheme::parse_period(period).value();
    request.document = &document;
    return freeze::store(t, request, t.take("tests"), &*folder);
  });
  EXPECT_OK(stored);
  return stored->id;
}

RunRow RunTest::make_run(const Tenant& tenant, const std::string& period, const Sheets& sheets,
                         const std::string& scheme_id, RunKind kind) {
  NewRun request;
  request.kind = kind;
  request.scheme_id = scheme_id;
  request.period = scheme::parse_period(period).value();
  request.snapshot = freeze(tenant, scheme_id, period, sheets);
  auto run = create_run(tenants, tenant, actor, request);
  EXPECT_OK(run);
  return *run;
}

worker::WorkerStatus RunTest::work(worker::WorkerOptions options) {
  if (options.name.empty()) options.name = worker::new_worker_name();
  worker::Worker worker(tenants, builder, logger, options);
  worker.run_until_idle();
  return worker.status();
}

RunRow RunTest::get(const Tenant& tenant, RunId id) {
  auto run = in(tenant, [&](TenantTransaction& t) { return read_run(t, id); });
  EXPECT_OK(run);
  return *run;
}

RunRow RunTest::publish(const Tenant& tenant, const std::string& period, const Sheets& sheets,
                        const std::string& scheme_id, RunKind kind) {
  const RunRow made = make_run(tenant, period, sheets, scheme_id, kind);
  work();
  EXPECT_OK(steps.approve(tenant, actor, made.id));
  auto published = steps.publish(tenant, actor, made.id);
  EXPECT_OK(published);
  return *published;
}

std::string RunTest::shown(const Tenant& tenant, RunId run, const std::string& employee, const std::string& output) {
  const auto result = in(tenant, [&](TenantTransaction& t) { return effective_result(t, run, employee); });
  EXPECT_OK(result);
  if (!*result) return "none";
  if ((*result)->result.refused) return "refused";
  for (size_t i = 0; i < (*result)->outputs.size(); ++i)
    if ((*result)->outputs[i] == output) return (*result)->result.values[i].value_or("null");
  return "no such output";
}

}  // namespace kaogong::runs
