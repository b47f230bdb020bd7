// The program: puts the sub-commands together.
#include <malloc.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <new>

#include "gateway/command/commands.h"
#include "gateway/command/config.h"
#include "gateway/command/process.h"
#include "gateway/command/remote_mode.h"
#include "gateway/command/tck.h"
#if __has_include("gateway/command/explain.h")
#include "gateway/command/explain.h"
#define KAOGONG_HAS_EXPLAIN
#endif
#if __has_include("gateway/command/generate.h")
#include "gateway/command/generate.h"
#define KAOGONG_HAS_GENERATE
#endif

namespace kaogong::gateway {

void add_tck(CLI::App& program, int& status) {
  struct Options {
    std::string dir, out;
    bool exact = false;
  };
  const auto options = std::make_shared<Options>();
  auto* command = program.add_subcommand("tck", "run a folder of the DMN compatibility kit");
  command->add_option("dir", options->dir, "the folder with the kit's test cases")->required();
  command->add_option("--out", options->out, "write the results here, in the kit's CSV form");
  command->add_flag("--exact", options->exact,
                    "count as failed what agrees in 8 decimals only (values that the kit computed in binary floating "
                    "point)");
  command->footer("Example:\n  kaogong tck dmn-tck/TestCases/compliance-level-2 --out results.csv");
  command->callback([options, &status] { status = run_tck(options->dir, options->out, options->exact); });
}

static int run_program(int argc, char** argv) {
  CLI::App program{
      "Kaogong scores employees and computes their pay: exactly, and able to say why.\n"
      "A scheme (the rules of an appraisal or a pay system) and a folder of CSV files go in; results.csv and "
      "rejects.csv come out."};
  program.name("kaogong");
  program.require_subcommand(1);
  program.get_formatter()->column_width(34);
  program.footer(
      "Begin here:\n"
      "  kaogong template list                      the schemes that come with the program\n"
      "  kaogong template show kitchen-monthly      one of them, to read or to change\n"
      "  kaogong score --template kitchen-monthly --period 2026-10 --data in --out out\n"
      "  kaogong scheme check my-scheme.yaml        what is wrong with a scheme of your own\n"
      "\n"
      "`kaogong COMMAND --help` explains a command. Exit status: 0 done, 2 done but some were refused, 1 nothing could "
      "be done.");
  int status = kDone;
  add_score(program, status);
#ifdef KAOGONG_HAS_EXPLAIN
  add_explain(program, status);
#endif
  add_template(program, status);
  add_scheme(program, status);
  add_pack(program, status);
#ifdef KAOGONG_HAS_GENERATE
  add_generate(program, status);
#endif
  add_migrate(program, status);
  add_tenant(program, status);
  add_key(program, status);
  add_people(program, status);
  add_department(program, status);
  add_calendar(program, status);
  add_period(program, status);
  add_tenant_scheme(program, status);
  add_input(program, status);
  add_ledger(program, status);
  add_run(program, status);
  add_worker(program, status);
  add_serve(program, status);
  add_audit(program, status);
  add_api(program, status);
  add_cluster(program, status);
  add_tck(program, status);
  add_config(program, status);
  add_remote_mode(program);
  auto* version = program.add_subcommand("version", "print the version");
  version->callback([] { std::puts("kaogong " KAOGONG_VERSION); });
  try {
    program.parse(argc, argv);
  } catch (const DoneRemotely& done) {
    status = done.status;
  } catch (const CLI::ParseError& e) {
    status = program.exit(e) == 0 ? kDone : kNothingDone;
  }
  return finish_output() ? status : kNothingDone;
}

}  // namespace kaogong::gateway

int main(int argc, char** argv) {
  kaogong::gateway::prepare_process();
  // Blocks go round between threads: giving them back to the system each time costs more than the work done in them.
  ::mallopt(M_MMAP_THRESHOLD, 16 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 64 << 20);
  try {
    return kaogong::gateway::run_program(argc, argv);
  } catch (const std::bad_alloc&) {
    std::fputs("kaogong: there is not enough memory\n", stderr);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "kaogong: %s\n", e.what());
  }
  return kaogong::gateway::kNothingDone;
}
