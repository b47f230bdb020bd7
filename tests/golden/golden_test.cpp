// Every template over a case with known results, to the last fen.
#include <gtest/gtest.h>

#include "engine/reference/reference.h"
#include "engine/scheme/load.h"
#include "tenants/templates/templates.h"
#include "tests/engine/reference/text_inputs.h"
#include "tests/golden/case_folder.h"
#ifdef KAOGONG_WITH_PLAN
#include "engine/plan/program.h"
#endif

namespace kaogong::tests {
namespace {

std::string text_of(const std::vector<column::Fault>& faults) {
  std::string text;
  for (size_t i = 0; i < faults.size() && i < 20; ++i) {
    const column::Fault& fault = faults[i];
    text += fault.file + ":" + std::to_string(fault.line) + " " + fault.column + "=" + fault.value + ": " +
            fault.error.en + '\n';
  }
  return text;
}

scheme::Document document_of(const std::string& id) {
  const templates::Template* found = templates::find(id);
  if (found == nullptr) throw std::runtime_error("no template " + id);
  scheme::Loaded loaded = scheme::load(found->yaml);
  std::string findings;
  for (const scheme::Finding& finding : loaded.findings) {
    findings += std::to_string(finding.at.line) + ": " + finding.message + '\n';
  }
  if (!loaded.document) throw std::runtime_error(id + " cannot be loaded:\n" + findings);
  return std::move(*loaded.document);
}

TEST(GoldenDifference, IsShown) {
  column::StringRows employees;
  employees.push_back("a");
  column::Column x;
  x.scale = 2;
  x.allocate(1, false);
  x.set(0, 150);
  std::vector<column::Column> columns;
  columns.push_back(std::move(x));
  EXPECT_EQ(difference("employee,x\na,1.5\n", employees, {"x"}, columns), "");
  EXPECT_EQ(difference("employee,x\na,1.51\n", employees, {"x"}, columns), "a x: is 1.5, expected 1.51\n");
  EXPECT_EQ(difference("employee,x\n", employees, {"x"}, columns), "1 rows, expected 0\n");
  EXPECT_NE(difference("employee,y\na,1.5\n", employees, {"x"}, columns), "");
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, ByTheReference) {
  const GoldenCase golden = read_golden(GetParam());
  const scheme::Document document = document_of(golden.id);
  const column::Inputs inputs = text_inputs(document, golden.period, golden.texts);
  const reference::ReferenceResult result = reference::run_reference(document, inputs, {});
  EXPECT_EQ(result.failure, "");
  EXPECT_EQ(text_of(result.faults), "");
  EXPECT_EQ(difference(golden.expected, inputs.employees, result.names, result.columns), "");
}

#ifdef KAOGONG_WITH_PLAN
TEST_P(Golden, ByTheColumnPlan) {
  const GoldenCase golden = read_golden(GetParam());
  const plan::Compiled compiled = plan::compile(document_of(golden.id));
  std::string findings;
  for (const scheme::Finding& finding : compiled.findings) {
    if (finding.severity == scheme::Severity::kError)
      findings += std::to_string(finding.at.line) + ": " + finding.message + '\n';
  }
  ASSERT_NE(compiled.program, nullptr) << findings;
  const column::Inputs inputs = text_inputs(plan::document_of(*compiled.program), golden.period, golden.texts);
  for (const int threads : {1, 2, 7}) {
    for (const size_t morsel_rows : {size_t{0}, size_t{1}, size_t{13}, size_t{100}}) {
      plan::RunOptions options;
      options.threads = threads;
      options.morsel_rows = morsel_rows;
      const plan::RunResult result = plan::run(*compiled.program, inputs, {}, options);
      SCOPED_TRACE(std::to_string(threads) + " threads, morsels of " + std::to_string(morsel_rows));
      ASSERT_EQ(result.failure, "");
      ASSERT_EQ(text_of(result.faults), "");
      ASSERT_EQ(difference(golden.expected, inputs.employees, result.names, result.columns), "");
    }
  }
}
#endif

INSTANTIATE_TEST_SUITE_P(Cases, Golden, testing::ValuesIn(golden_ids()), [](const auto& param) {
  std::string name = param.param;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
});

}  // namespace
}  // namespace kaogong::tests
