#include "tenants/runs/build.h"

#include <algorithm>
#include <vector>

#include "tenants/freeze/freeze.h"
#include "tenants/runs/correction.h"
#include "tenants/runs/parameters.h"
#include "tenants/runs/year_difference.h"
#include "tenants/snapshot/signature.h"
#include "tenants/snapshot/snapshot.h"

namespace kaogong::runs {

using tenants::Actor;
using tenants::Failure;
using tenants::FailureCode;
using tenants::Result;
using tenants::Tenant;
using tenants::TenantTransaction;

namespace {

using Pinned = std::map<RunId, std::shared_ptr<const ResultSet>>;

/// What later months may look back on of a calculated one: not all that it gave.
std::shared_ptr<const ResultSet> carried_from(Calculated calculated, const scheme::Document& document) {
  auto set = std::make_shared<ResultSet>();
  set->employees = calculated.snapshot->inputs.employees;
  set->refused = std::move(calculated.result.refused);
  for (size_t i = 0; i < calculated.result.names.size(); ++i) {
    const auto looked_at = [&](const scheme::HistoryColumn& column) {
      return column.name == calculated.result.names[i];
    };
    if (std::none_of(document.history.begin(), document.history.end(), looked_at)) continue;
    set->names.push_back(calculated.result.names[i]);
    set->columns.push_back(std::move(calculated.result.columns[i]));
  }
  return set;
}

/// All rejects of a month, each with its period before the name of the sheet.
void append_rejects(const Calculated& calculated, scheme::Period period, std::vector<RejectRow>* out) {
  const size_t first = out->size();
  const RejectList rejects(calculated);
  rejects.append(0, calculated.snapshot->inputs.rows(), out);
  rejects.append_of_nobody(out);
  for (size_t i = first; i < out->size(); ++i) (*out)[i].file.insert(0, scheme::to_text(period) + "/");
}

}  // namespace

Result<Calculated> Builder::calculate_month(const Tenant& tenant, const Actor& actor, const Run& run,
                                            const MonthSources& month, const Instead& instead,
                                            std::shared_ptr<const plan::Program>* used) {
  Calculation calculation;
  calculation.program = instead.program;
  calculation.inputs = instead.inputs;
  calculation.keep_all = instead.keep_all;
  if (calculation.program == nullptr) {
    postgres::TransactionOptions options;
    options.read_only = true;
    auto text = database_.transact(
        tenant, actor,
        [&](TenantTransaction& transaction) { return read_scheme(transaction, run.scheme_id, month.version); },
        options);
    if (!text) return text.failure();
    if (text->hash != month.scheme_hash)
      return Failure{FailureCode::kInternal, "version " + std::to_string(month.version) + " of scheme " +
                                                 run.scheme_id + " is not what the run was made with"};
    auto program = programs_.compile(*text);
    if (!program) return program.failure();
    calculation.program = std::move(*program);
    if (pack_sources(plan::document_of(*calculation.program)) != month.packs)
      return Failure{FailureCode::kInternal,
                     "the packs of scheme " + run.scheme_id + " are not those that the run was made with"};
  }
  if (used != nullptr) *used = calculation.program;
  const scheme::Document& document = plan::document_of(*calculation.program);
  if (const auto given = read_parameters(document, instead.parameters); given && !given->unknown.empty())
    return tenants::invalid(given->unknown.front().error);
  auto snapshot = open_snapshot(tenant, actor, month.snapshot, document);
  if (!snapshot) return snapshot.failure();
  calculation.snapshot = std::move(*snapshot);
  if (run.kind == RunKind::kYearEnd && month.published != RunId{}) {
    // What was given for the month's own run holds in the year, too. It cannot change: that run was approved.
    auto published = database_.transact(
        tenant, actor, [&](TenantTransaction& transaction) { return read_run(transaction, month.published); },
        {.read_only = true});
    if (!published) return published.failure();
    calculation.parameters.push_back(std::move(published->parameters));
  }
  calculation.parameters.push_back(run.parameters);
  calculation.parameters.push_back(instead.parameters);
  auto plan = parse_history_plan(month.history, document);
  if (!plan) return tenants::invalid("the scheme looks back on other columns than the run was made with");
  calculation.history = std::move(*plan);
  calculation.threads = options_.threads;
  std::optional<Failure> failure;
  calculation.earlier = [&](const HistorySource& source, std::string* error) -> std::shared_ptr<const ResultSet> {
    if (instead.carried != nullptr) {
      const auto found = instead.carried->find(source.run);
      if (found != instead.carried->end()) return found->second;
    }
    auto results = results_.get(tenant, actor, source.run);
    if (results) return *results;
    failure = results.failure();
    *error = failure->message;
    return nullptr;
  };
  Calculated calculated = calculate(calculation);
  if (failure) return *failure;
  if (!calculated.failure.empty()) return tenants::invalid(calculated.failure);
  return calculated;
}

Result<freeze::ResidentSnapshots::Held> Builder::open_snapshot(const Tenant& tenant, const Actor& actor, int64_t id,
                                                               const scheme::Document& document) {
  postgres::TransactionOptions options;
  options.read_only = true;
  options.statement_timeout_ms = freeze::kFreezeTimeoutMs;
  // In memory it is laid out for the scheme that it was opened for: another one must have the very same inputs.
  const auto info = database_.transact(
      tenant, actor, [&](TenantTransaction& transaction) { return freeze::describe(transaction, id); }, options);
  if (!info) return info.failure();
  if (info->signature != snapshot::signature_of(document))
    return tenants::invalid("snapshot " + std::to_string(id) + " is of a scheme with other inputs");
  return snapshots_.get(tenant.id(), id, [&] {
    return database_.transact(
        tenant, actor, [&](TenantTransaction& transaction) { return freeze::load(transaction, id, document); },
        options);
  });
}

uint64_t Builder::memory_of(const CalculatedRun& run) {
  const Calculated& calculated = run.calculated;
  uint64_t bytes = snapshot::memory_of(*calculated.snapshot) + calculated.result.refused.size() +
                   calculated.faults.size() * sizeof(column::Fault);
  const auto add = [&](const column::Column& column) { bytes += column.data.capacity() + column.valid.capacity(); };
  for (const auto& column : calculated.result.columns) add(column);
  for (const auto& history : calculated.inputs->history)
    for (const auto& column : history.by_period) add(column);
  return bytes;
}

Result<std::shared_ptr<const Builder::CalculatedRun>> Builder::calculated_run(const Tenant& tenant, const Actor& actor,
                                                                              const Run& run) {
  return calculated_.get(tenant.id(), number_of(run.id), [&]() -> Result<CalculatedRun> {
    CalculatedRun made;
    auto calculated =
        calculate_month(tenant, actor, run, run.sources.front(), {nullptr, nullptr, {}, true}, &made.program);
    if (!calculated) return calculated.failure();
    made.calculated = std::move(*calculated);
    return made;
  });
}

Result<std::shared_ptr<const Product>> Builder::build(const Tenant& tenant, const Actor& actor, const Run& run) {
  if (run.kind == RunKind::kYearEnd) return build_year(tenant, actor, run);
  auto calculated = calculate_month(tenant, actor, run, run.sources.front(), {});
  if (!calculated) return calculated.failure();
  if (run.kind != RunKind::kCorrection) return std::make_shared<const Product>(std::move(*calculated));
  auto base = results_.get(tenant, actor, run.base);
  if (!base) return base.failure();
  ResultSet rows = correction_of((*base)->view(), calculated->view());
  return std::make_shared<const Product>(std::move(*calculated), std::move(rows));
}

Result<std::shared_ptr<const Product>> Builder::build_year(const Tenant& tenant, const Actor& actor, const Run& run) {
  YearDifference difference;
  Pinned carried;
  std::vector<RejectRow> rejects;  // of all months but the last, whose population the chunks are cut from
  for (const auto& month : run.sources) {
    std::shared_ptr<const plan::Program> program;
    auto calculated =
        calculate_month(tenant, actor, run, month, {.carried = &carried, .program = nullptr, .inputs = {}}, &program);
    if (!calculated) return calculated.failure();
    auto published = results_.get(tenant, actor, month.published);
    if (!published) return published.failure();
    difference.add(scheme::to_text(month.period), (*published)->view(), calculated->view());
    if (&month == &run.sources.back())
      return std::make_shared<const Product>(std::move(*calculated), difference.finish(), std::move(rejects));
    append_rejects(*calculated, month.period, &rejects);
    carried[month.published] = carried_from(std::move(*calculated), plan::document_of(*program));
  }
  return tenants::invalid("the year has no month to calculate");
}

}  // namespace kaogong::runs
