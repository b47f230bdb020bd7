// Workload W by an ordinary scheme: workload_w COLS.bin THREADS REPS prints the two lines that every program beside it
// prints. Nothing here computes W; it reads columns, runs the compiled scheme and adds results up.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "bench/workload_w/read_columns.h"
#include "engine/plan/program.h"
#include "engine/scheme/load.h"

using namespace kaogong;

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: workload_w COLS.bin THREADS REPS [SCHEME]\n");
    return 1;
  }
  const int threads = static_cast<int>(std::strtol(argv[2], nullptr, 10));
  const int repetitions = static_cast<int>(std::strtol(argv[3], nullptr, 10));
  const std::string scheme_path = argc > 4 ? argv[4] : KAOGONG_W_SCHEME;
  auto loaded = scheme::load(bench::read_text(scheme_path));
  for (const auto& f : loaded.findings) std::fprintf(stderr, "%u:%u: %s\n", f.at.line, f.at.column, f.message.c_str());
  if (!loaded.document) return 1;
  const auto compiled = plan::compile(std::move(*loaded.document));
  for (const auto& f : compiled.findings)
    std::fprintf(stderr, "%u:%u: %s\n", f.at.line, f.at.column, f.message.c_str());
  if (!compiled.program) return 1;
  const auto& document = plan::document_of(*compiled.program);

  column::Inputs inputs;
  if (!bench::read_columns(argv[1], document, false, &inputs)) return 1;
  const size_t rows = inputs.rows();

  plan::RunOptions options;
  options.threads = threads;
  column::Workspace workspace;  // buffers are reused, as in the programs beside it
  options.workspace = &workspace;
  plan::RunResult result;
  std::vector<double> times;
  double first = 0;
  for (int r = 0; r <= repetitions; ++r) {
    plan::recycle(std::move(result), &workspace);
    const auto begin = std::chrono::steady_clock::now();
    result = plan::run(*compiled.program, inputs, {}, options);
    const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
    if (!result.failure.empty()) {
      std::fprintf(stderr, "%s\n", result.failure.c_str());
      return 1;
    }
    if (r == 0) {
      first = ms;
    } else {
      times.push_back(ms);
    }
  }
  if (times.empty()) times.push_back(first);
  std::sort(times.begin(), times.end());
  const double median = times[times.size() / 2];
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf(
      "RES impl=kaogong threads=%d N=%lld median_ms=%.3f min_ms=%.3f max_ms=%.3f first_ms=%.3f ns_row=%.2f peakMB=%ld "
      "refused=%zu\n",
      threads, static_cast<long long>(rows), median, times.front(), times.back(), first,
      median / static_cast<double>(rows) * 1e6, usage.ru_maxrss / 1024, result.faults.size());
  std::printf("%s\n", bench::checksum_line(result).c_str());
  return 0;
}
