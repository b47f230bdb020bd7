// Packing inputs and results, reading them back, and reading one employee.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "engine/plan/program.h"
#include "engine/scheme/load.h"
#include "tenants/generate/generate.h"
#include "tenants/snapshot/limits.h"
#include "tenants/snapshot/page.h"
#include "tenants/snapshot/snapshot.h"
#include "tenants/templates/templates.h"

using namespace kaogong;

namespace {

/// Generated inputs of `trade-monthly` for 20,000 employees, packed, and computed.
struct Company {
  plan::Compiled compiled = plan::compile(*scheme::load(templates::find("trade-monthly")->yaml).document);
  const scheme::Document& document = plan::document_of(*compiled.program);
  folder::FolderInputs folder;
  std::string head;
  std::vector<std::string> chunks;
  plan::RunResult result;
  uint64_t bytes = 0;

  Company() {
    const std::string path =
        (std::filesystem::temp_directory_path() / ("kaogong-bench-" + std::to_string(::getpid()))).string();
    const scheme::Period period = *scheme::parse_period("2026-10");
    generate::Options options;
    options.employees = 20'000;
    generate::generate(document, period, path, options);
    scheme::Labels error;
    folder = std::move(*folder::read_folder(document, period, path, &error));
    std::filesystem::remove_all(path);
    pack();
    result = plan::run(*compiled.program, folder.inputs, folder.refused);
  }
  void pack() {
    chunks.clear();
    bytes = 0;
    std::vector<snapshot::ChunkFacts> facts;
    snapshot::pack_chunks(folder, document, snapshot::Compression::kNone, [&](size_t, snapshot::PackedChunk chunk) {
      bytes += chunk.bytes.size();
      chunks.push_back(std::move(chunk.bytes));
      facts.push_back(std::move(chunk.facts));
      return true;
    });
    head = snapshot::pack_head(folder, document, facts);
  }
  std::vector<std::string> pages(size_t page_rows) const {
    std::vector<std::string> pages;
    const size_t rows = folder.inputs.rows();
    for (size_t begin = 0; begin < rows; begin += page_rows)
      pages.push_back(snapshot::pack_page(folder.inputs.employees, result.columns, result.refused, begin,
                                          std::min(rows, begin + page_rows)));
    return pages;
  }
};

Company& company() {
  static Company made;
  return made;
}

void per_row(benchmark::State& state, double bytes) {
  const auto rows = static_cast<double>(company().folder.inputs.rows());
  if (bytes > 0) state.counters["bytes_row"] = bytes / rows;
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(company().folder.inputs.rows()));
}

void pack_inputs(benchmark::State& state) {
  for (auto _ : state) company().pack();
  per_row(state, static_cast<double>(company().bytes));
}
BENCHMARK(pack_inputs)->Unit(benchmark::kMillisecond)->UseRealTime();

void unpack_inputs(benchmark::State& state) {
  const Company& c = company();
  std::string error;
  const auto give = [&](size_t place, std::string*) { return std::optional<std::string>(c.chunks[place]); };
  for (auto _ : state) benchmark::DoNotOptimize(snapshot::unpack(c.head, c.document, give, &error));
  per_row(state, static_cast<double>(c.bytes));
}
BENCHMARK(unpack_inputs)->Unit(benchmark::kMillisecond)->UseRealTime();

void pack_pages(benchmark::State& state) {
  const auto page_rows = static_cast<size_t>(state.range(0));
  size_t bytes = 0;
  for (auto _ : state) {
    bytes = 0;
    for (const auto& page : company().pages(page_rows)) bytes += page.size();
  }
  per_row(state, static_cast<double>(bytes));
}
BENCHMARK(pack_pages)->Arg(64)->Arg(128)->Arg(256)->Arg(512)->Arg(1024)->Unit(benchmark::kMillisecond);

void read_all_pages(benchmark::State& state) {
  const auto pages = company().pages(snapshot::kPageRows);
  const std::vector<std::string_view> views(pages.begin(), pages.end());
  std::string error;
  for (auto _ : state) benchmark::DoNotOptimize(snapshot::read_pages(views, &error));
  per_row(state, 0);
}
BENCHMARK(read_all_pages)->Unit(benchmark::kMillisecond)->UseRealTime();

void one_employee(benchmark::State& state) {
  const auto page_rows = static_cast<size_t>(state.range(0));
  const auto pages = company().pages(page_rows);
  const auto& employees = company().folder.inputs.employees;
  std::string error;
  size_t row = 0;
  for (auto _ : state) {
    row = (row + 7919) % employees.size();
    const auto page = snapshot::Page::open(pages[row / page_rows], &error);
    const size_t at = page->find(employees[row]);
    for (size_t c = 0; c < page->columns(); ++c) benchmark::DoNotOptimize(column::format_value(page->value(c, at), 0));
  }
  state.counters["page_bytes"] = static_cast<double>(pages.front().size());
}
BENCHMARK(one_employee)->Arg(64)->Arg(128)->Arg(256)->Arg(512)->Arg(1024)->Unit(benchmark::kMicrosecond);

}  // namespace
