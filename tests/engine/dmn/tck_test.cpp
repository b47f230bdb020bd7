// The selection of the DMN compatibility kit beside this file.
#include "engine/dmn/tck.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace kaogong::dmn {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

TEST(Tck, PassesTheSelection) {
  size_t cases = 0;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(KAOGONG_TCK_DIR)) {
    if (entry.path().extension() != ".xml") continue;
    const fs::path folder = entry.path().parent_path();
    const std::string tests = read_file(entry.path());
    const std::optional<std::string> model = model_name_of(tests);
    ASSERT_TRUE(model.has_value()) << entry.path();
    const ImportResolver resolver = [&](const std::string& uri, const std::string&) -> std::optional<std::string> {
      for (const fs::directory_entry& other : fs::directory_iterator(folder)) {
        std::string bytes = read_file(other.path());
        if (other.path().extension() == ".dmn" && namespace_of(bytes) == uri) return bytes;
      }
      return std::nullopt;
    };
    for (const TckResult& result : run_tck_tests(read_file(folder / *model), resolver, tests)) {
      EXPECT_EQ(result.status, TckStatus::kSuccess)
          << folder.filename() << " " << result.case_id << ": " << result.comment;
      ++cases;
    }
  }
  EXPECT_GT(cases, 500u);
}

TEST(Tck, RefusesValuesNestedTooDeeply) {
  const std::string model =
      "<definitions xmlns='https://www.omg.org/spec/DMN/20230324/MODEL/' namespace='n'><decision "
      "name='d'/></definitions>";
  for (const auto& [open, close] :
       {std::pair{"<list><item>", "</item></list>"}, {"<component name='c'>", "</component>"}}) {
    std::string value;
    for (int i = 0; i < 50'000; ++i) value += open;
    for (int i = 0; i < 50'000; ++i) value += close;
    for (const std::string& node : {"<resultNode name='d'><expected>" + value + "</expected></resultNode>",
                                    "<inputNode name='i'>" + value + "</inputNode>"}) {
      const auto results = run_tck_tests(model, {}, "<testCases><testCase id='1'>" + node + "</testCase></testCases>");
      ASSERT_EQ(results.size(), 1u);
      EXPECT_EQ(results[0].comment, "a value is nested too deeply");
    }
  }
}

TEST(Tck, TellsDifferencesOfNumbers) {
  const std::string model =
      "<definitions xmlns='https://www.omg.org/spec/DMN/20230324/MODEL/' namespace='n'><decision name='d'><variable "
      "name='d'/>"
      "<literalExpression><text>2/3</text></literalExpression></decision></definitions>";
  bool rounded = false;
  const auto status = [&](const std::string& expected) {
    const std::string tests =
        "<testCases xmlns='t' xmlns:xsi='x'><testCase id='1'><resultNode name='d'><expected><value "
        "xsi:type='xsd:decimal'>" +
        expected + "</value></expected></resultNode></testCase></testCases>";
    const TckResult result = run_tck_tests(model, {}, tests)[0];
    rounded = result.rounded;
    return result.status;
  };
  EXPECT_EQ(status("0.67"), TckStatus::kError);
  EXPECT_EQ(status("0.6666666666666666666666666666666667"), TckStatus::kSuccess);
  EXPECT_EQ(status("0.66666667"), TckStatus::kSuccess);
  EXPECT_EQ(status("0.66666666"), TckStatus::kSuccess);
  EXPECT_EQ(status("0.66666676"), TckStatus::kError);
  EXPECT_EQ(status("0.6666666667"), TckStatus::kSuccess);
  EXPECT_FALSE(rounded);
  // As binary floating point has it: right in eight decimals only.
  EXPECT_EQ(status("0.666666666699999"), TckStatus::kSuccess);
  EXPECT_TRUE(rounded);
  EXPECT_EQ(status("0.66666676"), TckStatus::kError);
  EXPECT_FALSE(rounded);
}

}  // namespace
}  // namespace kaogong::dmn
