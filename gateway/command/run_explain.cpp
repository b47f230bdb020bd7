#include "gateway/command/run_explain.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "engine/explain/render.h"
#include "gateway/command/run_session.h"
#include "tenants/runs/explain_result.h"

namespace kaogong::gateway {

namespace {

struct Options {
  int64_t run = 0;
  runs::ExplainRequest request;
  std::string lang = "en", format = "text";
  size_t rows = 20;
};

int explain_stored(RunSession& session, const Options& o) {
  const auto run = session.run(runs::RunId{o.run});
  if (!run) return fail(run.failure());
  const auto explanation =
      runs::explain_result(session.database(), session.builder(), session.tenant(), session.actor(), *run, o.request);
  if (!explanation) return fail(explanation.failure());
  const auto language = o.lang == "zh" ? explain::Language::kZh : explain::Language::kEn;
  const std::string text =
      o.format == "json" ? explain::to_json(*explanation) : explain::to_text(*explanation, {language, o.rows});
  std::fwrite(text.data(), 1, text.size(), stdout);
  return explanation->refused ? kSomeRefused : kDone;
}

}  // namespace

void add_run_explain(CLI::App& run, int& status) {
  const auto options = std::make_shared<Options>();
  auto* command = run.add_subcommand("explain", "why an employee's stored figures are what they are");
  const auto arguments = add_tenant_options(*command);
  command->add_option("run", options->run, "the run's number")->required();
  command->add_option("--employee", options->request.employee, "the employee's id")->required();
  command->add_option("--value", options->request.values,
                      "a value of the scheme, by its name or label; several times; default: all outputs");
  command->add_option("--lang", options->lang, "language of the text: en or zh")->check(CLI::IsMember({"en", "zh"}));
  command->add_option("--format", options->format, "text, or json (both languages, complete)")
      ->check(CLI::IsMember({"text", "json"}));
  command->add_option("--depth", options->request.depth_max,
                      "how many levels of values below the one asked for are opened; default: all");
  command->add_option("--rows", options->rows, "rows of a list that the text shows; default: 20")
      ->check(CLI::NonNegativeNumber);
  command->footer(
      "The run is computed again from all that it names, and compared with what is stored: see kaogong explain for "
      "what is shown.\n"
      "\nExit status: 0 explained; 2 the employee was refused, for the reasons printed; 1 nothing could be done.");
  command->callback([=, &status] {
    const auto session = RunSession::open(*arguments);
    status = session == nullptr ? static_cast<int>(kNothingDone) : explain_stored(*session, *options);
  });
}

}  // namespace kaogong::gateway
