// Fuzz target: any bytes as the files of a data folder, divided by lines that hold only `@`. What can be read is
// computed by the column plan and by the reference evaluator, which must refuse the same rows and write the same bytes.
// A file gets its header before it unless it begins with `!`.
#include <tbb/task_arena.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "engine/plan/program.h"
#include "engine/scheme/load.h"
#include "tenants/folder/read_folder.h"
#include "tenants/folder/write_results.h"

using namespace kaogong;

namespace {

constexpr const char* kScheme = R"(
kaogong: 1
id: test
version: 1
labels: {zh: 测试, en: Test}
source: {part: 0, title: test}
periods: [month]
inputs:
  wage: {type: money, min: 0, labels: {zh: 工资, en: Wage}}
  level: {type: count, min: 1, max: 3}
  grade: {type: string, values: [A, B, C]}
  department: {type: string, nullable: true}
  hired: {type: date, nullable: true}
  leader: {type: boolean}
tables:
  ratings:
    columns:
      rater: {type: string}
      points: {type: number, decimals: 1, min: 0, max: 10}
    key: [rater]
lookups:
  departments:
    key: [department]
    columns: {department: {type: string}, net: {type: money}}
history:
  score: {type: score}
  attainment: {type: rate, every: month, nullable: true}
parameters:
  minimum: {type: money, default: 0}
  base: {type: string, values: [own, team], default: own}
decisions:
  points: {type: score, expr: 'sum(ratings.points)'}
  pay: {type: money, expr: 'max(minimum, (if leader then 2 else 1) * wage * level / 3 + points)'}
  years: {type: count, expr: 'if hired != null then days_between(hired, period_end) else 0'}
  net: {type: money, expr: 'if department = null or base = "own" then 0 else departments(department).net'}
  earlier_score: {type: score, expr: 'coalesce(previous(score), 0)'}
  streaked: {type: count, expr: 'count(earlier(attainment))'}
  place: {type: count, expr: 'rank(of: pay, within: grade)'}
outputs: [pay, points, years, net, earlier_score, streaked, place]
)";

struct File {
  const char* name;
  const char* header;
};
constexpr std::array<File, 5> kFiles = {{{"population.csv", "employee,wage,level,grade,department,hired,leader\n"},
                                         {"ratings.csv", "employee,rater,points\n"},
                                         {"history.csv", "employee,period,score,attainment\n"},
                                         {"departments.csv", "department,net\n"},
                                         {"parameters.csv", "name,value\n"}}};

class Folder {
 public:
  Folder() {
    std::string path = std::filesystem::exists("/dev/shm") ? "/dev/shm" : std::filesystem::temp_directory_path();
    path += "/kaogong_fuzz_XXXXXX";
    if (::mkdtemp(path.data()) == nullptr) std::abort();
    path_ = path;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path(std::string_view name) const { return path_ + "/" + std::string(name); }
  const std::string& path() const { return path_; }
  void write(std::string_view name, std::string_view header, std::string_view text) const {
    std::ofstream(path(name), std::ios::binary) << header << text;
  }
  std::string read(std::string_view name) const {
    std::ifstream in(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }

 private:
  std::string path_;
};

plan::Compiled compiled() {
  auto loaded = scheme::load(kScheme);
  if (!loaded.document) std::abort();
  return plan::compile(std::move(*loaded.document));
}

std::string_view take_file(std::string_view* rest) {
  constexpr std::string_view kDivider = "\n@\n";
  const size_t end = rest->find(kDivider);
  const std::string_view file = rest->substr(0, end);
  *rest = end == std::string_view::npos ? std::string_view() : rest->substr(end + kDivider.size() - 1);
  return file;
}

/// results.csv and rejects.csv in one text.
std::string computed(const Folder& folder, const plan::Program& program, const folder::FolderInputs& inputs,
                     bool by_reference) {
  plan::RunOptions options;
  options.threads = 1;
  options.reference_only = by_reference;
  const plan::RunResult result = plan::run(program, inputs.inputs, inputs.refused, options);
  std::string error;
  const auto writer = folder::ResultsWriter::create(folder.path("results.csv"), result.names, &error);
  if (writer == nullptr) std::abort();
  writer->append(inputs.inputs.employees, result.columns, result.refused);
  if (!writer->finish(&error)) std::abort();
  if (!folder::write_rejects(folder.path("rejects.csv"), inputs, result.faults, by_reference, &error)) std::abort();
  std::string text = folder.read("results.csv");
  for (const uint8_t mark : result.refused) text += mark != 0 ? 'x' : '.';
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Folder folder;
  static const plan::Compiled scheme = compiled();
  static tbb::task_arena arena(1);
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  for (const File& file : kFiles) {
    std::string_view text = take_file(&rest);
    const bool raw = text.starts_with('!');
    if (raw) text.remove_prefix(1);
    folder.write(file.name, raw ? "" : file.header, text);
  }
  arena.execute([] {
    scheme::Labels error;
    csv::Limits limits;
    limits.block_bytes = 256;
    limits.field_bytes_max = 512;
    limits.record_bytes_max = 1024;
    const auto inputs = folder::read_folder(plan::document_of(*scheme.program), *scheme::parse_period("2026-10"),
                                            folder.path(), &error, limits);
    if (!inputs) {
      if (error.en.empty() || error.zh.empty()) std::abort();
      return;
    }
    const std::string planned = computed(folder, *scheme.program, *inputs, false);
    const std::string reference = computed(folder, *scheme.program, *inputs, true);
    if (planned != reference) {
      std::fprintf(stderr, "plan:\n%s\nreference:\n%s\n", planned.c_str(), reference.c_str());
      std::abort();
    }
  });
  return 0;
}
