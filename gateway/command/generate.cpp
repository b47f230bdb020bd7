#include "gateway/command/generate.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <memory>
#include <variant>

#include "engine/scheme/literal.h"
#include "gateway/command/commands.h"
#include "gateway/command/progress.h"
#include "gateway/command/scheme_source.h"
#include "tenants/generate/generate.h"

namespace kaogong::gateway {

namespace {

struct GenerateOptions {
  std::string template_id, scheme_file, period, out, faults = "0";
  std::vector<std::string> packs;
  uint64_t employees = 1000, seed = 1;
  int threads = 0;
  bool quiet = false;
};

int run_generate(const GenerateOptions& options) {
  const auto source = open_scheme(options.template_id, options.scheme_file);
  if (!source) return kNothingDone;
  const auto library = open_packs(options.packs);
  if (!library) return kNothingDone;
  const auto document = load_scheme(*source, *library);
  if (!document) return kNothingDone;
  const auto period = period_for(*document, options.period);
  if (!period) return kNothingDone;
  const auto share = scheme::parse_scaled(options.faults, 6);
  if (!std::holds_alternative<int64_t>(share) || std::get<int64_t>(share) < 0 || std::get<int64_t>(share) > 1'000'000) {
    std::fprintf(stderr, "kaogong: --faults %s: write a share from 0 to 1 with at most six decimals: 0.01\n",
                 options.faults.c_str());
    return kNothingDone;
  }
  generate::Options how;
  how.employees = options.employees;
  how.seed = options.seed;
  how.faults_ppm = static_cast<uint32_t>(std::get<int64_t>(share));
  how.threads = options.threads;
  Progress progress(!options.quiet);
  how.progress = [&](uint64_t done, uint64_t total) { progress.show("generate", done, total); };
  const auto started = std::chrono::steady_clock::now();
  const generate::Result result = generate::generate(*document, *period, options.out, how);
  progress.clear();
  if (!result.error.empty()) {
    std::fprintf(stderr, "kaogong: %s\n", result.error.c_str());
    return kNothingDone;
  }
  if (options.quiet) return kDone;
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - started;
  uint64_t rows = 0;
  for (const generate::FileWritten& file : result.files) {
    std::printf("%-24s %12" PRIu64 " rows %14" PRIu64 " bytes\n", file.name.c_str(), file.rows, file.bytes);
    rows += file.rows;
  }
  if (result.faults != 0) std::printf("%" PRIu64 " faulty rows put in\n", result.faults);
  std::printf("%" PRIu64 " employees, %" PRIu64 " rows, %.3f seconds\n", options.employees, rows, passed.count());
  return kDone;
}

}  // namespace

void add_generate(CLI::App& program, int& status) {
  const auto options = std::make_shared<GenerateOptions>();
  auto* command = program.add_subcommand("generate", "make a folder of CSV files with made-up employees");
  auto* which = command->add_option_group("scheme", "which scheme: one of the two");
  which->add_option("--template", options->template_id, "a template by its id (kaogong template list)");
  which->add_option("--scheme", options->scheme_file, "a scheme of your own: a YAML or JSON file");
  which->require_option(1);
  add_pack_option(*command, &options->packs);
  command->add_option("--period", options->period, "the period: 2026-10, 2026-Q3, 2026-H1 or 2026")->required();
  command->add_option("--out", options->out, "the folder for the files; made if missing")->required();
  command->add_option("--employees", options->employees, "how many")
      ->check(CLI::Range(uint64_t{1}, generate::kEmployeesMax))
      ->capture_default_str();
  command->add_option("--seed", options->seed, "another seed, another company")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_option("--faults", options->faults, "the share of employees with a faulty row, put in on purpose: 0.01")
      ->capture_default_str();
  command->add_option("--threads", options->threads, "how many threads; default: one a core")
      ->check(CLI::Range(1, 1024));
  command->add_flag("--quiet", options->quiet, "no progress bar, no list of files");
  command->footer(
      "Writes the files that `kaogong score` reads for the scheme: population.csv with a column of Chinese names, the\n"
      "child tables, history.csv, lookups, parameters.csv. The same seed gives the same bytes on any machine and with\n"
      "any number of threads; memory does not grow with the number of employees.\n"
      "\nExamples:\n"
      "  kaogong generate --template trade-monthly --period 2026-10 --employees 100000 --out company\n"
      "  kaogong generate --template kitchen-monthly --period 2026-10 --seed 7 --faults 0.02 --out faulty");
  command->callback([options, &status] { status = run_generate(*options); });
}

}  // namespace kaogong::gateway
