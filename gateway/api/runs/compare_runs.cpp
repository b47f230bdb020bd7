#include <algorithm>

#include "engine/scheme/literal.h"
#include "gateway/api/answer.h"
#include "gateway/api/body.h"
#include "gateway/api/paging.h"
#include "gateway/api/results/visibility.h"
#include "gateway/api/runs/handlers.h"
#include "gateway/api/runs/run_json.h"
#include "gateway/api/transact.h"
#include "tenants/runs/diff.h"
#include "tenants/runs/what_if.h"

namespace kaogong::api {

using runs::ResultView;
using runs::Run;
using runs::RunId;
using runs::VarianceRule;
using tenants::Result;
using tenants::TenantTransaction;

namespace {

constexpr size_t kRulesMax = 100;
constexpr size_t kDocumentBytesMax = size_t{1} << 20;
constexpr size_t kChangesShownMax = 1'000;

std::optional<int64_t> parse_percent(std::string_view text) {
  const auto percent = scheme::parse_scaled(text, 2);
  const auto* hundredths = std::get_if<int64_t>(&percent);
  if (hundredths == nullptr || *hundredths < 0) return std::nullopt;
  return *hundredths;
}

/// `gross_pay:20,net_pay:12.5`.
std::optional<std::vector<VarianceRule>> parse_rules(std::string_view text) {
  std::vector<VarianceRule> rules;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    const auto one = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    const auto colon = one.find(':');
    const auto percent = parse_percent(colon == std::string_view::npos ? "" : one.substr(colon + 1));
    if (!percent || colon == 0 || rules.size() == kRulesMax) return std::nullopt;
    rules.push_back({std::string(one.substr(0, colon)), *percent});
  }
  return rules;
}

std::vector<VarianceRule> rules_in(json::BodyReader& body) {
  std::vector<VarianceRule> rules;
  const auto object = body.any("warn", json::Need::kOptional);
  if (!object) return rules;
  if (!object->is(json::Kind::kObject) || object->size() > kRulesMax) {
    body.fault("warn", "must be an object: an output, and the percent above which a change is marked");
    return rules;
  }
  for (const auto& [output, percent] : object->members()) {
    const auto hundredths = percent.is(json::Kind::kNumber) || percent.is(json::Kind::kString)
                                ? parse_percent(percent.text())
                                : std::nullopt;
    if (hundredths) {
      rules.push_back({std::string(output), *hundredths});
    } else {
      body.faults().add(json::pointer_to(body.pointer("warn"), output), "must be a percentage like 20 or 12.5");
    }
  }
  return rules;
}

/// What is to be shown of a comparison.
struct Shown {
  std::vector<VarianceRule> rules;
  bool only_warned = false;
  Page page;
};

/// Whether an output is an amount that the caller may not see. Money on one side only is money.
bool is_hidden(const Caller& caller, const ResultView& before, const ResultView& after, std::string_view output) {
  for (const auto* view : {&before, &after}) {
    const auto* column = view->find(output);
    if (column != nullptr && !may_see(caller, column->type)) return true;
  }
  return false;
}

/// One side without what the caller may not see: who differs in that alone does not differ, so that nothing of it can
/// be asked for by what is listed or counted. Lives no longer than the view it is made of.
class SeenResults {
 public:
  SeenResults(const Caller& caller, const ResultView& of, const ResultView& other) : view_(of) {
    for (size_t i = 0; i < of.names->size(); ++i) {
      if (is_hidden(caller, of, other, (*of.names)[i])) continue;
      names_.push_back((*of.names)[i]);
      columns_.push_back(column::borrowed((*of.columns)[i]));
    }
    view_.names = &names_;
    view_.columns = &columns_;
  }
  SeenResults(const SeenResults&) = delete;
  SeenResults& operator=(const SeenResults&) = delete;

  runs::ResultSource source() const { return runs::source_of(view_); }

 private:
  std::vector<std::string> names_;
  std::vector<column::Column> columns_;
  ResultView view_;
};

void write_summary(json::Writer& writer, const runs::DiffSummary& summary) {
  writer.name("summary")
      .begin_object()
      .member("before", summary.before)
      .member("after", summary.after)
      .member("equal", summary.equal)
      .member("changed", summary.changed)
      .member("added", summary.added)
      .member("removed", summary.removed)
      .member("warned", summary.warned)
      .name("outputs")
      .begin_array();
  for (const auto& output : summary.outputs) {
    writer.begin_object()
        .member("name", output.name)
        .member("changed", output.changed)
        .member("warnings", output.warnings)
        .name("delta");
    if (!output.numeric || output.overflowed) {
      writer.null();
    } else {
      writer.value(runs::signed_text(output.delta_sum, output.scale));
    }
    writer.end_object();
  }
  writer.end_array().end_object();
}

void write_change(json::Writer& writer, const runs::EmployeeChange& change, const runs::DiffSummary& summary) {
  writer.begin_object()
      .member("employee", change.employee)
      .member("change", to_text(change.kind))
      .name("outputs")
      .begin_array();
  for (const auto& output : change.outputs) {
    const auto& of = summary.outputs[output.output];
    writer.begin_object().member("name", of.name).name("before");
    output.has_before ? writer.value(output.before_text) : writer.null();
    writer.name("after");
    output.has_after ? writer.value(output.after_text) : writer.null();
    writer.name("delta");
    output.has_delta ? writer.value(runs::signed_text(output.delta, of.scale)) : writer.null();
    writer.member("warned", output.warned).end_object();
  }
  writer.end_array().end_object();
}

/// Compares, and writes summary and changes into the open object: those behind the page's place, as many as it holds.
/// Gives the place behind the last, if there are more. Nothing of it: a rule names no output, or one that is hidden.
Result<std::optional<std::string>> write_comparison(json::Writer& writer, Call& call, const ResultView& before,
                                                    const ResultView& after, const Shown& shown) {
  for (const auto& rule : shown.rules) {
    if (before.find(rule.output) == nullptr && after.find(rule.output) == nullptr)
      return tenants::invalid("neither run has an output '" + rule.output + "' to warn of");
    if (is_hidden(call.caller, before, after, rule.output)) return hidden_amount(rule.output);
  }
  const SeenResults seen_before(call.caller, before, after), seen_after(call.caller, after, before);
  const auto summary = runs::diff(seen_before.source(), seen_after.source(), shown.rules, {});
  write_summary(writer, summary);
  writer.name("changes").begin_array();
  int64_t written = 0;
  std::string last;
  bool more = false;
  runs::diff(seen_before.source(), seen_after.source(), shown.rules, [&](const runs::EmployeeChange& change) {
    if (!shown.page.after.empty() && change.employee <= shown.page.after) return;
    const bool warned =
        std::any_of(change.outputs.begin(), change.outputs.end(), [](const auto& output) { return output.warned; });
    if (shown.only_warned && !warned) return;
    if (written == shown.page.size) {
      more = true;
      return;
    }
    ++written;
    last = change.employee;
    write_change(writer, change, summary);
  });
  writer.end_array();
  return more ? std::optional(last) : std::optional<std::string>();
}

/// What a run is compared with unless another is named: what was published before for its period, else what is
/// published for the period before it.
Result<RunId> usual_base(Call& call, const Run& run) {
  if (!run.sources.empty() && run.sources.front().published != RunId{}) return run.sources.front().published;
  auto before = run.period;
  --before.index;
  return read_only(call, [&](TenantTransaction& t) -> Result<RunId> {
    const auto published = runs::published_run(t, run.scheme_id, before);
    if (!published) return tenants::not_found("nothing was published before this run: name another by `against`");
    return *published;
  });
}

}  // namespace

