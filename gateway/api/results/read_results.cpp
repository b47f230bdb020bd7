#include "gateway/api/answer.h"
#include "gateway/api/body.h"
#include "gateway/api/paging.h"
#include "gateway/api/results/handlers.h"
#include "gateway/api/results/result_json.h"
#include "gateway/api/results/visibility.h"
#include "gateway/api/runs/run_json.h"
#include "gateway/api/transact.h"
#include "tenants/cache/cached_results.h"
#include "tenants/runs/result_filter.h"

namespace kaogong::api {

using runs::Run;
using tenants::Result;
using tenants::TenantTransaction;

namespace {

bool is_of_run(const Call& call) { return call.route.pattern.starts_with("/v1/runs/"); }

tenants::Failure no_result(const std::string& employee) {
  return tenants::not_found("employee '" + employee + "' has no result here");
}

Result<scheme::Period> period_in_path(const Call& call) {
  const auto period = scheme::parse_period(call.values.at(1));
  if (!period) return tenants::not_found("'" + call.values.at(1) + "' is not a period like 2026-10");
  return *period;
}

/// The columns that the caller may see.
std::vector<size_t> seen_columns(const Caller& caller, const runs::ResultView& view) {
  std::vector<size_t> seen;
  for (size_t i = 0; i < view.columns->size(); ++i)
    if (may_see(caller, (*view.columns)[i].type)) seen.push_back(i);
  return seen;
}

void write_row(json::Writer& writer, const runs::ResultView& view, const std::vector<size_t>& columns, size_t row) {
  writer.begin_object().member("employee", (*view.employees)[row]).member("refused", !view.has_row(row)).name("values");
  if (!view.has_row(row)) {
    writer.null().end_object();
    return;
  }
  writer.begin_object();
  for (const size_t i : columns) {
    const auto& column = (*view.columns)[i];
    writer.name((*view.names)[i]);
    write_value(writer, column.type,
                column.is_null(row) ? std::nullopt : std::optional(column::format_value(column, row)));
  }
  writer.end_object().end_object();
}

/// Conditions on what the caller may not see would tell it.
std::optional<tenants::Failure> refuse_hidden(const Caller& caller, const runs::ResultView& view,
                                              const std::vector<runs::Condition>& conditions) {
  for (const auto& condition : conditions) {
    const auto* column = view.find(condition.output);
    if (column != nullptr && !may_see(caller, column->type)) return hidden_amount(condition.output);
  }
  return std::nullopt;
}

}  // namespace

Result<Run> named_run(Call& call) {
  if (is_of_run(call)) {
    const auto id = run_in_path(call);
    if (!id) return id.failure();
    return read_run(call, *id);
  }
  const auto period = period_in_path(call);
  if (!period) return period.failure();
  return read_only(call, [&](TenantTransaction& t) -> Result<Run> {
    const auto id = runs::published_run(t, call.values[0], *period);
    if (!id) return tenants::not_found("nothing is published for " + call.values[0] + ", " + call.values[1]);
    return runs::read_run(t, *id);
  });
}

const std::string& named_employee(const Call& call) { return call.values.back(); }

std::optional<http::Response> refuse_others(const Call& call, const std::string& employee) {
  if (may_see_result(call.caller, employee)) return std::nullopt;
  return problem(ProblemCode::kForbidden, "these are the results of somebody else");
}

http::Response get_published_result(Call& call) {
  Query query(call.request);
  if (auto wrong = query.problem()) return *std::move(wrong);
  const auto& employee = named_employee(call);
  if (auto refused = refuse_others(call, employee)) return *std::move(refused);
  const auto period = period_in_path(call);
  if (!period) return problem(period.failure());
  const auto result = read_only(call, [&](TenantTransaction& t) {
    return cache::published_result(call.services.cache, t, call.values[0], *period, employee);
  });
  if (!result) return problem(result.failure());
  if (!*result) return problem(no_result(employee));
  return tagged(call.request, result_json(call.caller, call.values[0], *period, employee, **result));
}

http::Response get_run_result(Call& call) {
  Query query(call.request);
  if (auto wrong = query.problem()) return *std::move(wrong);
  const auto run = named_run(call);
  if (!run) return problem(run.failure());
  const auto& employee = named_employee(call);
  const auto result = read_only(call, [&](TenantTransaction& t) { return effective_result(t, run->id, employee); });
  if (!result) return problem(result.failure());
  if (!*result) return problem(no_result(employee));
  return tagged(call.request, result_json(call.caller, run->scheme_id, run->period, employee, **result));
}

http::Response list_results(Call& call) {
  Query query(call.request);
  const auto conditions = runs::parse_conditions(query.text("filter").value_or(""));
  if (!conditions) query.fault("filter", conditions.failure().message);
  const auto page = read_page(query, call);
  if (auto wrong = query.problem()) return *std::move(wrong);
  const auto run = named_run(call);
  if (!run) return problem(run.failure());
  const auto whole = call.services.results.get(*call.tenant, call.caller.actor, run->id);
  if (!whole) return problem(whole.failure());
  const runs::ResultView view = (*whole)->view();
  if (auto hidden = refuse_hidden(call.caller, view, *conditions)) return problem(*hidden);
  const auto filter = runs::ResultFilter::bind(view, *conditions);
  if (!filter) return problem(filter.failure());
  const auto columns = seen_columns(call.caller, view);
  json::Writer writer;
  writer.begin_object()
      .member("run", number_of(run->id))
      .member("scheme", run->scheme_id)
      .member("period", scheme::to_text(run->period))
      .name("items")
      .begin_array();
  size_t row = page.after.empty() ? 0 : runs::first_row_from(*view.employees, page.after);
  if (row < view.rows() && !page.after.empty() && (*view.employees)[row] == page.after) ++row;
  int64_t written = 0;
  std::optional<std::string> next;
  std::string last;
  for (; row < view.rows(); ++row) {
    if (!conditions->empty() && (!view.has_row(row) || !filter->takes(row))) continue;
    if (written == page.size) {
      next = last;
      break;
    }
    write_row(writer, view, columns, row);
    last = (*view.employees)[row];
    ++written;
  }
  writer.end_array();
  write_next_page(writer, call, next);
  writer.end_object();
  return answer(200, writer);
}

}  // namespace kaogong::api
