// `kaogong run …`: makes runs and takes them through their states.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>
#include <memory>

#include "gateway/command/run_explain.h"
#include "gateway/command/run_results.h"
#include "gateway/command/run_session.h"
#include "infra/csv/writer.h"
#include "tenants/runs/from_inputs.h"
#include "tenants/runs/retroactive.h"

namespace kaogong::gateway {

namespace {

using runs::Run;
using runs::RunId;
using runs::RunState;
using tenants::Result;
using tenants::TenantTransaction;

struct Options {
  std::string scheme_id, period, kind, state, priority = "month-end", key, why;
  std::vector<std::string> parameters, history_from;
  int64_t run = 0, limit = 100;
  int32_t version = 0;
  bool preview = false, draft = false, wait = false, quiet = false;
};

RunId id_of(const Options& o) { return RunId{o.run}; }

/// COLUMN=SCHEME and NAME=VALUE; false, after it was said, for another form.
bool split(const std::vector<std::string>& texts, const std::function<void(std::string, std::string)>& take) {
  for (const auto& text : texts) {
    const auto at = text.find('=');
    if (at == std::string::npos || at == 0) {
      fail("'" + text + "' is not NAME=VALUE");
      return false;
    }
    take(text.substr(0, at), text.substr(at + 1));
  }
  return true;
}

std::optional<runs::NewRun> request_of(const Options& o) {
  const auto period = period_of(o.period);
  const auto priority = runs::parse_priority(o.priority);
  if (!period || !priority) return std::nullopt;
  runs::NewRun request;
  request.kind = o.preview ? runs::RunKind::kPreview : runs::RunKind::kRegular;
  request.scheme_id = o.scheme_id;
  request.period = *period;
  if (o.version > 0) request.version = o.version;
  request.priority = *priority;
  request.start = !o.draft;
  request.idempotency_key = o.key;
  const auto parameter = [&](const std::string& name, const std::string& value) {
    if (request.parameters.empty()) request.parameters = "name,value\n";
    csv::append_field(&request.parameters, name);
    request.parameters += ',';
    csv::append_field(&request.parameters, value);
    request.parameters += '\n';
  };
  if (!split(o.parameters, parameter) ||
      !split(o.history_from, [&](std::string column, std::string scheme) { request.history_from[column] = scheme; }))
    return std::nullopt;
  return request;
}

int shown(const Result<Run>& run) {
  if (!run) return fail(run.failure());
  print_run(*run);
  if (run->state == RunState::kFailed) return kNothingDone;
  return run->refused.value_or(0) > 0 ? kSomeRefused : kDone;
}

int create(const SessionArguments& arguments, const Options& o) {
  auto request = request_of(o);
  const auto session = request ? RunSession::open(arguments) : nullptr;
  if (session == nullptr) return kNothingDone;
  auto run = runs::create_of_inputs(session->database(), session->tenant(), session->actor(), *request);
  if (run && o.wait) run = session->await(run->id, o.quiet);
  return shown(run);
}

int correct(const SessionArguments& arguments, const Options& o) {
  const auto period = period_of(o.period);
  const auto priority = runs::parse_priority(o.priority);
  const auto session = period && priority ? RunSession::open(arguments) : nullptr;
  if (session == nullptr) return kNothingDone;
  const auto published =
      session->database().transact(session->tenant(), session->actor(), [&](TenantTransaction& t) -> Result<Run> {
        const auto id = runs::published_run(t, o.scheme_id, *period);
        if (!id) return tenants::conflict("nothing is published for " + o.period + ": there is nothing to correct");
        return runs::read_run(t, *id);
      });
  if (!published) return fail(published.failure());
  const auto snapshot = session->freeze(o.scheme_id, published->sources.front().version, *period);
  if (!snapshot) return fail(snapshot.failure());
  const auto corrections = runs::correct_retroactively(
      session->database(), session->results(), session->tenant(), session->actor(), o.scheme_id, *period, snapshot->id,
      {o.key, *priority}, [&](RunId id) { return session->await(id, o.quiet); });
  if (!corrections) return fail(corrections.failure());
  for (const auto& correction : *corrections) {
    std::string carried;
    for (const auto& output : correction.carried) carried += (carried.empty() ? "" : ",") + output;
    print_line({std::to_string(number_of(correction.run.id)), correction.run.scheme_id,
                scheme::to_text(correction.run.period), std::to_string(correction.run.rows.value_or(0)), carried});
  }
  return kDone;
}

int year_end(const SessionArguments& arguments, const Options& o) {
  auto request = request_of(o);
  const auto session = request ? RunSession::open(arguments) : nullptr;
  if (session == nullptr) return kNothingDone;
  request->kind = runs::RunKind::kYearEnd;
  auto run = runs::create_of_inputs(session->database(), session->tenant(), session->actor(), *request);
  if (run && o.wait) run = session->await(run->id, o.quiet);
  return shown(run);
}

int list(const SessionArguments& arguments, const Options& o) {
  runs::RunFilter filter;
  if (!o.scheme_id.empty()) filter.scheme_id = o.scheme_id;
  if (!o.period.empty()) {
    filter.period = period_of(o.period);
    if (!filter.period) return kNothingDone;
  }
  filter.kind = runs::parse_run_kind(o.kind);
  filter.state = runs::parse_run_state(o.state);
  if ((!o.kind.empty() && !filter.kind) || (!o.state.empty() && !filter.state))
    return fail("there is no such kind or state of a run");
  filter.limit = o.limit;
  return in_tenant(
      arguments, [&](TenantTransaction& t) -> Result<std::vector<Run>> { return runs::list_runs(t, filter); },
      [](const std::vector<Run>& found) {
        for (const auto& run : found)
          print_line({std::to_string(number_of(run.id)), to_text(run.kind), to_text(run.state), run.scheme_id,
                      scheme::to_text(run.period), std::to_string(run.people),
                      run.rows ? std::to_string(*run.rows) : "", run.refused ? std::to_string(*run.refused) : "",
                      run.created.by});
        return static_cast<int>(kDone);
      });
}

using StepOf = std::function<Result<Run>(RunSession&, const Options&)>;

int step(const SessionArguments& arguments, const Options& o, const StepOf& take) {
  const auto session = RunSession::open(arguments);
  if (session == nullptr) return kNothingDone;
  return shown(take(*session, o));
}

}  // namespace

void add_run(CLI::App& program, int& status) {
  auto* run =
      program.add_subcommand("run", "compute a tenant's scheme for a period, compare, approve, publish, correct");
  run->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  const auto add = [&](const char* name, const char* what) {
    auto* command = run->add_subcommand(name, what);
    return std::pair(command, add_tenant_options(*command));
  };
  const auto scheme_and_period = [&](CLI::App* command, const char* period) {
    command->add_option("--scheme", options->scheme_id, "the scheme's id")->required();
    command->add_option("--period", options->period, period)->required();
  };
  const auto priority = [&](CLI::App* command, const char* usual) {
    command
        ->add_option("--priority", options->priority,
                     std::string("interactive, month-end or year-end; usual: ") + usual)
        ->check(CLI::IsMember({"interactive", "month-end", "year-end"}));
    command->add_option("--key", options->key, "an idempotency key: the same key makes one run");
    command->add_flag("--quiet", options->quiet, "no progress bar");
  };

  const auto [create_command, create_arguments] = add("create", "freeze the inputs as they are now, and compute");
  scheme_and_period(create_command, "the period");
  create_command->add_option("--version", options->version, "the scheme's version; default: the latest published");
  create_command->add_option("--parameter", options->parameters, "NAME=VALUE, over what was entered; several times");
  create_command->add_option("--history-from", options->history_from,
                             "COLUMN=SCHEME: whose results count as the past; several times");
  create_command->add_flag("--preview", options->preview, "to be looked at, never approved; gone after a day");
  create_command->add_flag("--draft", options->draft, "do not start it yet");
  create_command->add_flag("--wait", options->wait, "until it is calculated");
  priority(create_command, "month-end");
  create_command->callback([=, &status, arguments = create_arguments] { status = create(*arguments, *options); });

  const auto [correct_command, correct_arguments] =
      add("correct", "correct what is published for a period, and the following ones as far as it reaches");
  scheme_and_period(correct_command, "the first period");
  priority(correct_command, "month-end");
  correct_command->callback([=, &status, arguments = correct_arguments] { status = correct(*arguments, *options); });

  const auto [year_command, year_arguments] =
      add("year-end", "compute a year's published periods again, in order; say what differs");
  scheme_and_period(year_command, "the year");
  year_command->add_option("--version", options->version, "one version for all; default: each period's own");
  year_command->add_flag("--wait", options->wait, "until it is calculated");
  priority(year_command, "year-end");
  year_command->callback([=, &status, arguments = year_arguments] {
    if (options->priority == "month-end") options->priority = "year-end";
    status = year_end(*arguments, *options);
  });

  const auto [list_command, list_arguments] = add("list", "runs, newest first");
  list_command->add_option("--scheme", options->scheme_id, "only of this scheme");
  list_command->add_option("--period", options->period, "only of this period");
  list_command->add_option("--kind", options->kind, "regular, preview, correction or year_end");
  list_command->add_option("--state", options->state, "draft, calculating, calculated, approved, published …");
  list_command->add_option("--limit", options->limit, "at most so many")->check(CLI::Range(1, 1000));
  list_command->callback([=, &status, arguments = list_arguments] { status = list(*arguments, *options); });

  const auto one = [&](const char* name, const char* what, const StepOf& take) {
    const auto [command, arguments] = add(name, what);
    command->add_option("run", options->run, "the run's number")->required();
    command->callback([=, &status, given = arguments] { status = step(*given, *options, take); });
    return command;
  };
  one("show", "one run", [](RunSession& s, const Options& o) { return s.run(id_of(o)); });
  one("wait", "until it is calculated", [](RunSession& s, const Options& o) {
    return s.await(id_of(o), o.quiet);
  })->add_flag("--quiet", options->quiet, "no progress bar");
  one("start", "a draft",
      [](RunSession& s, const Options& o) { return s.steps().start(s.tenant(), s.actor(), id_of(o)); });
  one("approve", "from now on nothing of it changes",
      [](RunSession& s, const Options& o) { return s.steps().approve(s.tenant(), s.actor(), id_of(o)); });
  one("publish", "its results count from now on",
      [](RunSession& s, const Options& o) { return s.steps().publish(s.tenant(), s.actor(), id_of(o)); });
  one("cancel", "before approval", [](RunSession& s, const Options& o) {
    return s.steps().cancel(s.tenant(), s.actor(), id_of(o), o.why);
  })->add_option("--why", options->why, "the reason");
  one("void", "after approval: take it back",
      [](RunSession& s, const Options& o) { return s.steps().declare_void(s.tenant(), s.actor(), id_of(o), o.why); })
      ->add_option("--why", options->why, "the reason")
      ->required();
  add_run_results(*run, status);
  add_run_explain(*run, status);
  run->footer(
      "A run goes draft, calculating, calculated, approved, published; workers (kaogong worker) calculate it.\n"
      "\nExit status: 0 done; 2 some employees were refused; 1 nothing could be done.\n"
      "\nExamples:\n"
      "  kaogong run create --tenant acme --scheme trade-monthly --period 2026-10 --wait\n"
      "  kaogong run diff 11 12 --warn gross_pay=20\n"
      "  kaogong run approve 12 && kaogong run publish 12\n"
      "  kaogong run correct --scheme trade-monthly --period 2026-08");
}

}  // namespace kaogong::gateway
