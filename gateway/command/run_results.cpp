#include "gateway/command/run_results.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>

#include "engine/scheme/literal.h"
#include "gateway/command/run_session.h"
#include "gateway/command/show_json.h"
#include "infra/csv/writer.h"
#include "tenants/runs/diff.h"
#include "tenants/runs/queries.h"
#include "tenants/runs/verify.h"
#include "tenants/runs/what_if.h"

namespace kaogong::gateway {

namespace {

using runs::Run;
using runs::RunId;
using tenants::Result;
using tenants::TenantTransaction;

struct Options {
  int64_t run = 0, other = 0, count = 20;
  std::string employee, output, lang = "en", scheme_file;
  std::vector<std::string> warn, parameters, inputs;
  bool all = false;
};

int result(RunSession& session, const Options& o) {
  const auto found = session.database().transact(session.tenant(), session.actor(), [&](TenantTransaction& t) {
    return runs::effective_result(t, RunId{o.run}, o.employee);
  });
  if (!found) return fail(found.failure());
  if (!*found) return fail("the employee has no result in the run");
  if ((*found)->result.refused) {
    std::fprintf(stderr, "kaogong: the employee was refused: see kaogong run rejects\n");
    return kSomeRefused;
  }
  for (size_t i = 0; i < (*found)->outputs.size(); ++i)
    print_line({(*found)->outputs[i], (*found)->result.values[i].value_or("")});
  return kDone;
}

int rejects(RunSession& session, const Options& o) {
  print_csv({"file", "line", "employee", "column", "value", "error"});
  runs::RejectPlace place;
  for (bool more = true; more;) {
    const auto page = session.database().transact(
        session.tenant(), session.actor(), [&](TenantTransaction& t) -> Result<std::vector<runs::PlacedReject>> {
          return runs::rejects_of(t, RunId{o.run}, place, runs::kRejectsPageMax, o.employee);
        });
    if (!page) return fail(page.failure());
    for (const auto& [at, reject] : *page) {
      print_csv({reject.file, std::to_string(reject.line), reject.employee, reject.column, reject.value,
                 o.lang == "zh" ? reject.error_zh : reject.error_en});
      place = at;
    }
    more = page->size() == static_cast<size_t>(runs::kRejectsPageMax);
  }
  return kDone;
}

/// Whole results as CSV, as kaogong score writes them.
int export_results(RunSession& session, const Options& o) {
  const auto whole = session.results().get(session.tenant(), session.actor(), RunId{o.run});
  if (!whole) return fail(whole.failure());
  const runs::ResultView view = (*whole)->view();
  std::string text = "employee";
  for (const auto& name : *view.names) {
    text += ',';
    csv::append_field(&text, name);
  }
  text += '\n';
  for (size_t row = 0; row < view.rows(); ++row) {
    if (!view.has_row(row)) continue;
    csv::append_field(&text, (*view.employees)[row]);
    for (const auto& column : *view.columns) {
      text += ',';
      csv::append_field(&text, column::format_value(column, row));
    }
    text += '\n';
    constexpr size_t kBlockBytes = size_t{1} << 20;
    if (text.size() < kBlockBytes) continue;
    std::fwrite(text.data(), 1, text.size(), stdout);
    text.clear();
  }
  std::fwrite(text.data(), 1, text.size(), stdout);
  return kDone;
}

/// OUTPUT=PERCENT; nothing, after it was said, for another form.
std::optional<std::vector<runs::VarianceRule>> rules_of(const std::vector<std::string>& texts) {
  std::vector<runs::VarianceRule> rules;
  for (const auto& text : texts) {
    const auto at = text.find('=');
    const auto percent = scheme::parse_scaled(at == std::string::npos ? "" : text.substr(at + 1), 2);
    const auto* hundredths = std::get_if<int64_t>(&percent);
    if (hundredths == nullptr || *hundredths < 0) {
      fail("'" + text + "' is not OUTPUT=PERCENT");
      return std::nullopt;
    }
    rules.push_back({text.substr(0, at), *hundredths});
  }
  return rules;
}

int print_diff(const runs::ResultView& before, const runs::ResultView& after,
               const std::vector<runs::VarianceRule>& rules, bool all) {
  for (const auto& rule : rules)
    if (before.find(rule.output) == nullptr && after.find(rule.output) == nullptr)
      return fail("neither run has an output '" + rule.output + "'");
  const auto first = runs::diff(runs::source_of(before), runs::source_of(after), rules, {});
  if (all) {
    print_csv({"employee", "change", "output", "before", "after", "delta", "warning"});
    runs::diff(runs::source_of(before), runs::source_of(after), rules, [&](const runs::EmployeeChange& change) {
      for (const auto& output : change.outputs) {
        const auto& of = first.outputs[output.output];
        print_csv({change.employee, to_text(change.kind), of.name, output.before_text, output.after_text,
                   output.has_delta ? runs::signed_text(output.delta, of.scale) : "", output.warned ? "variance" : ""});
      }
      if (change.outputs.empty()) print_csv({change.employee, to_text(change.kind), "", "", "", "", ""});
    });
  }
  std::FILE* out = all ? stderr : stdout;
  std::fprintf(out, "%llu before, %llu after: %llu equal, %llu changed, %llu added, %llu removed, %llu warned\n",
               static_cast<unsigned long long>(first.before), static_cast<unsigned long long>(first.after),
               static_cast<unsigned long long>(first.equal), static_cast<unsigned long long>(first.changed),
               static_cast<unsigned long long>(first.added), static_cast<unsigned long long>(first.removed),
               static_cast<unsigned long long>(first.warned));
  for (const auto& output : first.outputs) {
    if (output.changed == 0) continue;
    const std::string sum = !output.numeric     ? ""
                            : output.overflowed ? "too large"
                                                : runs::signed_text(output.delta_sum, output.scale);
    std::fprintf(out, "%s\t%llu\t%s\n", output.name.c_str(), static_cast<unsigned long long>(output.changed),
                 sum.c_str());
  }
  return kDone;
}

int diff(RunSession& session, const Options& o) {
  const auto rules = rules_of(o.warn);
  if (!rules) return kNothingDone;
  const auto before = session.results().get(session.tenant(), session.actor(), RunId{o.run});
  if (!before) return fail(before.failure());
  const auto after = session.results().get(session.tenant(), session.actor(), RunId{o.other});
  if (!after) return fail(after.failure());
  return print_diff((*before)->view(), (*after)->view(), *rules, o.all);
}

int leaders(RunSession& session, const Options& o) {
  const auto whole = session.results().get(session.tenant(), session.actor(), RunId{o.run});
  if (!whole) return fail(whole.failure());
  const auto best = runs::leaders((*whole)->view(), o.output, static_cast<size_t>(o.count));
  if (!best) return fail(best.failure());
  for (const auto& leader : *best) print_line({std::to_string(leader.place), leader.employee, leader.value});
  return kDone;
}

int distribution(RunSession& session, const Options& o) {
  const auto whole = session.results().get(session.tenant(), session.actor(), RunId{o.run});
  if (!whole) return fail(whole.failure());
  const auto spread = runs::distribution((*whole)->view(), o.output);
  if (!spread) return fail(spread.failure());
  print_line({"rows", std::to_string(spread->rows)});
  print_line({"nulls", std::to_string(spread->nulls)});
  if (spread->numeric && spread->rows > 0) {
    print_line({"least", spread->least});
    for (const auto& [percent, value] : spread->percentiles) print_line({std::to_string(percent) + "%", value});
    print_line({"most", spread->most});
    print_line({"sum", spread->sum});
  }
  for (const auto& [value, count] : spread->frequency) print_line({value, std::to_string(count)});
  return kDone;
}

int verify(RunSession& session, const Options& o) {
  const auto same =
      runs::verify_run(session.database(), session.builder(), session.tenant(), session.actor(), RunId{o.run});
  if (!same) return fail(same.failure());
  for (const auto& difference : same->differences) std::fprintf(stderr, "kaogong: %s\n", difference.c_str());
  if (!same->same()) return kNothingDone;
  std::printf("run %lld is what its inputs give: %llu chunks, %llu pages, %llu rejects, bit for bit\n",
              static_cast<long long>(o.run), static_cast<unsigned long long>(same->chunks),
              static_cast<unsigned long long>(same->pages), static_cast<unsigned long long>(same->rejects));
  return kDone;
}

int what_if(RunSession& session, const Options& o) {
  const auto rules = rules_of(o.warn);
  if (!rules) return kNothingDone;
  runs::WhatIf change;
  if (!o.scheme_file.empty()) {
    std::ifstream in(o.scheme_file, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    change.document = text.str();
    if (!in || change.document.empty()) return fail(o.scheme_file + " cannot be read");
  }
  for (const auto& text : o.parameters) {
    const auto at = text.find('=');
    if (at == std::string::npos) return fail("'" + text + "' is not NAME=VALUE");
    if (change.parameters.empty()) change.parameters = "name,value\n";
    csv::append_field(&change.parameters, text.substr(0, at));
    change.parameters += ',';
    csv::append_field(&change.parameters, text.substr(at + 1));
    change.parameters += '\n';
  }
  for (const auto& text : o.inputs) {
    const auto equal = text.find('='), colon = text.rfind(':', equal);
    if (equal == std::string::npos || colon == std::string::npos)
      return fail("'" + text + "' is not EMPLOYEE:INPUT=VALUE");
    change.inputs.push_back({text.substr(0, colon), text.substr(colon + 1, equal - colon - 1), text.substr(equal + 1)});
  }
  const auto run = session.run(RunId{o.run});
  if (!run) return fail(run.failure());
  const auto before = session.results().get(session.tenant(), session.actor(), RunId{o.run});
  if (!before) return fail(before.failure());
  const auto after = runs::what_if(session.builder(), session.tenant(), session.actor(), *run, change);
  if (!after) return fail(after.failure());
  return print_diff((*before)->view(), after->view(), *rules, o.all);
}

}  // namespace

void add_run_results(CLI::App& run, int& status) {
  const auto options = std::make_shared<Options>();
  using Body = int (*)(RunSession&, const Options&);
  const auto add = [&](const char* name, const char* what, Body body) {
    auto* command = run.add_subcommand(name, what);
    const auto arguments = add_tenant_options(*command);
    command->add_option("run", options->run, "the run's number")->required();
    command->callback([=, &status] {
      const auto session = RunSession::open(*arguments);
      status = session == nullptr ? static_cast<int>(kNothingDone) : body(*session, *options);
    });
    return command;
  };
  const auto warn = [&](CLI::App* command) {
    command->add_option("--warn", options->warn, "OUTPUT=PERCENT: mark larger changes; several times");
    command->add_flag("--all", options->all, "every employee who differs, as CSV");
  };
  add("result", "one employee's outputs", result)->add_option("--employee", options->employee, "the id")->required();
  auto* rejects_command = add("rejects", "who was refused, and why, as CSV", rejects);
  rejects_command->add_option("--employee", options->employee, "only this one");
  rejects_command->add_option("--lang", options->lang, "en or zh")->check(CLI::IsMember({"en", "zh"}));
  add("export", "all results, as CSV", export_results);
  auto* diff_command = add("diff", "what differs between two runs", diff);
  diff_command->add_option("other", options->other, "the later run's number")->required();
  warn(diff_command);
  auto* leaders_command = add("leaders", "who has the most of an output", leaders);
  leaders_command->add_option("--output", options->output, "a number")->required();
  leaders_command->add_option("--count", options->count, "how many")->check(CLI::Range(1, 10'000));
  add("distribution", "how an output is spread", distribution)
      ->add_option("--output", options->output, "any output")
      ->required();
  add("verify", "compute it again and compare, bit for bit", verify);
  auto* what_if_command = add("what-if", "compute it with something changed; nothing is stored", what_if);
  what_if_command->add_option("--scheme", options->scheme_file, "another scheme of the same inputs: a file");
  what_if_command->add_option("--parameter", options->parameters, "NAME=VALUE; several times");
  what_if_command->add_option("--input", options->inputs, "EMPLOYEE:INPUT=VALUE; several times");
  warn(what_if_command);
}

}  // namespace kaogong::gateway
