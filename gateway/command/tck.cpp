#include "gateway/command/tck.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>
#include <vector>

#include "engine/dmn/model.h"
#include "engine/dmn/tck.h"
#include "gateway/command/commands.h"

namespace kaogong::gateway {
namespace {

namespace fs = std::filesystem;

/// Of a pipe or a device, and of more bytes than are read of a model, nothing.
std::optional<std::string> read_file(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error) || fs::file_size(path, error) > dmn::kModelBytesMax || error) {
    return std::nullopt;
  }
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

/// Imports are looked for among the models of the test's own folder.
dmn::ImportResolver resolver_in(const fs::path& folder) {
  return [folder](const std::string& namespace_uri, const std::string&) -> std::optional<std::string> {
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
      if (entry.path().extension() != ".dmn") continue;
      std::optional<std::string> bytes = read_file(entry.path());
      if (bytes && dmn::namespace_of(*bytes) == namespace_uri) return bytes;
    }
    return std::nullopt;
  };
}

std::string csv_field(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
  return out + "\"";
}

}  // namespace

int run_tck(const std::string& dir, const std::string& out_file, bool exact) {
  std::vector<fs::path> tests;
  std::error_code error;
  for (auto entry = fs::recursive_directory_iterator(dir, error); !error && entry != fs::recursive_directory_iterator();
       entry.increment(error)) {
    if (entry->path().extension() == ".xml") tests.push_back(entry->path());
  }
  if (error) {
    std::fprintf(stderr, "kaogong: the folder %s cannot be read: %s\n", dir.c_str(), error.message().c_str());
    return kNothingDone;
  }
  std::sort(tests.begin(), tests.end());
  std::string csv;
  size_t passed = 0, failed = 0, rounded = 0;
  for (const fs::path& test : tests) {
    const std::optional<std::string> test_bytes = read_file(test);
    const std::optional<std::string> model_name = test_bytes ? dmn::model_name_of(*test_bytes) : std::nullopt;
    if (!model_name) continue;  // some other XML
    const std::optional<std::string> model_bytes = read_file(test.parent_path() / *model_name);
    std::vector<dmn::TckResult> results =
        model_bytes ? dmn::run_tck_tests(*model_bytes, resolver_in(test.parent_path()), *test_bytes)
                    : std::vector<dmn::TckResult>{{"", dmn::TckStatus::kError, "the model is missing"}};
    const std::string folder = fs::relative(test.parent_path(), dir, error).generic_string();
    for (dmn::TckResult& result : results) {
      if (exact && result.rounded) result.status = dmn::TckStatus::kError;
      rounded += result.rounded;
      const bool ok = result.status == dmn::TckStatus::kSuccess;
      ok ? ++passed : ++failed;
      csv += csv_field(folder) + "," + csv_field(test.stem().string()) + "," + csv_field(result.case_id) + "," +
             csv_field(dmn::to_string(result.status)) + "," + csv_field(result.comment) + "\n";
      if (!ok) {
        std::printf("%s %s: %s\n", folder.c_str(), result.case_id.c_str(), result.comment.c_str());
      }
    }
  }
  if (passed + failed == 0) {
    std::fprintf(stderr, "kaogong: there are no tests of the compatibility kit below %s\n", dir.c_str());
    return kNothingDone;
  }
  if (!out_file.empty()) {
    std::ofstream out(out_file, std::ios::binary);
    out << csv;
    if (!out.flush()) {
      std::fprintf(stderr, "kaogong: %s cannot be written: %s\n", out_file.c_str(), std::strerror(errno));
      return kNothingDone;
    }
  }
  if (rounded != 0) {
    std::printf(
        "%zu of the %s agree in %d decimals only: the kit computed these values in binary floating point, here they "
        "are "
        "exact decimals%s\n",
        rounded, exact ? "failed" : "passed", dmn::kDecimalsRounded, exact ? "" : "; --exact counts them as failed");
  }
  std::printf("%zu passed, %zu failed\n", passed, failed);
  return failed == 0 ? kDone : kSomeRefused;
}

}  // namespace kaogong::gateway
