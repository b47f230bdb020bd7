// Tenants with schemes, inputs and runs, over real tables.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tenants/freeze/freeze.h"
#include "tenants/runs/build.h"
#include "tenants/runs/create.h"
#include "tenants/runs/effective.h"
#include "tenants/runs/programs.h"
#include "tenants/runs/steps.h"
#include "tenants/schemes/schemes.h"
#include "tenants/worker/worker.h"
#include "tests/tenants/database/tenant_fixture.h"

namespace kaogong::runs {

/// A month's carried deductions, a rank, and a refusal where the wage is 13.
inline constexpr const char* kPayScheme = R"(kaogong: 1
id: pay
version: 1
labels: {zh: 工资, en: Pay}
periods: [month]
inputs:
  wage: {type: money, min: 0}
  fine: {type: money, min: 0}
  department: {type: string}
history:
  carried: {type: money, nullable: true}
parameters:
  bonus: {type: money, default: 0}
checks:
  - {require: 'wage != 13', column: wage, message: {zh: 不吉, en: unlucky}}
decisions:
  due: {type: money, expr: 'coalesce(previous(carried), 0) + fine'}
  applied: {type: money, expr: 'min(due, wage / 10)'}
  carried: {type: money, expr: 'due - applied'}
  pay: {type: money, expr: 'wage + bonus - applied'}
  place: {type: count, expr: 'rank(of: pay, within: department)'}
outputs: [due, applied, carried, pay, place]
)";

/// A run; in a test `Run` is a function of the framework's.
using RunRow = Run;

using Sheets = std::map<std::string, std::string>;

/// `people` employees E000001 …, in ten departments, with wages and fines that depend on `seed`.
std::string population(int people, int seed);

class RunTest : public tenants::test::TenantTest {
 protected:
  RunTest();

  /// Publishes a document as the next version of the scheme that it names.
  int32_t install(const tenants::Tenant& tenant, const std::string& document,
                  const std::vector<tenants::LedgerRule>& ledgers = {});
  /// Freezes sheets, as CSV with their headers, as a snapshot.
  int64_t freeze(const tenants::Tenant& tenant, const std::string& scheme_id, const std::string& period,
                 const Sheets& sheets);
  /// A regular run over them, to be worked on.
  RunRow make_run(const tenants::Tenant& tenant, const std::string& period, const Sheets& sheets,
                  const std::string& scheme_id = "pay", RunKind kind = RunKind::kRegular);
  /// Lets a worker do all there is.
  worker::WorkerStatus work(worker::WorkerOptions options = {});
  RunRow get(const tenants::Tenant& tenant, RunId id);
  /// Makes, calculates, approves and publishes.
  RunRow publish(const tenants::Tenant& tenant, const std::string& period, const Sheets& sheets,
                 const std::string& scheme_id = "pay", RunKind kind = RunKind::kRegular);
  /// An employee's output, "refused", or "none".
  std::string shown(const tenants::Tenant& tenant, RunId run, const std::string& employee, const std::string& output);

  Programs programs;
  EffectiveResults results{tenants, uint64_t{256} << 20};
  freeze::ResidentSnapshots snapshots{uint64_t{256} << 20};
  Builder builder;
  RunSteps steps{tenants};
  log::Logger logger;
};

}  // namespace kaogong::runs
