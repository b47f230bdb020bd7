#include "gateway/command/explain.h"

#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <thread>

#include "engine/explain/asked_for.h"
#include "engine/explain/explainer.h"
#include "engine/explain/render.h"
#include "engine/plan/program.h"
#include "engine/scheme/near.h"
#include "gateway/command/commands.h"
#include "gateway/command/progress.h"
#include "gateway/command/scheme_source.h"
#include "tenants/folder/read_folder.h"

namespace kaogong::gateway {

namespace {

struct Options {
  std::string template_id, scheme_file, period, data, employee, lang = "en", format = "text";
  std::vector<std::string> values, packs;
  bool all = false, quiet = false;
  int threads = 0;
  uint32_t depth = UINT32_MAX;
  size_t rows = 20;
};

int fail(const std::string& why) {
  std::fprintf(stderr, "kaogong: %s\n", why.c_str());
  return kNothingDone;
}

/// The faults that were found while reading, of the rows of one employee.
void add_rejects(const folder::FolderInputs& folder, const std::vector<uint32_t>& rows,
                 std::vector<column::Fault>* faults) {
  for (const folder::Reject& reject : folder.rejects.list) {
    if (std::find(rows.begin(), rows.end(), reject.row) == rows.end()) continue;
    const folder::FileSpec& file = folder.spec.files[reject.file];
    column::Fault fault;
    fault.row = reject.row;
    fault.file = file.name;
    fault.line = reject.line;
    if (reject.column != folder::kNoColumn && reject.column < file.columns.size()) {
      fault.column = file.columns[reject.column].name;
    }
    fault.value = std::string(folder.rejects.value(reject));
    fault.error = folder::error_text(reject, fault.value, file);
    faults->push_back(std::move(fault));
  }
}

int explain_figures(const Options& options) {
  const auto source = open_scheme(options.template_id, options.scheme_file);
  if (!source) return kNothingDone;
  const auto library = open_packs(options.packs);
  if (!library) return kNothingDone;
  const auto program = compile_scheme(*source, *library);
  if (program == nullptr) return kNothingDone;
  const scheme::Document& document = plan::document_of(*program);
  const auto period = period_for(document, options.period);
  if (!period) return kNothingDone;
  std::string unknown;
  const auto names = explain::asked_for(document, options.all ? std::vector<std::string>{} : options.values, &unknown);
  if (!names) return fail(unknown);

  Progress progress(!options.quiet);
  progress.show("read", 0, 0);
  scheme::Labels error;
  const auto folder = folder::read_folder(document, *period, options.data, &error);
  progress.clear();
  if (!folder) return fail(options.lang == "zh" ? error.zh : error.en);
  const column::StringRows& employees = folder->inputs.employees;
  std::vector<uint32_t> rows;
  for (uint32_t row = 0; row < employees.size(); ++row) {
    if (employees[row] == options.employee) rows.push_back(row);
  }
  if (rows.empty()) {
    std::vector<std::string_view> known;
    known.reserve(employees.size());
    for (size_t row = 0; row < employees.size(); ++row) known.push_back(employees[row]);
    return fail("there is no employee '" + options.employee + "' in population.csv; " +
                scheme::suggest(options.employee, known, "the population is empty"));
  }

  plan::RunOptions run_options;
  run_options.threads = options.threads;
  run_options.keep_all = true;
  run_options.progress = [&](uint64_t done, uint64_t total) { progress.show("compute", done, total); };
  const plan::RunResult result = plan::run(*program, folder->inputs, folder->refused, run_options);
  progress.clear();
  if (!result.failure.empty()) return fail(result.failure);

  explain::Explainer explainer(*program, folder->inputs, result);
  explain::Explanation explanation = explainer.explain(rows[0], *names, {options.depth});
  if (explanation.refused) {
    std::vector<column::Fault> faults;
    add_rejects(*folder, rows, &faults);
    explanation.faults.insert(explanation.faults.begin(), faults.begin(), faults.end());
  }
  const auto language = options.lang == "zh" ? explain::Language::kZh : explain::Language::kEn;
  const std::string out = options.format == "json" ? explain::to_json(explanation)
                                                   : explain::to_text(explanation, {language, options.rows});
  std::fwrite(out.data(), 1, out.size(), stdout);  // main() says if that was lost
  return explanation.refused ? kSomeRefused : kDone;
}

}  // namespace

void add_explain(CLI::App& program, int& status) {
  const auto options = std::make_shared<Options>();
  auto* command = program.add_subcommand("explain", "say why a figure of an employee is what it is");
  auto* which = command->add_option_group("scheme", "which scheme: one of the two");
  which->add_option("--template", options->template_id, "a template by its id (kaogong template list)");
  which->add_option("--scheme", options->scheme_file, "a scheme of your own: a YAML or JSON file");
  which->require_option(1);
  add_pack_option(*command, &options->packs);
  command->add_option("--period", options->period, "the period: 2026-10, 2026-Q3, 2026-H1 or 2026")->required();
  command->add_option("--data", options->data, "the folder with the CSV files, as for score")->required();
  command->add_option("--employee", options->employee, "the employee's id")->required();
  auto* value = command->add_option("--value", options->values,
                                    "a value of the scheme, by its name or label; may be given several times");
  command->add_flag("--all", options->all, "all outputs of the scheme; also without --value")->excludes(value);
  command->add_option("--lang", options->lang, "language of the text: en or zh")->check(CLI::IsMember({"en", "zh"}));
  command->add_option("--format", options->format, "text, or json (both languages, complete)")
      ->check(CLI::IsMember({"text", "json"}));
  command->add_option("--depth", options->depth,
                      "how many levels of values below the one asked for are opened; default: all");
  command->add_option("--rows", options->rows, "rows of a list that the text shows; default: 20")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--threads", options->threads, "how many threads; default: one a core")
      ->check(CLI::Range(1, 1024));
  command->add_flag("--quiet", options->quiet, "no progress bar");
  command->footer(
      "The scheme is computed over the whole folder, as score does it: the figures are those of results.csv.\n"
      "A value is shown with what it was computed from: inputs with file and line, other values, the rows that\n"
      "counted, the band or rule that matched, the branch that was taken, and what the scheme says about its source.\n"
      "\nExit status: 0 explained; 2 the employee was refused, for the reasons printed; 1 nothing could be done.\n"
      "\nExamples:\n"
      "  kaogong explain --template trade-monthly --period 2026-10 --data october --employee E000007 --value "
      "commission\n"
      "  kaogong explain --scheme my-kitchen.yaml --period 2026-10 --data in --employee E1 --all --lang zh\n"
      "  kaogong explain --template kitchen-monthly --period 2026-10 --data in --employee E1 --format json");
  command->callback([options, &status] {
    const int threads =
        options->threads > 0 ? options->threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    options->threads = threads;
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, static_cast<size_t>(threads));
    tbb::task_arena arena(threads);
    arena.execute([&] { status = explain_figures(*options); });
  });
}

}  // namespace kaogong::gateway
