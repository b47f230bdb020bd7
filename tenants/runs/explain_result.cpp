#include "tenants/runs/explain_result.h"

#include <algorithm>
#include <utility>

#include "engine/explain/asked_for.h"
#include "engine/explain/explainer.h"
#include "tenants/runs/queries.h"

namespace kaogong::runs {

using tenants::Actor;
using tenants::Failure;
using tenants::FailureCode;
using tenants::Result;
using tenants::Tenant;
using tenants::TenantDatabase;
using tenants::TenantTransaction;

namespace {

/// The employee's row in a population sorted by id; nothing: he is not in it.
std::optional<size_t> row_of(const column::StringRows& employees, std::string_view employee) {
  const size_t row = first_row_from(employees, employee);
  return row < employees.size() && employees[row] == employee ? std::optional(row) : std::nullopt;
}

/// Whether what counts in the database is what was calculated in that row. A correction says of somebody who has no
/// result any more that he is gone: then there is nothing.
bool is_stored(const std::optional<EffectiveResult>& stored, const ResultView& calculated, size_t row) {
  const bool has_none = !stored || stored->result.refused;
  if (has_none || !calculated.has_row(row)) return has_none == !calculated.has_row(row);
  for (size_t i = 0; i < stored->outputs.size(); ++i) {
    const column::Column* column = calculated.find(stored->outputs[i]);
    if (column == nullptr || stored->result.values[i].value_or("") != column::format_value(*column, row)) return false;
  }
  return true;
}

std::vector<column::Fault> faults_of(const Calculated& calculated, size_t row) {
  std::vector<RejectRow> rejects;
  RejectList(calculated).append(row, row + 1, &rejects);
  std::vector<column::Fault> faults;
  for (auto& reject : rejects)
    faults.push_back({static_cast<uint32_t>(row), std::move(reject.file), static_cast<uint32_t>(reject.line),
                      std::move(reject.column), std::move(reject.value),
                      scheme::Labels{std::move(reject.error_zh), std::move(reject.error_en)}});
  return faults;
}

}  // namespace

Result<explain::Explanation> explain_result(TenantDatabase& database, Builder& builder, const Tenant& tenant,
                                            const Actor& actor, const Run& run, const ExplainRequest& request) {
  const std::string number = std::to_string(number_of(run.id));
  if (run.kind == RunKind::kYearEnd)
    return tenants::invalid("run " + number + " is of a whole year: explain the runs of its months");
  if (run.checksum.empty())
    return tenants::conflict("run " + number + " is " + std::string(to_text(run.state)) + ": it has no results");
  const auto stored = database.transact(tenant, actor, [&](TenantTransaction& transaction) {
    return effective_result(transaction, run.id, request.employee);
  });
  if (!stored) return stored.failure();
  const auto held = builder.calculated_run(tenant, actor, run);
  if (!held) return held.failure();
  const Calculated& calculated = (*held)->calculated;
  const plan::Program& program = *(*held)->program;
  const auto row = row_of(calculated.inputs->employees, request.employee);
  if (!row) return tenants::not_found("the employee is not in the population of run " + number);
  if (!is_stored(*stored, calculated.view(), *row))
    return Failure{FailureCode::kInternal, "what is stored of run " + number + " is not what its inputs give"};
  std::string unknown;
  const auto values = explain::asked_for(plan::document_of(program), request.values, &unknown);
  if (!values) return tenants::invalid(unknown);
  explain::Explainer explainer(program, *calculated.inputs, calculated.result);
  explain::Explanation explanation = explainer.explain(*row, *values, {request.depth_max});
  if (explanation.refused) explanation.faults = faults_of(calculated, *row);
  return explanation;
}

}  // namespace kaogong::runs
