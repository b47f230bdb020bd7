#include "gateway/api/answer.h"
#include "gateway/api/body.h"
#include "gateway/api/results/handlers.h"
#include "gateway/api/results/visibility.h"
#include "gateway/api/services.h"
#include "tenants/cache/cached_results.h"
#include "tenants/runs/queries.h"

namespace kaogong::api {

namespace {

constexpr int64_t kLeaders = 10;

/// Nothing: the caller may see that output of the run.
std::optional<http::Response> refuse_hidden(Call& call, const runs::ResultView& view, const std::string& output) {
  const auto* column = view.find(output);
  if (column == nullptr || may_see(call.caller, column->type)) return std::nullopt;
  return problem(hidden_amount(output));
}

}  // namespace

http::Response get_leaders(Call& call) {
  Query query(call.request);
  const auto output = query.required("output");
  const auto count = query.whole("count", 1, static_cast<int64_t>(runs::kLeadersMax)).value_or(kLeaders);
  if (auto wrong = query.problem()) return *std::move(wrong);
  const auto run = named_run(call);
  if (!run) return problem(run.failure());
  auto& services = call.services;
  if (!call.caller.scopes.has(tenants::Scope::kPayRead)) {
    const auto whole = services.results.get(*call.tenant, call.caller.actor, run->id);
    if (!whole) return problem(whole.failure());
    if (auto refused = refuse_hidden(call, (*whole)->view(), output)) return *std::move(refused);
  }
  const auto leaders = cache::leaders(services.cache, services.database, services.results, *call.tenant,
                                      call.caller.actor, run->id, output, static_cast<size_t>(count));
  if (!leaders) return problem(leaders.failure());
  json::Writer writer;
  writer.begin_object().member("run", number_of(run->id)).member("output", output).name("leaders").begin_array();
  for (const auto& leader : *leaders)
    writer.begin_object()
        .member("place", leader.place)
        .member("employee", leader.employee)
        .member("value", leader.value)
        .end_object();
  writer.end_array().end_object();
  return answer(200, writer);
}

http::Response get_distribution(Call& call) {
  Query query(call.request);
  const auto output = query.required("output");
  if (auto wrong = query.problem()) return *std::move(wrong);
  const auto run = named_run(call);
  if (!run) return problem(run.failure());
  const auto whole = call.services.results.get(*call.tenant, call.caller.actor, run->id);
  if (!whole) return problem(whole.failure());
  if (auto refused = refuse_hidden(call, (*whole)->view(), output)) return *std::move(refused);
  const auto spread = runs::distribution((*whole)->view(), output);
  if (!spread) return problem(spread.failure());
  json::Writer writer;
  writer.begin_object()
      .member("run", number_of(run->id))
      .member("output", output)
      .member("rows", spread->rows)
      .member("nulls", spread->nulls);
  const bool has_numbers = spread->numeric && spread->rows > 0;
  const auto number = [&](std::string_view name, const std::string& text) {
    writer.name(name);
    has_numbers && !text.empty() ? writer.value(text) : writer.null();
  };
  number("least", spread->least);
  number("most", spread->most);
  number("sum", spread->sum);
  writer.name("percentiles").begin_object();
  for (const auto& [percent, value] : spread->percentiles) writer.member("p" + std::to_string(percent), value);
  writer.end_object().name("frequency").begin_array();
  for (const auto& [value, times] : spread->frequency)
    writer.begin_object().member("value", value).member("count", times).end_object();
  writer.end_array().end_object();
  return answer(200, writer);
}

}  // namespace kaogong::api
