// `kaogong score`: a scheme over a data folder.
#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>

#include "engine/plan/program.h"
#include "gateway/command/commands.h"
#include "gateway/command/progress.h"
#include "gateway/command/scheme_source.h"
#include "tenants/folder/read_folder.h"
#include "tenants/folder/slice.h"
#include "tenants/folder/write_results.h"

namespace kaogong::gateway {

namespace {

struct Options {
  std::string template_id, scheme_file, period, data, out, lang = "en";
  std::vector<std::string> packs;
  int threads = 0;
  size_t morsel = 0;
  bool reference = false, quiet = false;
};

constexpr size_t kPartRows = size_t{1} << 19;  // of schemes whose employees do not look at each other

class Stopwatch {
 public:
  /// Seconds since the last call.
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    const std::chrono::duration<double> passed = now - last_;
    last_ = now;
    return passed.count();
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

struct Run {
  const Options& options;
  const plan::Program& program;
  folder::FolderInputs& folder;
  Progress& progress;
  std::unique_ptr<folder::ResultsWriter> writer;
  std::vector<column::Fault> faults;
  std::vector<uint8_t> refused;
  double compute_seconds = 0, write_seconds = 0;
  uint64_t rows = 0;
  std::string error;

  /// Computes and writes one part; `first`: its first row in the population.
  bool compute(const column::Inputs& inputs, std::vector<uint8_t> part_refused, size_t first) {
    Stopwatch watch;
    plan::RunOptions run_options;
    run_options.threads = options.threads;
    run_options.morsel_rows = options.morsel;
    run_options.reference_only = options.reference;
    run_options.progress = [&](uint64_t done, uint64_t total) {
      progress.show("compute", total == 0 ? 0 : first + inputs.rows() * done / total, rows);
    };
    plan::RunResult result = plan::run(program, inputs, std::move(part_refused), run_options);
    compute_seconds += watch.lap();
    if (!result.failure.empty()) {
      error = result.failure;
      return false;
    }
    progress.show("write", first, rows);
    if (writer == nullptr) {
      writer = folder::ResultsWriter::create(options.out + "/results.csv", result.names, &error);
      if (writer == nullptr) {
        error = "results.csv cannot be written: " + error;
        return false;
      }
    }
    writer->append(inputs.employees, result.columns, result.refused);
    for (size_t row = 0; row < result.refused.size(); ++row) refused[first + row] = result.refused[row];
    for (auto& fault : result.faults) {
      fault.row += static_cast<uint32_t>(first);
      faults.push_back(std::move(fault));
    }
    write_seconds += watch.lap();
    return true;
  }

  bool compute_all() {
    rows = folder.inputs.rows();
    refused = folder.refused;
    if (plan::needs_whole_population(program) || rows <= kPartRows) return compute(folder.inputs, refused, 0);
    column::Inputs part;
    for (size_t begin = 0; begin < rows; begin += kPartRows) {
      const size_t end = std::min<size_t>(rows, begin + kPartRows);
      folder::slice(&folder.inputs, begin, end, &part);
      const std::vector<uint8_t> marks(refused.begin() + static_cast<ptrdiff_t>(begin),
                                       refused.begin() + static_cast<ptrdiff_t>(end));
      if (!compute(part, marks, begin)) return false;
    }
    return true;
  }

