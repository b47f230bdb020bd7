#include "tests/tenants/generate/folder_scorer.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/plan/program.h"
#include "tenants/folder/read_folder.h"

namespace kaogong::tests {

TemporaryFolder::TemporaryFolder() {
  static int number = 0;
  path_ = (std::filesystem::temp_directory_path() /
           ("kaogong-generate-" + std::to_string(::getpid()) + "-" + std::to_string(++number)))
              .string();
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::map<std::string, std::string> TemporaryFolder::files() const {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(path_)) {
    std::ifstream stream(entry.path(), std::ios::binary);
    files[entry.path().filename().string()] = std::string(std::istreambuf_iterator<char>(stream), {});
  }
  return files;
}

scheme::Period some_period(const scheme::Document& document) {
  switch (document.periods.front()) {
    case scheme::PeriodKind::kMonth:
      return scheme::parse_period("2026-10").value();
    case scheme::PeriodKind::kQuarter:
      return scheme::parse_period("2026-Q3").value();
    case scheme::PeriodKind::kHalfYear:
      return scheme::parse_period("2026-H2").value();
    case scheme::PeriodKind::kYear:
      break;
  }
  return scheme::parse_period("2026").value();
}

Scored score_folder(const scheme::Document& document, scheme::Period period, const std::string& folder) {
  Scored scored;
  scheme::Labels error;
  const auto read = folder::read_folder(document, period, folder, &error);
  EXPECT_TRUE(read.has_value()) << error.en;
  if (!read) return scored;
  const plan::Compiled compiled = plan::compile(document);
  EXPECT_NE(compiled.program, nullptr);
  if (compiled.program == nullptr) return scored;
  const plan::RunResult result = plan::run(*compiled.program, read->inputs, read->refused);
  EXPECT_EQ(result.failure, "");
  scored.rows = read->inputs.rows();
  for (const uint8_t refused : result.refused) scored.refused += refused != 0 ? 1 : 0;
  scored.rejects = read->rejects.list.size() + result.faults.size();
  if (!read->rejects.list.empty()) {
    const folder::Reject& reject = read->rejects.list.front();
    const folder::FileSpec& file = read->spec.files[reject.file];
    scored.first_reject = file.name + ":" + std::to_string(reject.line) + ": " +
                          folder::error_text(reject, read->rejects.value(reject), file).en + " (" +
                          std::string(read->rejects.value(reject)) + ")";
  } else if (!result.faults.empty()) {
    const column::Fault& fault = result.faults.front();
    scored.first_reject = fault.file + ":" + std::to_string(fault.line) + ": " + fault.column + ": " + fault.error.en +
                          " (" + fault.value + ")";
  }
  return scored;
}

}  // namespace kaogong::tests
