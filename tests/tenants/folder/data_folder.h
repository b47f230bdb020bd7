// A data folder that lives as long as a test.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "engine/scheme/load.h"
#include "tenants/folder/read_folder.h"
#include "tenants/folder/write_results.h"

namespace kaogong::folder {

class DataFolder {
 public:
  DataFolder() {
    static std::atomic<int> counter{0};
    path_ = std::filesystem::temp_directory_path() /
            ("kaogong_folder_" + std::to_string(::getpid()) + "_" + std::to_string(counter++));
    std::filesystem::create_directories(path_);
  }
  ~DataFolder() { std::filesystem::remove_all(path_); }
  DataFolder(const DataFolder&) = delete;
  DataFolder& operator=(const DataFolder&) = delete;

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  std::string read(const std::string& name) const {
    std::ifstream in(path_ / name, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

inline constexpr const char* kScheme = R"(
kaogong: 1
id: test
version: 1
labels: {zh: 测试, en: Test}
periods: [month, half_year]
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
  pay: {type: money, expr: wage}
outputs: [pay]
)";

inline scheme::Document document_of(const char* text = kScheme) {
  auto loaded = scheme::load(text);
  for (const auto& finding : loaded.findings)
    if (finding.severity == scheme::Severity::kError) ADD_FAILURE() << finding.message;
  return std::move(loaded.document).value_or(scheme::Document{});
}

}  // namespace kaogong::folder