  bool finish() {
    Stopwatch watch;
    const bool chinese = options.lang == "zh";
    // Neither file takes the place of an older one before both are safe.
    if (!writer->sync(&error)) {
      error = "results.csv cannot be written: " + error;
      return false;
    }
    if (!folder::write_rejects(options.out + "/rejects.csv", folder, faults, chinese, &error)) {
      error = "rejects.csv cannot be written: " + error;
      return false;
    }
    if (!writer->finish(&error)) {
      error = "results.csv cannot be written: " + error;
      return false;
    }
    write_seconds += watch.lap();
    return true;
  }
};

/// The table or lookup whose file the results would take the place of; nothing: there is none.
std::optional<std::string> overwritten(const scheme::Document& document, const Options& options) {
  std::error_code unknown;
  if (!std::filesystem::equivalent(options.data, options.out, unknown)) return std::nullopt;
  const auto is_ours = [](const std::string& name) { return name == "results" || name == "rejects"; };
  for (const auto& table : document.tables) {
    if (is_ours(table.name)) return table.name;
  }
  for (const auto& lookup : document.lookups) {
    if (!lookup.is_inline && is_ours(lookup.name)) return lookup.name;
  }
  return std::nullopt;
}

int fail(const std::string& why) {
  std::fprintf(stderr, "kaogong: %s\n", why.c_str());
  return kNothingDone;
}

int score(const Options& options) {
  const auto source = open_scheme(options.template_id, options.scheme_file);
  if (!source) return kNothingDone;
  const auto library = open_packs(options.packs);
  if (!library) return kNothingDone;
  const auto program = compile_scheme(*source, *library);
  if (program == nullptr) return kNothingDone;
  const scheme::Document& document = plan::document_of(*program);
  const auto period = period_for(document, options.period);
  if (!period) return kNothingDone;
  std::error_code made;
  std::filesystem::create_directories(options.out, made);
  if (made) return fail("the folder " + options.out + " cannot be made: " + made.message());
  if (const auto name = overwritten(document, options)) {
    return fail(*name + ".csv of the scheme is read from the folder " + options.out +
                " that the results go to, and would be lost: write to another one");
  }

  Progress progress(!options.quiet);
  Stopwatch watch;
  progress.show("read", 0, 0);
  scheme::Labels error;
  auto folder = folder::read_folder(document, *period, options.data, &error);
  progress.clear();
  if (!folder) return fail(options.lang == "zh" ? error.zh : error.en);
  for (const auto& warning : folder->warnings) std::fprintf(stderr, "kaogong: %s\n", warning.c_str());
  const double read_seconds = watch.lap();

  Run run{options, *program, *folder, progress, nullptr, {}, {}, 0, 0, 0, {}};
  const bool done = run.compute_all() && run.finish();
  progress.clear();
  if (!done) return fail(run.error);
  uint64_t refused = 0;
  for (const uint8_t mark : run.refused) refused += mark != 0;
  if (!options.quiet) {
    const double seconds = read_seconds + run.compute_seconds + run.write_seconds;
    std::printf("%llu rows, %llu refused, %.0f rows/s; seconds: read %.3f, compute %.3f, write %.3f\n",
                static_cast<unsigned long long>(run.rows), static_cast<unsigned long long>(refused),
                seconds > 0 ? static_cast<double>(run.rows) / seconds : 0.0, read_seconds, run.compute_seconds,
                run.write_seconds);
  }
  return run.faults.empty() && folder->rejects.list.empty() && refused == 0 ? kDone : kSomeRefused;
}

}  // namespace

void add_score(CLI::App& program, int& status) {
  const auto options = std::make_shared<Options>();
  auto* command = program.add_subcommand("score", "compute a scheme over a folder of CSV files");
  auto* which = command->add_option_group("scheme", "which scheme: one of the two");
  which->add_option("--template", options->template_id, "a template by its id (kaogong template list)");
  which->add_option("--scheme", options->scheme_file, "a scheme of your own: a YAML or JSON file");
  which->require_option(1);
  add_pack_option(*command, &options->packs);
  command->add_option("--period", options->period, "the period: 2026-10, 2026-Q3, 2026-H1 or 2026")->required();
  command->add_option("--data", options->data, "the folder with the CSV files")->required();
  command->add_option("--out", options->out, "the folder for results.csv and rejects.csv; made if missing")->required();
  command->add_option("--threads", options->threads, "how many threads; default: one a core")
      ->check(CLI::Range(1, 1024));
  command->add_option("--morsel", options->morsel, "rows computed at once; any number gives the same results")
      ->check(CLI::Range(size_t{1}, size_t{1} << 24));
  command->add_flag("--reference", options->reference,
                    "compute row by row with the reference evaluator: slow, for comparison");
  command->add_option("--lang", options->lang, "language of the errors: en or zh")->check(CLI::IsMember({"en", "zh"}));
  command->add_flag("--quiet", options->quiet, "no progress bar, no closing line");
  command->footer(
      "Files in DATA, UTF-8 with a header; the order of columns is free, other columns are not looked at:\n"
      "  population.csv   employee, then the scheme's inputs\n"
      "  TABLE.csv        employee, then the table's columns: ratings, receivables …\n"
      "  history.csv      employee,period, then what the scheme looks back on\n"
      "  LOOKUP.csv       tables keyed by something else: departments …\n"
      "  parameters.csv   name,value\n"
      "Files in OUT: results.csv (employee and every output) and rejects.csv (who was refused, and why).\n"
      "\nExit status: 0 all computed; 2 some refused: see rejects.csv; 1 nothing could be done: see the message.\n"
      "\nExamples:\n"
      "  kaogong score --template trade-monthly --period 2026-10 --data october --out october/results\n"
      "  kaogong score --scheme my-kitchen.yaml --period 2026-10 --data in --out out --lang zh");
  command->callback([options, &status] {
    const int threads =
        options->threads > 0 ? options->threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    options->threads = threads;
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, static_cast<size_t>(threads));
    tbb::task_arena arena(threads);
    arena.execute([&] { status = score(*options); });
  });
}

}  // namespace kaogong::gateway
