#include "tenants/generate/generate.h"

#include <tbb/global_control.h>
#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

#include "infra/csv/writer.h"
#include "tenants/generate/plan.h"
#include "tenants/generate/row_maker.h"

namespace kaogong::generate {

namespace {

constexpr uint64_t kBlockEmployees = 1024;

struct Block {
  uint64_t end = 0;  // employees up to here
  std::vector<std::string> texts;
  std::vector<uint64_t> lines;
  uint64_t faults = 0;
};

class Folder {
 public:
  explicit Folder(std::string path) : path_(std::move(path)) {}

  /// Begins a file with its header; false if that fails.
  bool begin(const std::string& name, const std::string& header) {
    files_.push_back({name + ".csv"});
    writers_.push_back(csv::Writer::create(path_ + "/" + files_.back().name, &error_));
    if (writers_.back() == nullptr) {
      error_ = files_.back().name + ": " + error_;
      return false;
    }
    write(files_.size() - 1, header + "\n", 0);
    return true;
  }
  void write(size_t file, const std::string& text, uint64_t rows) {
    writers_[file]->write(text);
    files_[file].rows += rows;
    files_[file].bytes += text.size();
  }
  bool finish() {
    for (size_t f = 0; f < files_.size(); ++f) {
      if (!writers_[f]->finish(&error_)) {
        error_ = files_[f].name + ": " + error_;
        return false;
      }
    }
    return true;
  }
  const std::string& error() const { return error_; }
  std::vector<FileWritten> files() const { return files_; }

 private:
  std::string path_, error_;
  std::vector<FileWritten> files_;
  std::vector<std::unique_ptr<csv::Writer>> writers_;
};

std::string header_of(const FilePlan& file, std::string header) {
  for (const ColumnPlan& column : file.columns) {
    if (!header.empty()) header += ',';
    header += column.name;
  }
  return header;
}

std::string population_header(const Plan& plan) {
  std::string header = "employee,name";
  for (const ColumnPlan& column : plan.population.columns) {
    header += "," + column.name;
    if (plan.names_departments && column.name == "department") header += ",department_name";
  }
  return header;
}

bool write_lookups_and_parameters(const Plan& plan, Folder* folder, size_t next_file) {
  for (const LookupPlan& lookup : plan.lookups) {
    if (!folder->begin(lookup.name, header_of(lookup, {}))) return false;
    const LookupRows& rows = plan.lookup_rows[lookup.rows];
    std::string text;
    for (const std::vector<Cell>& row : rows.rows) {
      for (size_t c = 0; c < row.size(); ++c) {
        if (c != 0) text += ',';
        append_cell(&text, row[c], lookup.columns[c].format, plan.symbols);
      }
      text += '\n';
    }
    folder->write(next_file++, text, rows.rows.size());
  }
  if (plan.parameters.empty()) return true;
  if (!folder->begin("parameters", "name,value")) return false;
  for (const ParameterPlan& parameter : plan.parameters) {
    folder->write(next_file, parameter.name + "," + parameter.value + "\n", 1);
  }
  return true;
}

void make_block(const Plan& plan, const std::vector<Fault>& faults, uint32_t faults_ppm, uint64_t begin, Block* block) {
  RowMaker maker(plan, faults, faults_ppm);
  block->texts.resize(file_count(plan));
  for (uint64_t i = begin; i < block->end; ++i) maker.append(i, &block->texts);
  block->lines = maker.lines();
  block->faults = maker.faults();
}

}  // namespace

Result generate(const scheme::Document& document, scheme::Period period, const std::string& out,
                const Options& options) {
  Result result;
  if (std::find(document.periods.begin(), document.periods.end(), period.kind) == document.periods.end()) {
    result.error = document.id + " does not run for a " + std::string(scheme::to_text(period.kind));
    return result;
  }
  if (options.employees == 0 || options.employees > kEmployeesMax) {
    result.error = "the number of employees must be from 1 to " + std::to_string(kEmployeesMax);
    return result;
  }
  std::error_code failed;
  std::filesystem::create_directories(out, failed);
  if (failed) {
    result.error = out + ": " + failed.message();
    return result;
  }
  const std::unique_ptr<Plan> plan = make_plan(document, period, options.employees, options.seed);
  const std::vector<Fault> faults = possible_faults(*plan);

  Folder folder(out);
  bool good = folder.begin("population", population_header(*plan));
  for (size_t t = 0; good && t < plan->tables.size(); ++t) {
    good = folder.begin(plan->tables[t].name, header_of(plan->tables[t], "employee"));
  }
  const bool with_history = !plan->recorded.empty();
  if (good && with_history) good = folder.begin("history", header_of(plan->history, "employee,period"));
  const size_t employees_files = 1 + plan->tables.size() + (with_history ? 1 : 0);
  good = good && write_lookups_and_parameters(*plan, &folder, employees_files);
  if (!good) {
    result.error = folder.error();
    return result;
  }

  uint64_t begun = 0;
  const auto next_block = [&](tbb::flow_control& control) -> uint64_t {
    if (begun >= options.employees) control.stop();
    return std::exchange(begun, std::min(options.employees, begun + kBlockEmployees));
  };
  const auto fill_block = [&](uint64_t begin) {
    auto block = std::make_shared<Block>();
    block->end = std::min(options.employees, begin + kBlockEmployees);
    make_block(*plan, faults, options.faults_ppm, begin, block.get());
    return block;
  };
  const auto write_block = [&](const std::shared_ptr<Block>& block) {
    for (size_t f = 0; f < employees_files; ++f) folder.write(f, block->texts[f], block->lines[f]);
    result.faults += block->faults;
    if (options.progress) options.progress(block->end, options.employees);
  };
  std::optional<tbb::global_control> limit;  // more threads than cores, too
  if (options.threads > 0) {
    limit.emplace(tbb::global_control::max_allowed_parallelism, static_cast<size_t>(options.threads));
  }
  tbb::task_arena arena(options.threads > 0 ? options.threads : tbb::task_arena::automatic);
  arena.execute([&] {
    tbb::parallel_pipeline(
        static_cast<size_t>(arena.max_concurrency()) * 2 + 1,
        tbb::make_filter<void, uint64_t>(tbb::filter_mode::serial_in_order, next_block) &
            tbb::make_filter<uint64_t, std::shared_ptr<Block>>(tbb::filter_mode::parallel, fill_block) &
            tbb::make_filter<std::shared_ptr<Block>, void>(tbb::filter_mode::serial_in_order, write_block));
  });
  if (!folder.finish()) {
    result.error = folder.error();
    return result;
  }
  result.files = folder.files();
  return result;
}

}  // namespace kaogong::generate