http::Response diff_runs(Call& call) {
  Query query(call.request);
  Shown shown;
  const auto against = query.parsed("against", parse_number, "a run's id");
  shown.rules = query.parsed("warn", parse_rules, "outputs with percentages: gross_pay:20,net_pay:12.5")
                    .value_or(std::vector<VarianceRule>());
  shown.only_warned = query.truth("only_warned");
  shown.page = read_page(query, call);
  if (auto wrong = query.problem()) return *std::move(wrong);
  const auto id = run_in_path(call);
  if (!id) return problem(id.failure());
  const auto run = read_run(call, *id);
  if (!run) return problem(run.failure());
  const auto base = against ? Result<RunId>(RunId{*against}) : usual_base(call, *run);
  if (!base) return problem(base.failure());
  auto& results = call.services.results;
  const auto before = results.get(*call.tenant, call.caller.actor, *base);
  if (!before) return problem(before.failure());
  const auto after = results.get(*call.tenant, call.caller.actor, *id);
  if (!after) return problem(after.failure());
  json::Writer writer;
  writer.begin_object().member("before", number_of(*base)).member("after", number_of(*id));
  const auto next = write_comparison(writer, call, (*before)->view(), (*after)->view(), shown);
  if (!next) return problem(next.failure());
  write_next_page(writer, call, *next);
  writer.end_object();
  return answer(200, writer);
}

http::Response what_if_run(Call& call) {
  // A document of the caller's own can give any input as an output, and a changed input shows where others stand.
  if (!call.caller.scopes.has(tenants::Scope::kPayRead))
    return problem(ProblemCode::kForbidden, "what-if over the data of others takes the scope pay:read");
  JsonBody body(call.request);
  runs::WhatIf change;
  change.document = body->text_or_empty("document", kDocumentBytesMax);
  change.parameters = parameters_in(body.reader(), "parameters");
  const auto inputs = body->array("inputs", runs::kInputChangesMax, json::Need::kOptional);
  for (size_t i = 0; i < inputs.size(); ++i) {
    json::BodyReader input(inputs[i], body->pointer("inputs", i), body->faults());
    runs::InputChange one;
    one.employee = input.text("employee", folder::kEmployeeBytesMax).value_or("");
    one.input = input.text("input", 200).value_or("");
    const auto value = input.any("value", json::Need::kOptional);
    if (value && value->is(json::Kind::kBoolean)) {
      one.value = value->truth() ? "true" : "false";
    } else if (value && (value->is(json::Kind::kString) || value->is(json::Kind::kNumber))) {
      one.value = value->text();
    } else if (value && !value->is(json::Kind::kNull)) {
      input.fault("value", "must be a single value");
    }
    input.finish();
    change.inputs.push_back(std::move(one));
  }
  Shown shown;
  shown.rules = rules_in(body.reader());
  shown.only_warned = body->truth("only_warned", json::Need::kOptional).value_or(false);
  shown.page.size = body->whole("changes_max", 0, kChangesShownMax, json::Need::kOptional).value_or(kPageSize);
  if (auto wrong = body.problem()) return *std::move(wrong);
  const auto id = run_in_path(call);
  if (!id) return problem(id.failure());
  const auto run = read_run(call, *id);
  if (!run) return problem(run.failure());
  const auto before = call.services.results.get(*call.tenant, call.caller.actor, *id);
  if (!before) return problem(before.failure());
  const auto after = runs::what_if(call.services.builder, *call.tenant, call.caller.actor, *run, change);
  if (!after) return problem(after.failure());
  json::Writer writer;
  writer.begin_object().member("run", number_of(*id)).member("refused", after->refused);
  const auto next = write_comparison(writer, call, (*before)->view(), after->view(), shown);
  if (!next) return problem(next.failure());
  writer.member("more", next->has_value()).end_object();
  return answer(200, writer);
}

}  // namespace kaogong::api
