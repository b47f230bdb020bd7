// Workload W by an ordinary scheme: workload_w COLS.bin THREADS REPS prints the two lines that every program beside it
// prints. Nothing here computes W; it reads columns, runs the compiled scheme and adds results up.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "engine/plan/program.h"
#include "engine/scheme/load.h"

using namespace kaogong;

namespace {

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

column::Column column_for(const scheme::TypeDecl& type, size_t rows) {
  column::Column column;
  column.type = type.name;
  column.scale = type.scale;
  column.physical = column::physical_for(type);
  column.allocate(rows, false);
  return column;
}

template <class T>
bool read_into(FILE* file, size_t rows, column::Column* column) {
  std::vector<T> values(rows);
  if (std::fread(values.data(), sizeof(T), rows, file) != rows) return false;
  if (rows == 0) return true;
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  column->low = static_cast<int64_t>(*low);
  column->high = static_cast<int64_t>(*high);
  for (size_t i = 0; i < rows; ++i) column->set(i, values[i]);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: workload_w COLS.bin THREADS REPS [SCHEME]\n");
    return 1;
  }
  const int threads = static_cast<int>(std::strtol(argv[2], nullptr, 10));
  const int repetitions = static_cast<int>(std::strtol(argv[3], nullptr, 10));
  const std::string scheme_path = argc > 4 ? argv[4] : KAOGONG_W_SCHEME;
  auto loaded = scheme::load(read_text(scheme_path));
  for (const auto& f : loaded.findings) std::fprintf(stderr, "%u:%u: %s\n", f.at.line, f.at.column, f.message.c_str());
  if (!loaded.document) return 1;
  const auto compiled = plan::compile(std::move(*loaded.document));
  for (const auto& f : compiled.findings)
    std::fprintf(stderr, "%u:%u: %s\n", f.at.line, f.at.column, f.message.c_str());
  if (!compiled.program) return 1;
  const auto& document = plan::document_of(*compiled.program);

  // cols.bin: rows and departments as int64, then dept int32, twelve small columns uint8, six amounts int64, 72 ratings
  // uint8.
  FILE* file = std::fopen(argv[1], "rb");
  int64_t rows = 0, departments = 0;
  if (file == nullptr || std::fread(&rows, 8, 1, file) != 1 || std::fread(&departments, 8, 1, file) != 1) {
    std::fprintf(stderr, "cannot read %s\n", argv[1]);
    return 1;
  }
  column::Inputs inputs;
  inputs.period = *scheme::parse_period("2026-06");
  const auto n = static_cast<size_t>(rows);
  for (size_t i = 0; i < document.inputs.size(); ++i) {
    auto& column = inputs.inputs.emplace_back(column_for(document.inputs[i].type, n));
    const bool good = i == 0             ? read_into<int32_t>(file, n, &column)
                      : i > 12 && i < 19 ? read_into<int64_t>(file, n, &column)
                                         : read_into<uint8_t>(file, n, &column);
    if (!good) {
      std::fprintf(stderr, "%s is too short\n", argv[1]);
      return 1;
    }
  }
  std::fclose(file);
  for (size_t i = 0; i < n; ++i) inputs.employees.push_back(std::to_string(i + 1));
  inputs.enrolled = n;
  for (const auto& p : document.parameters) {
    auto& column = inputs.parameters.emplace_back();
    column.type = p.type.name;
    column.scale = p.type.scale;
  }

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
  std::map<std::string, const column::Column*> by_name;
  for (size_t i = 0; i < result.names.size(); ++i) by_name[result.names[i]] = &result.columns[i];
  std::printf("CHK N=%lld", static_cast<long long>(rows));
  for (const char* name :
       {"score", "grade", "net", "commission", "paid",  "retained", "flt",     "allow",  "qbonus", "cded",
        "bded",  "share", "rnk", "award",      "fail3", "gross",    "taxable", "cumtax", "tax",    "net_pay"}) {
    __int128 sum = 0;
    for (size_t i = 0; i < n; ++i) sum += by_name[name]->get(i);
    std::printf(" %s=%lld", name, static_cast<long long>(sum));
  }
  __int128 hash = 0;
  for (size_t i = 0; i < n; ++i) hash += static_cast<__int128>((i + 1) % 1009) * by_name["net_pay"]->get(i);
  std::printf(" h=%lld\n", static_cast<long long>(hash));
  return 0;
}
